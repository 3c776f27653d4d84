#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: every C test of the library compiled together with its sources and the sanitizers:
# memory errors, leaks and undefined behaviour in one run, data races in another.
#	sanitize.sh [COMPILER:KIND ...]	"all" is each kind by gcc and by clang; without arguments one of each
#	SANITIZE_TESTS=			the tests, as "badinput/wild unit/bits"
set -eu
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tap.sh"
unset LD_PRELOAD LD_LIBRARY_PATH MYNUMA_BACKEND MYNUMA_TOPOLOGY MYNUMA_ROOT

case ${*:-some} in
some) set -- gcc:address,undefined clang:thread ;;
all) set -- gcc:address,undefined clang:address,undefined gcc:thread clang:thread ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
jobs=$(nproc)

ASAN_OPTIONS=detect_stack_use_after_return=1:allocator_may_return_null=1
UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
TSAN_OPTIONS=halt_on_error=1:die_after_fork=0
# What a million ranges show is shown by the build's own tests.
TEST_RANGES=100000
export ASAN_OPTIONS UBSAN_OPTIONS TSAN_OPTIONS TEST_RANGES

# Some bring what a sanitizer brings too, or measure what it changes.
fits() { # TEST
	case $1 in
	badinput/nomemory) ;;	# replaces malloc(), as the sanitizer does
	badinput/smallstack) ;; # the sanitizer needs the stack
	badinput/reload) ;;	# loads the shared objects, which are not sanitized
	topology/dump) ;;	# is a part of another test
	*) return 0 ;;
	esac
	return 1
}

fits_kind() { # TEST KIND
	case $1,$2 in
	unit/memory,thread) return 1 ;; # unmaps addresses for which it has no shadow
	esac
	return 0
}

# Every test with a main() of its own.
all_tests() {
	(cd "$top_srcdir/tests" && grep -l '^int main(' unit/*.c emul/*.c topology/*.c badinput/*.c) |
		sed 's/\.c$//' | while read -r test; do
		! fits "$test" || echo "$test"
	done
}
tests=${SANITIZE_TESTS:-$(all_tests)}

# Lines of SOURCE OBJECT, compiled side by side; the compiler's words on a failure.
compile_all() { # cc flags...
	cc=$1
	shift
	xargs -n 2 -P "$jobs" sh -c '
		cc=$1 top=$2 flags=$3
		$cc $flags -std=gnu11 -D_GNU_SOURCE -include "$top/lib/base/namespace.h" \
			-iquote "$top/lib" -iquote "$top/include" -iquote "$top/tests" \
			-c -o "$5" "$4"' sh "$cc" "$top_srcdir" "$*" <"$work/list"
}

compile_library() { # cc flags...
	rm -rf "${work:?}/lib" "${work:?}/tests"
	mkdir "$work/lib" "$work/tests"
	for source in "$top_srcdir"/lib/*/*.c; do
		echo "$source $work/lib/$(basename "$source" .c).o"
	done >"$work/list"
	compile_all "$@"
}

compile_tests() { # cc flags...
	for test in $tests; do
		echo "$top_srcdir/tests/$test.c $work/tests/$(echo "$test" | tr / -).o"
	done >"$work/list"
	compile_all "$@"
}

# What lost memory is looked for at the end, for which files have to be opened.
leaks() { # TEST
	[ "$1" = badinput/descriptors ] && echo 0 || echo 1
}

run_test() { # TEST cc flags...
	program=$work/tests/$(echo "$1" | tr / -)
	leaks=$(leaks "$1")
	shift
	"$@" -o "$program" "$program.o" "$work"/lib/*.o -pthread -ldl || return
	ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=$leaks timeout -k 5 300 "$program" >"$work/out" 2>&1 || {
		status=$?
		grep -v '^ok' "$work/out" | head -80
		return "$status"
	}
	rm -f "$program" "$program.o"
}

echo 'int main(void) { return 0; }' >"$work/empty.c"
for run; do
	cc=${run%%:*} kind=${run#*:}
	if ! "$cc" "-fsanitize=$kind" -o "$work/empty" "$work/empty.c" 2>"$work/why" ||
		! "$work/empty" 2>>"$work/why"; then
		skip "$cc -fsanitize=$kind" "no program can be built and run with it"
		sed 's/^/# /' "$work/why"
		continue
	fi
	flags="-g -O1 -fno-omit-frame-pointer -fsanitize=$kind -fno-sanitize-recover=all -DROUNDS=4"
	# shellcheck disable=SC2086 # a list of flags
	{
		check "$cc -fsanitize=$kind compiles the library" compile_library "$cc" $flags
		check "$cc -fsanitize=$kind compiles the tests" compile_tests "$cc" $flags
		for test in $tests; do
			fits_kind "$test" "$kind" || continue
			check "$cc -fsanitize=$kind: $test" run_test "$test" "$cc" $flags
		done
	}
done
tap_done
