/* SPDX-License-Identifier: MIT */
/*
 * A large table that all threads use: its pages are spread over all nodes.
 */
#include <numa.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	size_t page = (size_t)numa_pagesize(), size = 400 * page;
	unsigned int nodes = numa_bitmask_weight(numa_all_nodes_ptr);
	long on_first = 0;
	char *table;

	if (numa_available() < 0)
		return 1;
	table = numa_alloc_interleaved(size);
	if (!table)
		return 1;
	memset(table, 1, size);
	for (size_t i = 0; i < size; i += page) {
		void *address = table + i;
		int node;

		if (numa_move_pages(0, 1, &address, NULL, &node, 0) < 0)
			return 1;
		on_first += node == 0;
	}
	printf("of 400 pages over %u nodes, %ld are on node 0\n", nodes, on_first);
	numa_free(table, size);
	return 0;
}
