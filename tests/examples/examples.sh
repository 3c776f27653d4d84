#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: every program of examples/ builds by its makefile without a warning, works on this machine,
# and says on a simulated one of four nodes what it should.

: "${top_srcdir:?run by make check}" "${MYNUMA_LIB:?run by make check}"
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"

unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES GNUMAKEFLAGS
unset LD_PRELOAD LD_LIBRARY_PATH MYNUMA_BACKEND MYNUMA_TOPOLOGY
top=$(cd "$top_srcdir" && pwd)
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
cp "$top"/examples/*.c "$top/examples/Makefile" "$top/examples/README.md" "$work" &&
	chmod -R u+w "$work" && cd "$work" || exit 99

builds() { # PROGRAM
	${MAKE:-make} -s CC="${CC:-cc}" CFLAGS='-O -Wall -Wextra -Werror' \
		MYNUMA_CFLAGS="-I$top/include" \
		MYNUMA_LIBS="$MYNUMA_LIB -Wl,-rpath,${MYNUMA_LIB%/*}" "$1"
}

# What each says on four nodes of two CPUs and 4 GiB.
said() {
	case $1 in
	arena) echo '585 pieces, the last on node 3' ;;
	failures) echo 'memory: no, call: mbind, EINVAL' ;;
	interleave) echo 'of 400 pages over 4 nodes, 100 are on node 0' ;;
	machine)
		echo 'node 0: 4096 MiB, CPUs 0 1, distances 10 20 20 20'
		echo 'node 1: 4096 MiB, CPUs 2 3, distances 20 10 20 20'
		echo 'node 2: 4096 MiB, CPUs 4 5, distances 20 20 10 20'
		echo 'node 3: 4096 MiB, CPUs 6 7, distances 20 20 20 10'
		;;
	migrate) echo 'moved from node 0 to node 3, contents kept' ;;
	nearest) printf 'node %s\n' '0 at 10' '1 at 20' '2 at 20' '3 at 20' ;;
	nodestring) printf 'node %s\n' 0 1 2 3 ;;
	prefer) echo '4 nodes are preferred' ;;
	run-on) echo 'it runs' ;;
	shared) echo "the child's page is on node 3" ;;
	threads) printf 'node %s: memory is local\n' 0 1 2 3 ;;
	where) echo '50 pages on the last node' ;;
	*) echo "nobody said what $1 should say" ;;
	esac
}

run() { # PROGRAM [VARIABLE=...]
	program=$1
	shift
	case $program in
	run-on) set -- "$@" ./run-on 0 echo 'it runs' ;;
	*) set -- "$@" "./$program" ;;
	esac
	timeout 60 env "$@" >"$program.out" 2>"$program.err"
	status=$?
	cat "$program.out" "$program.err"
	[ $status -eq 0 ] && [ ! -s "$program.err" ]
}

says() { # PROGRAM
	run "$1" MYNUMA_TOPOLOGY=4x2:4G >/dev/null
	status=$?
	said "$1" | diff - "$1.out" && [ $status -eq 0 ]
}

is_listed() { # PROGRAM
	grep -qF "[$1.c]($1.c)" README.md
}

refuses() {
	! MYNUMA_TOPOLOGY=4x2:4G ./nodestring 4 2>/dev/null
}

set -- *.c
a_dozen() { [ $# -ge 12 ]; }
check "there is a dozen of them" a_dozen "$@"
for file; do
	program=${file%.c}
	check "$program builds" builds "$program"
	check "$program works here" run "$program"
	check "$program says on four nodes what it should" says "$program"
	check "$program is listed" is_listed "$program"
done
check "a wrong node is refused" refuses
tap_done
