#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: what reads text or arguments from outside, fed by libFuzzer and by AFL++, with the
# address and undefined-behaviour sanitizers. Starts from the inputs in corpus/ and stops after a number
# of executions of each target.
#	fuzz.sh [TARGET ...]
#	FUZZ_RUNS=N	executions a target; without it few thousand, for `make check`
#	FUZZ_ENGINES=	libfuzzer, afl or both
#	FUZZ_FLAGS=	for the compiler besides; -fno-sanitize-coverage=trace-cmp doubles the speed
#	FUZZ_KEEP=DIR	what was found stays there: grown corpora, logs, and the inputs that fail

: "${top_srcdir:?run by make check or make fuzz}"
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"

LC_ALL=C
export LC_ALL
unset LD_PRELOAD LD_LIBRARY_PATH MYNUMA_BACKEND MYNUMA_TOPOLOGY MYNUMA_ROOT
: "${FUZZ_ENGINES:=libfuzzer afl}"
[ $# -gt 0 ] || set -- calls description ioaffinity masktext strings sysfs

if [ -n "${FUZZ_KEEP:-}" ]; then
	T=$FUZZ_KEEP
	mkdir -p "$T" || exit 99
else
	T=$(mktemp -d "${TMPDIR:-/tmp}/mynuma-fuzz.XXXXXX") || exit 99
	trap 'rm -rf "$T"' EXIT
	trap 'exit 99' HUP INT TERM
fi

# A halt says which input it was, and no input may take more than this of time and memory. What an input frees
# is watched until the next few.
ASAN_OPTIONS=abort_on_error=1:symbolize=0:detect_leaks=1:allocator_may_return_null=1:quarantine_size_mb=1
UBSAN_OPTIONS=halt_on_error=1:abort_on_error=1:print_stacktrace=1
export ASAN_OPTIONS UBSAN_OPTIONS
# afl-fuzz would first have the machine set up for crash reports and speed.
AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_QUIET=1
export AFL_NO_UI AFL_SKIP_CPUFREQ AFL_NO_AFFINITY AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES AFL_QUIET

# What a target brings itself, by including it or by standing in for it.
replaced() {
	case $1 in
	calls) echo policycalls presence mappings lock process usercopy task ;;
	ioaffinity) echo ioaffinity ;;
	sysfs) echo sysfs topology ;;
	esac
}

# The machine that the library finds; what asks of /sys must have no description instead.
machine() {
	case $1 in
	sysfs) ;;
	strings) echo 3x4:1G,2x0:1G,1x3:0,dist=21 ;;
	*) echo 4x2:1G ;;
	esac
}

# Bytes of an input; 0 leaves it to libFuzzer, which goes up to 4096. Some hundred calls in a row are as
# good as more, and a long input takes the time of many.
longest() {
	case $1 in
	calls) echo 512 ;;
	*) echo 0 ;;
	esac
}

# Executions for `make check`.
few() { # ENGINE TARGET
	case $1,$2 in
	libfuzzer,sysfs) echo 50000 ;;
	libfuzzer,*) echo 100000 ;;
	afl,*) echo 20000 ;;
	esac
}

compiler() {
	case $1 in
	libfuzzer) echo clang ;;
	afl) echo afl-clang-fast ;;
	esac
}

include="-std=gnu11 -D_GNU_SOURCE -include $top_srcdir/lib/base/namespace.h -iquote $top_srcdir/lib
	-iquote $top_srcdir/include -iquote $top_srcdir/tests"
flags="-g -O2 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all"

# Every source of the library, for one engine.
compile() {
	mkdir -p "$T/$1/lib"
	compile_flags="$flags $include"
	[ "$1" = afl ] || compile_flags="$compile_flags -fsanitize=fuzzer-no-link ${FUZZ_FLAGS:-}"
	for source in "$top_srcdir"/lib/*/*.c; do
		echo "$source"
	done | xargs -n 4 -P "$(nproc)" sh -c '
		to=$1 cc=$2 flags=$3
		shift 3
		for source; do
			base=${source##*/}
			$cc $flags -c -o "$to/${base%.c}.o" "$source" || exit 255
		done' sh "$T/$1/lib" "$(compiler "$1")" "$compile_flags"
}

