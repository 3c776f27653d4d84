/* SPDX-License-Identifier: MIT */
/*
 * Memory is on the wrong node: move it while the program runs.
 */
#include <numa.h>
#include <numaif.h>
#include <stdio.h>
#include <string.h>

/* Gives the range to a node and moves what is there. Returns 0, or -1 with errno. */
static int move_to(void *mem, size_t size, int node)
{
	struct bitmask *nodes = numa_allocate_nodemask();
	long result = -1;

	if (nodes) {
		numa_bitmask_setbit(nodes, (unsigned int)node);
		result = mbind(mem, size, MPOL_BIND, nodes->maskp, nodes->size + 1,
			       MPOL_MF_MOVE | MPOL_MF_STRICT);
	}
	numa_bitmask_free(nodes);
	return (int)result;
}

int main(void)
{
	size_t size = 1 << 20;
	int last = numa_max_node(), before, after;
	char *mem;

	if (numa_available() < 0)
		return 1;
	mem = numa_alloc_onnode(size, 0);
	if (!mem)
		return 1;
	memset(mem, 7, size);
	get_mempolicy(&before, NULL, 0, mem, MPOL_F_NODE | MPOL_F_ADDR);
	if (move_to(mem, size, last) < 0) {
		perror("mbind");
		return 1;
	}
	get_mempolicy(&after, NULL, 0, mem, MPOL_F_NODE | MPOL_F_ADDR);
	printf("moved from node %d to node %d, contents %s\n", before, after,
	       mem[size - 1] == 7 ? "kept" : "lost");
	return after != last || mem[size - 1] != 7;
}
