#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: what calls cost in instructions, system calls and allocations does not creep up; what
# loading the library costs does not either; and no query writes to memory that threads share.
# limits.txt says how much is allowed, and why so much. COUNTS_SHOW=1 also prints what was counted.

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}" "${top_builddir:=.}"
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
here=$top_srcdir/tests/counts
bin=$(cd "$top_builddir/tests/counts" && pwd)
lib=${MYNUMA_LIB:?}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
LC_ALL=C
export LC_ALL
unset LD_PRELOAD LD_LIBRARY_PATH MYNUMA_TOPOLOGY MYNUMA_ROOT MYNUMA_BACKEND
tab=$(printf '\t')

for tool in valgrind strace; do
	command -v $tool >/dev/null && continue
	skip "counts" "$tool is missing"
	tap_done
done

# Other processors need other numbers of instructions; twice as many at the very most.
case $(uname -m) in
x86_64) slack=1 ;;
*) slack=2 ;;
esac

# callgrind DIR COMMAND...: "name<tab>instructions a call" of each dump
callgrind() {
	dir=$1
	shift
	mkdir -p "$dir"
	valgrind --tool=callgrind --callgrind-out-file="$dir/out" "$@" >"$dir/log" 2>&1 ||
		return 1
	awk '/^desc: Trigger: Client Request: / { name = substr($0, 32) }
		/^summary:/ { print name "\t" $2 / 10 }' "$dir"/out.*
}

# What was called between the marks of counts.c, as "name<tab>calls".
between_marks() {
	awk 'match($0, /^write\(-1, "[^"]*"/) {
			name = substr($0, 12, RLENGTH - 12)
			if (name == "end")
				print last "\t" n
			last = name
			n = 0
			next
		}
		{ n++ }' "$1"
}

# over COLUMN FACTOR COUNTS: the cases whose count is above the limit in that column
over() {
	awk -F "$tab" -v column="$1" -v factor="$2" -v show="${COUNTS_SHOW:-}" '
		/^#/ || !NF { next }
		NR == FNR { limit[$1] = $column; next }
		!($1 in limit) && $1 !~ /^raw / { print $1 ": limits.txt does not have it" }
		$1 in limit { seen++ }
		show && $1 in limit { print "shown: " $1 "\t" $2 "\tof " limit[$1] }
		limit[$1] != "" && limit[$1] != "-" && $2 > limit[$1] * factor {
			print $1 ": " $2 ", more than " limit[$1] * factor
		}
		END { if (!seen) print "nothing was counted" }' "$here/limits.txt" "$3" >"$work/over"
	grep '^shown: ' "$work/over" | sed 's/^/# /' >&2
	! grep -v '^shown: ' "$work/over"
}

# The wrappers of system calls, as what they add to the kernel's call alone, the call of the wrapper
# and its return included: 15, and 5 more on the way of an error, which has to find errno. The nops
# of the two probe points come on top.
wrapper_limit=15 error_more=5
case " $(sed -n 's/^DEFS = //p' "$top_builddir/Makefile") " in
*' -DMYNUMA_SDT=1 '*) wrapper_limit=17 ;;
esac
wrappers_over() {
	awk -F "$tab" -v limit=$((wrapper_limit * slack)) -v error=$((error_more * slack)) '
		{ n[$1] = $2 }
		END {
			wrapper = "^((get|set)_mempolicy|mbind|migrate_pages|move_pages)( |$)"
			for (name in n) {
				if (!(("raw " name) in n) || name !~ wrapper)
					continue
				seen++
				# A kernel may refuse migrate_pages: then that is an error too.
				more = name ~ /error|migrate/ ? error : 0
				if (n[name] - n["raw " name] > limit + more)
					print name ": " n[name] - n["raw " name] " over the bare call"
			}
			if (seen < 5)
				print "too few wrappers were seen"
		}' "$1" >"$work/over"
	! grep . "$work/over"
}

# A machine of known shape, so that all of this is the same everywhere.
sh "$top_srcdir/tests/topology/large.sh" "$work/machine" 64 16
root=$work/machine

optimised() {
	[ "$("$bin/counts" optimised)" = yes ]
}

native() {
	MYNUMA_ROOT=$root MYNUMA_BACKEND=native "$@"
}

