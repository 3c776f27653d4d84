#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes the machines that the comparison runs on: machines.sh DIR makes DIR/NAME/{sys,proc} for
# each, to be put over /sys and /proc. A machine has what the kernel would write there, or what
# it never should.
set -eu
top=$1

# Text of a 1024-bit node mask whose last 32 bits are the argument.
wide() {
	i=0
	while [ $i -lt 31 ]; do
		printf '00000000,'
		i=$((i + 1))
	done
	printf '%s' "$1"
}

put() { # file text
	mkdir -p "${1%/*}"
	printf '%s\n' "$2" >"$1"
}

link() { # target file
	mkdir -p "${2%/*}"
	ln -s "$1" "$2"
}

# machine NAME NODES MEMS_ALLOWED CPUS_ALLOWED POSSIBLE_CPUS: nodes as "id:cpumap:kB" each
machine() {
	m=$top/$1
	sys=$m/sys/devices/system
	mkdir -p "$sys/node" "$sys/cpu" "$m/proc/self" "$m/sys/class/net" "$m/sys/class/block"
	put "$sys/cpu/possible" "$5"
	put "$sys/cpu/present" "$5"
	put "$sys/cpu/online" "$5"
	ids=
	for n in $2; do
		ids="$ids${ids:+ }${n%%:*}"
	done
	list=$(echo "$ids" | tr ' ' ,)
	put "$sys/node/online" "$list"
	put "$sys/node/possible" "$list"
	put "$sys/node/has_memory" "$list"
	for n in $2; do
		id=${n%%:*}
		map=${n#*:}
		kb=${map#*:}
		map=${map%%:*}
		d=$sys/node/node$id
		put "$d/cpumap" "$map"
		put "$d/meminfo" "Node $id MemTotal:       $kb kB
Node $id MemFree:        $((kb / 4)) kB
Node $id MemUsed:        $((kb - kb / 4)) kB"
		distances=
		for other in $ids; do
			if [ "$other" = "$id" ]; then
				distances="$distances 10"
			else
				distances="$distances $((20 + (id + other) % 7))"
			fi
		done
		put "$d/distance" "${distances# }"
	done
	put "$m/proc/self/status" "Name:	probe
Threads:	1
Cpus_allowed:	$4
Cpus_allowed_list:	?
Mems_allowed:	$3
Mems_allowed_list:	?
voluntary_ctxt_switches:	1"
}

four='0:11:4096000 1:22:4096000 2:44:4096000 3:88:2048000'
sparse='0:05:4096000 2:0a:4096000 5:f0:4096000'

# Network and block devices on and off the PCI bus, on nodes of four.
devices() {
	s=$top/$1/sys
	pci=$s/devices/pci0000:00
	put "$pci/0000:00:00.0/numa_node" -1
	put "$pci/0000:00:02.0/numa_node" 1
	put "$pci/0000:00:03.0/numa_node" 2
	put "$pci/0000:00:01.0/numa_node" 1
	put "$pci/0000:00:01.0/0000:01:00.0/numa_node" 3
	put "$s/devices/pci0001:40/0001:40:05.1/numa_node" 3
	put "$pci/0000:00:04.0/numa_node" -1
	put "$pci/0000:00:05.0/class" 0x020000
	put "$pci/0000:00:06.0/numa_node" '0,1'
	put "$s/devices/platform/x/numa_node" 1
	put "$s/devices/platform/y/numa_node" abc
	put "$s/devices/platform/z/numa_node" ''
	put "$s/devices/platform/w/numa_node" 9
	net 0 pci0000:00/0000:00:03.0/virtio2
	net 1 pci0000:00/0000:00:01.0/0000:01:00.0
	net 2 platform/x
	net 3 pci0000:00/0000:00:06.0
	net 4 platform/y
	net 5 platform/z
	net 6 platform/w
	net 7 pci0000:00/0000:00:04.0
	net 8 pci0000:00/0000:00:05.0
	mkdir -p "$s/devices/virtual/net/lo"
	link ../../devices/virtual/net/lo "$s/class/net/lo"
	block vda pci0000:00/0000:00:02.0/virtio1 "$(root_device)"
	block vdb platform/x 8:16
	put "$s/devices/virtual/mem/null/dev" 1:3
	link ../../devices/virtual/mem/null "$s/class/mem/null"
	link ../../devices/virtual/mem/null "$s/dev/char/1:3"
	put "$s/devices/virtual/misc/loop-control/dev" 10:237
	link ../../devices/virtual/misc/loop-control "$s/class/misc/loop-control"
	for d in 0000:00:00.0 0000:00:01.0 0000:00:02.0 0000:00:03.0 0000:00:04.0 0000:00:05.0 0000:00:06.0; do
		link "../../../devices/pci0000:00/$d" "$s/bus/pci/devices/$d"
	done
	link ../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0 "$s/bus/pci/devices/0000:01:00.0"
	link ../../../devices/pci0001:40/0001:40:05.1 "$s/bus/pci/devices/0001:40:05.1"
}

root_device() {
	n=$(stat -c %d /)
	echo "$((n >> 8 & 4095)):$((n & 255 | n >> 12 & 1048320))"
}

net() { # number device
	mkdir -p "$s/devices/$2/net/eth$1"
	link ../.. "$s/devices/$2/net/eth$1/device"
	link "../../devices/$2/net/eth$1" "$s/class/net/eth$1"
}

block() { # name device M:m
	put "$s/devices/$2/block/$1/dev" "$3"
	link ../.. "$s/devices/$2/block/$1/device"
	link "../../devices/$2/block/$1" "$s/class/block/$1"
	link "../../devices/$2/block/$1" "$s/dev/block/$3"
}

# The shapes.
machine four "$four" "$(wide 0000000f)" ff 0-7
devices four
machine four12 "$four" "$(wide 00000006)" 3c 0-7
machine sparse "$sparse" "$(wide 00000024)" ff 0-7
devices sparse
machine sparseall "$sparse" "$(wide 00000025)" ff 0-7
machine memless '0:11:4096000 1:22:0 2:cc:4096000' "$(wide 00000005)" ff 0-7
machine corners '0:01:4096000 1:02:4096000 2:fc:0 3:00:4096000' "$(wide 0000000b)" ff 0-7
machine wide '0:11:4096000 1:22:4096000 63:cc:4096000' 80000000,00000003 ff 0-7
machine tiny '0:1:4096000 1:2:4096000' 3 3 0-1
machine sixteen '0:1:4096000 1:2:4096000' 0003 3 0-1
machine offline '0:11:4096000 1:22:4096000' "$(wide 00000003)" 33 0-7
printf '0-1,4-5\n' >"$top/offline/sys/devices/system/cpu/online"
machine leap '0:1,00000000:4096000 1:00000001:4096000' "$(wide 00000003)" 1,00000001 0-32

# Sixty-four nodes and more CPUs than the running kernel's mask has.
machine many '0:1:1' "$(printf '%s' 00000000,ffffffff,ffffffff)" ff 0-1023
n=0
while [ $n -lt 64 ]; do
	d=$top/many/sys/devices/system/node/node$n
	groups=
	g=31
	while [ $g -ge 0 ]; do
		if [ $g -eq $((n / 2)) ]; then
			[ $((n % 2)) -eq 0 ] && w=0000ffff || w=ffff0000
		else
			w=00000000
		fi
		groups="$groups${groups:+,}$w"
		g=$((g - 1))
	done
	put "$d/cpumap" "$groups"
	put "$d/meminfo" "Node $n MemTotal: 1024 kB
Node $n MemFree: 512 kB"
	n=$((n + 1))
done

# What is missing.
machine nonode '' "$(wide 00000001)" 3 0-1
rm -r "$top/nonode/sys/devices/system/node"
machine emptynode '' "$(wide 00000001)" 3 0-1
rm "$top"/emptynode/sys/devices/system/node/*
machine nostatus "$four" "$(wide 0000000f)" ff 0-7
rm "$top/nostatus/proc/self/status"
mkdir -p "$top/bare/sys" "$top/bare/proc"
machine nofields "$four" "$(wide 0000000f)" ff 0-7
put "$top/nofields/proc/self/status" "Name:	probe"
machine emptystatus "$four" "$(wide 0000000f)" ff 0-7
: >"$top/emptystatus/proc/self/status"
machine lacking "$four" "$(wide 0000000f)" ff 0-7
rm "$top"/lacking/sys/devices/system/node/node1/*
rm "$top/lacking/sys/devices/system/node/node2/distance"
machine nocpu "$four" "$(wide 0000000f)" ff 0-7
rm -r "$top/nocpu/sys/devices/system/cpu"

# What is wrong.
machine lax "$four" "$(wide 0000000f)" ff 0-7
for n in nodefoo node010 node7bar node node-1 node+2 node0x9 nodes node99999999999999999999; do
	mkdir "$top/lax/sys/devices/system/node/$n"
done
machine badcpumap "$four" "$(wide 0000000f)" ff 0-7
d=$top/badcpumap/sys/devices/system/node
printf 'junk\n' >"$d/node0/cpumap"
: >"$d/node1/cpumap"
printf '44' >"$d/node2/cpumap"
rm "$d/node3/cpumap"
mkdir "$d/node3/cpumap"
machine badmeminfo "$four" "$(wide 0000000f)" ff 0-7
d=$top/badmeminfo/sys/devices/system/node
printf 'junk\n' >"$d/node0/meminfo"
printf 'Node 1 MemTotal: 4096 kB\n' >"$d/node1/meminfo"
printf 'Node 2 MemTotal: kB\nNode 2 MemFree: 5 kB\n' >"$d/node2/meminfo"
printf 'Node 3 MemTotal: 4096 kB\nNode 3 MemFree: x kB\n' >"$d/node3/meminfo"
machine baddistance "$four" "$(wide 0000000f)" ff 0-7
: >"$top/baddistance/sys/devices/system/node/node2/distance"
machine shortdistance "$four" "$(wide 0000000f)" ff 0-7
printf '10 20\n' >"$top/shortdistance/sys/devices/system/node/node0/distance"
printf '20 junk 30 40\n' >"$top/shortdistance/sys/devices/system/node/node1/distance"
machine dirdistance "$sparse" "$(wide 00000025)" ff 0-7
rm "$top/dirdistance/sys/devices/system/node/node5/distance"
mkdir "$top/dirdistance/sys/devices/system/node/node5/distance"
machine badstatus "$four" 'junk' 'junk' 0-7
machine zerostatus "$four" "$(wide 00000000)" 00 0-7
machine allstatus "$four" "$(wide ffffffff)" ffffffff,ffffffff 0-7
