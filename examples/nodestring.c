/* SPDX-License-Identifier: MIT */
/*
 * Takes nodes as people write them, and says which they are:
 *	nodestring [NODES]	such as 0,2-3 or all or !0 or netdev:eth0
 */
#include <numa.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	struct bitmask *nodes = numa_parse_nodestring(argc > 1 ? argv[1] : "all");

	if (!nodes)
		return 1; /* a warning said why */
	for (unsigned int node = 0; node < nodes->size; node++)
		if (numa_bitmask_isbitset(nodes, node))
			printf("node %u\n", node);
	numa_bitmask_free(nodes);
	return 0;
}
