# SPDX-License-Identifier: MIT
# The job diff for a program of 32 bits, whose calls a 64-bit kernel answers in ways of its own.
# shellcheck shell=sh

case $1 in
files)
	: "${top_srcdir:?}"
	LAB_KERNEL=i386 # as for a kernel of 32 bits
	# shellcheck disable=SC1091
	. "$top_srcdir/tests/lab/jobs/ours.sh"
	KDIFF=$LAB_WORK/kdiff32
	# shellcheck disable=SC2086,SC2154 # CC32 may hold options; core is from ours.sh
	[ -x "$KDIFF" ] || $CC32 -std=gnu11 -O2 -D_GNU_SOURCE -I"$top_srcdir/include" -I"$top_srcdir/lib" \
		-I"$top_srcdir/tests" -static -pthread -o "$KDIFF" \
		"$top_srcdir"/tests/diff-kernel/*.c "$core" >&2
	. "$top_srcdir/tests/lab/jobs/diff.sh"
	echo "$top_srcdir/tests/lab/jobs/diff.sh:diff.sh"
	;;
run)
	# shellcheck disable=SC1091
	. ./diff.sh
	;;
esac
