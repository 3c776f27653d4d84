# SPDX-License-Identifier: MIT
# The project's unit and live tests, in the machine.
# 64 bit: the programs the build made. 32 bit: the same sources, built here.
# shellcheck shell=sh

if [ "$1" = files ]; then
	. "$top_srcdir/tests/lab/jobs/ours.sh"
	set --
	for dir in unit live emul; do
		for source in "$top_srcdir/tests/$dir"/*.c; do
			[ -e "$source" ] || continue
			name=$(basename "$source" .c)
			case $LAB_KERNEL in
			*i386)
				grep -q '^int main(' "$source" || continue
				program=$LAB_WORK/unit32/$dir/$name
				mkdir -p "$LAB_WORK/unit32/$dir"
				# shellcheck disable=SC2086,SC2154 # CC32 may hold options; core is from ours.sh
				$CC32 -std=gnu11 -O2 -D_GNU_SOURCE -I"$top_srcdir/include" -I"$top_srcdir/lib" \
					-I"$top_srcdir/tests" -static -pthread -o "$program" "$source" "$core" >&2
				;;
			*) program=$top_builddir/tests/$dir/$name ;;
			esac
			[ ! -x "$program" ] || set -- "$@" "$program:unit/$dir/$name"
		done
	done
	if [ $# -eq 0 ]; then
		echo "no unit test is built" >&2
		exit 77
	fi
	printf '%s\n' "$@"
	# Their data.
	for dir in unit live emul topology; do
		if [ -d "$top_srcdir/tests/$dir" ]; then
			echo "$top_srcdir/tests/$dir:source/tests/$dir"
		fi
	done
	exit
fi

# An emulated processor would need minutes for a million ranges.
export top_srcdir=/lab/source top_builddir=/lab/build TEST_RANGES=10000
mkdir -p $top_builddir
bad=0
for program in unit/*/*; do
	echo "$program:"
	$program
	status=$?
	if [ $status -ne 0 ]; then
		echo "not ok - $program: status $status"
		bad=1
	fi
done
exit $bad
