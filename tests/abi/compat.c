/* SPDX-License-Identifier: MIT */
/*
 * Description: a program written for libnuma's first interface, compiled today with
 * NUMA_VERSION1_COMPATIBILITY, as C and as C++. Uses every name that numacompat1.h gives.
 */
#define NUMA_VERSION1_COMPATIBILITY
#include <numa.h>
#include <numaif.h>
#include "harness.h"

#define LAST (NUMA_NUM_NODES - 1)

static void a_nodemask_holds_its_nodes(void)
{
	nodemask_t a, b;
	int i;

	memset(&a, 0xff, sizeof(a));
	nodemask_zero(&a);
	for (i = 0; i < NUMA_NUM_NODES; i++)
		CHECK_EQ(nodemask_isset(&a, i), 0);
	nodemask_set(&a, 0);
	nodemask_set(&a, 70);
	nodemask_set(&a, LAST);
	CHECK_EQ(nodemask_isset(&a, 0), 1);
	CHECK_EQ(nodemask_isset(&a, 1), 0);
	CHECK_EQ(nodemask_isset(&a, 70), 1);
	CHECK_EQ(nodemask_isset(&a, LAST), 1);
	CHECK_EQ(nodemask_isset(&a, NUMA_NUM_NODES), 0);
	CHECK_EQ(nodemask_isset(&a, -1), 0);
	b = a;
	CHECK_EQ(nodemask_equal(&a, &b), 1);
	nodemask_clr(&b, 70);
	CHECK_EQ(nodemask_equal(&a, &b), 0);
	nodemask_clr(&a, 70);
	CHECK_EQ(nodemask_equal(&a, &b), 1);
	CHECK_EQ(a.n[0], 1);
}

static void the_policy_of_the_thread(void)
{
	nodemask_t nodes = numa_all_nodes, got;

	numa_set_interleave_mask(&nodes);
	got = numa_get_interleave_mask();
	CHECK(nodemask_equal(&got, &nodes));
	numa_set_interleave_mask(&numa_no_nodes);
	got = numa_get_interleave_mask();
	CHECK(nodemask_equal(&got, &numa_no_nodes));
	numa_set_membind(&nodes);
	got = numa_get_membind();
	CHECK(nodemask_equal(&got, &nodes));
	numa_bind(&nodes);
	got = numa_get_membind();
	CHECK(nodemask_equal(&got, &nodes));
	numa_set_localalloc();
	got = numa_get_membind();
	CHECK(nodemask_equal(&got, &nodes));
}

static void where_the_thread_runs(void)
{
	unsigned long before[1024], now[1024], buffer[1024], seen = 0;
	nodemask_t nodes;
	unsigned i;

	memset(before, 0, sizeof(before));
	memset(now, 0, sizeof(now));
	CHECK(numa_sched_getaffinity(0, sizeof(before), before) > 0);
	CHECK_EQ(numa_run_on_node_mask(&numa_all_nodes), 0);
	nodes = numa_get_run_node_mask();
	CHECK(!nodemask_equal(&nodes, &numa_no_nodes));
	CHECK_EQ(numa_sched_setaffinity(0, sizeof(before), before), 0);
	CHECK(numa_sched_getaffinity(0, sizeof(now), now) > 0);
	CHECK(memcmp(before, now, sizeof(now)) == 0);
	CHECK_EQ(numa_node_to_cpus(numa_max_node(), buffer, (int)sizeof(buffer)), 0);
	for (i = 0; i < 1024; i++)
		seen |= buffer[i];
	/* The last node of a machine may have no CPU; one node has them all. */
	CHECK(seen || numa_max_node() > 0);
}

static void memory_with_a_policy(void)
{
	size_t size = 4 * (size_t)numa_pagesize();
	char *mem = (char *)numa_alloc_interleaved_subset(size, &numa_all_nodes);
	int mode = -1;

	REQUIRE(mem);
	CHECK_EQ(get_mempolicy(&mode, NULL, 0, mem, MPOL_F_ADDR), 0);
	CHECK_EQ(mode, MPOL_INTERLEAVE);
	numa_tonodemask_memory(mem, size, &numa_all_nodes);
	CHECK_EQ(get_mempolicy(&mode, NULL, 0, mem, MPOL_F_ADDR), 0);
	CHECK_EQ(mode, MPOL_BIND);
	numa_interleave_memory(mem, size, &numa_all_nodes);
	CHECK_EQ(get_mempolicy(&mode, NULL, 0, mem, MPOL_F_ADDR), 0);
	CHECK_EQ(mode, MPOL_INTERLEAVE);
	mem[0] = 1;
	numa_free(mem, size);
}

int main(void)
{
	if (numa_available() < 0)
		return 1;
	RUN(a_nodemask_holds_its_nodes);
	RUN(the_policy_of_the_thread);
	RUN(where_the_thread_runs);
	RUN(memory_with_a_policy);
	return tap_done();
}
