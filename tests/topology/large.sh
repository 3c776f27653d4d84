#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes a machine that is too large to keep as files: large.sh DIR NODES CPUS-PER-NODE
set -eu
top=$1 nodes=$2 each=$3

awk -v top="$top" -v nodes="$nodes" -v each="$each" '
# The mask of CPUs first..last as n digits in groups of eight, from the highest.
function hex(first, last, n,   s, d, v, b) {
	s = ""
	for (d = n - 1; d >= 0; d--) {
		v = 0
		for (b = 0; b < 4; b++)
			if (4 * d + b >= first && 4 * d + b <= last)
				v += 2 ^ b
		s = s sprintf("%x", v) (d % 8 == 0 && d ? "," : "")
	}
	return s
}
function put(file, text) {
	printf "%s\n", text >file
	close(file)
}
BEGIN {
	sys = top "/sys/devices/system"
	for (n = 0; n < nodes; n++)
		dirs = dirs " " sys "/node/node" n
	system("mkdir -p " sys "/cpu " top "/proc/self")
	for (n = 0; n < nodes; n += 64) {
		some = ""
		for (m = n; m < n + 64 && m < nodes; m++)
			some = some " " sys "/node/node" m
		system("mkdir -p" some)
	}
	put(sys "/cpu/possible", "0-" nodes * each - 1)
	digits = nodes * each / 4
	for (n = 0; n < nodes; n++) {
		dir = sys "/node/node" n
		put(dir "/cpumap", hex(n * each, n * each + each - 1, digits))
		put(dir "/meminfo", "Node " n " MemTotal: " 1000 + n " kB\nNode " n " MemFree: " n " kB")
		row = ""
		for (m = 0; m < nodes; m++)
			row = row (m ? " " : "") (m == n ? 10 : int(m / 8) == int(n / 8) ? 12 : 20)
		put(dir "/distance", row)
	}
	put(top "/proc/self/status", "Name:\tdump\nCpus_allowed:\t" hex(0, nodes * each - 1, digits) \
		"\nMems_allowed:\t" hex(0, nodes - 1, 256))
}'
