/* SPDX-License-Identifier: MIT */
/*
 * What machine is this: nodes, their CPUs and memory, and how far they are from each other.
 */
#include <numa.h>
#include <stdio.h>

static void print_cpus(int node)
{
	struct bitmask *cpus = numa_allocate_cpumask();

	if (cpus && numa_node_to_cpus(node, cpus) == 0)
		for (unsigned int cpu = 0; cpu < cpus->size; cpu++)
			if (numa_bitmask_isbitset(cpus, cpu))
				printf(" %u", cpu);
	numa_bitmask_free(cpus);
}

int main(void)
{
	for (int node = 0; node <= numa_max_node(); node++) {
		/* Numbers of nodes can have holes. */
		if (!numa_bitmask_isbitset(numa_nodes_ptr, (unsigned int)node))
			continue;
		printf("node %d: %lld MiB, CPUs", node, numa_node_size64(node, NULL) >> 20);
		print_cpus(node);
		printf(", distances");
		for (int to = 0; to <= numa_max_node(); to++)
			printf(" %d", numa_distance(node, to));
		putchar('\n');
	}
	return 0;
}
