#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: files that describe a machine. Texts of `numactl --hardware` lead to a machine of
# which numactl prints the same text; of files in our own format dump writes all answers, which are
# compared with NAME.expected (UPDATE_GOLDENS=1 writes them anew). A fault of a file is told with
# its line and column.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=.}"
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
files=$top_srcdir/tests/topology/described
dump=$top_builddir/tests/topology/dump
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

hardware() { # FILE
	MYNUMA_TOPOLOGY=@$1 LD_LIBRARY_PATH=${MYNUMA_REPLACE:?} timeout 60 numactl --hardware 2>&1
}
same_text() { # WHAT TEXT FILE
	hardware "$3" >"$work/text"
	check_same "$1" "$2" "$work/text"
}
for name in one two-by-two eight-sparse holes-in-cpus cpuless-memoryless two-sockets-nps4; do
	same_text "$name: numactl prints the text that was read" "$files/$name.txt" "$files/$name.txt"
done
sed 's/$/\r/' "$files/eight-sparse.txt" >"$work/crlf.txt"
same_text "lines that end with a carriage return" "$files/eight-sparse.txt" "$work/crlf.txt"
{
	printf '# from a server\n\n'
	cat "$files/two-by-two.txt"
} >"$work/comment.txt"
same_text "comments before the text" "$files/two-by-two.txt" "$work/comment.txt"

# What a real machine may not tell is a share, or the usual distance.
no_distances() {
	hardware "$files/no-distances.txt" >"$work/text"
	cat "$work/text"
	grep -x 'node 0 size: 4 MB' "$work/text" && grep -x 'node 1 size: [1-9][0-9]* MB' "$work/text" &&
		grep -x '  0:  10  20 ' "$work/text" && grep -x '  1:  20  10 ' "$work/text"
}
check "a text without distances and with a size that is not available" no_distances

golden() { # NAME
	MYNUMA_TOPOLOGY=@$files/$1.numa timeout 60 "$dump" >"$work/$1" 2>&1 ||
		echo "status $?" >>"$work/$1"
	# Of a thousand nodes those that exist; free memory that is left open is the host's part.
	[ "$1" != last-node ] || sed -i -e '/ ENOENT/d' -e '/^distance [0-9]*: 0x[0-9]*$/d' "$work/$1"
	[ "$1" != groups ] || sed -i 's/ free [0-9]* -$/ free N -/' "$work/$1"
	[ -z "${UPDATE_GOLDENS:-}" ] || cp "$work/$1" "$top_srcdir/tests/topology/$1.expected"
	check_same "$1" "$top_srcdir/tests/topology/$1.expected" "$work/$1"
}
golden odd
golden last-node
golden groups

# The largest machine there is, in each form.
awk 'BEGIN { for (i = 0; i < 1024; i++)
	printf "node %d cpus %d-%d memory 64M free 32M\n", i, 8 * i, 8 * i + 7 }' >"$work/large.numa"
hardware "$work/large.numa" >"$work/large.txt"
echo 1024x8:64M >"$work/large-groups.numa"
hardware "$work/large-groups.numa" | grep -v ' free: ' >"$work/large-groups.txt"
grep -v ' free: ' "$work/large.txt" >"$work/large-sizes.txt"
is_large() {
	wc -l "$work/large.txt"
	grep -x 'node 1023 cpus: 8184 8185 8186 8187 8188 8189 8190 8191' "$work/large.txt" &&
		[ "$(wc -l <"$work/large.txt")" -eq 4099 ]
}
check "1024 nodes and 8192 CPUs" is_large
check_same "the same by groups" "$work/large-sizes.txt" "$work/large-groups.txt"
same_text "the same by numactl's text" "$work/large.txt" "$work/large.txt"

