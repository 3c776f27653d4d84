/* SPDX-License-Identifier: MIT */
/* Memory with a policy on the running kernel: which policy the pages have, and which are there. */
#include "harness.h"
#include "unit/kernel.h"

#include <pthread.h>
#include <sys/mman.h>

static int errors;
static char last_error[128];

void numa_error(char *where)
{
	errors++;
	snprintf(last_error, sizeof(last_error), "%s: %d", where, errno);
}

static int here;
static size_t page;

static void begin(void)
{
	errors = 0;
	last_error[0] = '\0';
	errno = 0;
	numa_fail_alloc_on_error = 0;
	numa_set_strict(0);
	numa_set_bind_policy(1);
	kernel_default_policy();
}

static size_t resident(void *mem, size_t pages)
{
	unsigned char there[256];
	size_t n = 0;

	if (mincore(mem, pages * page, there) != 0)
		return 9999;
	for (size_t i = 0; i < pages; i++)
		n += there[i] & 1;
	return n;
}

static bool mapped(void *mem)
{
	unsigned char there;

	return mincore(mem, page, &there) == 0;
}

static struct bitmask *mask_here(void)
{
	return numa_bitmask_setbit(numa_bitmask_alloc((unsigned)here + 1), (unsigned)here);
}

/* Pages of 4 are there, and the policy. */
static void check_area(void *mem, const char *policy, size_t there)
{
	REQUIRE(mem);
	CHECK_STR(kernel_policy_text(mem), policy);
	CHECK_STR(kernel_policy_text((char *)mem + 3 * page), policy);
	CHECK_EQ(resident(mem, 4), there);
	for (size_t i = 0; i < 4 * page; i++)
		if (((char *)mem)[i]) {
			CHECK_EQ(((char *)mem)[i], 0);
			break;
		}
	errno = EDOM;
	numa_free(mem, 4 * page);
	CHECK_EQ(errno, EDOM);
	CHECK(!mapped(mem));
}

static void each_allocator_gives_its_policy(void)
{
	struct bitmask *mask = mask_here();
	bool weighted = kernel_has_mode(MPOL_WEIGHTED_INTERLEAVE);

	begin();
	check_area(numa_alloc(4 * page), "0 {}", 4);
	check_area(numa_alloc_local(4 * page), "4 {}", 0);
	check_area(numa_alloc_onnode(4 * page, here), policy_text(MPOL_BIND, here), 0);
	check_area(numa_alloc_interleaved_subset(4 * page, mask),
		   policy_text(MPOL_INTERLEAVE, here), 0);
	if (weighted)
		check_area(numa_alloc_weighted_interleaved_subset(4 * page, mask),
			   policy_text(MPOL_WEIGHTED_INTERLEAVE, here), 0);
	CHECK_EQ(errors, 0);
	numa_bitmask_free(mask);
}

static void interleaving_uses_the_allowed_nodes_of_now(void)
{
	struct bitmask *saved = numa_get_mems_allowed();
	char want[64];
	void *mem;

	begin();
	mem = numa_alloc_interleaved(4 * page);
	snprintf(want, sizeof(want), "3 %.40s", fixture_list(saved->maskp, saved->size));
	check_area(mem, want, 0);
	/* The variable is the program's to change. */
	numa_bitmask_clearall(numa_all_nodes_ptr);
	mem = numa_alloc_interleaved(4 * page);
	CHECK_STR(last_error, "mbind: 22");
	CHECK(mem);
	copy_bitmask_to_bitmask(saved, numa_all_nodes_ptr);
	check_area(mem, "0 {}", 0);
	numa_bitmask_free(saved);
}

static void *sized(int which, size_t size)
{
	struct bitmask *mask = numa_all_nodes_ptr;

	switch (which) {
	case 0:
		return numa_alloc(size);
	case 1:
		return numa_alloc_local(size);
	case 2:
		return numa_alloc_onnode(size, here);
	case 3:
		return numa_alloc_interleaved(size);
	case 4:
		return numa_alloc_interleaved_subset(size, mask);
	case 5:
		return numa_alloc_weighted_interleaved(size);
	default:
		return numa_alloc_weighted_interleaved_subset(size, mask);
	}
}

