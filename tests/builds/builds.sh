#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: builds the library and its unit tests with other compilers and options than those of the
# build, each as a user could have them, and runs the tests natively.
#	builds.sh [BUILD ...]	"all" is every one below; without arguments some of them

: "${top_srcdir:?run by make check}" "${top_builddir:?run by make check}"
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
# shellcheck source=tests/anew.sh
. "$top_srcdir/tests/anew.sh"

case ${*:-some} in
some) set -- gcc-O0 clang-lto fortified static static-pie ;;
all) set -- gcc-O0 gcc-O2 gcc-lto clang-O0 clang-O2 clang-lto fortified static static-pie ;;
esac

# What a million ranges show is shown by the build's own tests.
TEST_RANGES=100000
export TEST_RANGES

T=$(mktemp -d "${TMPDIR:-/tmp}/mynuma-builds.XXXXXX") || exit 99
trap 'rm -rf "$T"' EXIT
trap 'exit 99' HUP INT TERM

# What a build is made of: compiler, its options, the linker's, more words for configure; `elf` is the
# type of a static program and empty where programs are dynamic.
describe() {
	cc=gcc cflags='' ldflags='' options='' elf='' tools=''
	case $1 in
	gcc-O0) cflags=-O0 ;;
	gcc-O2) cflags=-O2 ;;
	# Archives of what is no machine code yet need the compiler's own tools.
	gcc-lto)
		cflags='-O3 -flto=auto' tools=gcc-ar
		options='AR=gcc-ar RANLIB=gcc-ranlib NM=gcc-nm'
		;;
	clang-O0) cc=clang cflags=-O0 ;;
	clang-O2) cc=clang cflags=-O2 ;;
	clang-lto)
		cc=clang cflags='-O3 -flto' ldflags=-fuse-ld=lld tools='ld.lld llvm-ar'
		options='AR=llvm-ar RANLIB=llvm-ranlib NM=llvm-nm'
		;;
	fortified) cflags='-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3' ;;
	static) cflags='-O2 -fno-pie' ldflags='-static -no-pie' elf=EXEC ;;
	static-pie) cflags='-O2 -fPIE' ldflags=-static-pie elf=DYN ;;
	*) return 1 ;;
	esac
}

# Its output if it fails, or if there is a warning in it: a linker's is never an error. That a static
# program needs libc's shared objects to resolve names is so.
quietly() { # cmd...
	status=0
	"$@" >"$T/log" 2>&1 || status=$?
	sed -i "/Using 'getaddrinfo' in statically linked applications/d" "$T/log"
	[ $status -ne 0 ] || ! grep -qi 'warning:' "$T/log" || status=1
	[ $status -eq 0 ] || grep -vE '^  (CC|CCLD|GEN) ' "$T/log" | tail -n 40
	return $status
}

configures() {
	if [ -n "$elf" ]; then
		set -- --disable-shared "LDFLAGS=${ldflags#-static}"
	else
		set -- --disable-static "LDFLAGS=$ldflags"
	fi
	# shellcheck disable=SC2086 # a word each
	"$top_srcdir/configure" --quiet --enable-werror --disable-dependency-tracking CXX=no \
		CC="$cc" CFLAGS="$cflags" $options "$@"
}

run_make() { # TARGET...
	quietly $make -s -k -j"$(nproc)" "$@"
}

# A static program has the archive that is installed. "-no-pie" and its like are not libtool's.
builds() {
	if [ -z "$elf" ]; then
		# shellcheck disable=SC2086 # a word each
		run_make lib/libmynuma.la lib/replace/libnuma.la $programs
		return
	fi
	# shellcheck disable=SC2046 # a word each
	run_make lib/libmynuma.la $(printf '%s.o\n' $programs) || return
	for program in $programs; do
		# shellcheck disable=SC2086 # a list of flags
		quietly "$cc" $cflags $ldflags -o "$program" "$program.o" lib/.libs/libmynuma.a -pthread ||
			return
	done
}

# Link-time optimisation is known to lose versions of symbols.
exports() {
	MYNUMA_LIB=$PWD/lib/.libs/libmynuma.so.1 MYNUMA_REPLACE=$PWD/lib/replace/.libs \
		top_builddir=$PWD CC=$cc NM=nm READELF=readelf \
		sh "$top_srcdir/tests/abi/symbols.sh" >symbols.tap 2>&1
	status=$?
	grep -v '^ok' symbols.tap
	[ $status -eq 0 ] && grep -qE '^1\.\.[1-9]' symbols.tap
}

is_static() { # PROGRAM
	readelf -hl "$1" >"$T/headers"
	! grep -w INTERP "$T/headers" && grep -qE "^ *Type: *$elf " "$T/headers" || {
		echo "$1 is no static program of type $elf"
		return 1
	}
}

# Every program has cases, and none of them fails.
passes() {
	bad=0
	for program in $programs; do
		status=0
		timeout -k 5 400 "./$program" >"$program.tap" 2>&1 || status=$?
		if [ $status -ne 0 ] || ! grep -qE '^1\.\.[1-9]' "$program.tap"; then
			echo "$program: exit status $status"
			grep -vE '^ok' "$program.tap"
			bad=1
		fi
	done
	return $bad
}

# One after the other; the first that fails tells why.
works() {
	quietly configures || return
	programs=$(tests_of)
	[ -n "$programs" ] || return
	builds || return
	if [ -n "$elf" ]; then
		is_static tests/unit/bits || return
	else
		exports || return
	fi
	passes
}

for build; do
	if ! describe "$build"; then
		tap_result not-ok "$build: is known here"
		continue
	fi
	for tool in "$cc" $tools; do
		command -v "$tool" >/dev/null && continue
		tap_result not-ok "$build: $tool is installed (Debian packages clang, lld, llvm)"
		continue 2
	done
	dir=$T/$build
	mkdir "$dir" && cd "$dir" || exit 99
	check "$cc $cflags${ldflags:+ $ldflags}: builds without a warning and passes" works
	cd / && rm -rf "$dir"
done
tap_done
