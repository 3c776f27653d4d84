# SPDX-License-Identifier: MIT
# Machines and what the library says about them.
check_PROGRAMS += %D%/dump %D%/update
TESTS += %D%/update %D%/goldens.sh %D%/descriptions.sh
tests_topology_dump_LDADD = lib/libcore.la
tests_topology_update_LDADD = lib/libcore.la
tests_topology_update_LDFLAGS = -pthread

EXTRA_DIST += \
	%D%/goldens.sh \
	%D%/large.sh \
	%D%/machines \
	%D%/descriptions.sh \
	%D%/described \
	%D%/groups.expected \
	%D%/last-node.expected \
	%D%/odd.expected \
	%D%/cpuset.expected \
	%D%/eight-sparse.expected \
	%D%/empty-node-dir.expected \
	%D%/four-odd.expected \
	%D%/garbage.expected \
	%D%/high-cpus.expected \
	%D%/holes.expected \
	%D%/no-cpusets.expected \
	%D%/no-node-dir.expected \
	%D%/no-proc.expected \
	%D%/no-root.expected \
	%D%/no-sys.expected \
	%D%/nothing.expected \
	%D%/odd-names.expected \
	%D%/offline-cpus.expected \
	%D%/one-node.expected \
	%D%/sixty-four-nodes.expected \
	%D%/thousand-nodes.expected \
	%D%/two-by-two.expected
