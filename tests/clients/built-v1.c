/* SPDX-License-Identifier: MIT */
/* As built.c, with the interface of version 1: masks of a fixed size. */
#define NUMA_VERSION1_COMPATIBILITY
#include <numa.h>

#include <stdio.h>

int main(void)
{
	nodemask_t mask, run;
	unsigned long cpus[128 / sizeof(long)] = {0};

	if (numa_available() < 0)
		return 1;
	nodemask_zero(&mask);
	nodemask_set(&mask, 0);
	if (!nodemask_isset(&mask, 0) || nodemask_equal(&mask, &numa_no_nodes))
		return 2;
	if (numa_run_on_node_mask(&mask) < 0)
		return 3;
	run = numa_get_run_node_mask();
	if (!nodemask_equal(&run, &mask))
		return 4;
	if (numa_node_to_cpus(0, cpus, sizeof(cpus)) < 0 || !(cpus[0] & 1))
		return 5;
	numa_set_membind(&mask);
	puts("good");
	return 0;
}
