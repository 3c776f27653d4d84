#!/bin/sh
# SPDX-License-Identifier: MIT
# memkind: its programs, and its malloc under programs that know nothing of it - a malloc that
# calls into NUMA before anybody's constructor ran.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need memkind-hbw-nodes libmemkind-progs
need memkind-auto-dax-kmem-nodes libmemkind-progs

same "memkind-hbw-nodes" any memkind-hbw-nodes
same "memkind-hbw-nodes told node 0" 0 env MEMKIND_HBW_NODES=0 memkind-hbw-nodes
for v in 7 x 99999 '!0' ''; do
	same "memkind-hbw-nodes told '$v'" any env MEMKIND_HBW_NODES="$v" memkind-hbw-nodes
done
same "memkind-hbw-nodes --help" any memkind-hbw-nodes --help
same "memkind-auto-dax-kmem-nodes" any memkind-auto-dax-kmem-nodes
same "memkind-auto-dax-kmem-nodes told node 0" any env MEMKIND_DAX_KMEM_NODES=0 memkind-auto-dax-kmem-nodes
bound "memkind-hbw-nodes" 0 \
	"numa_available numa_node_to_cpus numa_distance mbind numa_bitmask_weight numa_parse_nodestring" \
	env MEMKIND_HBW_NODES=0 memkind-hbw-nodes

# The malloc: libmemtier in front of libmemkind, preloaded beside us.
tiers='MEMKIND_MEM_TIERS=KIND:DRAM,RATIO:1;POLICY:STATIC_RATIO'
tier() { # WAY cmd...
	tier_way=$1
	shift
	case $tier_way in
	preload) set -- LD_PRELOAD="$MYNUMA_LIB:libmemtier.so.0" "$@" ;;
	*) set -- LD_PRELOAD=libmemtier.so.0 "$@" ;;
	esac
	run tier "$tier_way" "$tiers" "$@"
}
i=0
while [ $i -lt 2000 ]; do
	echo "$((i * 7919 % 2003)) word"
	i=$((i + 1))
done >"$T/words"
for w in real preload replace; do
	tier $w sort -n "$T/words" </dev/null
	check "sort on memkind's malloc, $w" [ "$(cat "$T/tier.$w.rc")" = 0 ]
done
check "sort on memkind's malloc: same three ways" all_same tier
tap_done
