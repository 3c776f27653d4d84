/* SPDX-License-Identifier: MIT */
/*
 * One call of every public function, with good arguments and with odd ones. Nothing is checked but
 * what must hold in any situation; the point is that nothing crashes, hangs or leaks. In tests
 * under a shortage any call may fail, so every result is taken as one that may be null.
 */
#ifndef TESTS_BADINPUT_EVERYTHING_H
#define TESTS_BADINPUT_EVERYTHING_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "numa.h"
#include "numaif.h"

int numa_parse_bitmap(char *line, struct bitmask *mask); /* exported, not declared by libnuma */

/* Nodes that are there, nearly there, and nowhere. */
static const int odd_nodes[] = {0,    1,     -1,    -2,	    63,	     64,      1023,
				1024, 32767, 32768, 100000, INT_MAX, INT_MIN, INT_MIN + 1};
#define ODD_NODES (sizeof(odd_nodes) / sizeof(odd_nodes[0]))

static const char *const odd_strings[] = {
	"",	   "0",		 "all",	       "!all",	      "+0",	 "!0",
	"0-1",	   "1-0",	 "x",	       "-1",	      "0,",	 "+",
	"99",	   "9999999999", "netdev:lo",  "netdev:none", "block:x", "file:/",
	"pci:0:0", "pci:",	 "0-99999999", "\xff",
};
#define ODD_STRINGS (sizeof(odd_strings) / sizeof(odd_strings[0]))

static inline void everything_of_a_node(int node)
{
	/* On the stack: these run with no heap and little stack. */
	unsigned long words[4] = {0};
	struct bitmask cpus = {.size = 8 * sizeof(words), .maskp = words};
	long long left;
	long left_long;
	void *mem;

	numa_node_to_cpus(node, &cpus);
	numa_node_of_cpu(node);
	numa_distance(node, 0);
	numa_distance(0, node);
	numa_node_size64(node, &left);
	numa_node_size64(node, NULL);
	numa_node_size(node, &left_long);
	numa_node_size(node, NULL);
	numa_run_on_node(node);
	numa_run_on_node(-1);
	mem = numa_alloc_onnode(4096, node);
	if (mem) {
		numa_tonode_memory(mem, 4096, node);
		numa_set_mempolicy_home_node(mem, 4096, node, 0);
		numa_free(mem, 4096);
	}
	numa_set_preferred(node);
	numa_set_localalloc();
}

/* A mask may be null and its size anything. */
static inline void everything_of_a_mask(struct bitmask *mask)
{
	size_t size = 8192;
	void *mem;

	numa_set_interleave_mask(mask);
	numa_set_weighted_interleave_mask(mask);
	numa_set_membind(mask);
	numa_set_membind_balancing(mask);
	numa_set_preferred_many(mask);
	numa_bind(mask);
	numa_set_localalloc();
	numa_run_on_node_mask(mask);
	numa_run_on_node_mask_all(mask);
	numa_run_on_node(-1);
	numa_migrate_pages(0, mask, mask);
	numa_migrate_pages(-1, mask, mask);
	mem = numa_alloc_interleaved_subset(size, mask);
	if (mem) {
		numa_interleave_memory(mem, size, mask);
		numa_weighted_interleave_memory(mem, size, mask);
		numa_tonodemask_memory(mem, size, mask);
		numa_setlocal_memory(mem, size);
		numa_police_memory(mem, size);
		numa_free(mem, size);
	}
	mem = numa_alloc_weighted_interleaved_subset(size, mask);
	if (mem)
		numa_free(mem, size);
}

