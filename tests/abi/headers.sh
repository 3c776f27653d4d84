#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: the public headers compile alone and together in every order, with and without the
# first interface, in every C and C++ since 1989/1998, with every compiler here, without a warning;
# and they have the sizes and values of libnuma's.

# shellcheck source=tests/abi/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/abi/lib.sh"

warnings="-Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wundef -Wredundant-decls -Werror"
c_standards="gnu89 c99 c11 c17"
cxx_standards="c++98 c++11 c++14 c++17 c++20"

# A way to include them a line: comma-separated; "v1" is the macro.
ways="numa.h
numaif.h
numacompat1.h
numa.h,numaif.h
numaif.h,numa.h
numa.h,numa.h,numaif.h,numaif.h
linux/mempolicy.h,numaif.h
v1,numa.h
v1,numa.h,numaif.h
v1,numaif.h,numa.h
v1,numa.h,numacompat1.h,numa.h"

n=0
for way in $ways; do
	n=$((n + 1))
	echo "$way" | tr , '\n' | sed -e 's/^v1$/#define NUMA_VERSION1_COMPATIBILITY/' \
		-e '/^[^#]/s/.*/#include <&>/' >"way-$n.c"
	echo 'extern int way_used; int way_used;' >>"way-$n.c"
	cp "way-$n.c" "way-$n.cc"
done

every_way() { # EXTENSION COMPILER...
	every_extension=$1
	shift
	for every_source in way-*."$every_extension"; do
		"$@" -fsyntax-only "$every_source" || {
			cat "$every_source"
			return 1
		}
	done
}

compilers() { # CANDIDATE...: those that are here, each once
	for compilers_one; do
		command -v "${compilers_one%% *}" >/dev/null 2>&1 && echo "$compilers_one"
	done | sort -u
}

# A compiler a line: its name may come with options.
IFS_all=$IFS
IFS_line='
'
IFS=$IFS_line
c_compilers=$(compilers "$CC" gcc clang)
cxx_compilers=$(compilers "$CXX" g++ clang++)
for compiler in $c_compilers; do
	IFS=$IFS_all
	for standard in $c_standards; do
		# shellcheck disable=SC2086
		check "$compiler -std=$standard: every way to include the headers" \
			every_way c $compiler -std=$standard $warnings -Wstrict-prototypes \
			-Wmissing-prototypes -I"$include"
	done
	# shellcheck disable=SC2086
	check "$compiler: a program of the first interface" $compiler -std=gnu11 $warnings \
		-Wno-sign-conversion -I"$include" -I"$top_srcdir/tests" -fsyntax-only "$abi/compat.c"
	IFS=$IFS_line
done
for compiler in $cxx_compilers; do
	IFS=$IFS_all
	for standard in $cxx_standards; do
		# shellcheck disable=SC2086
		check "$compiler -std=$standard: every way to include the headers" \
			every_way cc $compiler -std=$standard $warnings -Wold-style-cast -I"$include"
	done
	IFS=$IFS_line
done
IFS=$IFS_all

# What a transitive include of numa.h gives: programs rely on these.
cat >transitive.c <<'END'
#include <numa.h>
size_t offset = offsetof(struct bitmask, maskp);
pid_t pid;
int main(void) { return strlen("") != 0 || malloc == NULL; }
END
# shellcheck disable=SC2086
check "numa.h brings stddef.h, stdlib.h, string.h and sys/types.h" \
	$CC -I"$include" -Waddress -fsyntax-only transitive.c

check "sizes, offsets and values: the program" compile layout.c layout -DLAYOUT_OURS
check "sizes, offsets and values: as they should be" sh -c './layout >ours'
if system_headers; then
	# shellcheck disable=SC2086
	check "the same program with the installed headers" \
		$CC -std=gnu11 "$abi/layout.c" -o layout-theirs
	check "they too" sh -c './layout-theirs >theirs'
	# What the installed headers do not know yet they have no line for.
	check "no line of theirs that ours lack" sh -c 'sort theirs >a; sort ours | comm -23 a - >b; ! grep . b'
else
	skip "the same program with the installed headers" "libnuma's development package is not installed"
fi

tap_done
