#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: programs of every age, built against the installed libnuma or against ours, find what
# they were linked to in ours: old versions, no versions, copied data, functions of their own, symbols
# asked for while they run.

# shellcheck source=tests/abi/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/abi/lib.sh"

mynuma=$MYNUMA_LIB
mynuma_dir=${MYNUMA_LIB%/*}
system=$(system_lib)
[ -n "$system" ] || skip "programs linked with the installed libnuma" "it is not installed"

quiet() { # command...: succeeds and writes nothing to stderr
	"$@" 2>complaints && ! grep . complaints
}

replaced() {
	quiet with LD_LIBRARY_PATH="$MYNUMA_REPLACE" "$@"
}

linked() {
	quiet with LD_LIBRARY_PATH="$mynuma_dir" "$@"
}

preloaded() {
	quiet with LD_PRELOAD="$mynuma" "$@"
}

# The first interface.
check "a program whose references say libnuma_1.1" \
	compile first.c first-versioned -DVERSIONED "$libnuma" -ldl
check "runs on our libnuma.so.1" replaced ./first-versioned libnuma.so.1
check "the same, linked with libmynuma" \
	compile first.c first-mynuma -DVERSIONED "$mynuma" -ldl
check "runs on libmynuma.so.1" linked ./first-mynuma libmynuma.so.1
if [ -n "$system" ]; then
	check "the same, linked with the installed libnuma" \
		compile first.c first-system -DVERSIONED "$system" -ldl
	check "runs on our libnuma.so.1 then" replaced ./first-system "$MYNUMA_REPLACE"
	check "runs with libmynuma.so.1 before the installed one" \
		preloaded ./first-system libmynuma.so.1
fi

# A library without versions, as libnuma 1 was, to link with.
# shellcheck disable=SC2086
check "a libnuma without versions" $CC -std=gnu11 -w -fPIC -shared -I"$include" \
	-Wl,-soname,libnuma.so.1 "$abi/stub.c" -o libnuma-plain.so
check "a program whose references have no version" \
	compile first.c first-plain ./libnuma-plain.so -ldl
has_no_version() {
	read_elf --dyn-syms "$1" >dynamic-symbols && absent 'numa_.*@' dynamic-symbols
}
check "they have none" has_no_version first-plain
check "gets the first functions from our libnuma.so.1" \
	replaced ./first-plain "$MYNUMA_REPLACE"
check "gets them from libmynuma.so.1 before any libnuma.so.1" \
	quiet with LD_PRELOAD="$mynuma" LD_LIBRARY_PATH="$MYNUMA_REPLACE" ./first-plain libmynuma.so.1

# Source of the first interface, compiled today.
for how in "$CC -std=gnu11" "$CXX -x c++ -std=gnu++11"; do
	# shellcheck disable=SC2086
	check "source of the first interface: $how" $how -Wall -Wextra -I"$include" \
		-I"$top_srcdir/tests" "$abi/compat.c" -o compat -x none "$mynuma"
	check "runs" linked ./compat
done

# Copies.
copies_all() { # PROGRAM OBJECT...
	copies_program=$1
	shift
	read_elf -r "$copies_program" >relocations || return 1
	for object; do
		grep -E "_COPY .* $object@" relocations || return 1
	done
}
for lib in "$mynuma" "$libnuma" $system; do
	define=-DCOPIES_2_2
	[ "$lib" = "$system" ] && define=-UCOPIES_2_2
	check "an executable at a fixed address, with ${lib##*/}" \
		compile copies.c "copies-${lib##*/}" -no-pie -fno-pie $define "$lib" -ldl
	check "has copies of the objects" copies_all "copies-${lib##*/}" numa_all_nodes \
		numa_no_nodes numa_exit_on_error numa_exit_on_warn numa_all_nodes_ptr \
		numa_no_nodes_ptr numa_all_cpus_ptr numa_nodes_ptr
done
check "library and program see the same objects: linked" linked ./copies-libmynuma.so.1
check "library and program see the same objects: replaced" replaced ./copies-libnuma.so.1
if [ -n "$system" ]; then
	check "the same, linked with the installed libnuma: replaced" \
		replaced "./copies-${system##*/}"
	check "the same, linked with the installed libnuma: preloaded" \
		preloaded "./copies-${system##*/}"
fi

# Symbols by version, late. JVM and .NET open it by the bare name.
check "a program that opens the library late" compile late.c late -ldl
sed '/^#/d' "$abi/symbols.golden" >symbols
late() {
	"$@" <symbols
}
check "finds every symbol by version: libnuma.so.1" late replaced ./late libnuma.so.1
check "finds every symbol by version: libmynuma.so.1" late linked ./late libmynuma.so.1

# Functions of the program's own.
check "a program with functions of its own, with libmynuma" \
	compile override.c override-mynuma "$mynuma"
check "its functions are called: linked" linked ./override-mynuma
check "the same with our libnuma" compile override.c override-libnuma "$libnuma"
check "its functions are called: replaced" replaced ./override-libnuma
if [ -n "$system" ]; then
	check "the same with the installed libnuma" compile override.c override-system "$system"
	check "its functions are called: replaced, then" replaced ./override-system
	check "its functions are called: preloaded" preloaded ./override-system
fi
if [ -f "$static" ]; then
	check "the same with libmynuma.a" compile override.c override-archive "$static"
	check "its functions are called: static library" quiet with ./override-archive
	check "the same as a static program" \
		compile override.c override-static -static "$static"
	check "its functions are called: static program" quiet with ./override-static
	# shellcheck disable=SC2086
	$NM "$static" >archive 2>/dev/null
	weak_in_archive() {
		awk '$2 == "W" { print $3 }' archive | sort >weak
		awk '$5 == "WEAK" { print $1 }' symbols | sort | comm -23 - weak >not-weak
		! grep . not-weak
	}
	check "they are weak there" weak_in_archive
	check "the static library has no old versions" absent ' [A-Za-z] .*(_v1$|@)' archive
else
	skip "the static library" "it is not built"
fi

tap_done
