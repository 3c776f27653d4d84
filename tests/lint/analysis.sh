#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: what gcc -fanalyzer, clang-tidy (.clang-tidy says which checks) and cppcheck say of the
# library: nothing. What is suppressed is suppressed where it stands, with its reason.

# shellcheck source=tests/lint/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lint/lib.sh"

# System calls by way of a function: an analyzer does not see what the kernel writes into a buffer
# whose address went into a register.
flags="-std=gnu11 -D_GNU_SOURCE -DMYNUMA_GENERIC_SYSCALL -include $top/lib/base/namespace.h"
flags="$flags -iquote $top/lib -iquote $top/include"

# Each is a function over files and prints what was found.

gcc_analyzer() {
	printf '%s\n' "$@" | xargs -P "$(nproc)" -I {} sh -c \
		"gcc -fanalyzer -O2 -Wall -Wextra $flags -c -o /dev/null {} 2>&1 || echo {}: gcc fails"
}

# How much it has suppressed it says on stderr.
clang_tidy() {
	printf '%s\n' "$@" | xargs -P "$(nproc)" -I {} sh -c \
		"clang-tidy --quiet --config-file=$top/.clang-tidy {} -- $flags 2>/dev/null ||
			echo {}: clang-tidy fails"
}

# NULL is a pointer in the C of every libc of Linux (varFuncNullUB).
cpp_check() {
	cppcheck --quiet --enable=warning,performance,portability --inline-suppr --std=c11 \
		--suppress=varFuncNullUB --suppress=missingIncludeSystem \
		-D_GNU_SOURCE -D__x86_64__ -D__LP64__ --include="$top/lib/base/namespace.h" \
		-I "$top/lib" -I "$top/include" -j "$(nproc)" "$@" 2>&1
}

cat >"$work/leaks.c" <<'C'
#include <stdlib.h>
int leaks(int n);
int leaks(int n)
{
	int *p = malloc(sizeof(*p) * 4);
	int q[2] = {0, 0};

	if (!p)
		return 0;
	if (n > 7)
		return q[n > 3 ? 5 : 0];
	free(p);
	return *p;
}
C
cat >"$work/fine.c" <<'C'
int fine(int n);
int fine(int n)
{
	return n + 1;
}
C

library=$(c_files | grep '^lib/.*\.c$' | sed "s,^,$top/,")
analyzer="gcc -fanalyzer finds nothing in the library"
tidy="clang-tidy finds nothing in the library"
cpp="cppcheck finds nothing in the library"
# shellcheck disable=SC2086 # the names have no blanks in them
{
	if have gcc "$analyzer"; then
		check "gcc -fanalyzer sees a use after free" finds 'use-after-free' gcc_analyzer \
			"$work/leaks.c"
		check "$analyzer" finds_nothing gcc_analyzer "$work/fine.c" $library
	fi
	if have clang-tidy "$tidy"; then
		check "clang-tidy sees a use after free" finds 'unix.Malloc' clang_tidy \
			"$work/leaks.c"
		check "$tidy" finds_nothing clang_tidy "$work/fine.c" $library
	fi
	if have cppcheck "$cpp"; then
		check "cppcheck sees an index out of bounds" finds 'arrayIndex' cpp_check \
			"$work/leaks.c"
		check "$cpp" finds_nothing cpp_check "$work/fine.c" $library
	fi
}
tap_done
