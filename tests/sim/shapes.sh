#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: machines of many shapes: what numactl and the files of /sys say is the description.

# shellcheck source=tests/sim/lib.sh
. "${top_srcdir:?run by make check}/tests/sim/lib.sh"
need numactl numactl

# What `numactl --hardware` has to print, less what is free: a line "CPUS MEGABYTES" a node on
# standard input.
hardware() { # REMOTE-DISTANCE
	awk -v remote="$1" -v n=0 -v cpu=0 '
	{
		cpus[n] = $1
		size[n++] = $2
	}

	END {
		print "available: " n " nodes (" (n == 1 ? 0 : "0-" n - 1) ")"
		for (i = 0; i < n; i++) {
			line = "node " i " cpus:"
			for (k = 0; k < cpus[i]; k++)
				line = line " " cpu++
			print line
			print "node " i " size: " size[i] " MB"
		}
		print "node distances:"
		line = "node "
		for (i = 0; i < n; i++)
			line = line sprintf("%3d ", i)
		print line
		for (i = 0; i < n; i++) {
			line = sprintf("%3d: ", i)
			for (k = 0; k < n; k++)
				line = line sprintf("%3d ", i == k ? 10 : remote)
			print line
		}
	}'
}

# The blanks are numactl's own affair.
squeezed() {
	sed -e '/ free: /d' -e 's/  */ /g' -e 's/^ //' -e 's/ $//'
}

