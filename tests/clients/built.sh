#!/bin/sh
# SPDX-License-Identifier: MIT
# A C and a C++ program built with pkg-config from an installed tree (make install DESTDIR), shared
# and static, and run.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
: "${top_builddir:?run by make check}"
need pkg-config pkg-config
need "${MAKE:-make}" make
root=$T/root

# A make of its own, not a part of the one that runs us.
install_tree() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u DESTDIR \
		"${MAKE:-make}" -s -C "$top_builddir" install DESTDIR="$root"
}
check "make install DESTDIR" install_tree
pc=$(find "$root" -name mynuma.pc)
if [ ! -f "$pc" ]; then
	tap_result not-ok "mynuma.pc is installed"
	tap_done
fi
pkgconf() {
	env PKG_CONFIG_LIBDIR="${pc%/*}" PKG_CONFIG_SYSROOT_DIR="$root" \
		PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 pkg-config "$@"
}
check "pkg-config knows mynuma" pkgconf --print-errors --exists mynuma
libdir=$(dirname "${pc%/*}")
check "the library is installed beside it" [ -e "$libdir/libmynuma.so.1" ]
# What a program asks pkg-config for. The tree lies in a directory without blanks.
cflags=$(pkgconf --cflags mynuma)
libs=$(pkgconf --libs mynuma)
static_libs=$(pkgconf --static --libs mynuma)

runs_well() { # [NAME=VALUE...] PROGRAM
	timeout -k 5 "$limit" env "$@" >"$T/out" 2>&1
	run_rc=$?
	cat "$T/out"
	[ $run_rc -eq 0 ] && [ "$(cat "$T/out")" = good ]
}
needs() { # PROGRAM: our library, and no libnuma
	${READELF:-readelf} -d "$1" | grep NEEDED >"$T/needed"
	cat "$T/needed"
	grep -q '\[libmynuma\.so\.1\]' "$T/needed" && ! grep -q '\[libnuma' "$T/needed"
}

cp "$top_srcdir/tests/clients/built.c" "$top_srcdir/tests/clients/built-v1.c" "$T"
cp "$T/built.c" "$T/built.cc"
cp "$T/built-v1.c" "$T/built-v1.cc"
static=$("$top_builddir/libtool" --config | sed -n 's/^build_old_libs=//p')
warn="-Wall -Wextra -Werror"

# shellcheck disable=SC2086 # compilers and flags are lists of words
build() { # "what" SOURCE compiler flags...
	build_what=$1 build_src=$2
	shift 2
	build_bin=$T/${build_src%.*}
	rm -f "$build_bin".*out
	check "$build_what, shared: builds" \
		"$@" $warn $cflags -o "$build_bin.out" "$T/$build_src" $libs
	check "$build_what, shared: needs libmynuma alone" needs "$build_bin.out"
	check "$build_what, shared: runs" runs_well LD_LIBRARY_PATH="$libdir" "$build_bin.out"
	if [ "$static" = yes ]; then
		check "$build_what, static: builds" \
			"$@" $warn $cflags -static -o "$build_bin.sout" "$T/$build_src" $static_libs
		check "$build_what, static: runs" runs_well "$build_bin.sout"
	fi
}
# shellcheck disable=SC2086
{
	build "C" built.c ${CC:-cc} -std=c11
	build "C++" built.cc ${CXX:-c++} -std=c++17
	build "C of version 1" built-v1.c ${CC:-cc} -std=c99
	build "C++ of version 1" built-v1.cc ${CXX:-c++} -std=c++11
	check "C without PIE: builds" \
		${CC:-cc} $warn $cflags -fno-pie -no-pie -o "$T/nopie" "$T/built.c" $libs
}
check "C without PIE: runs" runs_well LD_LIBRARY_PATH="$libdir" "$T/nopie"
[ "$static" = yes ] || check "no static library was asked for and none is there" \
	[ ! -e "$libdir/libmynuma.a" ]
tap_done
