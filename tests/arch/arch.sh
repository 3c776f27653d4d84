#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: builds the library and the unit tests for other machines and for musl, and runs them: on
# another machine by qemu-user, which has no NUMA calls, so that the emulation is what runs there.
#	arch.sh [ARCH ...]	"all" is every one below; without arguments some of them

: "${top_srcdir:?run by make check}" "${top_builddir:?run by make check}"
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
# shellcheck source=tests/anew.sh
. "$top_srcdir/tests/anew.sh"

case ${*:-some} in
some) set -- aarch64 i386-time64 s390x musl ;;
all) set -- aarch64 armhf i386 i386-time64 ppc64el riscv64 s390x musl ;;
esac

T=$(mktemp -d "${TMPDIR:-/tmp}/mynuma-arch.XXXXXX") || exit 99
trap 'rm -rf "$T"' EXIT
trap 'exit 99' HUP INT TERM

quietly() { # cmd...: its output only if it fails
	"$@" >"$T/log" 2>&1 || {
		status=$?
		grep -vE '^  (CC|CCLD|GEN) ' "$T/log" | tail -n 40
		return $status
	}
}

# What is particular to an architecture: triplet, emulator, sysroot, emulated or native, package, flags.
describe() {
	emulator='' sysroot='' backend=emulated package='' cflags=-O2
	case $1 in
	aarch64) triplet=aarch64-linux-gnu emulator=qemu-aarch64 ;;
	armhf) triplet=arm-linux-gnueabihf emulator=qemu-arm ;;
	i386) triplet=i686-linux-gnu emulator=qemu-i386 ;;
	# The types of today's 32-bit distributions.
	i386-time64)
		triplet=i686-linux-gnu emulator=qemu-i386
		cflags='-O2 -D_TIME_BITS=64 -D_FILE_OFFSET_BITS=64'
		;;
	ppc64el) triplet=powerpc64le-linux-gnu emulator=qemu-ppc64le ;;
	riscv64) triplet=riscv64-linux-gnu emulator=qemu-riscv64 ;;
	s390x) triplet=s390x-linux-gnu emulator=qemu-s390x ;;
	musl) backend=native ;;
	*) return 1 ;;
	esac
	if [ -n "$emulator" ]; then
		package=gcc-$(echo "$triplet" | tr _ -)
		cc=$triplet-gcc
		sysroot=/usr/$triplet
	else
		package=musl-tools
		cc=musl-gcc
	fi
}

# The kernel's headers and nothing else: a header of another libc must not be found by mistake.
kernel_headers() {
	multiarch=$(gcc -print-multiarch)
	mkdir "$1" && ln -s /usr/include/linux /usr/include/asm-generic \
		"/usr/include/$multiarch/asm" "$1"
}

# A script that runs a program of the architecture, with the variable that TEST_ENV sets.
make_run() {
	if [ -n "$emulator" ]; then
		printf '#!/bin/sh\nexec timeout -k 5 400 %s -L %s ${TEST_ENV:+-E "$TEST_ENV"} "$@"\n' \
			"$emulator" "$sysroot"
	else
		printf '#!/bin/sh\nexec timeout -k 5 400 env ${TEST_ENV:+"$TEST_ENV"} "$@"\n'
	fi >"$1"
	chmod +x "$1"
}

# Without what it tells of ppc64el's functions between the columns.
make_readelf() {
	printf '#!/bin/sh\n%s "$@" | sed "s/\\[<localentry>: [0-9]*\\] *//"\n' "$(command -v readelf)" >"$1"
	chmod +x "$1"
}

# As ldd -r of the architecture, for tests/abi/symbols.sh.
make_ldd() {
	if [ -n "$emulator" ]; then
		loader=$("$cc" -x c -o "$dir/empty" - <"$T/empty.c" &&
			readelf -l "$dir/empty" | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
		printf '#!/bin/sh\nshift\nexec %s -L %s -E LD_TRACE_LOADED_OBJECTS=1 -E LD_WARN=yes -E LD_BIND_NOW=yes %s%s "$@"\n' \
			"$emulator" "$sysroot" "$sysroot" "$loader"
	else
		printf '#!/bin/sh\nshift\nexec /lib/ld-musl-*.so.1 --list "$@"\n'
	fi >"$1"
	chmod +x "$1"
}

# What fails by a fault of qemu 7.2: after a signal has interrupted a call, syscall(3) gives -1 and
# leaves errno as it was, in a program without any of ours too.
is_emulators() { # CASE
	[ -n "$emulator" ] || return 1
	case $arch,$1 in
	i386*,interrupted_calls_are_repeated) ;;
	*) return 1 ;;
	esac
}

# Every case of it passes, but for those. A million ranges take minutes where each is emulated.
passes() { # PROGRAM
	status=0
	TEST_RANGES=100000 TEST_EMULATOR=${emulator:+$dir/run} "$dir/run" "./$1" >"$1.tap" 2>&1 ||
		status=$?
	judge "$1"
}

