/* SPDX-License-Identifier: MIT */
/*
 * The calling thread's policy on the running kernel, seen through the kernel's own get_mempolicy.
 */
#include "harness.h"
#include "unit/kernel.h"

#include <pthread.h>

static int errors;
static char last_error[128];
static int warnings;

void numa_error(char *where)
{
	errors++;
	snprintf(last_error, sizeof(last_error), "%s: %d", where, errno);
}

void numa_warn(int num, char *fmt, ...)
{
	(void)fmt;
	warnings = num;
}

static int here; /* a node that memory can come from */

/* A mask of n bits with one node (-1: none). */
static struct bitmask *mask_of(unsigned n, int node)
{
	struct bitmask *mask = numa_bitmask_alloc(n);

	return node < 0 ? mask : numa_bitmask_setbit(mask, (unsigned)node);
}

static void begin(void)
{
	kernel_default_policy();
	errors = warnings = 0;
	last_error[0] = '\0';
	errno = 0;
}

#define CHECK_QUIET CHECK_EQ(errors, 0)
#define CHECK_TOLD(text, err)                                                                      \
	do {                                                                                       \
		char told[64];                                                                     \
		snprintf(told, sizeof(told), "%s: %d", text, err);                                 \
		CHECK_STR(last_error, told);                                                       \
		CHECK_EQ(errno, err);                                                              \
		CHECK_EQ(errors, 1);                                                               \
	} while (0)

static const struct setter {
	const char *name;
	void (*set)(struct bitmask *mask);
	int mode;
	bool empty_is_default;
} setters[] = {
	{"membind", numa_set_membind, MPOL_BIND, false},
	{"interleave", numa_set_interleave_mask, MPOL_INTERLEAVE, true},
	{"weighted", numa_set_weighted_interleave_mask, MPOL_WEIGHTED_INTERLEAVE, true},
	{"preferred_many", numa_set_preferred_many, MPOL_PREFERRED_MANY, false},
	{"balancing", numa_set_membind_balancing, MPOL_BIND | MPOL_F_NUMA_BALANCING, false},
};
#define EACH_SETTER(s) for (const struct setter *s = setters; s < setters + 5; s++)

/* Every bit of a mask counts, the last one too: a mask of one bit is the node 0. */
static void every_bit_of_the_mask_counts(void)
{
	unsigned sizes[] = {(unsigned)here + 1, (unsigned)here + 2, 64, 65, 128, 1024, 32768};

	EACH_SETTER(s) for (int i = 0; i < 7; i++)
	{
		struct bitmask *mask;
		int mode = s->mode;

		if ((unsigned)here >= sizes[i])
			continue;
		mask = mask_of(sizes[i], here);
		begin();
		s->set(mask);
		if (!kernel_has_mode(mode & 7) && mode != MPOL_PREFERRED_MANY) {
			CHECK_TOLD("set_mempolicy", EINVAL);
			mode = MPOL_DEFAULT;
		} else if (!kernel_has_mode(mode & 7)) {
			mode = MPOL_PREFERRED;
		}
		if (strcmp(kernel_policy_text(NULL), policy_text(mode, mode ? here : -1)) != 0) {
			tap_failures++;
			DIAG("%s, %u bits: %s", s->name, sizes[i], kernel_policy_text(NULL));
		}
		numa_bitmask_free(mask);
	}
}

static void an_empty_or_null_mask(void)
{
	EACH_SETTER(s) for (int null = 0; null < 2; null++)
	{
		struct bitmask *mask = null ? NULL : mask_of(1024, -1);

		begin();
		syscall(SYS_set_mempolicy, MPOL_LOCAL, NULL, 0UL);
		s->set(mask);
		if (s->empty_is_default) {
			CHECK_QUIET;
			CHECK_STR(kernel_policy_text(NULL), "0 {}");
		} else {
			if (s->mode != MPOL_PREFERRED_MANY || kernel_has_mode(s->mode))
				CHECK_TOLD("set_mempolicy", EINVAL);
			CHECK_STR(kernel_policy_text(NULL), "4 {}");
		}
		numa_bitmask_free(mask);
	}
}

