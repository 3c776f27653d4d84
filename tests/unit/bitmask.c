/* SPDX-License-Identifier: MIT */
/*
 * numa_bitmask_* and its kin: the behaviour that programs see, with what is better than in
 * libnuma.
 */
#include "harness.h"
#include "unit/fixture.h"

#include <limits.h>

#include "numa.h"

static int errors;
static char last_error[128];

void numa_error(char *where)
{
	errors++;
	snprintf(last_error, sizeof(last_error), "%s: %d", where, errno);
}

static const char *list(const struct bitmask *mask)
{
	return fixture_list(mask->maskp, mask->size);
}

static void sizes_are_rounded_to_whole_longs(void)
{
	static const unsigned sizes[] = {1, 63, 64, 65, 100, 128, 129, 1024, 100000};
	const unsigned w = CHAR_BIT * sizeof(long);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct bitmask *mask = numa_bitmask_alloc(sizes[i]);

		REQUIRE(mask);
		CHECK_EQ(mask->size, sizes[i]);
		CHECK_EQ(numa_bitmask_nbytes(mask), (sizes[i] + w - 1) / w * sizeof(long));
		CHECK_EQ(numa_bitmask_weight(mask), 0);
		for (unsigned b = 0; b < numa_bitmask_nbytes(mask) / sizeof(long); b++)
			CHECK_EQ(mask->maskp[b], 0);
		numa_bitmask_free(mask);
	}
}

static void no_bits_are_an_error(void)
{
	errors = 0;
	errno = 0;
	CHECK(!numa_bitmask_alloc(0));
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(errors, 1);
	CHECK_STR(last_error, "request to allocate mask for invalid number: 22");
}

static void the_largest_mask(void)
{
	struct bitmask *mask = numa_bitmask_alloc(UINT_MAX);

	if (!mask) { /* half a gigabyte of addresses is a lot for a 32-bit program */
		CHECK_EQ(errno, ENOMEM);
		CHECK(sizeof(long) < 8);
		return;
	}
	CHECK_EQ(mask->size, UINT_MAX);
	CHECK(numa_bitmask_setbit(mask, UINT_MAX - 1) == mask);
	CHECK_EQ(numa_bitmask_isbitset(mask, UINT_MAX - 1), 1);
	CHECK_EQ(numa_bitmask_isbitset(mask, UINT_MAX), 0);
	CHECK_EQ(numa_bitmask_nbytes(mask), 1U << 29);
	numa_bitmask_free(mask);
}

static void null_may_be_freed(void)
{
	numa_bitmask_free(NULL);
	numa_free_nodemask(NULL);
	numa_free_cpumask(NULL);
}

static void bits_outside_are_ignored(void)
{
	static const unsigned outside[] = {100, 101, 127, 128, 100000, UINT_MAX, (unsigned)INT_MIN};
	struct bitmask *mask = numa_bitmask_alloc(100);

	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		CHECK(numa_bitmask_setbit(mask, outside[i]) == mask);
		CHECK_EQ(numa_bitmask_isbitset(mask, outside[i]), 0);
		CHECK_STR(list(mask), "{}");
		numa_bitmask_setall(mask);
		CHECK(numa_bitmask_clearbit(mask, outside[i]) == mask);
		CHECK_EQ(numa_bitmask_weight(mask), 100);
		numa_bitmask_clearall(mask);
	}
	CHECK_EQ(mask->maskp[0] | mask->maskp[1], 0);
	numa_bitmask_free(mask);
}

static void all_bits_and_no_padding(void)
{
	struct bitmask *mask = numa_bitmask_alloc(100);

	CHECK(numa_bitmask_setall(mask) == mask);
	CHECK_STR(list(mask), "{0-99}");
	CHECK_EQ(mask->maskp[100 / (CHAR_BIT * sizeof(long))] >> 100 % (CHAR_BIT * sizeof(long)),
		 0);
	CHECK(numa_bitmask_clearall(mask) == mask);
	CHECK_STR(list(mask), "{}");
	numa_bitmask_free(mask);
}