# As the kernel runs it, where it can.
passes_natively() {
	status=0
	timeout -k 5 400 "./$1" >"$1.tap" 2>&1 || status=$?
	emulator='' judge "$1"
}

judge() { # PROGRAM
	grep -vE '^(ok|1\.\.)' "$1.tap"
	grep -E '^ok .*# SKIP' "$1.tap"
	if [ $status -gt 1 ] || ! grep -qE '^1\.\.[1-9]' "$1.tap"; then
		echo "exit status $status"
		return 1
	fi
	sed -n 's/^not ok [0-9]* - //p' "$1.tap" >"$1.failed"
	[ $status = 0 ] || [ -s "$1.failed" ] || return 1
	while read -r failed; do
		is_emulators "$failed" || return 1
	done <"$1.failed"
}

exports() {
	PATH=$dir/bin:$PATH MYNUMA_LIB=$dir/lib/.libs/libmynuma.so.1 \
		MYNUMA_REPLACE=$dir/lib/replace/.libs top_builddir=$dir CC=$cc NM=${triplet:+$triplet-}nm \
		READELF="$dir/bin/readelf" sh "$top_srcdir/tests/abi/symbols.sh" >symbols.tap 2>&1
	status=$?
	grep -v '^ok' symbols.tap
	[ $status = 0 ] && grep -qE '^1\.\.[1-9]' symbols.tap
}

# A program for libnuma, linked as most are, or with all in one.
linked() { # PROGRAM args of the linker
	program=$1
	shift
	"$cc" $include -std=gnu11 -D_GNU_SOURCE -I"$top_srcdir/include" \
		"$top_srcdir/tests/sandbox/look.c" -o "$program" "$@" -pthread
}
# Before Linux 5.17 a native one has no home node.
sees() { # PROGRAM
	got=$(TEST_ENV="LD_LIBRARY_PATH=$dir/lib/.libs" "$dir/run" "./$1" backend calls)
	echo "$got"
	case $got in
	"$backend
available 0 get 0 set 0 mbind 0 migrate EINVAL move 0 home "*) ;;
	*) return 1 ;;
	esac
}

echo 'int main(void) { return 0; }' >"$T/empty.c"
for arch; do
	if ! describe "$arch"; then
		tap_result not-ok "$arch: is known here"
		continue
	fi
	for tool in "$cc" ${emulator:+"$emulator"}; do
		command -v "$tool" >/dev/null && continue
		tap_result not-ok "$arch: $tool is installed (Debian package" \
			"$package, qemu-user)"
		continue 2
	done
	dir=$T/$arch
	mkdir "$dir" "$dir/bin" && cd "$dir" || exit 99
	include=
	if [ "$arch" = musl ]; then
		kernel_headers "$dir/kernel"
		include="-idirafter $dir/kernel"
	fi
	make_run "$dir/run"
	make_ldd "$dir/bin/ldd"
	make_readelf "$dir/bin/readelf"

	# One compilation a file: the shared libraries', from which the unit tests link as well.
	check "$arch: configures" quietly "$top_srcdir/configure" --quiet --enable-werror \
		--disable-static --disable-dependency-tracking ${emulator:+"--host=$triplet"} \
		CC="$cc${include:+ $include}" CXX=no CFLAGS="$cflags" ${emulator:+READELF=readelf}
	[ -f Makefile ] || continue
	check "$arch: builds without a warning" quietly $make -s -j"$(nproc)" all
	if [ ! -e lib/.libs/libmynuma.so.1 ] || [ ! -e lib/replace/.libs/libnuma.so.1 ]; then
		continue
	fi
	check "$arch: exports what every architecture does" exports

	check "$arch: a program links with it" linked dynamic lib/.libs/libmynuma.so
	check "$arch: and works, $backend" sees dynamic
	check "$arch: a static one links" linked static -static lib/.libs/libcore.a
	check "$arch: and works, $backend" sees static

	# Static where emulated: with dynamic ones qemu-i386 7.2 loses the child of a fork().
	link=
	if [ -n "$emulator" ]; then
		link="-all-static -Wl,--wrap=execl"
		"$cc" -O -c "$top_srcdir/tests/arch/exec.c" -o exec.o || exit 99
	fi
	programs=$(tests_of)
	# shellcheck disable=SC2086 # a word each
	check "$arch: the unit tests build without a warning" quietly \
		$make -s -k -j"$(nproc)" LDFLAGS="$link" LIBS="${emulator:+$dir/exec.o}" $programs
	for program in $programs; do
		check "$arch: $program" passes "$program"
		case $arch in
		i386*)
			! ./static nothing >/dev/null 2>&1 ||
				check "$arch, by the kernel: $program" passes_natively "$program"
			;;
		esac
	done
	cd / && rm -rf "$dir"
done
tap_done
