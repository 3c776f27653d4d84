#!/bin/sh
# SPDX-License-Identifier: MIT
# The real libnuma and ours, the same calls, line by line: the installed libnuma 2.0.16 ("old")
# and 2.0.19 ("new", fetched by oracle.sh), on this machine and on the machines of machines.sh.
# What may differ stands in allowed.txt with its reason, what ours then has to say in
# expected.txt. DIFF_WRITE=1 rewrites expected.txt in the source tree from what ours says now:
# read the change before committing it.
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${top_srcdir:=$here/../..}" "${top_builddir:=$PWD}"
. "$top_srcdir/tests/tap.sh"
bin=${DIFF_BIN:-$top_builddir/tests/diff}
work=$bin/diff.work
ours=${MYNUMA_LIB:?}
# Many cases end in a crash of the older libraries.
# shellcheck disable=SC3045
ulimit -c 0 2>/dev/null
unset LD_PRELOAD LD_LIBRARY_PATH MYNUMA_TOPOLOGY
export LC_ALL=C MYNUMA_BACKEND=native
# On a libnuma other than these the lists below would say nothing.
old_version=2.0.16 new_version=2.0.19

rm -rf "$work"
mkdir -p "$work"
if [ "$(id -u)" != 0 ] || ! unshare -m true 2>/dev/null; then
	skip "comparison with libnuma" "no private mount namespace (not root?)"
	tap_done
fi

old=
for f in /usr/lib/*/libnuma.so.1 /usr/lib64/libnuma.so.1; do
	[ -e "$f" ] && old=$f && break
done
version=$(dpkg-query -W -f '${Version}' libnuma1 2>/dev/null)
case $version in
"$old_version"*) ;;
*) old= ;;
esac
if [ -z "$old" ]; then
	skip "comparison with libnuma $old_version" "installed is ${version:-none}"
	tap_done
fi

new=
if sh "$here/oracle.sh" "$bin/diff.oracle" >"$work/oracle.log" 2>&1; then
	version=$(cat "$bin/diff.oracle/version")
	case $version in
	"$new_version"*) new=$bin/diff.oracle/libnuma.so.1 ;;
	*) skip "comparison with libnuma $new_version" "the suite has $version" ;;
	esac
else
	sed 's/^/# /' "$work/oracle.log"
	if [ -n "${CI:-}" ]; then
		tap_result not-ok "libnuma $new_version can be fetched"
	else
		skip "comparison with libnuma $new_version" "it cannot be fetched"
	fi
fi

# run LIBRARY NAME: every case on every machine
run() (
	case $2 in
	new)
		libs=$(dirname "$(readlink -f "$1")")
		set -- "$1" "$2" "$bin/diff.oracle/ld.so" --library-path "$libs"
		;;
	*) set -- "$1" "$2" ;;
	esac
	lib=$1 name=$2
	shift 2
	roots=$work/machines.$name
	sh "$here/machines.sh" "$roots"
	{
		"$@" "$bin/probe" --lib "$lib"
		"$@" "$bin/probe-hooks" --lib "$lib"
		for m in "$roots"/*; do
			case ${m##*/} in
			four) groups="string io affinity topology update v1 load" ;;
			four12 | sparse | memless)
				groups="string random io affinity topology update v1 load"
				;;
			sparseall | corners | wide | nonode | nostatus | many)
				groups="string affinity topology v1 load"
				;;
			*) groups="affinity topology load" ;;
			esac
			# shellcheck disable=SC2086
			"$@" "$bin/probe" --lib "$lib" --root "$m" --name "${m##*/}" \
				$groups
		done
		"$@" "$bin/probe-hooks" --lib "$lib" --root "$roots/sparse" --name hooked-sparse
	} >"$work/$name" 2>"$work/$name.err"
)

oracles=old
run "$old" old &
run "$ours" ours
wait
if [ -n "$new" ]; then
	oracles="old new"
	run "$new" new
fi

for name in ours $oracles; do
	check "the probe runs to its end on $name" test ! -s "$work/$name.err"
	[ -s "$work/$name.err" ] && sed 's/^/# /' "$work/$name.err"
done

mkdir "$work/result"
files=
for o in $oracles; do
	files="$files $work/$o"
done
# shellcheck disable=SC2086
awk -f "$here/compare.awk" -v allowed="$here/allowed.txt" -v expected="$here/expected.txt" \
	-v out="$work/result" -v oracles="$oracles" "$work/ours" $files ||
	tap_result not-ok "comparison"

if [ -n "${DIFF_WRITE:-}" ] && [ -e "$work/result/pins" ]; then
	{
		echo "# SPDX-License-Identifier: MIT"
		echo "# What libmynuma answers where no libnuma that we compare with does: see diff.sh."
		echo "# machine: $("$bin/probe" --shape)"
		cat "$work/result/pins"
	} >"$work/expected.new"
	cp "$work/expected.new" "$here/expected.txt"
	echo "# expected.txt rewritten"
fi

# empty WHAT FILE: the list has nothing in it
empty() {
	if [ -s "$work/result/$2" ]; then
		tap_result not-ok "$1"
		head -n "${DIFF_SHOW:-60}" "$work/result/$2" | cut -c 1-600 | sed 's/^/# /'
		echo "# ($(wc -l <"$work/result/$2") lines in $work/result/$2)"
	else
		tap_result ok "$1"
	fi
}

check "the comparison is wide" test "$(wc -l <"$work/ours")" -gt 50000
covered() {
	"$bin/probe" --functions | while read -r f; do
		grep -q -F " $f(" "$work/ours" || echo "$f"
	done >"$work/result/uncovered"
}
covered
empty "every function of the interface has cases" uncovered
empty "no two cases have one name" twice
empty "allowed.txt can be read" bad-rows
for o in $oracles; do
	empty "every case was run on $o" "missing.$o"
	empty "every difference from $o is allowed" "unallowed.$o"
	empty "every row that allows a difference from $o is needed" "stale.$o"
done

# Answers that no library of the reference gives.
if [ -z "$new" ]; then
	skip "answers of ours alone are the wanted ones" "needs libnuma $new_version"
elif [ "$("$bin/probe" --shape)" != "$(sed -n 's/^# machine: //p' "$here/expected.txt")" ]; then
	skip "answers of ours alone are the wanted ones" "expected.txt is of another kind of machine"
else
	empty "every answer of ours alone has a wanted one" unpinned
	empty "answers of ours alone are the wanted ones" wrong
	empty "every wanted answer is needed" unused-pins
fi
tap_done