static void sizes_that_cannot_be(void)
{
	for (int which = 0; which < 7; which++) {
		begin();
		CHECK(!sized(which, 0));
		CHECK_EQ(errno, EINVAL);
		errno = 0;
		CHECK(!sized(which, SIZE_MAX / 16 * 15));
		CHECK_EQ(errno, ENOMEM);
		CHECK(!sized(which, SIZE_MAX));
		CHECK_EQ(errno, ENOMEM);
		CHECK_EQ(errors, 0);
	}
}

static void odd_sizes_get_whole_pages(void)
{
	char *mem = numa_alloc(page + 1);

	begin();
	REQUIRE(mem);
	CHECK_EQ(resident(mem, 2), 2);
	mem[2 * page - 1] = 1;
	numa_free(mem, page + 1);
	CHECK(!mapped(mem) && !mapped(mem + page));
}

/* Without the policy, the memory is given all the same; unless the program does not want it. */
static void memory_whose_policy_fails(void)
{
	int nodes[] = {
		-1,	   -2,	     numa_max_possible_node(), numa_num_possible_nodes(), 100000,
		INT32_MAX, INT32_MIN};

	for (int i = 0; i < 7; i++) {
		void *mem;

		begin();
		mem = numa_alloc_onnode(4 * page, nodes[i]);
		CHECK_EQ(errno, EINVAL);
		CHECK_STR(last_error, "mbind: 22");
		check_area(mem, "0 {}", 0);
		begin();
		numa_fail_alloc_on_error = 1;
		CHECK(!numa_alloc_onnode(4 * page, nodes[i]));
		CHECK_EQ(errno, EINVAL);
		CHECK_STR(last_error, "mbind: 22");
	}
	begin();
	numa_fail_alloc_on_error = 1;
	CHECK(!numa_alloc_interleaved_subset(page, NULL));
	CHECK_EQ(errno, EINVAL);
	CHECK(!numa_alloc_weighted_interleaved_subset(page, numa_no_nodes_ptr));
	CHECK_EQ(errno, EINVAL);
	begin();
}

static void weak_binding(void)
{
	int mode = kernel_has_mode(MPOL_PREFERRED_MANY) ? MPOL_PREFERRED_MANY : MPOL_PREFERRED;
	struct bitmask *mask = mask_here();
	void *mem;

	begin();
	numa_set_bind_policy(0);
	check_area(numa_alloc_onnode(4 * page, here), policy_text(mode, here), 0);
	mem = numa_alloc_onnode(4 * page, -1);
	if (mode == MPOL_PREFERRED_MANY) {
		CHECK_STR(last_error, "mbind: 22");
		check_area(mem, "0 {}", 0);
	} else {
		check_area(mem, "4 {}", 0);
	}
	mem = numa_alloc(4 * page);
	numa_tonode_memory(mem, 4 * page, here);
	CHECK_STR(kernel_policy_text(mem), policy_text(mode, here));
	numa_set_bind_policy(1);
	numa_tonodemask_memory(mem, 4 * page, mask);
	CHECK_STR(kernel_policy_text(mem), policy_text(MPOL_BIND, here));
	numa_free(mem, 4 * page);
	numa_bitmask_free(mask);
}

static void ranges_get_their_policy(void)
{
	struct bitmask *mask = mask_here();
	char *mem;

	begin();
	mem = numa_alloc_local(8 * page);
	numa_tonode_memory(mem, 2 * page, here);
	numa_interleave_memory(mem + 2 * page, page, mask);
	numa_setlocal_memory(mem + page, 1); /* rounded up to the page */
	CHECK_STR(kernel_policy_text(mem), policy_text(MPOL_BIND, here));
	CHECK_STR(kernel_policy_text(mem + page), "4 {}");
	CHECK_STR(kernel_policy_text(mem + 2 * page), policy_text(MPOL_INTERLEAVE, here));
	CHECK_STR(kernel_policy_text(mem + 3 * page), "4 {}");
	if (kernel_has_mode(MPOL_WEIGHTED_INTERLEAVE)) {
		numa_weighted_interleave_memory(mem, page, mask);
		CHECK_STR(kernel_policy_text(mem), policy_text(MPOL_WEIGHTED_INTERLEAVE, here));
	}
	numa_tonode_memory(mem + 3 * page, 0, here);
	CHECK_STR(kernel_policy_text(mem + 3 * page), "4 {}");
	CHECK_EQ(errors, 0);
	numa_free(mem, 8 * page);
	numa_bitmask_free(mask);
}