/* A mask may lie over memory of the program, which keeps what is not the mask's. */
static void padding_belongs_to_the_program(void)
{
	unsigned long word = ~0UL;
	struct bitmask one = {.size = 1, .maskp = &word};
	struct bitmask *other = numa_bitmask_alloc(128);

	CHECK_EQ(numa_bitmask_weight(&one), 1);
	numa_bitmask_clearall(&one);
	CHECK_EQ(word, ~0UL - 1);
	CHECK(numa_bitmask_equal(&one, other));
	numa_bitmask_setall(&one);
	CHECK_EQ(word, ~0UL);
	numa_bitmask_setbit(other, 0);
	CHECK(numa_bitmask_equal(&one, other));
	CHECK(numa_bitmask_equal(other, &one));
	/* and does not become visible in a copy */
	copy_bitmask_to_bitmask(&one, other);
	CHECK_STR(list(other), "{0}");
	numa_bitmask_free(other);
}

static void equality_does_not_ask_for_sizes(void)
{
	struct bitmask *a = numa_bitmask_alloc(10), *b = numa_bitmask_alloc(1000);

	CHECK_EQ(numa_bitmask_equal(a, b), 1);
	numa_bitmask_setbit(b, 999);
	CHECK_EQ(numa_bitmask_equal(a, b), 0);
	CHECK_EQ(numa_bitmask_equal(b, a), 0);
	numa_bitmask_clearbit(b, 999);
	numa_bitmask_setbit(a, 9);
	CHECK_EQ(numa_bitmask_equal(a, b), 0);
	numa_bitmask_setbit(b, 9);
	CHECK_EQ(numa_bitmask_equal(a, b), 1);
	CHECK_EQ(numa_bitmask_equal(a, a), 1);
	numa_bitmask_free(a);
	numa_bitmask_free(b);
}

static void copies_cut_and_fill(void)
{
	struct bitmask *ones = numa_bitmask_setall(numa_bitmask_alloc(128));
	struct bitmask *to = numa_bitmask_setall(numa_bitmask_alloc(65));
	struct bitmask *one = numa_bitmask_alloc(1);
	struct bitmask *large = numa_bitmask_setall(numa_bitmask_alloc(1000));

	copy_bitmask_to_bitmask(ones, to);
	CHECK_STR(list(to), "{0-64}");
	copy_bitmask_to_bitmask(ones, one);
	CHECK_STR(list(one), "{0}");
	copy_bitmask_to_bitmask(ones, large);
	CHECK_STR(list(large), "{0-127}");
	CHECK_STR(list(ones), "{0-127}");
	numa_bitmask_free(ones);
	numa_bitmask_free(to);
	numa_bitmask_free(one);
	numa_bitmask_free(large);
}

static void copies_to_and_from_nodemask_t(void)
{
	struct bitmask *large = numa_bitmask_setall(numa_bitmask_alloc(4096));
	struct bitmask *small = numa_bitmask_setall(numa_bitmask_alloc(10));
	nodemask_t nodes;
	char want[32];

	copy_bitmask_to_nodemask(large, &nodes);
	numa_bitmask_setall(large);
	copy_nodemask_to_bitmask(&nodes, large);
	snprintf(want, sizeof(want), "{0-%d}", NUMA_NUM_NODES - 1);
	CHECK_STR(list(large), want);
	copy_nodemask_to_bitmask(&nodes, small);
	CHECK_STR(list(small), "{0-9}");
	copy_bitmask_to_nodemask(small, &nodes);
	CHECK_STR(fixture_list(nodes.n, NUMA_NUM_NODES), "{0-9}");
	numa_bitmask_free(large);
	numa_bitmask_free(small);
}

static void new_masks_have_the_machines_sizes(void)
{
	struct bitmask *nodes = numa_allocate_nodemask(), *cpus = numa_allocate_cpumask();

	REQUIRE(nodes && cpus);
	CHECK_EQ(nodes->size, numa_num_possible_nodes());
	CHECK_EQ(cpus->size, numa_num_possible_cpus());
	CHECK_STR(list(nodes), "{}");
	CHECK_STR(list(cpus), "{}");
	numa_free_nodemask(nodes);
	numa_free_cpumask(cpus);
}

