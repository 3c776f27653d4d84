/* SPDX-License-Identifier: MIT */
/* One function a way of choosing, and a table that gives each mode its way. */
#include "emul/placement.h"

#include "emul/abi.h"

typedef int choose(const struct emul_machine *machine, const struct mempolicy *policy,
		   uint64_t index, int near);

/* The first of a node's order that the process may use. */
static int choose_near(const struct emul_machine *machine, const struct mempolicy *policy,
		       uint64_t index, int near)
{
	const zone_node *order = machine_zonelist(machine, near);

	(void)policy;
	(void)index;
	for (unsigned i = 0; i < machine->memory_nodes; i++)
		if (nodemask_has(&machine->allowed, order[i]))
			return order[i];
	return order[0];
}

/* The first of that order that is in the mask. */
static int choose_near_in_mask(const struct emul_machine *machine, const struct mempolicy *policy,
			       uint64_t index, int near)
{
	const zone_node *order = machine_zonelist(machine, near);

	for (unsigned i = 0; i < machine->memory_nodes; i++)
		if (nodemask_has(&policy->nodes, order[i]))
			return order[i];
	return choose_near(machine, policy, index, near);
}

static int choose_lowest(const struct emul_machine *machine, const struct mempolicy *policy,
			 uint64_t index, int near)
{
	(void)machine;
	(void)index;
	(void)near;
	return nodemask_first(&policy->nodes);
}

static int choose_in_turn(const struct emul_machine *machine, const struct mempolicy *policy,
			  uint64_t index, int near)
{
	(void)machine;
	(void)near;
	return nodemask_nth(&policy->nodes, (unsigned)(index % nodemask_weight(&policy->nodes)));
}

static int choose_by_weight(const struct emul_machine *machine, const struct mempolicy *policy,
			    uint64_t index, int near)
{
	unsigned total = 0, turn;

	for (nodemask_each(node, &policy->nodes))
		total += machine->weight[node];
	/* No policy has an empty mask and no node the weight 0. */
	/* cppcheck-suppress zerodiv */
	turn = (unsigned)(index % total); /* NOLINT(clang-analyzer-core.DivideZero) */
	for (nodemask_each(candidate, &policy->nodes)) {
		if (turn < machine->weight[candidate])
			return (int)candidate;
		turn -= machine->weight[candidate];
	}
	return near; /* not reached: the weights add up to more than any turn */
}

static choose *const ways[] = {
	[MPOL_DEFAULT] = choose_near,
	[MPOL_PREFERRED] = choose_lowest,
	[MPOL_BIND] = choose_near_in_mask,
	[MPOL_INTERLEAVE] = choose_in_turn,
	[MPOL_LOCAL] = choose_near,
	[MPOL_PREFERRED_MANY] = choose_near_in_mask,
	[MPOL_WEIGHTED_INTERLEAVE] = choose_by_weight,
};

int placement_node(const struct emul_machine *machine, const struct mempolicy *policy,
		   uint64_t index, int local)
{
	if (machine->release < 607)
		index = (uint32_t)index;
	return ways[policy->mode](machine, policy, index, policy->home >= 0 ? policy->home : local);
}
