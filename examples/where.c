/* SPDX-License-Identifier: MIT */
/*
 * On which nodes is a buffer? Counts its pages by node, without touching them.
 */
#include <numa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Returns the number of pages on the node, or -1. */
static long pages_on(char *mem, size_t size, int node)
{
	size_t page = (size_t)numa_pagesize(), count = (size + page - 1) / page;
	void **pages = calloc(count, sizeof(*pages));
	int *status = calloc(count, sizeof(*status));
	long found = -1;

	for (size_t i = 0; pages && i < count; i++)
		pages[i] = mem + i * page;
	if (pages && status && numa_move_pages(0, count, pages, NULL, status, 0) == 0) {
		found = 0;
		for (size_t i = 0; i < count; i++)
			found += status[i] == node;
	}
	free(pages);
	free(status);
	return found;
}

int main(void)
{
	size_t size = 100 * (size_t)numa_pagesize();
	int last = numa_max_node();
	char *mem;

	if (numa_available() < 0)
		return 1;
	mem = numa_alloc_onnode(size, last);
	if (!mem)
		return 1;
	memset(mem, 1, size / 2); /* a page that was not touched is nowhere */
	printf("%ld pages on the last node\n", pages_on(mem, size, last));
	return pages_on(mem, size, last) != 50;
}
