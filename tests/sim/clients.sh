#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: programs as Debian ships them, on simulated machines: what they find is the shape.

# shellcheck source=tests/sim/lib.sh
. "${top_srcdir:?run by make check}/tests/sim/lib.sh"
need numactl numactl
need memhog numactl
need fio fio
need java openjdk-17-jre-headless
need lstopo-no-graphics hwloc-nox
need lscpu util-linux
need taskset util-linux
need python3 python3
spec=4x2:1G,dist=21

# numactl, and what its child has.
show() { # OPTIONS...
	on $spec numactl "$@" numactl --show
}
has "numactl --show: no policy" "policy: default" on $spec numactl --show
has "numactl --membind" "policy: bind" show --membind=1-2
has "its nodes" "membind: 1 2 " show --membind=1-2
has "numactl --interleave" "policy: interleave" show --interleave=0,3
has "its nodes too" "interleavemask: 0 3 " show --interleave=0,3
has "numactl --preferred" "preferred node: 2" show --preferred=2
has "numactl --cpunodebind" "cpubind: 3 " show --cpunodebind=3
has "its CPUs" "physcpubind: 6 7 " show --cpunodebind=3
has "numactl --physcpubind" "physcpubind: 1 4 " show --physcpubind=1,4
says "and nproc's count" 2 on $spec numactl --physcpubind=1,4 nproc
has "all at once" "membind: 1 " show --cpunodebind=2 --membind=1
gives "a node that is not there" 1 on $spec numactl --membind=4 true
gives "a CPU that is not there" 1 on $spec numactl --physcpubind=8 true
has "three programs on" "membind: 2 " on $spec numactl --membind=2 sh -c 'exec env numactl --show'
says "taskset, seen by Python" "[3, 4, 5]" on $spec taskset -c 3-5 \
	python3 -c 'import os; print(sorted(os.sched_getaffinity(0)))'

# memhog: its pages by each policy.
for policy in "membind 2" "interleave 0-3" "preferred 1" default; do
	# shellcheck disable=SC2086 # a policy may have nodes
	gives "memhog 4m $policy" 0 on $spec memhog 4m $policy
done
gives "memhog on a node that is not there" 1 on $spec memhog 4m membind 5

# fio
job() { # OPTIONS...
	(cd "$T" && on $spec fio --name=x --ioengine=null --size=1m --minimal "$@")
}
gives "fio with nodes of CPUs and memory" 0 job --numa_cpu_nodes=2 --numa_mem_policy=bind:1-3
gives "fio as a thread" 0 job --thread --numa_cpu_nodes=0,3 --numa_mem_policy=interleave:0-3
gives "fio with a node that is not there" 1 job --numa_cpu_nodes=4

# The JVM: a locality group a node.
groups() { # SPEC
	on "$1" java -Xint -Xms64m -Xmx64m -XX:-UsePerfData -XX:+UseNUMA -XX:+UseParallelGC \
		'-Xlog:gc+heap+exit=info' -version 2>&1 |
		sed -n 's/.*lgrp \([0-9]*\) space.*/\1/p' | paste -s -d ' ' -
}
says "the JVM has a group a node: 4x2" "0 1 2 3" groups 4x2:1G
says "the JVM has a group a node: 2x3" "0 1" groups 2x3:1G
says "the JVM has a group a node: 8x2" "0 1 2 3 4 5 6 7" groups 8x2:1G
cpus_of_java() {
	on $spec java -XX:-UsePerfData -XX:+UseParallelGC -XX:+PrintFlagsFinal -version 2>&1 |
		sed -n 's/.* ParallelGCThreads *= \([0-9]*\) .*/\1/p'
}
says "the JVM has the CPUs" 8 cpus_of_java

# hwloc
tree() { # SPEC WHAT
	on "$1" lstopo-no-graphics --no-io --of console 2>/dev/null | grep -c "$2"
}
for shape in "4x2:1G 4 8" "8x16:1G 8 128" "1x1:1G 1 1" "2x2:1G,1x0:1G 3 4"; do
	# shellcheck disable=SC2086 # three words
	set -- $shape
	says "lstopo has the nodes of $1" "$2" tree "$1" NUMANode
	says "lstopo has the CPUs of $1" "$3" tree "$1" 'PU L#'
done

# lscpu
has "lscpu has the nodes" "NUMA node(s): 4" sh -c '"$@" | sed "s/:  */: /"' sh \
	"$mynuma" run -t $spec -- lscpu
has "and their CPUs" "NUMA node2 CPU(s): 4,5" sh -c '"$@" | sed "s/:  */: /"' sh \
	"$mynuma" run -t $spec -- lscpu

# A library that is asked for by each of its names is the one that is there.
dlopened() {
	on $spec python3 -c "
import ctypes
a = ctypes.CDLL('libnuma.so.1')
me = ctypes.CDLL(None)
assert a.numa_max_node() == 3
assert a.numa_run_on_node(2) == 0
assert me.sched_getcpu() in (4, 5), me.sched_getcpu()
address = lambda f: ctypes.cast(f, ctypes.c_void_p).value
assert address(a.numa_max_node) == address(me.numa_max_node)"
}
check "a dlopened libnuma.so.1 is the simulation's" dlopened
tap_done
