#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: a machine inside a machine: the inner one wins, wholly.

# shellcheck source=tests/sim/lib.sh
. "${top_srcdir:?run by make check}/tests/sim/lib.sh"
need numactl numactl

says "the inner machine's CPUs" 6 on 4x2:1G "$mynuma" run -t 2x3:2G -- nproc
has "its nodes" "available: 2 nodes (0-1)" on 4x2:1G "$mynuma" run -t 2x3:2G -- numactl --hardware
says "its files" "0-1" on 4x2:1G "$mynuma" run -t 2x3:2G -- cat $node/online
says "more nodes than outside" "0-15" on 4x2:1G "$mynuma" run -t 16x2:1G -- cat $node/online
says "three deep" "0-2" on 4x2 "$mynuma" run -t 2x3 -- "$mynuma" run -t 3x1:1G -- cat $node/online

# Nothing of the outer machine's state comes in, also when the description is the same.
for spec in 4x2:1G 2x3:2G; do
	has "a new machine has no policy, $spec" "policy: default" on 4x2:1G \
		numactl --membind=1 --physcpubind=3 "$mynuma" run -t $spec -- numactl --show
done
has "nor an affinity" "physcpubind: 0 1 2 3 4 5 6 7 " on 4x2:1G \
	numactl --membind=1 --physcpubind=3 "$mynuma" run -t 4x2:1G -- numactl --show
has "the outer one stays as it was" "membind: 1 2 " on 4x2:1G numactl --membind=1-2 \
	sh -c "\"$mynuma\" run -t 2x3:2G -- true; numactl --show"

# What tells of limits tells of none: those of the real machine are not this one's.
has "no cpuset" "ok    cpuset    memory and CPUs of all nodes: a simulated machine has no cpuset" \
	on 4x2:1G "$mynuma" doctor
tap_done