tells() { # SPEC REMOTE "CPUS MB" COUNT ["CPUS MB" COUNT ...]
	spec=$1 remote=$2
	shift 2
	while [ $# -gt 0 ]; do
		yes "$1" | head -n "$2"
		shift 2
	done | hardware "$remote" | squeezed >"$T/expected"
	on "$spec" numactl --hardware | squeezed >"$T/hardware"
	check_same "numactl --hardware on $spec" "$T/expected" "$T/hardware"
}

tells 1x1:1G 20 "1 1024" 1
tells 2x1:1G 20 "1 1024" 2
tells 4x2:16G,dist=21 21 "2 16384" 4
tells 8x16:2G,dist=32 32 "16 2048" 8
tells 2x8:1G,1x0:4G 20 "8 1024" 2 "0 4096" 1
tells 2x2:1G,2x3:0 20 "2 1024" 2 "3 0" 2
tells 1024x8:1G 20 "8 1024" 1024

# What `numactl --hardware` has printed on a server is what it prints on the server's image.
descriptions=$top_srcdir/tests/topology/described
for server in cpuless-memoryless eight-sparse holes-in-cpus one two-by-two two-sockets-nps4; do
	squeezed <"$descriptions/$server.txt" >"$T/expected"
	on "@$descriptions/$server.txt" numactl --hardware | squeezed >"$T/hardware"
	check_same "numactl --hardware on the image of $server" "$T/expected" "$T/hardware"
done

# The files. A machine's nodes each have a package with their CPUs as cores.
file() { # SPEC FILE TEXT
	says "$2 on $1" "$3" on "$1" cat "$2"
}

file 1x1:1G $node/online 0
file 1x1:1G $cpu/online 0
file 4x2:1G $node/online 0-3
file 4x2:1G $node/possible 0-3
file 4x2:1G $node/has_cpu 0-3
file 4x2:1G $node/has_memory 0-3
file 4x2:1G $node/has_normal_memory 0-3
file 4x2:1G,dist=21 $node/node2/distance "21 21 10 21"
file 4x2:1G $node/node2/cpulist 4-5
file 4x2:1G $cpu/online 0-7
file 4x2:1G $cpu/possible 0-7
file 4x2:1G $cpu/present 0-7
file 4x2:1G $cpu/offline ""
file 4x2:1G $cpu/kernel_max 1023
file 4x2:1G $cpu/cpu5/topology/physical_package_id 2
file 4x2:1G $cpu/cpu5/topology/core_id 1
file 4x2:1G $cpu/cpu5/topology/core_siblings_list 4-5
file 4x2:1G $cpu/cpu5/topology/thread_siblings_list 5
file 4x2:1G $cpu/cpu5/online 1
file 4x2:1G $node/node3/cpu7/topology/physical_package_id 3
file 4x2:1G $cpu/cpu7/node3/cpulist 6-7
file 2x2:1G,1x0:1G $node/has_cpu 0-1
file 2x2:1G,1x0:1G $node/node2/cpulist ""
file 2x2:1G,1x2:0 $node/has_memory 0-1
file 1024x8:1G $node/online 0-1023
file 1024x8:1G $cpu/online 0-8191
file 1024x8:1G $cpu/kernel_max 8191
file 1024x8:1G $node/node1023/cpulist 8184-8191
says "a node's memory" "Node 1 MemTotal: 2097152 kB" on 2x1:2G \
	sh -c "grep MemTotal $node/node1/meminfo | sed 's/  */ /g'"
says "the last CPUs' bits of a map" ff000000 on 1024x8:1G cut -d , -f 1 $node/node1023/cpumap
says "a map in groups of 32" "00000000,00000030" on 4x2:1G \
	sh -c "sed 's/.*,\(.*,.*\)/\1/' $node/node2/cpumap"
# The CPUs of /proc/cpuinfo, where the kernel has a block for each, and what it says of packages.
cpuinfo() { # SPEC
	on "$1" awk -F '[ \t]*: *' '
	$1 == "processor" {
		cpu = $2
		cpus = cpus (cpus == "" ? "" : " ") cpu
	}

	$1 == "physical id" { got = $2 }

	$1 == "core id" && (got != int(cpu / 2) || $2 != cpu % 2) { print cpu ": " got ", " $2 }

	($1 == "siblings" || $1 == "cpu cores") && $2 != 2 { print cpu ": " $1 " " $2 }

	($1 == "apicid" || $1 == "initial apicid") && $2 != cpu { print cpu ": " $1 " " $2 }

	END { print cpus }' /proc/cpuinfo
}
if grep '^processor[[:blank:]]*:' /proc/cpuinfo >/dev/null; then
	says "the CPUs of /proc/cpuinfo" "0 1 2 3 4 5 6 7" cpuinfo 4x2:1G
	inner() {
		on 8x1:1G "$mynuma" run --topology 2x2:1G -- grep -c '^processor[[:blank:]]*:' /proc/cpuinfo
	}
	says "those of a machine on the machine" 4 inner
	! unshare -Urpf --mount-proc true ||
		check "a user namespace below may have a /proc of its own" on 4x2:1G unshare -Urpf --mount-proc true
fi
says "the counters of a node" "numa_hit numa_miss numa_foreign interleave_hit local_node other_node" \
	on 2x1 sh -c "cut -d ' ' -f 1 $node/node1/numastat | paste -s -d ' ' -"
says "what is on the bus" "cpu0 cpu1 cpu2 node0 node1 node2" on 3x1 \
	sh -c 'cd /sys/bus && ls -1d cpu/devices/* node/devices/* | sed "s,.*/,," | paste -s -d " " -'
cannot_write() { ! on 2x1 sh -c "echo 1 >$cpu/cpu1/online"; }
check "the files cannot be written" cannot_write
stays() {
	cat $node/online $cpu/online >"$T/before"
	on 4x2:1G true
	cat $node/online $cpu/online >"$T/after"
	diff "$T/before" "$T/after"
}
check "the view is the program's alone" stays

# Sparse numbers, offline CPUs, a node without memory, one without CPUs, odd distances.
odd=@$descriptions/odd.numa
file "$odd" $node/online 0,4,7,9
file "$odd" $node/possible 0,4,7,9
file "$odd" $node/has_cpu 0,4,9
file "$odd" $node/has_memory 0,4,7
file "$odd" $cpu/online 0-6,8-11,16
file "$odd" $cpu/offline 7,20
file "$odd" $cpu/present 0-11,16,20
file "$odd" $cpu/cpu7/online 0
file "$odd" $node/node0/cpulist 0-3,16
file "$odd" $node/node4/cpulist 4-6
file "$odd" $node/node9/distance "25 24 23 10"
file "$odd" $cpu/cpu16/topology/physical_package_id 0
file "$odd" $cpu/cpu16/topology/core_id 4
says "what an offline CPU has: $odd" "online subsystem" on "$odd" \
	sh -c "ls $cpu/cpu7 | paste -s -d ' ' -"
says "nproc on $odd" 12 on "$odd" nproc
says "CPUs that are configured on $odd" 14 on "$odd" getconf _NPROCESSORS_CONF
show() { # SPEC OPTIONS...
	show_spec=$1
	shift
	on "$show_spec" numactl "$@" numactl --show
}
has "a node with a gap before it" "membind: 7 " show "$odd" --membind=7
has "a node without memory" "cpubind: 9 " show "$odd" --physcpubind=8-11
gives "is none to bind memory to" 1 on "$odd" numactl --membind=9 true
gives "one without CPUs is none to run on" 1 on "$odd" numactl --cpunodebind=7 true
gives "an offline CPU is none to run on" 1 on "$odd" numactl --physcpubind=7 true
last=@$descriptions/last-node.numa
has "the last node" "membind: 1023 " show "$last" --membind=1023
has "the last CPU" "physcpubind: 8191 " show "$last" --physcpubind=8191
has "its node" "cpubind: 1023 " show "$last" --physcpubind=8191

# CPUs by every road.
for shape in 1x1 2x1 4x2 8x16 1024x8; do
	nodes=${shape%x*}
	each=${shape#*x}
	says "nproc on $shape" $((nodes * each)) on $shape:1G nproc
	says "getconf on $shape" $((nodes * each)) on $shape:1G getconf _NPROCESSORS_ONLN
done
# Where the kernel has weights.
weights=/sys/kernel/mm/mempolicy/weighted_interleave
if [ -d $weights ]; then
	says "the weights of a description" "$weights/auto:false
$weights/node0:3
$weights/node2:255" on 1x1:1G,1x1:0,1x0:1G,weights=3:1:255 grep -r . $weights/auto $weights/node0 $weights/node2
	says "without weights all are 1, of nodes with memory" "auto node0 node2 true 1 1" on 1x1:1G,1x1:0,1x0:1G \
		sh -c "cd $weights && echo * \$(cat auto node0 node2)"
fi

tap_done
