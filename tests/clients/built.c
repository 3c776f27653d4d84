/* SPDX-License-Identifier: MIT */
/* Built with pkg-config from an installed tree: compiled as C and C++, linked shared and static. */
#include <numa.h>
#include <numaif.h>

#include <stdio.h>
#include <string.h>

static int bad;

static void check(int cond, const char *what)
{
	if (!cond) {
		printf("failed: %s\n", what);
		bad = 1;
	}
}

int main(void)
{
	unsigned long nodes[1024 / (8 * sizeof(long))] = {0};
	struct bitmask *mask;
	size_t size = 1 << 16;
	char *area;
	int mode = -1;

	check(numa_available() == 0, "numa_available");
	check(numa_max_node() >= 0, "numa_max_node");
	check(numa_num_configured_nodes() >= 1, "numa_num_configured_nodes");
	check(numa_distance(0, 0) == 10, "numa_distance");
	check(numa_all_nodes_ptr != NULL, "numa_all_nodes_ptr");
	check(numa_bitmask_weight(numa_all_nodes_ptr) == (unsigned int)numa_num_task_nodes(),
	      "all nodes");

	mask = numa_parse_nodestring("0");
	check(mask && numa_bitmask_isbitset(mask, 0), "numa_parse_nodestring");
	numa_set_membind(mask);
	check(get_mempolicy(&mode, nodes, 1025, NULL, 0) == 0, "get_mempolicy");
	check(mode == MPOL_BIND && nodes[0] == 1, "the policy is ours");
	numa_bitmask_free(mask);
	numa_set_localalloc();

	area = (char *)numa_alloc_onnode(size, 0);
	check(area != NULL, "numa_alloc_onnode");
	if (area) {
		memset(area, 1, size);
		check(get_mempolicy(&mode, NULL, 0, area, MPOL_F_NODE | MPOL_F_ADDR) == 0 &&
			      mode == 0,
		      "the page is on node 0");
		numa_free(area, size);
	}
	puts(bad ? "bad" : "good");
	return bad;
}
