#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: the example of every page is a whole program: it compiles without a warning, and works
# on this machine and on a simulated one of four nodes, without a word on standard error.

: "${top_srcdir:?run by make check}" "${MYNUMA_LIB:?run by make check}"
# shellcheck source=tests/man/lib.sh
. "$top_srcdir/tests/man/lib.sh"

unset LD_PRELOAD LD_LIBRARY_PATH MYNUMA_BACKEND MYNUMA_TOPOLOGY

compiles() { # PAGE PROGRAM
	example "$1" >"$2.c"
	grep -q '^int main(' "$2.c" || {
		echo "$1: no program"
		return 1
	}
	# shellcheck disable=SC2086 # CC may have options
	${CC:-cc} -std=gnu11 -O -Wall -Wextra -Werror -I"$top/include" "$2.c" -o "$2" \
		"$MYNUMA_LIB" -Wl,-rpath,"${MYNUMA_LIB%/*}"
}

works() { # [VARIABLE=...] PROGRAM
	timeout 60 env "$@" >"$work/out" 2>"$work/err" || {
		echo "exit status $?"
		cat "$work/out" "$work/err"
		return 1
	}
	[ -s "$work/out" ] && [ ! -s "$work/err" ] || {
		echo "standard output, standard error:"
		cat "$work/out" "$work/err"
		return 1
	}
}

fails() {
	! "$@"
}

faulty() { # LINE-OF-THE-PROGRAM
	printf '%s\n' '.Sh EXAMPLES' '.Bd -literal' '#include <numa.h>' '#include <stdio.h>' \
		'int main(void)' '{' "$1" '}' '.Ed' >"$work/faulty.3mynuma"
	compiles "$work/faulty.3mynuma" "$work/faulty"
}
check "a program that does not compile is found" fails faulty 'return numa_nothing();'
check "one that fails is found" faulty 'puts("x"); return 1;'
check "when it is run" fails works "$work/faulty"
check "and one that complains" faulty 'puts("x"); numa_error((char *)"x\en"); return 0;'
check "when it is run" fails works "$work/faulty"
check "a good one is none" faulty 'puts("x"); return numa_max_node() != 3;'
check "when it is run" works MYNUMA_TOPOLOGY=4x2:4G "$work/faulty"

for page in $(interface_pages); do
	program=$work/$(echo "$page" | tr / _)
	what=${page#man/}
	check "$what: the example compiles" compiles "$page" "$program"
	[ -x "$program" ] || continue
	check "$what: it works here" works "$program"
	check "$what: it works on four nodes" works MYNUMA_TOPOLOGY=4x2:4G "$program"
done
tap_done
