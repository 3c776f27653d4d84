#!/bin/sh
# SPDX-License-Identifier: MIT
# numactl, every option: output, stderr and exit status of the real library, preloaded, replaced.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need numactl numactl
need ipcrm util-linux

# Free memory moves by itself. The device that is not found is the file's own; the real library
# names the last one it looked at.
mask() {
	sed -E -e 's/^(node +[0-9]+ free:).*/\1 N MB/' \
		-e 's/(Cannot find block device) [0-9a-f]+:[0-9a-f]+/\1 M:N/'
}

# The key numactl derives for --shm FILE --shmid ID, to remove the segment again.
shm_file=$T/shm-key
: >"$shm_file"
remove_segment() { # ID
	set -- "$1" "$(stat -c %i "$shm_file")" "$(stat -c %d "$shm_file")"
	ipcrm -M "$(printf '0x%08x' $((($2 & 0xffff) | (($3 & 0xff) << 16) | ($1 << 24))))" \
		2>/dev/null
	return 0
}
# A file on tmpfs keeps a policy; one elsewhere does not.
tmpfs=$(mktemp -d /dev/shm/mynuma-clients.XXXXXX 2>/dev/null) || tmpfs=$T
file=$tmpfs/file
tidy() {
	for id in 0 5; do
		remove_segment $id
	done
	rm -f "$file"
}
cleanup() {
	tidy
	[ "$tmpfs" = "$T" ] || rm -rf "$tmpfs"
}

# A child that tells what it got: where it may run, and the policy its memory has.
tell='grep -E "^(Cpus|Mems)_allowed_list" /proc/self/status
sed -n "s/^[0-9a-f]* \([^ ]*\) .*stack.*/policy \1/p" /proc/self/numa_maps'
told() { # options of numactl
	same "numactl $* COMMAND" 0 numactl "$@" sh -c "$tell"
}
shows() {
	same "numactl $* --show" 0 numactl "$@" --show
}
refuses() {
	same "numactl $* is refused" 1 numactl "$@"
}

# Printing.
same "numactl --hardware" 0 numactl --hardware
same "numactl -H" 0 numactl -H
same "numactl --show" 0 numactl --show
same "numactl -s" 0 numactl -s
same "numactl without arguments" 1 numactl
same "numactl --help" 1 numactl --help
same "numactl -h" 1 numactl -h

# Each policy and binding, long and short, as seen by --show and by a child.
for o in --interleave=0 --interleave=all -i0 --preferred=0 -p0 --preferred-many=0 --preferred-many=all \
	-P0 --membind=0 --membind=all -m0 --localalloc -l --cpunodebind=0 --cpunodebind=all -N0 \
	--cpubind=0 -c0 --physcpubind=0 --physcpubind=0-1 --physcpubind=all -C1 -C+0 '-C!0' \
	'--membind=+0' --interleave=0,0 --membind=0-0; do
	told "$o"
	shows "$o"
done
told --all --membind=all
told -a -C0
told --all --physcpubind=1 --cpunodebind=0
told --balancing --membind=0
told -b -m0
shows --balancing --membind=0
told --cpunodebind=0 --membind=same
told --interleave=0 --cpunodebind=same
told --physcpubind=1 --membind=0
shows --physcpubind=0 --cpunodebind=0 --membind=0
told --strict --membind=0
same "numactl -- COMMAND" 0 numactl --membind=0 -- sh -c "$tell"
same "the command's exit status comes through" 7 numactl -m0 sh -c 'exit 7'
same "a command that does not exist" 1 numactl -m0 /nonexistent/command
same "numactl in numactl" 0 numactl -i0 numactl -C1 numactl --show

# What it refuses, in the library's words.
for v in 1 99 1024 4096 100000 0-1 1-0 0,1 -1 x 0x 0,x ' ' ',' '!x' '!all' '+1' '+0-1' same \
	netdev:lo netdev:nosuch netdev:../x file:/nonexistent file:/proc block:nosuch pci:zz pci: \
	ip:127.0.0.1 nosuch:x; do
	refuses --membind="$v" true
	refuses --cpunodebind="$v" true
