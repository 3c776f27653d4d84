/* SPDX-License-Identifier: MIT */
/* A hash table with chains. */
#include "emul/policyset.h"

#include "base/compiler.h"
#include "emul/slab.h"

static struct slab slab = SLAB_OF(struct shared_policy);
static struct shared_policy *table[512];

static struct shared_policy **bucket(const struct mempolicy *policy)
{
	uint64_t hash = (uint64_t)policy->mode << 24 ^ (uint64_t)policy->flags ^
			(uint64_t)(unsigned)policy->home << 32;

	for (size_t w = 0; w < ARRAY_SIZE(policy->nodes.bits); w++) {
		hash = (hash ^ policy->nodes.bits[w]) * 0x9e3779b97f4a7c15ULL;
		hash = (hash ^ hash >> 29 ^ policy->user.bits[w]) * 0xbf58476d1ce4e5b9ULL;
	}
	return &table[(hash >> 40) % ARRAY_SIZE(table)];
}

struct shared_policy *policyset_get(const struct mempolicy *policy)
{
	struct shared_policy **chain = bucket(policy), *shared;

	for (shared = *chain; shared; shared = shared->next) {
		if (mempolicy_equal(&shared->policy, policy)) {
			policyset_hold(shared);
			return shared;
		}
	}
	shared = slab_take(&slab);
	if (shared) {
		*shared = (struct shared_policy){.policy = *policy, .next = *chain, .holders = 1};
		*chain = shared;
	}
	return shared;
}

void policyset_hold(struct shared_policy *shared)
{
	shared->holders++;
}

void policyset_drop(struct shared_policy *shared)
{
	struct shared_policy **where;

	if (--shared->holders)
		return;
	where = bucket(&shared->policy);
	while (*where && *where != shared)
		where = &(*where)->next;
	if (!*where)
		return; /* forgotten */
	*where = shared->next;
	slab_give(&slab, shared);
}

void policyset_forget(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		table[i] = NULL;
	slab_forget(&slab);
}
