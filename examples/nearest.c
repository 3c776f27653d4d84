/* SPDX-License-Identifier: MIT */
/*
 * Which nodes are near to where this thread runs? Prints them by distance.
 */
#include <numa.h>
#include <stdio.h>
#include <stdlib.h>

static int here;

static int by_distance(const void *a, const void *b)
{
	const int *x = a, *y = b;
	int difference = numa_distance(here, *x) - numa_distance(here, *y);

	return difference ? difference : *x - *y;
}

/* The first node on whose CPUs the thread may run. */
static int first_run_node(void)
{
	struct bitmask *nodes = numa_get_run_node_mask();
	unsigned int node = 0;

	while (nodes && node < nodes->size && !numa_bitmask_isbitset(nodes, node))
		node++;
	if (nodes && node == nodes->size)
		node = 0;
	numa_bitmask_free(nodes);
	return (int)node;
}

int main(void)
{
	int nodes[1024], count = 0;

	here = first_run_node();
	for (int node = 0; node <= numa_max_node() && count < 1024; node++)
		if (numa_bitmask_isbitset(numa_all_nodes_ptr, (unsigned int)node))
			nodes[count++] = node;
	qsort(nodes, (size_t)count, sizeof(nodes[0]), by_distance);
	for (int i = 0; i < count; i++)
		printf("node %d at %d\n", nodes[i], numa_distance(here, nodes[i]));
	return count == 0;
}
