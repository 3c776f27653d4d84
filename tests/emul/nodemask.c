/* SPDX-License-Identifier: MIT */
/* Description: arithmetic on node sets. */
#include "emul/nodemask.h"

#include "harness.h"
#include "machines.h"

static bool same(struct nodemask a, struct nodemask b)
{
	return nodemask_equal(&a, &b);
}

static void members_are_counted_from_the_lowest(void)
{
	struct nodemask mask = NODES(1, 5, 64, 1023);

	CHECK_EQ(nodemask_weight(&mask), 4);
	CHECK_EQ(nodemask_first(&mask), 1);
	CHECK_EQ(nodemask_nth(&mask, 0), 1);
	CHECK_EQ(nodemask_nth(&mask, 2), 64);
	CHECK_EQ(nodemask_nth(&mask, 3), 1023);
	CHECK_EQ(nodemask_nth(&mask, 4), -1);
	CHECK_EQ(nodemask_rank(&mask, 64), 2);
	CHECK_EQ(nodemask_rank(&mask, 0), 0);
}

static void the_next_member_goes_round(void)
{
	struct nodemask mask = NODES(1, 5, 64), none = NO_NODES;

	CHECK_EQ(nodemask_next_around(&mask, 0), 1);
	CHECK_EQ(nodemask_next_around(&mask, 1), 5);
	CHECK_EQ(nodemask_next_around(&mask, 64), 1);
	CHECK_EQ(nodemask_next_around(&mask, EMUL_NODES - 1), 1);
	CHECK_EQ(nodemask_next_around(&none, 3), -1);
}

static void what_is_no_node_is_no_member(void)
{
	struct nodemask mask = NODES(0, 1023);

	CHECK(!nodemask_has(&mask, -1));
	CHECK(!nodemask_has(&mask, 1024));
	CHECK(nodemask_has(&mask, 1023));
}

static void subsets(void)
{
	struct nodemask few = NODES(1, 70), many = NODES(0, 1, 70), none = NO_NODES;

	CHECK(nodemask_within(&few, &many));
	CHECK(!nodemask_within(&many, &few));
	CHECK(nodemask_within(&none, &few));
	CHECK(same(nodemask_and(&few, &many), few));
}

/* Relative node b is member (b mod w) of the w allowed nodes. */
static void relative_nodes_fold_onto_the_allowed(void)
{
	static const struct {
		int relative[3], allowed[4], expected[3];
	} cases[] = {
		{{1, END}, {0, 2, 3, END}, {2, END}},	 {{4, END}, {0, 2, 3, END}, {2, END}},
		{{0, 3, END}, {0, 2, 3, END}, {0, END}}, {{0, END}, {1, 2, END}, {1, END}},
		{{1, END}, {1, 2, END}, {2, END}},	 {{5, END}, {0, 1, 2, END}, {2, END}},
		{{1023, END}, {7, END}, {7, END}},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct nodemask relative = NO_NODES, allowed = NO_NODES, expected = NO_NODES, got;

		for (const int *n = cases[i].relative; *n != END; n++)
			nodemask_add(&relative, (unsigned)*n);
		for (const int *n = cases[i].allowed; *n != END; n++)
			nodemask_add(&allowed, (unsigned)*n);
		for (const int *n = cases[i].expected; *n != END; n++)
			nodemask_add(&expected, (unsigned)*n);
		got = nodemask_fold(&relative, nodemask_weight(&allowed));
		got = nodemask_onto(&got, &allowed);
		CHECK(same(got, expected));
	}
}

static void remapping_goes_by_rank(void)
{
	struct nodemask from = NODES(1, 2), to = NODES(0, 3), one = NODES(2), none = NO_NODES;

	CHECK_EQ(nodemask_remap(1, &from, &to), 0);
	CHECK_EQ(nodemask_remap(2, &from, &to), 3);
	CHECK_EQ(nodemask_remap(0, &from, &to), 0);
	CHECK_EQ(nodemask_remap(3, &from, &to), 3);
	CHECK_EQ(nodemask_remap(1, &from, &one), 2);
	CHECK_EQ(nodemask_remap(1, &from, &none), 1);
}

int main(void)
{
	RUN(members_are_counted_from_the_lowest);
	RUN(the_next_member_goes_round);
	RUN(what_is_no_node_is_no_member);
	RUN(subsets);
	RUN(relative_nodes_fold_onto_the_allowed);
	RUN(remapping_goes_by_rank);
	return tap_done();
}