static void ranges_that_cannot_be(void)
{
	struct bitmask *mask = mask_here();
	char *mem = numa_alloc_local(4 * page), *gone = numa_alloc_local(page);

	numa_free(gone, page);
	for (int which = 0; which < 4; which++) {
		static const struct {
			int offset, err;
		} cases[] = {{1, EINVAL}, {-1, EFAULT}, {0, 0}};

		for (int i = 0; i < 3; i++) {
			char *at = cases[i].offset < 0 ? gone : mem + cases[i].offset;

			begin();
			if (which == 0)
				numa_tonode_memory(at, page, here);
			else if (which == 1)
				numa_tonodemask_memory(at, page, mask);
			else if (which == 2)
				numa_interleave_memory(at, page, mask);
			else
				numa_setlocal_memory(at, page);
			CHECK_EQ(errno, cases[i].err);
			CHECK_EQ(errors, cases[i].err != 0);
		}
	}
	begin();
	numa_tonodemask_memory(mem, page, NULL);
	CHECK_STR(last_error, "mbind: 22");
	begin();
	numa_interleave_memory(mem, page, NULL);
	CHECK_STR(last_error, "mbind: 22");
	numa_free(mem, 4 * page);
	numa_bitmask_free(mask);
}

static void *strictness_of_a_new_thread(void *mem)
{
	numa_setlocal_memory(mem, page); /* not strict: no EIO */
	return (void *)(size_t)errors;
}

static void strictness_is_the_threads_own(void)
{
	char *mem = numa_alloc(2 * page);
	pthread_t thread;
	void *seen;

	begin();
	numa_set_strict(1);
	numa_setlocal_memory(mem, page);
	CHECK_STR(last_error, "mbind: 5"); /* EIO: local is nowhere in particular */
	begin();
	numa_set_strict(1);
	pthread_create(&thread, NULL, strictness_of_a_new_thread, mem);
	pthread_join(thread, &seen);
	CHECK(!seen);
	numa_tonode_memory(mem + page, page, here);
	numa_set_strict(0);
	numa_setlocal_memory(mem, page);
	numa_free(mem, 2 * page);
}

static void policing_touches_every_page_it_overlaps(void)
{
	char *mem;

	begin();
	mem = numa_alloc_local(8 * page);
	numa_police_memory(mem, 0);
	CHECK_EQ(resident(mem, 8), 0);
	numa_police_memory(mem + 7 * page + 1, 0);
	CHECK_EQ(resident(mem, 8), 0);
	numa_police_memory(mem + 1 * page + 100, page);
	CHECK_EQ(resident(mem, 1), 0);
	CHECK_EQ(resident(mem + page, 2), 2);
	CHECK_EQ(resident(mem + 3 * page, 5), 0);
	numa_police_memory(mem + 4 * page - 1, 2);
	CHECK_EQ(resident(mem + 3 * page, 2), 2);
	CHECK_EQ(resident(mem + 5 * page, 3), 0);
	memset(mem, 7, 8 * page);
	numa_police_memory(mem, 8 * page);
	for (size_t i = 0; i < 8 * page; i++)
		CHECK(mem[i] == 7);
	numa_free(mem, 8 * page);
}

static void growing_keeps_content_and_policy(void)
{
	char *mem, *old;

	begin();
	mem = numa_alloc_onnode(2 * page, here);
	memset(mem, 5, 2 * page);
	mem = numa_realloc(mem, 2 * page, 8 * page);
	REQUIRE(mem);
	CHECK(mem[0] == 5 && mem[2 * page - 1] == 5 && mem[2 * page] == 0);
	CHECK_EQ(resident(mem + 3 * page, 5), 0);
	CHECK_STR(kernel_policy_text(mem + 7 * page), policy_text(MPOL_BIND, here));
	old = mem;
	mem = numa_realloc(mem, 8 * page, page);
	CHECK(mem == old && mem[0] == 5 && !mapped(mem + page));

	CHECK(!numa_realloc(mem, page, 0));
	CHECK_EQ(errno, EINVAL);
	CHECK(!numa_realloc(mem + 1, page, 2 * page));
	CHECK_EQ(errno, EINVAL);
	CHECK(!numa_realloc(NULL, page, 2 * page));
	CHECK_EQ(errno, EFAULT);
	CHECK(!numa_realloc(mem, page, SIZE_MAX / 16 * 15));
	CHECK(errno == ENOMEM || errno == EINVAL); /* kernels differ */
	CHECK(mem[0] == 5);
	numa_free(mem, page);
}

