#!/bin/sh
# SPDX-License-Identifier: MIT
# perf bench numa: threads on CPUs, memory on nodes.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need perf linux-perf

mask() {
	sed -E -e 's/[0-9]+\.[0-9]+/N/g' -e 's/ +/ /g'
}
mem="perf bench numa mem -p 1 -t 1 -P 1 -l 1 -q"

for a in '-C 0' '-M 0' '-C 0 -M 0' '-C 0-1 -M 0' '-m'; do
	# shellcheck disable=SC2086 # options
	same "perf bench numa mem $a" 0 $mem $a
done
for a in '-C 99' '-M 99' '-C x'; do
	# shellcheck disable=SC2086
	same "perf bench numa mem $a" any $mem $a
done
# shellcheck disable=SC2086
bound "perf bench numa" 0 "numa_max_node numa_node_to_cpus numa_allocate_nodemask set_mempolicy mbind" \
	$mem -C 0 -M 0
tap_done
