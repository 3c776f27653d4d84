#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: the library's sources and tests compiled together with the sanitizers: data races in
# sixteen threads, memory errors and undefined behaviour everywhere. Leaks are nomemory's part.
set -eu
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tap.sh"
cc=${SANITIZE_CC:-gcc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

compile() { # flags... : every source of the library into $work/lib
	rm -rf "${work:?}/lib"
	mkdir "$work/lib"
	for source in "$top_srcdir"/lib/*/*.c; do
		echo "$source"
	done | xargs -n 4 -P 2 sh -c '
		work=$1 cc=$2 top=$3 flags=$4
		shift 4
		for source; do
			base=${source##*/}
			$cc $flags -std=gnu11 -D_GNU_SOURCE -include "$top/lib/base/namespace.h" \
				-iquote "$top/lib" -iquote "$top/include" \
				-c -o "$work/lib/${base%.c}.o" "$source" || exit 255
		done' sh "$work" "$cc" "$top_srcdir" "$*"
}

program() { # name flags... : a test linked with it
	name=$1
	shift
	"$cc" "$@" -std=gnu11 -D_GNU_SOURCE -include "$top_srcdir/lib/base/namespace.h" \
		-iquote "$top_srcdir/lib" -iquote "$top_srcdir/include" -iquote "$top_srcdir/tests" \
		-o "$work/${name##*/}" "$top_srcdir/tests/$name.c" "$work"/lib/*.o -pthread
}

run() { # program
	timeout 120 "$work/${1##*/}" >"$work/out" 2>&1 || {
		status=$?
		tail -60 "$work/out"
		return "$status"
	}
}

both() { # name flags...
	program "$@" && run "$1"
}

echo 'int main(void) { return 0; }' >"$work/empty.c"
for kind in thread address,undefined; do
	if ! "$cc" "-fsanitize=$kind" -o "$work/empty" "$work/empty.c" 2>/dev/null ||
		! "$work/empty" 2>/dev/null; then
		skip "-fsanitize=$kind" "$cc cannot build or run programs with it"
		continue
	fi
	flags="-g -O1 -fno-omit-frame-pointer -fsanitize=$kind -fno-sanitize-recover=all"
	case $kind in
	thread)
		TSAN_OPTIONS=halt_on_error=1:die_after_fork=0
		export TSAN_OPTIONS
		tests="badinput/threads topology/update unit/report"
		;;
	*)
		ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1
		export ASAN_OPTIONS
		tests="badinput/threads badinput/wild badinput/descriptors topology/update
			unit/bitmask unit/masktext unit/smallfile unit/nodestring unit/report
			unit/init unit/policy unit/memory"
		;;
	esac
	# shellcheck disable=SC2086 # a list of flags
	check "the library is built with -fsanitize=$kind" compile $flags
	for test in $tests; do
		# shellcheck disable=SC2086
		check "$test with -fsanitize=$kind" both "$test" $flags -DROUNDS=4
	done
done
tap_done
