/* SPDX-License-Identifier: MIT */
/*
 * Description: the map of address ranges, against an array that does the same slowly; a million
 * ranges.
 */
#include "emul/ranges.h"

#include <stdbool.h>
#include <stdint.h>

#include "harness.h"

#define SLOTS 300U

static long held[8];

static void hold(uintptr_t value)
{
	held[value]++;
}

static void drop(uintptr_t value)
{
	held[value]--;
}

static unsigned random_below(unsigned n)
{
	static uint64_t state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)((state >> 20) % n);
}

/* Ranges ascend, do not touch with equal values, and hold their values once each. */
static void check_shape(const struct ranges *map)
{
	long count[8] = {0};
	uintptr_t at = 0, last_value = 0;
	const struct range *r;
	bool good = true;

	while ((r = ranges_at_or_after(map, at))) {
		good &= r->start >= at && r->start < r->end && r->value;
		good &= !(r->start == at && r->value == last_value);
		count[r->value]++;
		at = r->end;
		last_value = r->value;
	}
	for (int i = 0; i < 8; i++)
		good &= count[i] == held[i];
	CHECK(good);
}

static void random_changes_agree_with_an_array(void)
{
	struct ranges map = {.hold = hold, .drop = drop};
	unsigned char slots[SLOTS] = {0};

	for (int round = 0; round < 20000 && !tap_failures; round++) {
		unsigned start = random_below(SLOTS), end = start + random_below(30);
		unsigned char value = (unsigned char)random_below(4);

		end = end < SLOTS ? end : SLOTS;
		if (round % 10 == 9) {
			unsigned to = random_below(SLOTS), len = end - start;

			if (to + len > SLOTS || (to < end && start < to + len))
				continue;
			CHECK_EQ(ranges_move(&map, start, to, len), 0);
			memcpy(slots + to, slots + start, len);
			memset(slots + start, 0, len);
		} else {
			CHECK_EQ(ranges_set(&map, start, end, value), 0);
			memset(slots + start, value, end - start);
		}
		for (unsigned i = 0; i < SLOTS; i++)
			if (ranges_get(&map, i) != slots[i])
				CHECK_EQ(ranges_get(&map, i), slots[i]);
		if (round % 100 == 0)
			check_shape(&map);
	}
	ranges_set(&map, 0, SLOTS, 0);
	check_shape(&map);
	CHECK(!map.root);
}

static void neighbours_of_equal_value_are_one(void)
{
	struct ranges map = {0};

	ranges_set(&map, 10, 20, 5);
	ranges_set(&map, 30, 40, 5);
	ranges_set(&map, 20, 30, 5);
	CHECK_EQ(ranges_at_or_after(&map, 0)->start, 10);
	CHECK_EQ(ranges_at_or_after(&map, 0)->end, 40);
	ranges_set(&map, 15, 25, 6);
	CHECK_EQ(ranges_at_or_after(&map, 0)->end, 15);
	CHECK_EQ(ranges_at_or_after(&map, 15)->end, 25);
	ranges_set(&map, 15, 25, 5);
	CHECK_EQ(ranges_at_or_after(&map, 0)->end, 40);
	ranges_set(&map, 0, UINTPTR_MAX, 0);
}

static void the_ends_of_the_address_space(void)
{
	struct ranges map = {0};

	ranges_set(&map, 0, UINTPTR_MAX, 1);
	CHECK_EQ(ranges_get(&map, 0), 1);
	CHECK_EQ(ranges_get(&map, UINTPTR_MAX - 1), 1);
	ranges_set(&map, UINTPTR_MAX - 10, UINTPTR_MAX, 2);
	CHECK_EQ(ranges_get(&map, UINTPTR_MAX - 10), 2);
	CHECK_EQ(ranges_get(&map, UINTPTR_MAX - 11), 1);
	CHECK_EQ(ranges_set(&map, 5, 5, 3), 0);
	CHECK_EQ(ranges_get(&map, 5), 1);
	ranges_set(&map, 0, UINTPTR_MAX, 0);
	CHECK(!map.root);
}

static void a_million_ranges(void)
{
	const uintptr_t n = 1000000;
	struct ranges map = {0};
	bool good = true;

	for (uintptr_t i = 0; i < n; i++)
		good &= ranges_set(&map, i * 2, i * 2 + 1, i % 7 + 1) == 0;
	for (uintptr_t i = 0; i < n; i++)
		good &= ranges_get(&map, i * 2) == i % 7 + 1 && ranges_get(&map, i * 2 + 1) == 0;
	ranges_set(&map, 0, 2 * n, 0);
	CHECK(good);
	CHECK(!map.root);
}

int main(void)
{
	RUN(random_changes_agree_with_an_array);
	RUN(neighbours_of_equal_value_are_one);
	RUN(the_ends_of_the_address_space);
	RUN(a_million_ranges);
	return tap_done();
}
