/* SPDX-License-Identifier: MIT */
/* Hash tables with chains. */
#include "emul/policyset.h"

struct policyset policies_of_process = {.slab = SLAB_OF(struct shared_policy)};

void policyset_init(struct policyset *set, void *(*pages)(size_t bytes))
{
	*set = (struct policyset){.slab = SLAB_OF(struct shared_policy)};
	set->slab.pages = pages;
}

static struct shared_policy **bucket(struct policyset *set, const struct mempolicy *policy)
{
	uint64_t hash = (uint64_t)policy->mode << 24 ^ (uint64_t)policy->flags ^
			(uint64_t)(unsigned)policy->home << 32;

	for (size_t w = 0; w < ARRAY_SIZE(policy->nodes.bits); w++) {
		hash = (hash ^ policy->nodes.bits[w]) * 0x9e3779b97f4a7c15ULL;
		hash = (hash ^ hash >> 29 ^ policy->user.bits[w]) * 0xbf58476d1ce4e5b9ULL;
	}
	return &set->table[(hash >> 40) % ARRAY_SIZE(set->table)];
}

struct shared_policy *policyset_get(struct policyset *set, const struct mempolicy *policy)
{
	struct shared_policy **chain = bucket(set, policy), *shared;

	for (shared = *chain; shared; shared = shared->next) {
		if (mempolicy_equal(&shared->policy, policy)) {
			policyset_hold(shared);
			return shared;
		}
	}
	shared = slab_take(&set->slab);
	if (shared) {
		*shared = (struct shared_policy){
			.policy = *policy, .set = set, .next = *chain, .holders = 1};
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
	where = bucket(shared->set, &shared->policy);
	while (*where && *where != shared)
		where = &(*where)->next;
	if (!*where)
		return; /* forgotten */
	*where = shared->next;
	slab_give(&shared->set->slab, shared);
}

void policyset_hold_word(uintptr_t word)
{
	if (!(word & 1))
		policyset_hold((struct shared_policy *)word);
}

void policyset_drop_word(uintptr_t word)
{
	if (!(word & 1))
		policyset_drop((struct shared_policy *)word);
}

void policyset_forget(struct policyset *set)
{
	for (size_t i = 0; i < ARRAY_SIZE(set->table); i++)
		set->table[i] = NULL;
	slab_forget(&set->slab);
}
