# SPDX-License-Identifier: MIT
# The lab itself, and the kernel's facts that the library is built on: smoke.c as a 64-bit and a 32-bit program.
# shellcheck shell=sh

case $1 in
files)
	: "${top_srcdir:?}"
	: "${top_srcdir:?}"
	# shellcheck disable=SC2086 # a compiler may come with options
	build() { # name compiler
		[ -e "$LAB_WORK/$1" ] ||
			$2 -std=gnu11 -O1 -static -o "$LAB_WORK/$1" "$top_srcdir/tests/lab/smoke.c" >&2
	}
	build smoke64 "$CC"
	build smoke32 "$CC32"
	case $LAB_KERNEL in
	*i386) ;;
	*) echo "$LAB_WORK/smoke64" ;;
	esac
	echo "$LAB_WORK/smoke32"
	;;
run)
	bad=0
	for program in smoke64 smoke32; do
		if [ -e $program ]; then
			$program || bad=1
		fi
	done
	exit $bad
	;;
esac
