/* SPDX-License-Identifier: MIT */
/*
 * Many small pieces from one node: numa_alloc_onnode() maps whole pages and is made for large memory,
 * so cut the pieces from a block of it.
 */
#include <numa.h>
#include <stdio.h>
#include <string.h>

struct arena {
	char *block;
	size_t size, used;
};

static int arena_init(struct arena *arena, size_t size, int node)
{
	arena->block = numa_alloc_onnode(size, node);
	arena->size = size;
	arena->used = 0;
	return arena->block ? 0 : -1;
}

static void *arena_alloc(struct arena *arena, size_t size)
{
	void *piece;

	size = (size + 15) & ~(size_t)15;
	if (size > arena->size - arena->used)
		return NULL;
	piece = arena->block + arena->used;
	arena->used += size;
	return piece;
}

int main(void)
{
	struct arena arena;
	int pieces = 0, node;
	void *piece = NULL, *next;

	if (numa_available() < 0 || arena_init(&arena, 1 << 16, numa_max_node()) < 0)
		return 1;
	while ((next = arena_alloc(&arena, 100))) {
		piece = memset(next, 0, 100);
		pieces++;
	}
	if (!piece || numa_move_pages(0, 1, &piece, NULL, &node, 0) < 0)
		return 1;
	printf("%d pieces, the last on node %d\n", pieces, node);
	numa_free(arena.block, arena.size);
	return node != numa_max_node();
}
