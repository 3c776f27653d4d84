# SPDX-License-Identifier: MIT
# What the tests of the command share. $work is a directory of the test's own.
#	gives "what" STATUS "stdout" "stderr" command...	what the command does, exactly
# shellcheck shell=sh disable=SC2034

: "${top_srcdir:?run by make check}" "${top_builddir:?run by make check}"
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"

LC_ALL=C
export LC_ALL
unset LD_PRELOAD MYNUMA_BACKEND MYNUMA_TOPOLOGY MYNUMA_ROOT MYNUMA_TRACE MYNUMA_WHERE
PATH=$top_builddir/tools:$PATH:/usr/sbin:/sbin
descriptions=$top_srcdir/tests/topology/described
machines=$top_srcdir/tests/topology/machines

work=$(mktemp -d "${TMPDIR:-/tmp}/mynuma-tools.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
cd "$work" || exit 99

gives() {
	gives_what=$1
	{
		printf '%s\nstatus %s\n' "$3" "$2"
		printf '%s\n' "$4"
	} >gives.expected
	shift 4
	gives_status=0
	"$@" >gives.out 2>gives.err || gives_status=$?
	{
		cat gives.out
		[ -s gives.out ] || echo
		echo "status $gives_status"
		cat gives.err
		[ -s gives.err ] || echo
	} >gives.got
	check_same "$gives_what" gives.expected gives.got
}
