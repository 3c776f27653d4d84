#!/bin/sh
# SPDX-License-Identifier: MIT
# procenv tells the process's NUMA policy and nodes.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need procenv procenv
need numactl numactl

same "procenv --memory" 0 procenv --memory
for p in --interleave=0 --membind=0 --preferred=0 --localalloc; do
	same "procenv --memory under $p" 0 numactl $p procenv --memory
done
same "procenv --memory on CPU 1" 0 numactl -C1 procenv --memory
bound "procenv" 0 "numa_available numa_get_mems_allowed get_mempolicy numa_num_possible_nodes \
numa_num_configured_nodes" procenv --memory
tap_done