link() { # ENGINE TARGET
	objects=
	for object in "$T/$1"/lib/*.o; do
		name=${object##*/}
		case " $(replaced "$2" | tr '\n' ' ') " in
		*" ${name%.o} "*) ;;
		*) objects="$objects $object" ;;
		esac
	done
	# shellcheck disable=SC2086 # lists
	$(compiler "$1") $flags $include -fsanitize=fuzzer ${FUZZ_FLAGS:-} -o "$T/$1/$2" \
		"$top_srcdir/tests/fuzz/$2.c" $objects -pthread
}

# Without -entropic=0 a third of the time goes into its choice of inputs.
run_libfuzzer() { # TARGET
	mkdir -p "$T/libfuzzer/$1.corpus"
	MYNUMA_TOPOLOGY=$(machine "$1") "$T/libfuzzer/$1" -runs="${FUZZ_RUNS:-$(few libfuzzer "$1")}" \
		-timeout=30 -entropic=0 -max_len="$(longest "$1")" -print_final_stats=1 \
		-artifact_prefix="$T/libfuzzer/$1-" \
		"$T/libfuzzer/$1.corpus" "$top_srcdir/tests/fuzz/corpus/$1" \
		>"$T/libfuzzer/$1.log" 2>&1 || {
		tail -n 40 "$T/libfuzzer/$1.log"
		echo "the input, for $1:"
		for found in "$T/libfuzzer/$1"-*; do
			[ ! -f "$found" ] || od -A x -t x1z "$found"
		done
		return 1
	}
	grep -q '^stat::number_of_executed_units: [1-9]' "$T/libfuzzer/$1.log"
}

run_afl() { # TARGET
	MYNUMA_TOPOLOGY=$(machine "$1") afl-fuzz -i "$top_srcdir/tests/fuzz/corpus/$1" \
		-o "$T/afl/$1.out" -E "${FUZZ_RUNS:-$(few afl "$1")}" -m none -t 10000 -- \
		"$T/afl/$1" >"$T/afl/$1.log" 2>&1 || {
		tail -n 40 "$T/afl/$1.log"
		return 1
	}
	set -- "$1" "$T/afl/$1.out/default"
	for found in "$2"/crashes/id* "$2"/hangs/id*; do
		[ -f "$found" ] || continue
		echo "an input that fails $1: ${found##*/}"
		od -A x -t x1z "$found"
		return 1
	done
	grep -q '^execs_done *: [1-9]' "$2/fuzzer_stats"
}

# What the run came to, for the log.
tell() { # ENGINE TARGET
	case $1 in
	libfuzzer)
		sed -n 's/^stat::number_of_executed_units: /# executions: /p' "$T/$1/$2.log"
		grep ' DONE ' "$T/$1/$2.log" | sed 's/^.*DONE/#/'
		;;
	afl) sed -n 's/^\(execs_done\|bitmap_cvg\|corpus_count\) *: /# \1: /p' "$T/$1/$2.out/default/fuzzer_stats" ;;
	esac
}

for engine in $FUZZ_ENGINES; do
	case $engine in
	afl) package=afl++ ;;
	*) package="clang, libclang-rt-14-dev" ;;
	esac
	if ! command -v "$(compiler "$engine")" >/dev/null; then
		skip "$engine" "it is not installed (Debian: $package)"
		continue
	fi
	mkdir -p "$T/$engine"
	check "$engine: the library is built" compile "$engine"
	for target; do
		check "$engine: $target is built" link "$engine" "$target"
		[ -x "$T/$engine/$target" ] || continue
		check "$engine: $target finds nothing" "run_$engine" "$target"
		tell "$engine" "$target"
	done
done
tap_done