done
for v in 1 99 0-1 x '!all' netdev:lo; do
	same "numactl --interleave=$v" any numactl --interleave="$v" --show
	same "numactl --preferred=$v" any numactl --preferred="$v" --show
	same "numactl --preferred-many=$v" any numactl --preferred-many="$v" --show
done
for v in 99 100000 0-99 x ',' '!all' '+99' 2-1; do
	same "numactl --physcpubind=$v" any numactl --physcpubind="$v" --show
done
for v in '' '0,' 00 0x0 '0 ' +0,0 all,0 '!0' '!1' '0,!1'; do
	same "numactl --membind='$v'" any numactl --membind="$v" --show
	same "numactl --physcpubind='$v'" any numactl --physcpubind="$v" --show
done
# libnuma 2.0.16 takes a number modulo 2^32; later releases and libmynuma call it out of range.
out_of_range() { # NAME WAY
	text_of "$1" "$2"
	[ "$(cat "$T/$1.$2.rc")" = 1 ] && grep -q "4294967296 is out of range" "$T/$1.$2.err"
}
for o in --membind --cpunodebind --physcpubind; do
	for w in preload replace; do
		run wide $w numactl $o=4294967296 --show
		check "numactl $o=4294967296, $w: is out of range" out_of_range wide $w
	done
done
refuses --membind=0 --interleave=0 true
refuses --localalloc --preferred=0 true
same "numactl --balancing alone" any numactl --balancing --show
same "numactl --balancing --interleave" any numactl --balancing --interleave=0 --show
refuses --nosuchoption
same "numactl --membind without nodes" any numactl --membind

# Shared memory: a segment, a file on tmpfs, their policy and its dumps.
for p in --interleave=0 --membind=0 --preferred=0 --preferred-many=0 --localalloc; do
	same "numactl --shm with $p" any \
		numactl --length=64k --shm "$shm_file" $p --touch --dump
	same "numactl --file with $p" any \
		numactl --length=64k --file "$file" $p --touch --dump --dump-nodes
done
same "numactl --shmid --shmmode --offset --strict --verify" any \
	numactl --length=128k --offset=64k --shmid=5 --shmmode=0640 --shm "$shm_file" --strict \
	--membind=0 -V --touch -d -D
same "numactl in short: -L -o -M -t -I -S -T -d" any \
	numactl -L128k -o64k -M0600 -t -I5 -S "$shm_file" -m0 -T -d
same "numactl in short: -L -f -T -D" any numactl -L64k -f "$file" -i0 -T -D
same "numactl --huge" any numactl --huge --length=2m --shm "$shm_file" --membind=0
same "numactl --dump of what has no policy" any numactl --length=64k --file "$file" --dump
same "numactl --length with units" any numactl --length=1m --file "$file" --membind=0 --dump
refuses --length=64x --file "$file" --membind=0
refuses --length=64k --shm /nonexistent/key --membind=0
refuses --length=64k --file /nonexistent/file --membind=0
same "numactl --shm on node 1" any numactl --length=64k --shm "$shm_file" --membind=1
same "numactl --offset that is no page" any \
	numactl --length=64k --offset=1 --file "$file" --membind=0 --touch --dump
same "numactl --length=0" any numactl --length=0 --file "$file" --membind=0 --dump

bound "numactl --hardware" 0 "numa_available numa_max_node numa_node_size64 numa_distance \
numa_node_to_cpus numa_parse_nodestring numa_set_membind numa_sched_setaffinity" \
	numactl --hardware
bound "numactl --membind" 0 "numa_parse_nodestring numa_set_membind" numactl --membind=0 true

# The proof can fail: on the real library it does.
run control real LD_BIND_NOW=1 LD_DEBUG=bindings LD_DEBUG_OUTPUT="$T/control" numactl --show
refuted() {
	! bindings_are_ours "$MYNUMA_LIB" "" "$T"/control.*
}
check "without libmynuma there is no such proof" refuted
tap_done