# Faults: LINE:COLUMN WHY, of a file with these lines.
wrong() { # POSITION "WHY" LINE...
	wrong_at=$1 wrong_why=$2
	shift 2
	printf '%s\n' "$@" >"$work/wrong"
	printf 'libmynuma: MYNUMA_TOPOLOGY=@wrong:%s: %s; the variable is ignored\n' \
		"$wrong_at" "$wrong_why" >"$work/expected"
	(cd "$work" && MYNUMA_TOPOLOGY=@wrong LD_LIBRARY_PATH=$MYNUMA_REPLACE \
		numactl --hardware 2>"$work/got" >/dev/null)
	check_same "$wrong_at: $wrong_why" "$work/expected" "$work/got"
}
node0='node 0 cpus 0-3 memory 1G'
wrong 1:1 "node, offline, remote or distance must stand here" 'nodes 4'
wrong 3:1 "there are no nodes" '# nothing' ''
wrong 1:6 "a node is a number from 0 to 1023" 'node 1024'
wrong 1:6 "a node is a number from 0 to 1023" 'node x'
wrong 2:8 "cpus, memory, free or weight must stand here" "$node0" 'node 1 size 4G'
wrong 2:6 "this node was described before" "$node0" 'node 0'
wrong 2:13 "this CPU is in a node already" "$node0" 'node 1 cpus 3-5'
wrong 1:13 "a CPU is a number from 0 to 8191" 'node 0 cpus 8192'
wrong 1:13 "a CPU is a number from 0 to 8191" 'node 0 cpus '
wrong 1:15 "the range ends before it begins" 'node 0 cpus 3-1'
wrong 1:17 "cpus, memory, free or weight must stand here" 'node 0 cpus 0-3 -'
wrong 1:15 "a memory size must follow" 'node 0 memory G'
wrong 1:15 "the memory is too large" 'node 0 memory 5000T'
wrong 1:6 "more memory is free than there is" 'node 0 cpus 0 memory 1G free 2G'
wrong 1:24 "this was told before" 'node 0 cpus 0 memory 1 memory 2'
wrong 1:15 "a weight is 1 to 255" 'node 0 weight 256'
wrong 2:11 "this CPU is offline already" "$node0" 'offline 4,4'
wrong 2:8 "a distance is 10 to 255" "$node0" 'remote 9'
wrong 2:10 "no line above describes this node" "$node0" 'distance 1: 10'
wrong 2:13 "a distance is 10 to 255" "$node0" 'distance 0: 9'
wrong 2:13 "the distance of a node to itself is 10" "$node0" 'distance 0: 11'
wrong 2:12 "there are fewer distances than nodes" "$node0" 'distance 0:'
wrong 2:16 "there are more distances than nodes" "$node0" 'distance 0: 10 20'
wrong 2:11 "a colon must stand here" "$node0" 'distance 0 10'
wrong 3:10 "the distances of this node were told before" "$node0" 'distance 0: 10' 'distance 0: 10'
wrong 3:6 "nodes must stand before their distances" "$node0" 'distance 0: 10' 'node 1'
wrong 2:1 "there are no CPUs" 'node 0 memory 1G'
wrong 3:1 "there are no CPUs" 'node 0 cpus 0 memory 1G' 'offline 0'
wrong 2:1 "no node has memory" 'node 0 cpus 0 memory 0'
wrong 1:4 "a comma or the end must stand here" '4x2?'
wrong 2:1 "a comma or the end must stand here" '4x2' '4x2'
available='available: 2 nodes (0-1)'
wrong 2:1 "there are no nodes" "$available"
wrong 2:1 "a line of the form that numactl --hardware prints must stand here" "$available" 'free 3'
wrong 2:6 "no line above tells the CPUs of this node" "$available" 'node 0 size: 1 MB'
wrong 3:14 "a number of MB must stand here" "$available" 'node 0 cpus: 0' 'node 0 size: x MB'
wrong 3:16 "MB must stand here" "$available" 'node 0 cpus: 0' 'node 0 size: 1 GB'
wrong 3:8 '"cpus:", "size:" or "free:" must stand here' "$available" 'node 0 cpus: 0' 'node 0 temp: 1'
wrong 3:10 "the next node of those above must stand here" "$available" 'node 0 cpus: 0' 'node     1'
wrong 4:7 "there are more distances than nodes" "$available" 'node 0 cpus: 0' 'node   0' '0: 10 20'
wrong 1:12 "a number of nodes must stand here" 'available: nodes'
wrong 3:1 "there are fewer nodes than are available" "$available" 'node 0 cpus: 0'
wrong 4:1 "there are more nodes than are available" 'available: 1 nodes (0)' 'node 0 cpus: 0' 'node 1 cpus: 1'
wrong 5:1 "there are fewer rows than nodes" "$available" 'node 0 cpus: 0' 'node 1 cpus: 1' '0: 10 20'
for what in '/nonexistent/x: there is no such file' '/etc: this is a directory' \
	'/dev/zero: the file is too long, or memory ran out'; do
	printf 'libmynuma: MYNUMA_TOPOLOGY=@%s; the variable is ignored\n' "$what" >"$work/expected"
	MYNUMA_TOPOLOGY=@${what%%:*} LD_LIBRARY_PATH=$MYNUMA_REPLACE numactl --hardware \
		2>"$work/got" >/dev/null
	check_same "@$what" "$work/expected" "$work/got"
done
printf 'node 0 cpus 0\0\n' >"$work/nul"
printf 'libmynuma: MYNUMA_TOPOLOGY=@%s: this is not a text file; the variable is ignored\n' \
	"$work/nul" >"$work/expected"
MYNUMA_TOPOLOGY=@$work/nul LD_LIBRARY_PATH=$MYNUMA_REPLACE numactl --hardware 2>"$work/got" >/dev/null
check_same "a NUL in a file" "$work/expected" "$work/got"

tap_done
