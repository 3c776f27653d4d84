/* SPDX-License-Identifier: MIT */
/* Policies in and out of a map of words. */
#include "emul/policymap.h"

#include <errno.h>

#include "emul/abi.h"

static const struct mempolicy *policy_of(uintptr_t word)
{
	return word ? &((struct shared_policy *)word)->policy : NULL;
}

struct policy_part policymap_part(const struct ranges *map, uintptr_t from, uintptr_t end)
{
	const struct range *range = ranges_at_or_after(map, from);
	struct policy_part part = {.start = from, .end = end};

	if (range && range->start <= from) {
		part.policy = policy_of(range->value);
		part.end = range->end < end ? range->end : end;
	} else if (range && range->start < end) {
		part.end = range->start;
	}
	return part;
}

const struct mempolicy *policymap_at(const struct ranges *map, uintptr_t at)
{
	return policy_of(ranges_get(map, at));
}

int policymap_set(struct ranges *map, struct policyset *set, uintptr_t start, uintptr_t end,
		  const struct mempolicy *policy)
{
	struct shared_policy *shared;
	int err;

	if (policy->mode == MPOL_DEFAULT)
		return ranges_set(map, start, end, 0);
	shared = policyset_get(set, policy);
	if (!shared)
		return -ENOMEM;
	err = ranges_set(map, start, end, (uintptr_t)shared);
	policyset_drop(shared);
	return err;
}
