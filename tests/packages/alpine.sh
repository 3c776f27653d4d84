#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: the steps of Alpine's package, from the release's archive with musl: it builds, passes its tests,
# and the library as packaged runs a program.

# shellcheck source=tests/packages/lib.sh
. "${top_srcdir:?run by make check}/tests/packages/lib.sh"

command -v musl-gcc >/dev/null || give_up "musl-gcc is installed (Debian package musl-tools)"

# The kernel's headers and nothing else of the system's.
kernel_headers() {
	mkdir "$T/kernel" && ln -s /usr/include/linux /usr/include/asm-generic \
		"/usr/include/$(gcc -print-multiarch)/asm" "$T/kernel"
}

unpack() {
	make_dist "$T/archive.tar.xz" && tar -xf "$T/archive.tar.xz" -C "$T" && kernel_headers
}

# step FUNCTION: as abuild runs it, with a shell that stops at the first failure.
step() {
	(
		set -e
		cd "$T/libmynuma-$version"
		CBUILD='' CHOST='' pkgdir=$T/pkg
		CC="musl-gcc -idirafter $T/kernel" CXX=no CFLAGS=-O2
		MAKEFLAGS=-j$(nproc)
		export CBUILD CHOST CC CXX CFLAGS MAKEFLAGS
		# shellcheck source=packaging/alpine/APKBUILD
		. "$T/libmynuma-$version/packaging/alpine/APKBUILD"
		"$1"
	) >"$T/log" 2>&1 || {
		tail -n 40 "$T/log"
		return 1
	}
}

names_what_is_needed() {
	# shellcheck source=packaging/alpine/APKBUILD
	. "$top_srcdir/packaging/alpine/APKBUILD"
	for name in pkgname pkgver pkgrel pkgdesc url arch license source subpackages; do
		eval "[ -n \"\${$name:-}\" ]" || echo "no $name"
	done | grep . && return 1
	[ "$source" = "libmynuma-$version.tar.xz" ]
}

packs() {
	for file in usr/lib/libmynuma.so.1 usr/lib/libmynuma.a usr/lib/mynuma/libnuma.so.1 \
		usr/include/mynuma/numa.h usr/lib/pkgconfig/mynuma.pc \
		usr/share/man/man3/numa_alloc.3mynuma usr/share/man/man3/numa_free.3mynuma; do
		[ -e "$T/pkg/$file" ] || echo "$file is missing"
	done | grep . && return 1
	! find "$T/pkg" -name '*.la' | grep .
}

runs() {
	cd "$T" && musl-gcc -idirafter "$T/kernel" -std=gnu11 -Ipkg/usr/include/mynuma \
		"libmynuma-$version/examples/migrate.c" -o migrate -Lpkg/usr/lib -lmynuma || return
	said=$(MYNUMA_TOPOLOGY=4x2:4G LD_LIBRARY_PATH=pkg/usr/lib ./migrate)
	echo "$said"
	[ "$said" = "moved from node 0 to node 3, contents kept" ]
}

check "the shell understands APKBUILD" sh -n "$top_srcdir/packaging/alpine/APKBUILD"
check "it names what a package needs" names_what_is_needed
check "the release's archive unpacks" unpack
check "it builds" step build
check "it passes its tests" step check
check "it is packed" step package
check "with all that belongs to it" packs
check "a program runs on it" runs
tap_done