if optimised; then
	native callgrind "$work/native" "$bin/counts" instructions "$lib" >"$work/instructions"
	check "instructions a call" over 2 $slack "$work/instructions"
	check "a wrapper's instructions over the bare system call" wrappers_over "$work/instructions"
else
	skip "instructions a call" "built without optimisation, or for a sanitizer"
fi

native strace -s 100 -o "$work/trace" "$bin/counts" syscalls "$lib" >/dev/null 2>&1
between_marks "$work/trace" >"$work/syscalls"
check "system calls a call" over 3 1 "$work/syscalls"

native "$bin/counts" allocations "$lib" >"$work/allocations" 2>/dev/null
check "allocations a call" over 4 1 "$work/allocations"

native "$bin/counts" shared "$lib" >"$work/shared" 2>/dev/null
nothing_shared() {
	! grep . "$work/shared"
}
check "no call that has been made before writes to what threads share" nothing_shared

# Every exported function has a case: one that is new gets its limits with it.
without_case() {
	"$bin/counts" names | sed "s/FREE_MASK(/l->numa_bitmask_free(/" >"$work/names"
	sed -n '/ FUNC /s/ .*//p' "$top_srcdir/tests/abi/symbols.golden" | sort -u |
		grep -vx set_mempolicy_home_node | while read -r name; do
		grep -q "l->\(v1_\)\{0,1\}$name(" "$work/names" || echo "$name: no case"
	done >"$work/without"
	! grep . "$work/without"
}
check "every function has a case" without_case

# The emulation: its own wrappers, with the caller's memory on the stack.
MYNUMA_TOPOLOGY=1x2:1G strace -s 100 -o "$work/trace" "$bin/counts" syscalls "$lib" >/dev/null 2>&1
between_marks "$work/trace" | sed 's/^/emulated /' >"$work/emulated"
emulated_over() {
	awk -F "$tab" 'NR == FNR { if ($1 ~ /^emulated /) limit[$1] = $3; next }
		$1 in limit { seen++ }
		$1 in limit && $2 > limit[$1] { print $1 ": " $2 ", more than " limit[$1] }
		END { if (!seen) print "nothing was counted" }' "$here/limits.txt" "$work/emulated" \
		>"$work/over"
	! grep . "$work/over"
}
check "system calls a call, emulated" emulated_over

# Load: a program that does nothing, with the library less with a copy that does nothing at load.
"$bin/noinit" "$lib" "$work/noinit.so" || tap_result not-ok "a copy without constructors"

preloaded_syscalls() {
	strace -o "$work/trace" -E LD_PRELOAD="$1" "$bin/empty" && grep -vc '^+++' "$work/trace"
}

preloaded_instructions() {
	LD_PRELOAD=$1 valgrind --tool=callgrind --callgrind-out-file="$work/load" \
		"$bin/empty" >/dev/null 2>&1 && awk '/^(totals|summary):/ { print $2; exit }' "$work/load"
}

# load_within WHAT LIMIT
load_within() {
	with=$("preloaded_$1" "$lib") && without=$("preloaded_$1" "$work/noinit.so") || return 1
	echo "$1 at load: $((with - without)), at most $2"
	[ -z "${COUNTS_SHOW:-}" ] || echo "# $1 at load: $((with - without)) of $2" >&2
	[ $((with - without)) -gt 0 ] && [ $((with - without)) -le "$2" ]
}

# On a machine of one node. Directories of more nodes are longer, by a call for some sixty.
nodes=$(find /sys/devices/system/node -maxdepth 1 -name 'node[0-9]*' 2>/dev/null | wc -l)
check "system calls at load" load_within syscalls $((10 + nodes / 40))
if optimised; then
	check "instructions at load" load_within instructions $(((15000 + nodes * 240) * slack))
	for n in 64 1024; do
		sh "$top_srcdir/tests/topology/large.sh" "$work/nodes$n" $n 4
		export MYNUMA_ROOT="$work/nodes$n"
		check "instructions at load grow with the nodes at most: $n" \
			load_within instructions $(((25000 + n * 240) * slack))
		check "system calls at load grow with the nodes at most: $n" \
			load_within syscalls $((14 + n / 40))
		unset MYNUMA_ROOT
	done
fi

tap_done
