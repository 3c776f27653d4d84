/* SPDX-License-Identifier: MIT */
/*
 * Fast memory first, whatever else is there when it is full: prefers the nodes that have CPUs.
 */
#include <numa.h>
#include <stdio.h>

int main(void)
{
	struct bitmask *nodes = numa_allocate_nodemask(), *cpus = numa_allocate_cpumask(), *now;

	if (numa_available() < 0 || !nodes || !cpus)
		return 1;
	for (int node = 0; node <= numa_max_node(); node++)
		if (numa_bitmask_isbitset(numa_all_nodes_ptr, (unsigned int)node) &&
		    numa_node_to_cpus(node, cpus) == 0 && numa_bitmask_weight(cpus))
			numa_bitmask_setbit(nodes, (unsigned int)node);
	if (numa_has_preferred_many())
		numa_set_preferred_many(nodes);
	else
		numa_set_localalloc(); /* before Linux 5.15 */
	now = numa_preferred_many();
	printf("%u nodes are preferred\n", now ? numa_bitmask_weight(now) : 0);
	numa_bitmask_free(now);
	numa_bitmask_free(cpus);
	numa_bitmask_free(nodes);
	return 0;
}
