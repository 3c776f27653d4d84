# SPDX-License-Identifier: MIT
# What the tests of simulated machines share; sourced. $T is a directory of the script's own, gone
# afterwards, that every user can read.
#	on SPEC program...		runs it on that machine, bounded by $limit seconds
#	says "what" "text" command...	passes if the command succeeds and prints the text, no more
#	has "what" "text" command...	passes if it succeeds and a line of what it prints is the text
#	gives "what" STATUS command...	passes if that is its exit status; leaves $T/out, $T/err
#	need PROGRAM PACKAGE		or the test fails here, naming the Debian package
# shellcheck shell=sh disable=SC2034

: "${top_srcdir:?run by make check}" "${top_builddir:?run by make check}"
: "${MYNUMA_SIM_LIB:?run by make check}"
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"

LC_ALL=C
export LC_ALL
unset LD_PRELOAD LD_LIBRARY_PATH MYNUMA_TOPOLOGY MYNUMA_BACKEND
PATH=$PATH:/usr/sbin:/sbin
limit=300
mynuma=$top_builddir/tools/mynuma
node=/sys/devices/system/node
cpu=/sys/devices/system/cpu

T=$(mktemp -d "${TMPDIR:-/tmp}/mynuma-sim.XXXXXX") || exit 99
trap 'rm -rf "$T"' EXIT
trap 'exit 99' HUP INT TERM
chmod 755 "$T"

on() {
	on_spec=$1
	shift
	timeout -k 5 "$limit" "$mynuma" run --topology "$on_spec" -- "$@"
}

says_it() {
	says_text=$1
	shift
	"$@" >"$T/said" 2>&1
	says_rc=$?
	printf '%s\n' "$says_text" >"$T/wanted"
	[ "$says_rc" -eq 0 ] || echo "exit status $says_rc"
	diff -u "$T/wanted" "$T/said" && [ "$says_rc" -eq 0 ]
}

says() {
	says_what=$1
	shift
	check "$says_what" says_it "$@"
}

has_it() {
	has_text=$1
	shift
	"$@" >"$T/said" 2>&1 && grep -Fx -e "$has_text" "$T/said" >/dev/null || {
		echo "no line: $has_text, but:"
		cat "$T/said"
		return 1
	}
}

has() {
	has_what=$1
	shift
	check "$has_what" has_it "$@"
}

gives_it() {
	gives_rc=$1
	shift
	"$@" >"$T/out" 2>"$T/err"
	gives_got=$?
	echo "exit status $gives_got"
	cat "$T/err"
	[ "$gives_got" -eq "$gives_rc" ]
}

gives() {
	gives_what=$1
	shift
	check "$gives_what" gives_it "$@"
}

need() {
	if ! command -v "$1" >/dev/null 2>&1; then
		tap_result not-ok "$1 is installed (Debian package $2)"
		tap_done
	fi
}