static void masks_that_the_kernel_does_not_take(void)
{
	EACH_SETTER(s)
	{
		struct bitmask *large = mask_of(40000, here), *wrong = mask_of(4096, 4000);

		if (!kernel_has_mode(s->mode & 7))
			continue;
		begin();
		s->set(large);
		CHECK_TOLD("set_mempolicy", EINVAL);
		begin();
		s->set(wrong);
		CHECK_TOLD("set_mempolicy", EINVAL);
		CHECK_STR(kernel_policy_text(NULL), "0 {}");
		numa_bitmask_free(large);
		numa_bitmask_free(wrong);
	}
}

static void errno_is_left_alone_on_success(void)
{
	EACH_SETTER(s)
	{
		struct bitmask *mask = mask_of(1024, here);

		if (!kernel_has_mode(s->mode & 7))
			continue;
		begin();
		errno = EDOM;
		s->set(mask);
		CHECK_EQ(errno, EDOM);
		numa_bitmask_free(mask);
	}
}

static void preferring_a_node(void)
{
	static const int outside[] = {-1, -5, INT32_MIN, 100000, INT32_MAX};

	begin();
	numa_set_preferred(here);
	CHECK_STR(kernel_policy_text(NULL), policy_text(MPOL_PREFERRED, here));
	CHECK_EQ(numa_preferred(), here);
	CHECK_EQ(numa_preferred_err(), here);
	CHECK_QUIET;
	for (int i = 0; i < 5; i++) {
		begin();
		numa_set_preferred(outside[i]);
		CHECK_STR(kernel_policy_text(NULL), "4 {}");
		CHECK_QUIET;
	}
	begin();
	numa_set_preferred(numa_num_possible_nodes());
	CHECK_STR(kernel_policy_text(NULL), "4 {}");
	CHECK_EQ(numa_preferred(), 0);
	CHECK_EQ(numa_preferred_err(), -1);
	CHECK_QUIET;
	/* The highest number a mask holds is asked for, not cut off. */
	begin();
	numa_set_preferred(numa_max_possible_node());
	CHECK_TOLD("set_mempolicy", EINVAL);
	CHECK_STR(kernel_policy_text(NULL), "0 {}");
}

static void local_allocation(void)
{
	begin();
	numa_set_localalloc();
	CHECK_QUIET;
	CHECK_STR(kernel_policy_text(NULL), "4 {}");
}

static void CHECK_nodes(struct bitmask *got, const char *want)
{
	CHECK_STR(got ? fixture_list(got->maskp, got->size) : NULL, want);
	if (got)
		CHECK_EQ(got->size, numa_num_possible_nodes());
	numa_bitmask_free(got);
}

static void getters_tell_what_the_thread_has(void)
{
	struct bitmask *mask = mask_of(1024, here), *all = numa_get_mems_allowed();
	char one[32], everything[1024];

	snprintf(everything, sizeof(everything), "%.1000s", fixture_list(all->maskp, all->size));
	snprintf(one, sizeof(one), "{%d}", here);
	CHECK(numa_bitmask_equal(all, numa_all_nodes_ptr));

	begin();
	CHECK_nodes(numa_get_membind(), everything);
	CHECK_nodes(numa_get_interleave_mask(), "{}");
	CHECK_nodes(numa_get_weighted_interleave_mask(), "{}");
	CHECK_nodes(numa_preferred_many(), "{}");
	CHECK_EQ(numa_preferred(), 0);
	CHECK_EQ(numa_preferred_err(), -1);
	CHECK_EQ(numa_get_interleave_node(), 0);

	numa_set_membind(mask);
	CHECK_nodes(numa_get_membind(), one);
	CHECK_nodes(numa_get_interleave_mask(), "{}");
	CHECK_nodes(numa_preferred_many(), one);
	CHECK_EQ(numa_preferred_err(), here);

	numa_set_interleave_mask(mask);
	CHECK_nodes(numa_get_interleave_mask(), one);
	CHECK_nodes(numa_get_weighted_interleave_mask(), "{}");
	CHECK_nodes(numa_get_membind(), everything);
	CHECK_nodes(numa_preferred_many(), one); /* of any mode, as libnuma */
	CHECK_EQ(numa_preferred(), here);
	CHECK_EQ(numa_get_interleave_node(), here);

	if (kernel_has_mode(MPOL_WEIGHTED_INTERLEAVE)) {
		numa_set_weighted_interleave_mask(mask);
		CHECK_nodes(numa_get_weighted_interleave_mask(), one);
		CHECK_nodes(numa_get_interleave_mask(), "{}");
	}
	CHECK_QUIET;
	numa_bitmask_free(mask);
	numa_bitmask_free(all);
}

