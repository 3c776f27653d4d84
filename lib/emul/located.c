/* SPDX-License-Identifier: MIT */
/* A node is an odd word; a policy is a pointer. */
#include "emul/located.h"

#include <errno.h>

uintptr_t located_word(int node)
{
	return (uintptr_t)node << 1 | 1;
}

bool located_is_node(uintptr_t word)
{
	return word & 1;
}

int located_node(const struct emul_machine *machine, uintptr_t word, uint64_t number)
{
	const struct shared_policy *shared = (const struct shared_policy *)word;

	if (located_is_node(word))
		return (int)(word >> 1);
	/* The CPU does not matter to a policy that interleaves. */
	return placement_node(machine, &shared->policy, number, 0);
}

int located_record(struct ranges *map, struct policyset *set, uintptr_t first, uintptr_t end,
		   const struct mempolicy *policy, int node)
{
	struct shared_policy *shared;
	int err;

	if (!mempolicy_interleaves(policy))
		return ranges_set(map, first, end, located_word(node));
	shared = policyset_get(set, policy);
	if (!shared)
		return -ENOMEM;
	err = ranges_set(map, first, end, (uintptr_t)shared);
	policyset_drop(shared);
	return err;
}