static inline void everything_that_returns_a_mask(void)
{
	struct bitmask *mask;

	numa_bitmask_free(numa_get_membind());
	numa_bitmask_free(numa_get_interleave_mask());
	numa_bitmask_free(numa_get_weighted_interleave_mask());
	numa_bitmask_free(numa_get_mems_allowed());
	numa_bitmask_free(numa_get_run_node_mask());
	numa_bitmask_free(numa_preferred_many());
	numa_free_nodemask(numa_allocate_nodemask());
	numa_free_cpumask(numa_allocate_cpumask());
	mask = numa_bitmask_alloc(100);
	if (mask) {
		char line[] = "ffffffff,00000001\n";

		numa_parse_bitmap(line, mask);
		numa_sched_getaffinity(0, mask);
		numa_sched_setaffinity(0, mask);
		numa_sched_getaffinity(-1, mask);
		numa_bitmask_setall(mask);
		everything_of_a_mask(mask);
		numa_bitmask_clearall(mask);
		everything_of_a_mask(mask);
		numa_bitmask_setbit(mask, 99);
		numa_bitmask_equal(mask, mask);
		numa_bitmask_weight(mask);
		numa_bitmask_nbytes(mask);
		numa_bitmask_isbitset(mask, 100);
		numa_bitmask_clearbit(mask, UINT_MAX);
	}
	numa_bitmask_free(mask);
	numa_bitmask_free(numa_bitmask_alloc(0));
	for (size_t i = 0; i < ODD_STRINGS; i++) {
		numa_bitmask_free(numa_parse_nodestring(odd_strings[i]));
		numa_bitmask_free(numa_parse_nodestring_all(odd_strings[i]));
		numa_bitmask_free(numa_parse_cpustring(odd_strings[i]));
		numa_bitmask_free(numa_parse_cpustring_all(odd_strings[i]));
	}
	numa_parse_nodestring(NULL);
	numa_parse_cpustring_all(NULL);
}

static inline void everything_else(void)
{
	unsigned long words[NUMA_NUM_NODES / 8 / sizeof(long)] = {1};
	struct bitmask small = {.size = 1, .maskp = words};
	nodemask_t nodes;
	void *mem, *more, *page;
	int status, mode;

	numa_available();
	numa_max_node();
	numa_max_possible_node();
	numa_num_possible_nodes();
	numa_num_possible_cpus();
	numa_num_configured_nodes();
	numa_num_configured_cpus();
	numa_num_task_cpus();
	numa_num_task_nodes();
	numa_num_thread_cpus();
	numa_num_thread_nodes();
	numa_pagesize();
	numa_preferred();
	numa_preferred_err();
	numa_has_preferred_many();
	numa_has_home_node();
	numa_get_interleave_node();
	numa_node_to_cpu_update();
	numa_set_bind_policy(0);
	numa_set_bind_policy(1);
	numa_set_strict(1);
	numa_set_strict(0);
	copy_bitmask_to_nodemask(&small, &nodes);
	copy_nodemask_to_bitmask(&nodes, &small);
	copy_bitmask_to_bitmask(&small, &small);
	mem = numa_alloc(8192);
	if (mem) {
		more = numa_realloc(mem, 8192, 16384);
		page = more ? more : mem;
		numa_move_pages(0, 1, &page, NULL, &status, 0);
		numa_free(page, more ? 16384 : 8192);
	}
	mem = numa_alloc_local(100);
	if (mem)
		numa_free(mem, 100);
	mem = numa_alloc_interleaved(100);
	if (mem)
		numa_free(mem, 100);
	mem = numa_alloc_weighted_interleaved(100);
	if (mem)
		numa_free(mem, 100);
	get_mempolicy(&mode, NULL, 0, NULL, 0);
	set_mempolicy(99, NULL, 0);
	mbind(NULL, 0, 0, NULL, 0, 0);
	migrate_pages(-1, 0, NULL, NULL);
	move_pages(0, 0, NULL, NULL, NULL, 0);
	set_mempolicy_home_node(NULL, 0, 0, 1);
	everything_of_a_mask(&small);
	everything_of_a_mask(NULL);
}

static inline void everything(void)
{
	everything_else();
	for (size_t i = 0; i < ODD_NODES; i++)
		everything_of_a_node(odd_nodes[i]);
	everything_that_returns_a_mask();
}

#endif
