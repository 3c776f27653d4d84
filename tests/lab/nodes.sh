# SPDX-License-Identifier: MIT
# What jobs know of the machine in which they run; sourced there, where it lies beside them.
#	$first $last	nodes with memory
#	$cpu_node	the last node with CPUs
#	$end		the last node
#	$bare		a node without memory, if there is one
#	mask		standard input without what moves by itself
# shellcheck shell=sh disable=SC2034

nodes=/sys/devices/system/node

# A list of /sys as words.
words() { tr ',' '\n' <$nodes/$1 | awk -F- '{ for (i = $1; i <= $NF; i++) print i }'; }

first='' last='' cpu_node='' end='' bare=''
if [ -d $nodes ]; then
	first=$(words has_memory | head -n 1)
	last=$(words has_memory | tail -n 1)
	cpu_node=$(words has_cpu | tail -n 1)
	end=$(words online | tail -n 1)
	bare=$(words online | grep -vxF "$(words has_memory)" | head -n 1)
fi

# Free memory; and where interleaving goes on, since the kernel's own allocations for the process (page
# tables, file pages) move that on too.
mask() {
	sed -E -e 's/^(node +[0-9]+ free:).*/\1 N MB/' -e 's/^(interleavenode:).*/\1 N/' \
		-e 's/^(preferred node:) [0-9]+ (\(interleave next\))/\1 N \2/' | {
		# Where it runs: libnuma never shows a node without memory, ours does.
		if [ "$bare" ]; then
			grep -vE '^(cpu|node)bind:'
		else
			cat
		fi
	}
}
