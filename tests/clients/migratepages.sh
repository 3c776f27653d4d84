#!/bin/sh
# SPDX-License-Identifier: MIT
# migratepages on a process of ours, and what it refuses.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need migratepages numactl

sleep 120 &
victim=$!
cleanup() {
	kill "$victim" 2>/dev/null
}

same "migratepages 0 0" 0 migratepages "$victim" 0 0
same "migratepages all all" 0 migratepages "$victim" all all
for nodes in "0 1" "1 0" "x 0" "0 x" "0 99999" "!all 0" "0 !all" ",, 0" "0"; do
	# shellcheck disable=SC2086 # from and to are two words
	same "migratepages $nodes" any migratepages "$victim" $nodes
done
same "migratepages of no process" 1 migratepages 99999999 0 0
same "migratepages without arguments" 1 migratepages
check "the process is alive" kill -0 "$victim"
bound "migratepages" 0 "numa_migrate_pages numa_parse_nodestring" migratepages "$victim" 0 0
tap_done
