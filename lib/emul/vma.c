/* SPDX-License-Identifier: MIT */
/*
 * Two maps of addresses: to shared policies, and to the number of pages by which interleaving is
 * displaced.
 */
#include "emul/vma.h"

#include <errno.h>

#include "emul/ranges.h"
#include "emul/abi.h"

static struct shared_policy *policy_of(uintptr_t value)
{
	return (struct shared_policy *)value;
}

static void hold(uintptr_t value)
{
	policyset_hold(policy_of(value));
}

static void drop(uintptr_t value)
{
	policyset_drop(policy_of(value));
}

static struct ranges policies = {.hold = hold, .drop = drop};

/* Pages to be added to the number of an address; 0, nothing known, is the usual case. */
static struct ranges displacements;

struct vma_part vma_part(uintptr_t from, uintptr_t end)
{
	const struct range *range = ranges_at_or_after(&policies, from);
	struct vma_part part = {.start = from, .end = end};

	if (range && range->start <= from) {
		part.policy = policy_of(range->value);
		part.end = range->end < end ? range->end : end;
	} else if (range && range->start < end) {
		part.end = range->start;
	}
	return part;
}

const struct mempolicy *vma_policy(uintptr_t addr)
{
	struct shared_policy *shared = policy_of(ranges_get(&policies, addr));

	return shared ? &shared->policy : NULL;
}

int vma_set_policy(uintptr_t start, uintptr_t end, const struct mempolicy *policy)
{
	struct shared_policy *shared;
	int err;

	if (policy->mode == MPOL_DEFAULT)
		return ranges_set(&policies, start, end, 0);
	shared = policyset_get(policy);
	if (!shared)
		return -ENOMEM;
	err = ranges_set(&policies, start, end, (uintptr_t)shared);
	policyset_drop(shared);
	return err;
}

int vma_set_home(uintptr_t start, uintptr_t end, int home)
{
	int err = -ENOENT;

	while (start < end) {
		struct vma_part part = vma_part(start, end);

		if (part.policy) {
			struct mempolicy policy = part.policy->policy;

			if (!mempolicy_takes_home(&policy))
				return -EOPNOTSUPP;
			policy.home = home;
			err = vma_set_policy(part.start, part.end, &policy);
			if (err)
				return err;
		}
		start = part.end;
	}
	return err;
}

uint64_t vma_index(uintptr_t addr, size_t page_size)
{
	/* Differences wrap like the addresses they are made from. */
	return (uintptr_t)(addr / page_size + ranges_get(&displacements, addr));
}

void vma_unmapped(uintptr_t start, uintptr_t end)
{
	ranges_set(&policies, start, end, 0);
	ranges_set(&displacements, start, end, 0);
}

/* The displacement that keeps the numbers of the pages at `from` when they are at `to`. */
static void displace(uintptr_t from, uintptr_t to, size_t new_len, size_t page_size)
{
	uintptr_t before = ranges_get(&displacements, from);

	ranges_set(&displacements, to, to + new_len, before + from / page_size - to / page_size);
}

void vma_moved(uintptr_t from, size_t old_len, uintptr_t to, size_t new_len, bool written,
	       size_t page_size)
{
	size_t kept = old_len < new_len ? old_len : new_len;
	uintptr_t last = kept ? ranges_get(&policies, from + kept - 1) : 0;

	if (from != to) {
		ranges_set(&displacements, to, to + new_len, 0);
		if (written)
			displace(from, to, new_len, page_size);
		ranges_move(&policies, from, to, kept);
		ranges_set(&displacements, from, from + old_len, 0);
	}
	vma_unmapped(from == to ? from + kept : from, from + old_len);
	if (new_len > kept)
		ranges_set(&policies, to + kept, to + new_len, last);
}

void vma_forget(void)
{
	policies.root = NULL;
	displacements.root = NULL;
}
