#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: what the library says about machines. Of each machine, a directory that MYNUMA_ROOT
# names, dump writes all answers, which are compared with NAME.expected. UPDATE_GOLDENS=1 writes
# those files anew; then look at every difference and ask whether it is right.
set -eu
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=.}"
. "$top_srcdir/tests/tap.sh"
here=$top_srcdir/tests/topology
dump=$top_builddir/tests/topology/dump
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

same() { # what expected actual
	if [ -n "${UPDATE_GOLDENS:-}" ]; then
		cp "$3" "$2"
	fi
	check_same "$1" "$2" "$3"
}

# Some answers are the running system's where files say nothing; those are left out.
everything() {
	cat
}
without_configured_cpus() {
	sed -E '/^cpus|^cpu |^  warning 9/d; s/^(configured.*) cpus.*/\1/; s/^(node 0 cpus 0).*/\1/'
}
without_mask_size() {
	sed '/^possible_nodes/d'
}
without_allowed() {
	sed -E '/^possible_nodes|^task|^allowed|^nodes "|^cpus "|^  warning (9|10)/d'
}
without_both() {
	without_allowed | without_configured_cpus
}
# Of a thousand nodes some.
sample() {
	awk '!/^(node|distance) / { print }
		/^(node|distance) / {
			n = $2
			sub(":", "", n)
			if (n < 2 || n == 127 || n == 128 || n == 511 || n > 1021)
				print
		}'
}

golden() { # name filter root [CPUs to ask for]
	MYNUMA_ROOT=$3 timeout 60 "$dump" ${4:-} >"$work/out" 2>"$work/err" ||
		echo "status $?" >>"$work/out"
	"$2" <"$work/out" >"$work/$1"
	cat "$work/err" >>"$work/$1"
	same "$1" "$here/$1.expected" "$work/$1"
}

machines=$here/machines
for name in one-node two-by-two eight-sparse four-odd offline-cpus cpuset holes odd-names \
	no-node-dir empty-node-dir; do
	golden "$name" everything "$machines/$name"
done
golden high-cpus everything "$machines/high-cpus"
golden no-sys without_configured_cpus "$machines/no-sys" 4
golden no-proc without_allowed "$machines/no-proc"
golden no-cpusets without_mask_size "$machines/no-cpusets"
golden nothing without_both "$machines/nothing" 0
golden no-root without_both "$machines/no-such-directory" 0

sh "$here/large.sh" "$work/large" 64 16
golden sixty-four-nodes everything "$work/large"
sh "$here/large.sh" "$work/larger" 1024 4
golden thousand-nodes sample "$work/larger"

# Garbage in the place of each kind of file of one machine: what changes by it.

garbage() { # kind file
	rm -rf "$2.garbage"
	case $1 in
	binary) printf '\001\377\200\033garbage\000\377 3\n' >"$2.garbage" ;;
	bytes) head -c 100000 /dev/zero | tr '\0' '\377' >"$2.garbage" ;;
	text) echo 'Cpus_allowed: what? Mems_allowed: MemTotal: some kB MemFree: 12' >"$2.garbage" ;;
	empty) : >"$2.garbage" ;;
	newline) echo >"$2.garbage" ;;
	truncated) head -c $(($(wc -c <"$2") / 2)) "$2" >"$2.garbage" ;;
	huge) sed 's/[0-9][0-9]*/99999999999999999999999/g' "$2" >"$2.garbage" ;;
	negative) sed 's/[0-9][0-9]*/-1/g' "$2" >"$2.garbage" ;;
	line) sed "s/[0-9].*/$(head -c 60000 /dev/zero | tr '\0' 9)/" "$2" >"$2.garbage" ;;
	directory) mkdir -p "$2.garbage/below" ;;
	missing) rm "$2" && return ;;
	loop) ln -s "${2##*/}" "$2.garbage" ;;
	esac
	rm -rf "$2"
	mv "$2.garbage" "$2"
}

# wrong BASE FILTER FILE KIND...
wrong() {
	base=$machines/$1 filter=$2 file=$3
	shift 3
	MYNUMA_ROOT=$base "$dump" 4 | "$filter" >"$work/healthy"
	for kind; do
		rm -rf "$work/machine"
		cp -R "$base" "$work/machine"
		chmod -R u+w "$work/machine"
		garbage "$kind" "$work/machine/$file"
		echo "== ${base##*/} ${file#sys/devices/system/} $kind" >>"$work/garbage"
		MYNUMA_ROOT=$work/machine timeout 60 "$dump" 4 >"$work/out" 2>&1 ||
			echo "status $?" >>"$work/out"
		"$filter" <"$work/out" | diff "$work/healthy" - | sed -n '/^[<>]/p' >>"$work/garbage" || :
	done
}

: >"$work/garbage"
sys=sys/devices/system
files="binary bytes text empty newline truncated huge negative line directory loop"
# shellcheck disable=SC2086 # lists of words
{
	wrong two-by-two everything "$sys/node/node0/cpumap" $files
	wrong two-by-two everything "$sys/node/node1/distance" $files
	wrong two-by-two everything "$sys/node/node1/meminfo" $files
	wrong two-by-two without_both "$sys/cpu/possible" $files
	wrong two-by-two everything "$sys/node" empty directory loop
	# A node's file that is missing costs only its row; any other failure costs the table, or,
	# after a hole in the numbers, the later rows.
	wrong two-by-two everything "$sys/node/node1/distance" missing
	wrong eight-sparse everything "$sys/node/node4/distance" missing empty directory
	# Without a word about what is allowed all is; with nothing to read the kernel is asked.
	wrong cpuset without_mask_size proc/self/status binary bytes text newline truncated huge \
		negative line
	wrong cpuset without_allowed proc/self/status empty directory loop missing
}
same garbage "$here/garbage.expected" "$work/garbage"
tap_done