/* The flags of a mode do not make it another mode. */
static void getters_do_not_look_at_mode_flags(void)
{
	static const int flags[] = {MPOL_F_NUMA_BALANCING, MPOL_F_STATIC_NODES,
				    MPOL_F_RELATIVE_NODES};
	unsigned long node0 = 1, nodes[16] = {0};
	char one[32];

	snprintf(one, sizeof(one), "{%d}", here);
	nodes[(size_t)here / 8 / sizeof(long)] = 1UL << (size_t)here % (8 * sizeof(long));
	for (int i = 0; i < 3; i++) {
		/* relative node 0 is the first allowed one */
		unsigned long *mask = flags[i] == MPOL_F_RELATIVE_NODES ? &node0 : nodes;
		unsigned long bits = mask == nodes ? 1025 : 65;

		begin();
		if (set_mempolicy(MPOL_BIND | flags[i], mask, bits) == 0)
			CHECK_nodes(numa_get_membind(), one);
		if (flags[i] != MPOL_F_NUMA_BALANCING &&
		    set_mempolicy(MPOL_INTERLEAVE | flags[i], mask, bits) == 0)
			CHECK_nodes(numa_get_interleave_mask(), one);
		CHECK_QUIET;
	}
}

static void whether_several_nodes_can_be_preferred(void)
{
	begin();
	errno = EDOM;
	CHECK_EQ(numa_has_preferred_many(), kernel_has_mode(MPOL_PREFERRED_MANY));
	CHECK_EQ(numa_has_preferred_many(), kernel_has_mode(MPOL_PREFERRED_MANY));
	CHECK_EQ(errno, EDOM);
	CHECK_STR(kernel_policy_text(NULL), "0 {}");
	CHECK_QUIET;
}

static void binding_goes_on_after_a_failure(void)
{
	struct bitmask *mask = mask_of(1024, -1);

	begin();
	numa_bind(mask);
	CHECK_EQ(errors, 2);
	CHECK_STR(last_error, "set_mempolicy: 22");
	numa_bitmask_setbit(mask, (unsigned)here);
	begin();
	numa_bind(mask);
	CHECK_QUIET;
	CHECK_STR(kernel_policy_text(NULL), policy_text(MPOL_BIND, here));
	numa_run_on_node(-1);
	numa_bind(NULL);
	CHECK_EQ(errors, 2);
	numa_bitmask_free(mask);
}

static void *in_a_thread(void *arg)
{
	void (*fn)(void) = *(void (**)(void))arg;

	fn();
	return NULL;
}

static void other_thread(void)
{
	CHECK_STR(kernel_policy_text(NULL), policy_text(MPOL_BIND, here));
	numa_set_localalloc();
	CHECK_STR(kernel_policy_text(NULL), "4 {}");
}

static void a_policy_is_the_threads_own(void)
{
	struct bitmask *mask = mask_of(1024, here);
	void (*fn)(void) = other_thread;
	pthread_t thread;

	begin();
	numa_set_membind(mask);
	pthread_create(&thread, NULL, in_a_thread, &fn);
	pthread_join(thread, NULL);
	CHECK_STR(kernel_policy_text(NULL), policy_text(MPOL_BIND, here));
	numa_bitmask_free(mask);
}

int main(void)
{
	here = kernel_first_node();
	if (here < 0) {
		printf("ok 1 - the kernel has NUMA policies # SKIP it refuses "
		       "get_mempolicy\n1..1\n");
		return 0;
	}
	RUN(every_bit_of_the_mask_counts);
	RUN(an_empty_or_null_mask);
	RUN(masks_that_the_kernel_does_not_take);
	RUN(errno_is_left_alone_on_success);
	RUN(preferring_a_node);
	RUN(local_allocation);
	RUN(getters_tell_what_the_thread_has);
	RUN(getters_do_not_look_at_mode_flags);
	RUN(whether_several_nodes_can_be_preferred);
	RUN(binding_goes_on_after_a_failure);
	RUN(a_policy_is_the_threads_own);
	return tap_done();
}
