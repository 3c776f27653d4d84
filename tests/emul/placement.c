/* SPDX-License-Identifier: MIT */
/*
 * Description: the order of nodes, as kernels printed it at boot, and the node that a policy
 * chooses.
 */
#include "emul/placement.h"

#include "harness.h"
#include "machines.h"
#include "emul/abi.h"

/* ---- zonelists ---- */

static int pairs_distance(const void *ctx, int from, int to)
{
	(void)ctx;
	if (from == to)
		return 10;
	if (from / 2 == to / 2)
		return 12;
	return from / 4 == to / 4 ? 22 : 32;
}

static int equal_distance(const void *ctx, int from, int to)
{
	(void)ctx;
	return from == to ? 10 : 20;
}

static void check_lists(unsigned n, struct nodemask memory,
			int (*distance)(const void *ctx, int from, int to),
			const char *const *expected)
{
	static struct zonelist_scratch scratch;
	static zone_node lists[EMUL_NODES * 16];
	struct zonelist_input in = {.node_ids = n, .memory = &memory, .distance = distance};
	unsigned members = nodemask_weight(&memory);

	zonelists_build(lists, &in, &scratch);
	for (unsigned from = 0; from < n; from++) {
		char text[EMUL_NODES + 1] = "";

		for (unsigned i = 0; i < members; i++)
			text[i] = (char)('0' + lists[from * members + i]);
		CHECK_STR(text, expected[from]);
	}
}

static void nodes_in_a_line(void)
{
	static const char *const expected[] = {"0123", "1203", "2310", "3210"};

	check_lists(4, NODES(0, 1, 2, 3), line_distance, expected);
}

static void two_levels_of_eight_nodes(void)
{
	static const char *const expected[] = {"01234567", "10325674", "23016745", "32107456",
					       "45670123", "54761230", "67452301", "76543012"};

	check_lists(8, NODES(0, 1, 2, 3, 4, 5, 6, 7), pairs_distance, expected);
}

static void equal_distances_go_round(void)
{
	static const char *const expected[] = {"012345", "123450", "234501",
					       "345012", "450123", "501234"};

	check_lists(6, NODES(0, 1, 2, 3, 4, 5), equal_distance, expected);
}

static void a_memoryless_node_is_in_no_list_but_has_one(void)
{
	static const char *const expected[] = {"023", "203", "230", "320"};

	check_lists(4, NODES(0, 2, 3), line_distance, expected);
}

static void the_largest_machine_is_sorted(void)
{
	struct emul_machine *machine = use_machine(EMUL_NODES, NO_NODES);

	REQUIRE(machine);
	CHECK_EQ(machine_zonelist(machine, 0)[1023], 1023);
	CHECK_EQ(machine_zonelist(machine, 1023)[1023], 0);
	CHECK_EQ(machine_zonelist(machine, 500)[0], 500);
	CHECK_EQ(machine_zonelist(machine, 500)[1], 501);
	CHECK_EQ(machine_zonelist(machine, 500)[2], 499);
}

/* ---- placement ---- */

static struct mempolicy policy(int mode, struct nodemask mask)
{
	struct mempolicy p = MEMPOLICY_NONE;

	p.mode = mode;
	p.nodes = mask;
	return p;
}

static void each_mode_chooses_its_way(void)
{
	const struct {
		struct mempolicy policy;
		uint64_t index;
		int home, local, node;
	} rows[] = {
		{policy(MPOL_DEFAULT, NO_NODES), 5, -1, 2, 2},
		{policy(MPOL_LOCAL, NO_NODES), 5, -1, 3, 3},
		{policy(MPOL_PREFERRED, NODES(2)), 5, -1, 0, 2},
		{policy(MPOL_BIND, NODES(1, 2)), 5, -1, 0, 1},
		{policy(MPOL_BIND, NODES(1, 2)), 5, -1, 3, 2},
		{policy(MPOL_BIND, NODES(1, 2)), 5, -1, 2, 2},
		{policy(MPOL_BIND, NODES(1, 2)), 5, 3, 0, 2},
		{policy(MPOL_BIND, NODES(1, 2)), 5, 0, 3, 1},
		{policy(MPOL_PREFERRED_MANY, NODES(0, 3)), 5, -1, 2, 3},
		{policy(MPOL_PREFERRED_MANY, NODES(0, 3)), 5, 1, 2, 0},
		{policy(MPOL_INTERLEAVE, NODES(0, 2, 3)), 0, -1, 1, 0},
		{policy(MPOL_INTERLEAVE, NODES(0, 2, 3)), 1, -1, 1, 2},
		{policy(MPOL_INTERLEAVE, NODES(0, 2, 3)), 5, -1, 1, 3},
		{policy(MPOL_INTERLEAVE, NODES(0, 2, 3)), (1ULL << 32) + 1, -1, 1, 3},
	};
	struct emul_machine *machine = use_machine(4, NO_NODES);

	REQUIRE(machine);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mempolicy p = rows[i].policy;

		p.home = rows[i].home;
		CHECK_EQ(placement_node(machine, &p, rows[i].index, rows[i].local), rows[i].node);
	}
}

static void weights_give_turns(void)
{
	static const int expected[] = {1, 1, 1, 2, 2, 3, 1, 1, 1, 2, 2, 3};
	struct emul_machine *machine = use_machine(4, NO_NODES);
	struct mempolicy p = policy(MPOL_WEIGHTED_INTERLEAVE, NODES(1, 2, 3));

	REQUIRE(machine);
	machine->weight[1] = 3;
	machine->weight[2] = 2;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		CHECK_EQ(placement_node(machine, &p, i, 0), expected[i]);
}

static void local_on_a_memoryless_node_is_its_next(void)
{
	struct emul_machine *machine = use_machine(4, NODES(1));
	struct mempolicy p = MEMPOLICY_NONE;

	REQUIRE(machine);
	CHECK_EQ(placement_node(machine, &p, 0, 1), 2);
}

static void nodes_that_are_not_allowed_are_skipped(void)
{
	struct emul_machine *machine = use_machine(4, NO_NODES);
	struct mempolicy p = MEMPOLICY_NONE;

	REQUIRE(machine);
	machine->allowed = NODES(1, 2);
	CHECK_EQ(placement_node(machine, &p, 0, 0), 1);
	CHECK_EQ(placement_node(machine, &p, 0, 3), 2);
}

static void old_kernels_cut_the_index_to_32_bits(void)
{
	struct emul_machine *machine = use_machine(4, NO_NODES);
	struct mempolicy p = policy(MPOL_INTERLEAVE, NODES(0, 1, 2));

	REQUIRE(machine);
	CHECK_EQ(placement_node(machine, &p, 1ULL << 32, 0), 1);
	machine->release = 601;
	CHECK_EQ(placement_node(machine, &p, 1ULL << 32, 0), 0);
}

int main(void)
{
	RUN(nodes_in_a_line);
	RUN(two_levels_of_eight_nodes);
	RUN(equal_distances_go_round);
	RUN(a_memoryless_node_is_in_no_list_but_has_one);
	RUN(the_largest_machine_is_sorted);
	RUN(each_mode_chooses_its_way);
	RUN(weights_give_turns);
	RUN(local_on_a_memoryless_node_is_its_next);
	RUN(nodes_that_are_not_allowed_are_skipped);
	RUN(old_kernels_cut_the_index_to_32_bits);
	return tap_done();
}