static void freeing_what_is_not_there(void)
{
	begin();
	numa_free(NULL, 0);
	numa_free(NULL, page);
	numa_free((void *)1, page);
	numa_free((void *)(page * 16), SIZE_MAX);
	CHECK_EQ(errors, 0);
}

static void home_nodes(void)
{
	char *bound = numa_alloc_onnode(page, here), *plain = numa_alloc(page);

	begin();
	if (!numa_has_home_node()) {
		CHECK_EQ(numa_set_mempolicy_home_node(bound, page, here, 0), -1);
		CHECK_EQ(errno, ENOSYS);
	} else {
		CHECK_EQ(numa_set_mempolicy_home_node(bound, page, here, 0), 0);
		CHECK_EQ(errors, 0);
		CHECK_EQ(numa_set_mempolicy_home_node(plain, page, here, 0), -1);
		CHECK_STR(last_error, "set_mempolicy_home_node: 2");
		CHECK_EQ(numa_set_mempolicy_home_node(bound, page, -1, 0), -1);
		CHECK_EQ(errno, EINVAL);
		CHECK_EQ(numa_set_mempolicy_home_node(bound, page, here, 1), -1);
		CHECK_EQ(errno, EINVAL);
		CHECK_EQ(numa_set_mempolicy_home_node(bound + 1, page, here, 0), -1);
		CHECK_EQ(errno, EINVAL);
		CHECK_EQ(numa_set_mempolicy_home_node(bound, page, 100000, 0), -1);
		CHECK_EQ(errno, EINVAL);
	}
	numa_free(bound, page);
	numa_free(plain, page);
}

static void moving_pages(void)
{
	char *mem = numa_alloc(2 * page);
	void *pages[] = {mem, mem + page, (void *)(16 * page)};
	int status[3] = {99, 99, 99}, nodes[3] = {here, here, here};
	struct bitmask *mask = mask_here(), *none = numa_allocate_nodemask();

	begin();
	CHECK_EQ(numa_move_pages(0, 3, pages, NULL, status, 0), 0);
	CHECK_EQ(status[0] >= 0, 1);
	CHECK_EQ(status[0], status[1]);
	CHECK(status[2] == -EFAULT || status[2] == -ENOENT);
	CHECK(numa_move_pages(0, 2, pages, nodes, status, MPOL_MF_MOVE) >= 0);
	CHECK_EQ(numa_move_pages(0, 0, NULL, NULL, NULL, 0), 0);
	CHECK_EQ(numa_move_pages(0, 1, pages, NULL, status, 99), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(numa_move_pages(999999999, 1, pages, NULL, status, 0), -1);
	CHECK_EQ(errno, ESRCH);

	CHECK_EQ(numa_migrate_pages(0, mask, mask), 0);
	CHECK_EQ(numa_migrate_pages(0, mask, none), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(numa_migrate_pages(0, mask, NULL), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(numa_migrate_pages(0, NULL, mask), 0);
	CHECK_EQ(numa_migrate_pages(999999999, mask, mask), -1);
	CHECK_EQ(errno, ESRCH);
	CHECK_EQ(errors, 0);
	numa_free(mem, 2 * page);
	numa_bitmask_free(mask);
	numa_bitmask_free(none);
}

int main(void)
{
	here = kernel_first_node();
	page = (size_t)numa_pagesize();
	if (here < 0) {
		printf("ok 1 - the kernel has NUMA policies # SKIP it refuses "
		       "get_mempolicy\n1..1\n");
		return 0;
	}
	RUN(each_allocator_gives_its_policy);
	RUN(interleaving_uses_the_allowed_nodes_of_now);
	RUN(sizes_that_cannot_be);
	RUN(odd_sizes_get_whole_pages);
	RUN(memory_whose_policy_fails);
	RUN(weak_binding);
	RUN(ranges_get_their_policy);
	RUN(ranges_that_cannot_be);
	RUN(strictness_is_the_threads_own);
	RUN(policing_touches_every_page_it_overlaps);
	RUN(growing_keeps_content_and_policy);
	RUN(freeing_what_is_not_there);
	RUN(home_nodes);
	RUN(moving_pages);
	return tap_done();
}
