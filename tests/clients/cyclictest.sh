#!/bin/sh
# SPDX-License-Identifier: MIT
# cyclictest: CPU strings, affinity, memory of a node.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need cyclictest rt-tests

# Latencies, thread ids, and how many rounds the others made meanwhile.
mask() {
	sed -E 's/^(T: *[0-9]+) .*/\1/'
}
test="cyclictest -q -l 10 -i 500"

for a in -t1 -S -t2 '-a0 -t1' '-a1 -t2' '-a0-1 -t2' '-aall -t2' '-a+0 -t1' '-a!0 -t1' '-a0,1 -t2' \
	'-a --mainaffinity=0 -t2'; do
	# shellcheck disable=SC2086 # options
	same "cyclictest $a" 0 $test $a
done
for a in -a77 -ax '-a!all' -a0-99 '--mainaffinity=99'; do
	# shellcheck disable=SC2086
	same "cyclictest $a" any $test -t1 $a
done
# shellcheck disable=SC2086
bound "cyclictest" 0 "numa_available numa_parse_cpustring_all numa_sched_getaffinity numa_alloc_onnode \
numa_node_of_cpu numa_run_on_node numa_free" $test -S
tap_done
