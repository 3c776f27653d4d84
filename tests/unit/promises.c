/* SPDX-License-Identifier: MIT */
/*
 * What users of libnuma miss, on a kernel of the test's own: errno after functions without a result,
 * allowed nodes that changed since the library was loaded, allocations that have to fail.
 */
#include "harness.h"

#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>

#include "numa.h"
#include "numaif.h"
#include "unit/fixture.h"

/* ---- the kernel ---- */

static unsigned long allowed = 1; /* nodes, of the first 64 */
static int refuse_with;		  /* every call that sets a policy fails so */
static bool knows_balancing = true;
static int set_calls, bind_calls, told;
static unsigned long bound; /* to these nodes */

static long answer(const unsigned long *nodes, unsigned long maxnode)
{
	unsigned long wanted = nodes && maxnode > 1 ? nodes[0] : 0;

	if (!refuse_with && nodes && !(wanted & allowed))
		refuse_with = EINVAL;
	if (refuse_with) {
		errno = refuse_with;
		refuse_with = refuse_with == EINVAL ? 0 : refuse_with;
		return -1;
	}
	bound = wanted & allowed;
	return 0;
}

long set_mempolicy(int mode, const unsigned long *nodes, unsigned long maxnode)
{
	set_calls++;
	if ((mode & MPOL_F_NUMA_BALANCING) && !knows_balancing) {
		errno = EINVAL;
		return -1;
	}
	return answer(nodes, maxnode);
}

long mbind(void *start, unsigned long len, int mode, const unsigned long *nodes,
	   unsigned long maxnode, unsigned flags)
{
	(void)start;
	(void)mode;
	(void)flags;
	bind_calls += len > 0;
	return len ? answer(nodes, maxnode) : 0;
}

long get_mempolicy(int *mode, unsigned long *nodes, unsigned long maxnode, void *addr,
		   unsigned flags)
{
	(void)addr;
	if (mode)
		*mode = MPOL_DEFAULT;
	if (nodes && maxnode > 1) {
		memset(nodes, 0, (maxnode - 1) / 8);
		nodes[0] = flags & MPOL_F_MEMS_ALLOWED ? allowed : 0;
	}
	return 0;
}

/* As a program's may, it leaves something else in errno. */
void numa_error(char *where)
{
	(void)where;
	told++;
	errno = 0;
}

void numa_warn(int num, char *fmt, ...)
{
	(void)num;
	(void)fmt;
}

static void begin(void)
{
	set_calls = bind_calls = told = refuse_with = 0;
	allowed = 1;
	knows_balancing = true;
	numa_fail_alloc_on_error = 0;
	errno = EDOM;
}

/* ---- the functions that return void ---- */

static char *memory;

static void set_interleave(void)
{
	numa_set_interleave_mask(numa_all_nodes_ptr);
}

static void set_weighted(void)
{
	numa_set_weighted_interleave_mask(numa_all_nodes_ptr);
}

static void set_membind(void)
{
	numa_set_membind(numa_all_nodes_ptr);
}

static void set_balancing(void)
{
	numa_set_membind_balancing(numa_all_nodes_ptr);
}

static void set_preferred(void)
{
	numa_set_preferred(0);
}

static void set_preferred_many(void)
{
	numa_set_preferred_many(numa_all_nodes_ptr);
}

static void interleave_memory(void)
{
	numa_interleave_memory(memory, 4096, numa_all_nodes_ptr);
}

static void weighted_memory(void)
{
	numa_weighted_interleave_memory(memory, 4096, numa_all_nodes_ptr);
}

static void tonode_memory(void)
{
	numa_tonode_memory(memory, 4096, 0);
}

static void tonodemask_memory(void)
{
	numa_tonodemask_memory(memory, 4096, numa_all_nodes_ptr);
}

static void setlocal_memory(void)
{
	numa_setlocal_memory(memory, 4096);
}

static void (*const setters[])(void) = {
	set_interleave,	 set_weighted,	     set_membind,	  set_balancing,
	set_preferred,	 set_preferred_many, numa_set_localalloc, interleave_memory,
	weighted_memory, tonode_memory,	     tonodemask_memory,	  setlocal_memory,
};

#define SETTERS (sizeof(setters) / sizeof(setters[0]))

static void setters_leave_errno_alone_when_they_succeed(void)
{
	for (size_t i = 0; i < SETTERS; i++) {
		begin();
		setters[i]();
		CHECK_EQ(errno, EDOM);
		CHECK_EQ(told, 0);
		CHECK_EQ(set_calls + bind_calls, 1);
	}
}

static void setters_leave_errno_set_when_they_fail(void)
{
	for (size_t i = 0; i < SETTERS; i++) {
		begin();
		refuse_with = ENOMEM;
		setters[i]();
		CHECK_EQ(errno, ENOMEM);
		CHECK_EQ(told, 1);
	}
}

/* Binding without balancing is what was asked for on such a kernel, and no failure. */
static void balancing_that_the_kernel_lacks_is_no_failure(void)
{
	begin();
	knows_balancing = false;
	numa_set_membind_balancing(numa_all_nodes_ptr);
	CHECK_EQ(errno, EDOM);
	CHECK_EQ(set_calls, 2);
	CHECK_EQ(told, 0);
	CHECK_EQ(bound, 1);
}

/* ---- allowed nodes that changed ---- */

