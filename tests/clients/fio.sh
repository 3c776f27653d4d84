#!/bin/sh
# SPDX-License-Identifier: MIT
# fio with its NUMA options, on the null engine, as a process and as a thread.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need fio fio

# Of the result line: version, name, group, error. The rest is speed.
mask() {
	sed -E -e 's/pid=[0-9]+/pid=N/' -e 's/^([0-9]+;fio[^;]*;[^;]*;[^;]*;[^;]*);.*/\1;/'
}
cd "$T" || exit 99

job() { # "what" STATUS options
	job_what=$1 job_rc=$2
	shift 2
	same "fio $job_what" "$job_rc" fio --name=t --ioengine=null --size=256k --bs=64k --rw=write \
		--output-format=terse "$@"
}
for p in bind:0 prefer:0 interleave:all local; do
	job "on node 0, memory $p, a thread" 0 --thread --numa_cpu_nodes=0 --numa_mem_policy=$p
done
job "two processes on all nodes" 0 --numjobs=2 --numa_cpu_nodes=all --numa_mem_policy=bind:all
for v in 7 x '!all'; do
	job "on nodes $v" any --numa_cpu_nodes="$v"
	job "memory bind:$v" any --numa_mem_policy="bind:$v"
done
job "memory prefer:99" any --numa_mem_policy=prefer:99
job "memory nosuch:0" 1 --numa_mem_policy=nosuch:0
bound "fio" 0 "numa_available numa_parse_nodestring numa_run_on_node_mask numa_set_membind" \
	fio --name=t --ioengine=null --size=256k --bs=64k --rw=write --output-format=terse \
	--numa_cpu_nodes=0 --numa_mem_policy=bind:0
tap_done
