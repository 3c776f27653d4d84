#!/bin/sh
# SPDX-License-Identifier: MIT
# numastat is of libnuma's family but does not use it: it only has to go on as before.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need numastat numactl

# Every number is a counter.
mask() {
	sed -E -e 's/[0-9]+(\.[0-9]+)?/N/g' -e 's/  +/ /g' -e 's/-+/-/g'
}

sleep 120 &
sleeper=$!
cleanup() {
	kill "$sleeper" 2>/dev/null
}

same "numastat" 0 numastat
same "numastat -n" 0 numastat -n
same "numastat -m" 0 numastat -m
same "numastat -c -z" 0 numastat -c -z
same "numastat -p" 0 numastat -p "$sleeper"
same "numastat -v -s0 -p" 0 numastat -v -s0 -p "$sleeper"
same "numastat -V" 0 numastat -V
same "numastat of no process" any numastat -p 99999999
tap_done