static void interleaving_follows_the_allowed_nodes(void)
{
	void *(*const allocators[])(size_t size) = {numa_alloc_interleaved,
						    numa_alloc_weighted_interleaved};

	for (int i = 0; i < 2; i++) {
		void *mem;

		begin();
		allowed = 2;
		numa_fail_alloc_on_error = 1;
		mem = allocators[i](4096);
		REQUIRE(mem);
		CHECK_EQ(bound, 2);
		CHECK_EQ(bind_calls, 2);
		CHECK_EQ(told, 0);
		CHECK_EQ(errno, EDOM);
		numa_free(mem, 4096);
	}
}

/* One question more, not one for each call that goes well; and no second try of the same. */
static void only_a_refusal_makes_it_ask_again(void)
{
	void *mem;

	begin();
	mem = numa_alloc_interleaved(4096);
	CHECK_EQ(bind_calls, 1);
	numa_free(mem, 4096);
	begin();
	refuse_with = EINVAL; /* the mode, say: the nodes are as they were */
	mem = numa_alloc_interleaved(4096);
	CHECK(mem);
	CHECK_EQ(bind_calls, 1);
	CHECK_EQ(told, 1);
	CHECK_EQ(errno, EINVAL);
	numa_free(mem, 4096);
}

/* The variable is the program's to change; then it has meant what it says. */
static void a_programs_own_nodes_are_taken_as_they_are(void)
{
	void *mem;

	begin();
	allowed = 2;
	numa_bitmask_clearall(numa_all_nodes_ptr);
	mem = numa_alloc_interleaved(4096);
	numa_bitmask_setbit(numa_all_nodes_ptr, 0);
	CHECK_EQ(bind_calls, 1);
	CHECK_EQ(told, 1);
	CHECK_EQ(errno, EINVAL);
	numa_free(mem, 4096);
}

static void a_node_allowed_since_load_may_be_run_on(void)
{
	struct bitmask *nodes = numa_allocate_nodemask();
	cpu_set_t before;

	REQUIRE(nodes && sched_getaffinity(0, sizeof(before), &before) == 0);
	numa_bitmask_setbit(nodes, 1);
	begin();
	CHECK_EQ(numa_run_on_node_mask(nodes), -1);
	CHECK_EQ(errno, EINVAL);
	begin();
	allowed = 3;
	CHECK_EQ(numa_run_on_node_mask(nodes), 0);
	CHECK_EQ(errno, EDOM);
	CHECK_EQ(told, 0);
	sched_setaffinity(0, sizeof(before), &before);
	numa_bitmask_free(nodes);
}

/* ---- numa_fail_alloc_on_error ---- */

static void an_allocation_without_its_policy_fails_where_that_is_asked_for(void)
{
	for (int fail = 0; fail < 2; fail++)
		for (int i = 0; i < 4; i++) {
			void *mem = NULL;

			begin();
			numa_fail_alloc_on_error = fail;
			refuse_with = ENOMEM;
			switch (i) {
			case 0:
				mem = numa_alloc_onnode(4096, 0);
				break;
			case 1:
				mem = numa_alloc_local(4096);
				break;
			case 2:
				mem = numa_alloc_interleaved(4096);
				break;
			case 3:
				mem = numa_alloc_interleaved_subset(4096, numa_all_nodes_ptr);
				break;
			}
			CHECK_EQ(mem == NULL, fail);
			CHECK_EQ(errno, ENOMEM);
			CHECK_EQ(told, 1);
			if (mem)
				numa_free(mem, 4096);
		}
}

/* ---- masks of other sizes than the kernel's ---- */

static void masks_may_have_any_size(void)
{
	static const unsigned sizes[] = {1, 2, 63, 64, 65, 1023, 1024, 1025, 4096, 32768, 100000};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct bitmask *mask = numa_bitmask_alloc(sizes[i]);
		void *mem;

		REQUIRE(mask);
		numa_bitmask_setbit(mask, 0);
		begin();
		numa_set_membind(mask);
		numa_set_interleave_mask(mask);
		numa_interleave_memory(memory, 4096, mask);
		CHECK_EQ(told, 0);
		CHECK_EQ(bound, 1);
		CHECK_EQ(errno, EDOM);
		mem = numa_alloc_interleaved_subset(4096, mask);
		CHECK(mem);
		numa_free(mem, 4096);
		CHECK_EQ(numa_bitmask_isbitset(mask, 0), 1);
		CHECK_EQ(numa_bitmask_weight(mask), 1);
		numa_bitmask_free(mask);
	}
}

/* Two nodes with all CPUs, of which the first is allowed. */
static const struct fixture_node two_nodes[] = {
	{0, "ffffffff,ffffffff\n", 1024},
	{1, "ffffffff,ffffffff\n", 1024},
};

int main(int argc, char **argv)
{
	if (argc < 2) {
		fixture_machine(fixture_root(), two_nodes, 2, "1", "ffffffff,ffffffff", "0-63");
		return !fixture_run(argv[0], "again");
	}
	memory = numa_alloc_local(4096);
	if (!memory)
		return 99;
	RUN(setters_leave_errno_alone_when_they_succeed);
	RUN(setters_leave_errno_set_when_they_fail);
	RUN(balancing_that_the_kernel_lacks_is_no_failure);
	RUN(interleaving_follows_the_allowed_nodes);
	RUN(only_a_refusal_makes_it_ask_again);
	RUN(a_programs_own_nodes_are_taken_as_they_are);
	RUN(a_node_allowed_since_load_may_be_run_on);
	RUN(an_allocation_without_its_policy_fails_where_that_is_asked_for);
	RUN(masks_may_have_any_size);
	return tap_done();
}
