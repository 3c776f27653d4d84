/* SPDX-License-Identifier: MIT */
/*
 * Nodes out of range, null masks, sizes of nothing and of everything: the errno of the manual, no
 * crash.
 */
#include "badinput/everything.h"
#include "harness.h"

#include <sys/syscall.h>
#include <unistd.h>

static int errors, warnings;

void numa_error(char *where)
{
	(void)where;
	errors++;
}

void numa_warn(int num, char *fmt, ...)
{
	(void)num;
	(void)fmt;
	warnings++;
}

static bool is_there(int node)
{
	return node >= 0 && numa_bitmask_isbitset(numa_nodes_ptr, (unsigned)node);
}

static void nodes_that_are_not_there(void)
{
	struct bitmask *cpus = numa_allocate_cpumask();

	for (size_t i = 0; i < ODD_NODES; i++) {
		int node = odd_nodes[i];
		long long left = 77;

		if (is_there(node))
			continue;
		numa_bitmask_clearall(cpus);
		errno = 0;
		CHECK_EQ(numa_node_to_cpus(node, cpus), -1);
		CHECK_EQ(errno, node < 0 || node > numa_max_node() ? ERANGE : ENOENT);
		if (node < 0 || node > numa_max_node())
			CHECK_EQ(numa_bitmask_weight(cpus), 0);
		errno = 0;
		CHECK_EQ(numa_node_size64(node, &left), -1);
		CHECK_EQ(left, 0);
		CHECK_EQ(errno, ENOENT);
		CHECK_EQ(numa_node_size(node, NULL), -1);
		CHECK_EQ(numa_distance(node, 0), 0);
		CHECK_EQ(numa_distance(0, node), 0);
		if (node == -1)
			continue;
		errno = 0;
		CHECK_EQ(numa_run_on_node(node), -1);
		CHECK_EQ(errno, node < 0 || node >= numa_num_possible_nodes() ? EINVAL
				: node > numa_max_node()		      ? ERANGE
									      : ENOENT);
	}
	numa_bitmask_free(cpus);
}

static void cpus_that_are_not_there(void)
{
	int cpus[] = {-1,
		      INT_MIN,
		      INT_MIN + 1,
		      INT_MAX,
		      1 << 20,
		      numa_num_possible_cpus(),
		      numa_num_possible_cpus() + 1};

	for (size_t i = 0; i < sizeof(cpus) / sizeof(cpus[0]); i++) {
		errno = 0;
		CHECK_EQ(numa_node_of_cpu(cpus[i]), -1);
		CHECK_EQ(errno, EINVAL);
	}
}

static void null_masks_are_empty_masks(void)
{
	errno = 0;
	CHECK_EQ(numa_run_on_node_mask(NULL), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(numa_run_on_node_mask_all(NULL), -1);
	CHECK_EQ(errno, EINVAL);
	everything_of_a_mask(NULL);
}

/* Sizes that a program may put into a mask of its own; all words are there. */
static void masks_of_all_sizes(void)
{
	static const unsigned long sizes[] = {0, 1, 2, 63, 64, 65, 4095, 32768, 32769, 1000000};
	static unsigned long words[1000064 / 8 / sizeof(long)];

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct bitmask mask = {.size = sizes[i], .maskp = words};

		for (int full = 0; full < 2; full++) {
			memset(words, 0, sizeof(words));
			if (full && sizes[i])
				numa_bitmask_setbit(&mask, (unsigned)sizes[i] - 1);
			numa_bitmask_setbit(&mask, 0);
			everything_of_a_mask(&mask);
			numa_node_to_cpus(0, &mask);
			numa_sched_getaffinity(0, &mask);
		}
	}
}

static void affinity_of_nobody(void)
{
	struct bitmask *cpus = numa_allocate_cpumask();

	errno = 0;
	CHECK_EQ(numa_sched_getaffinity(999999999, cpus), -1);
	CHECK_EQ(errno, ESRCH);
	CHECK_EQ(numa_sched_setaffinity(999999999, numa_all_cpus_ptr), -1);
	CHECK_EQ(errno, ESRCH);
	CHECK_EQ(numa_sched_setaffinity(0, cpus), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK(numa_sched_getaffinity(0, cpus) > 0);
	CHECK(numa_bitmask_weight(cpus) > 0);
	numa_bitmask_free(cpus);
}

static void every_function_with_odd_arguments(void)
{
	for (int i = 0; i < 3; i++)
		everything();
}

/* The calls that a process in a tight sandbox sees refused: nothing crashes, and it is told. */
static void all_nodes_are_known_as_before(void)
{
	CHECK(numa_bitmask_weight(numa_no_nodes_ptr) == 0);
	CHECK((int)numa_bitmask_weight(numa_all_nodes_ptr) == numa_num_task_nodes());
}

int main(void)
{
	RUN(nodes_that_are_not_there);
	RUN(cpus_that_are_not_there);
	RUN(null_masks_are_empty_masks);
	RUN(masks_of_all_sizes);
	RUN(affinity_of_nobody);
	RUN(every_function_with_odd_arguments);
	RUN(all_nodes_are_known_as_before);
	return tap_done();
}
