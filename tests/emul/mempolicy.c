/* SPDX-License-Identifier: MIT */
/* Description: which modes, flags and node sets go together, and what policy comes out. */
#include "emul/mempolicy.h"

#include "harness.h"
#include "machines.h"
#include "emul/abi.h"

#define S MPOL_F_STATIC_NODES
#define R MPOL_F_RELATIVE_NODES
#define B MPOL_F_NUMA_BALANCING
#define E EINVAL

/* As set_mempolicy() and mbind() do it on a machine with nodes 0 to 3. */
static int make(struct mempolicy *policy, int word, struct nodemask user, int release)
{
	struct nodemask allowed = NODES(0, 1, 2, 3);
	int mode, flags, err = mempolicy_split(word, release, &mode, &flags);

	return err ? err : mempolicy_make(policy, mode, flags, &user, &allowed);
}

/* A row a mode: which of the ways to call it are EINVAL. */
static void modes_flags_and_nodes_go_together(void)
{
	static const struct {
		int mode;
		int empty, empty_flag, nodes, nodes_flag, balancing, balancing_empty;
	} rows[] = {
		{MPOL_DEFAULT, 0, 0, E, E, E, E},
		{MPOL_PREFERRED, 0, E, 0, 0, E, E},
		{MPOL_BIND, E, E, 0, 0, 0, E},
		{MPOL_INTERLEAVE, E, E, 0, 0, E, E},
		{MPOL_LOCAL, 0, E, E, E, E, E},
		{MPOL_PREFERRED_MANY, E, E, 0, 0, 0, E},
		{MPOL_WEIGHTED_INTERLEAVE, E, E, 0, 0, E, E},
		{7, E, E, E, E, E, E},
		{8, E, E, E, E, E, E},
	};
	struct mempolicy p;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int mode = rows[i].mode;

		CHECK_EQ(make(&p, mode, NO_NODES, 614), -rows[i].empty);
		CHECK_EQ(make(&p, mode | S, NO_NODES, 614), -rows[i].empty_flag);
		CHECK_EQ(make(&p, mode | R, NO_NODES, 614), -rows[i].empty_flag);
		CHECK_EQ(make(&p, mode, NODES(1), 614), -rows[i].nodes);
		CHECK_EQ(make(&p, mode | S, NODES(1), 614), -rows[i].nodes_flag);
		CHECK_EQ(make(&p, mode | R, NODES(1), 614), -rows[i].nodes_flag);
		CHECK_EQ(make(&p, mode | B, NODES(1), 614), -rows[i].balancing);
		CHECK_EQ(make(&p, mode | B | S, NODES(1), 614), -rows[i].balancing);
		CHECK_EQ(make(&p, mode | B | R, NODES(1), 614), -rows[i].balancing);
		CHECK_EQ(make(&p, mode | B, NO_NODES, 614), -rows[i].balancing_empty);
		CHECK_EQ(make(&p, mode | S | R, NODES(1), 614), -E);
	}
}

static void what_a_release_does_not_know_it_refuses(void)
{
	struct mempolicy p;

	CHECK_EQ(make(&p, MPOL_WEIGHTED_INTERLEAVE, NODES(1), 601), -E);
	CHECK_EQ(make(&p, MPOL_WEIGHTED_INTERLEAVE, NODES(1), 612), 0);
	CHECK_EQ(make(&p, MPOL_PREFERRED_MANY | B, NODES(1), 601), -E);
	CHECK_EQ(make(&p, MPOL_PREFERRED_MANY | B, NODES(1), 612), 0);
	CHECK_EQ(make(&p, MPOL_BIND | B, NODES(1), 601), 0);
}

static void unknown_bits_of_the_mode_are_refused(void)
{
	struct mempolicy p;

	CHECK_EQ(make(&p, -1, NODES(1), 614), -E);
	for (int bit = 3; bit < 32; bit++)
		if (bit < 13 || bit > 15)
			CHECK_EQ(make(&p, (int)(MPOL_BIND | 1U << bit), NODES(1), 614), -E);
}

