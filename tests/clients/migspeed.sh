#!/bin/sh
# SPDX-License-Identifier: MIT
# migspeed, between node 0 and itself.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need migspeed numactl

# Addresses and speeds differ from run to run.
mask() {
	sed -E -e 's/^[0-9a-f]+ /ADDRESS /' -e 's/[0-9.]+ (secs|Mbytes)/N \1/g' \
		-e 's/(active|anon|dirty|mapmax|swapcache|N0)=[0-9]+ ?//g'
}

same "migspeed -p 10 0 0" 0 migspeed -p 10 0 0
same "migspeed -v -p 10 0 0" 0 migspeed -v -p 10 0 0
same "migspeed -h" any migspeed -h
same "migspeed without nodes" any migspeed
same "migspeed -p 10 0 1" any migspeed -p 10 0 1
same "migspeed -p 10 x 0" any migspeed -p 10 x 0
bound "migspeed" 0 "mbind numa_max_node numa_parse_nodestring numa_bitmask_isbitset" migspeed -p 10 0 0
tap_done
