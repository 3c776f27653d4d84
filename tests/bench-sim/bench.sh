#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: what the simulated machine costs a program that makes no NUMA calls: CPU time with it
# and without, and the ratio. A report, not a test. BENCH_RUNS is how often each is run (7).

: "${top_builddir:?run by make bench-sim}" "${MYNUMA_SIM_LIB:?run by make bench-sim}"
LC_ALL=C
export LC_ALL
mynuma=$top_builddir/tools/mynuma
busy=$top_builddir/tests/bench-sim/busy
spec=${BENCH_TOPOLOGY:-4x2:1G}

# The least of some runs, since what disturbs only adds. Each run tells its own CPU time.
least() { # COMMAND...
	runs=${BENCH_RUNS:-7}
	while [ "$runs" -gt 0 ]; do
		"$@" || echo failed
		runs=$((runs - 1))
	done | sort -n | awk '/failed/ { bad = 1 } NR == 1 { print } END { exit bad }'
}

echo "CPU time in seconds, least of ${BENCH_RUNS:-7} runs; machine $spec"
printf '%-28s %10s %10s %7s\n' "what" "without" "with" "ratio"
for what in compute memory map syscalls threads forks execs; do
	without=$(least "$busy" "$what") || exit
	with=$(least "$mynuma" run --no-sysfs --topology "$spec" -- "$busy" "$what") || exit
	printf '%-28s %10s %10s %7s\n' "$what" "$without" "$with" \
		"$(awk -v a="$without" -v b="$with" 'BEGIN { printf "%.3f", (a > 0 ? b / a : 0) }')"
done

# Start to end, the files of /sys included, is wall-clock time.
start() { # WHAT COMMAND...
	start_what=$1
	shift
	before=$(date +%s%N)
	"$@" || exit
	after=$(date +%s%N)
	printf '%-28s %10s s\n' "$start_what" \
		"$(awk -v t=$((after - before)) 'BEGIN { printf "%.3f", t / 1e9 }')"
}
start "true" true
start "mynuma run -n -- true" "$mynuma" run -n -t "$spec" -- true
start "mynuma run -- true" "$mynuma" run -t "$spec" -- true
start "the same on 1024x8" "$mynuma" run -t 1024x8 -- true