/* What is set, on nodes 0 to 3, and what get_mempolicy() tells and the pages obey. */
static void effective_and_reported_nodes(void)
{
	static const struct {
		int word;
		int user[4];
		int err, told_word;
		int effective[4], told[4];
	} rows[] = {
		{MPOL_BIND, {1, 9, END}, 0, MPOL_BIND, {1, END}, {1, END}},
		{MPOL_BIND, {9, END}, -E, 0, {END}, {END}},
		{MPOL_BIND | S, {9, END}, -E, 0, {END}, {END}},
		{MPOL_BIND | S, {1, 9, END}, 0, MPOL_BIND | S, {1, END}, {1, 9, END}},
		{MPOL_BIND | R, {4, END}, 0, MPOL_BIND | R, {0, END}, {4, END}},
		{MPOL_BIND | R, {1, 5, END}, 0, MPOL_BIND | R, {1, END}, {1, 5, END}},
		{MPOL_PREFERRED, {9, 2, END}, 0, MPOL_PREFERRED, {2, END}, {2, END}},
		{MPOL_PREFERRED, {3, 2, 1, END}, 0, MPOL_PREFERRED, {1, END}, {1, END}},
		{MPOL_PREFERRED | S, {9, 2, END}, 0, MPOL_PREFERRED | S, {2, END}, {2, 9, END}},
		{MPOL_PREFERRED, {END}, 0, MPOL_LOCAL, {END}, {END}},
		{MPOL_DEFAULT | S, {END}, 0, MPOL_DEFAULT, {END}, {END}},
		{MPOL_BIND | B, {1, 9, END}, 0, MPOL_BIND | B, {1, END}, {1, 9, END}},
		{MPOL_INTERLEAVE, {0, 3, 9, END}, 0, MPOL_INTERLEAVE, {0, 3, END}, {0, 3, END}},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct nodemask user = NO_NODES, effective = NO_NODES, told = NO_NODES;
		struct mempolicy p;

		for (const int *n = rows[i].user; *n != END; n++)
			nodemask_add(&user, (unsigned)*n);
		for (const int *n = rows[i].effective; *n != END; n++)
			nodemask_add(&effective, (unsigned)*n);
		for (const int *n = rows[i].told; *n != END; n++)
			nodemask_add(&told, (unsigned)*n);
		CHECK_EQ(make(&p, rows[i].word, user, 614), rows[i].err);
		if (rows[i].err)
			continue;
		CHECK_EQ(mempolicy_word(&p), rows[i].told_word);
		CHECK(nodemask_equal(&p.nodes, &effective));
		CHECK(nodemask_equal(mempolicy_mask(&p, 614), &told));
	}
}

static void balancing_tells_the_effective_nodes_since_7_0(void)
{
	struct nodemask one = NODES(1);
	struct mempolicy p;

	REQUIRE(make(&p, MPOL_BIND | B, NODES(1, 9), 702) == 0);
	CHECK(nodemask_equal(mempolicy_mask(&p, 702), &one));
}

static void what_is_told_makes_the_same_policy_again(void)
{
	static const int words[] = {MPOL_BIND,	    MPOL_BIND | S,	MPOL_BIND | R,
				    MPOL_PREFERRED, MPOL_PREFERRED | S, MPOL_INTERLEAVE | R,
				    MPOL_BIND | B};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct mempolicy first, again;

		REQUIRE(make(&first, words[i], NODES(1, 2, 9), 614) == 0);
		REQUIRE(make(&again, mempolicy_word(&first), *mempolicy_mask(&first, 614), 614) ==
			0);
		CHECK(mempolicy_equal(&first, &again));
	}
}

static void policies_differ_by_flags_home_and_kept_nodes(void)
{
	struct mempolicy plain, fixed, longer, home;

	REQUIRE(make(&plain, MPOL_BIND, NODES(1), 614) == 0);
	REQUIRE(make(&fixed, MPOL_BIND | S, NODES(1), 614) == 0);
	REQUIRE(make(&longer, MPOL_BIND, NODES(1, 9), 614) == 0);
	CHECK(!mempolicy_equal(&plain, &fixed));
	CHECK(mempolicy_equal(&plain, &longer));
	REQUIRE(make(&longer, MPOL_BIND | S, NODES(1, 9), 614) == 0);
	CHECK(!mempolicy_equal(&fixed, &longer));
	home = plain;
	home.home = 0;
	CHECK(!mempolicy_equal(&plain, &home));
}

int main(void)
{
	RUN(modes_flags_and_nodes_go_together);
	RUN(what_a_release_does_not_know_it_refuses);
	RUN(unknown_bits_of_the_mode_are_refused);
	RUN(effective_and_reported_nodes);
	RUN(balancing_tells_the_effective_nodes_since_7_0);
	RUN(what_is_told_makes_the_same_policy_again);
	RUN(policies_differ_by_flags_home_and_kept_nodes);
	return tap_done();
}