/* Each is parsed into 128 bits that were {1,3,65,67}: 0 and the set, or -1 and no change. */
static const struct {
	const char *line, *want;
} bitmaps[] = {
	{"3\n", "{0-1}"},
	{"3\ntext", "{0-1}"},
	{"00000001,00000002\n", "{1,32}"},
	{"1,2\n", "{1,32}"},
	{" 3\n", "{0-1}"},
	{"0\n", "{}"},
	{"80000000,00000000,00000000,00000000\n", "{127}"},
	{"00000000,80000000,00000000,00000000,00000000,00000001\n", NULL}, /* bit 159 */
	{"00000000,00000000,00000000,00000000,00000000,00000001\n", "{0}"},
	{"ffffffff,ffffffff,ffffffff,ffffffff\n", "{0-127}"},
	{"3", NULL}, /* no newline: cut short */
	{"", NULL},
	{"\n", "{}"}, /* as libnuma */
	{"g\n", NULL},
	{"1,\n", NULL},
	{",1\n", NULL},
	{"-1\n", NULL},
	{"0x3\n", NULL},
	{"123456789\n", NULL},
};

static void bitmaps_as_sysfs_writes_them(void)
{
	for (size_t i = 0; i < sizeof(bitmaps) / sizeof(bitmaps[0]); i++) {
		struct bitmask *mask = numa_bitmask_alloc(128);
		char line[128];
		int ret;

		strcpy(line, bitmaps[i].line);
		numa_bitmask_setbit(numa_bitmask_setbit(mask, 1), 3);
		numa_bitmask_setbit(numa_bitmask_setbit(mask, 65), 67);
		errno = 77;
		ret = numa_parse_bitmap(line, mask);
		CHECK_EQ(errno, 77);
		CHECK_EQ(ret, bitmaps[i].want ? 0 : -1);
		CHECK_STR(list(mask), bitmaps[i].want ? bitmaps[i].want : "{1,3,65,67}");
		CHECK_STR(line, bitmaps[i].line); /* not written to */
		numa_bitmask_free(mask);
	}
}

/* A mask that a program made may have no bits and no words. */
static void a_mask_of_nothing(void)
{
	struct bitmask none = {0};
	struct bitmask *some = numa_bitmask_setall(numa_bitmask_alloc(10));

	CHECK_EQ(numa_bitmask_weight(&none), 0);
	CHECK_EQ(numa_bitmask_nbytes(&none), 0);
	CHECK_EQ(numa_bitmask_isbitset(&none, 0), 0);
	CHECK(numa_bitmask_setall(&none) == &none);
	CHECK(numa_bitmask_clearall(&none) == &none);
	CHECK(numa_bitmask_setbit(&none, 0) == &none);
	CHECK_EQ(numa_bitmask_equal(&none, some), 0);
	copy_bitmask_to_bitmask(some, &none);
	copy_bitmask_to_bitmask(&none, some);
	CHECK_STR(list(some), "{}");
	CHECK_EQ(numa_bitmask_equal(&none, some), 1);
	numa_bitmask_free(some);
}

int main(void)
{
	RUN(sizes_are_rounded_to_whole_longs);
	RUN(no_bits_are_an_error);
	RUN(the_largest_mask);
	RUN(null_may_be_freed);
	RUN(bits_outside_are_ignored);
	RUN(all_bits_and_no_padding);
	RUN(padding_belongs_to_the_program);
	RUN(equality_does_not_ask_for_sizes);
	RUN(copies_cut_and_fill);
	RUN(copies_to_and_from_nodemask_t);
	RUN(new_masks_have_the_machines_sizes);
	RUN(bitmaps_as_sysfs_writes_them);
	RUN(a_mask_of_nothing);
	return tap_done();
}
