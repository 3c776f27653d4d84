/* SPDX-License-Identifier: MIT */
/*
 * Four maps of addresses: to policies, to what they were set for, to the number of pages by which
 * interleaving is displaced, and to numbers that set apart what policies do not.
 */
#include "emul/vma.h"

#include <errno.h>

static struct ranges policies = {POLICYMAP};

/* Nothing for the process's own memory, the usual case. */
static struct ranges names;

/* Pages to be added to the number of an address; 0, nothing known, is the usual case. */
static struct ranges displacements;

/* Another number for each part that is kept apart from its neighbours; 0, the rest, is usual. */
static struct ranges apart;
static uintptr_t last_apart;

/* The edges of what is kept apart around `at`, if that is narrower. */
static uintptr_t start_of_part(uintptr_t at, uintptr_t start)
{
	const struct range *range = ranges_at_or_before(&apart, at);
	uintptr_t edge = !range ? start : range->end > at ? range->start : range->end;

	return edge > start ? edge : start;
}

static uintptr_t end_of_part(uintptr_t at, uintptr_t end)
{
	const struct range *range = ranges_at_or_after(&apart, at);
	uintptr_t edge = !range ? end : range->start <= at ? range->end : range->start;

	return edge < end ? edge : end;
}

struct policy_part vma_part(uintptr_t from, uintptr_t end)
{
	return policymap_part(&policies, from, end_of_part(from, end));
}

struct policy_part vma_part_around(uintptr_t at, uintptr_t from, uintptr_t end)
{
	const struct range *range = ranges_at_or_before(&policies, at);

	/* Neighbours of equal policy are one range. */
	if (range && range->end > at)
		from = range->start > from ? range->start : from;
	else if (range)
		from = range->end > from ? range->end : from;
	return vma_part(start_of_part(at, from), end);
}

const struct mempolicy *vma_policy(uintptr_t addr)
{
	return policymap_at(&policies, addr);
}

int vma_rename(uintptr_t start, uintptr_t end, uintptr_t what)
{
	return ranges_set(&names, start, end, what);
}

int vma_set_policy(uintptr_t start, uintptr_t end, const struct mempolicy *policy, uintptr_t what)
{
	int err = vma_rename(start, end, what);

	return err ? err : policymap_set(&policies, &policies_of_process, start, end, policy);
}

int vma_keep_apart(uintptr_t start, uintptr_t end)
{
	return ranges_set(&apart, start, end, ++last_apart);
}

int vma_give(uintptr_t start, uintptr_t end, uintptr_t beside)
{
	return ranges_set(&apart, start, end, ranges_get(&apart, beside));
}

/* Nobody knows any more how a range got to what it is. */
static int forget_policies(uintptr_t start, uintptr_t end)
{
	int err = ranges_set(&policies, start, end, 0);

	return err ? err : ranges_set(&apart, start, end, 0);
}

int vma_is(uintptr_t start, uintptr_t end, uintptr_t what)
{
	int err = 0;

	while (start < end && !err) {
		const struct range *name = ranges_at_or_after(&names, start);
		bool named = name && name->start <= start;
		uintptr_t stop = name ? named ? name->end : name->start : end;

		if (stop > end)
			stop = end;
		if ((named ? name->value : 0) != what)
			err = forget_policies(start, stop);
		start = stop;
	}
	return err ? err : vma_rename(start, end, what);
}

uint64_t vma_index(uintptr_t addr, size_t page_size)
{
	/* Differences wrap like the addresses they are made from. */
	return (uintptr_t)(addr / page_size + ranges_get(&displacements, addr));
}

void vma_unmapped(uintptr_t start, uintptr_t end)
{
	forget_policies(start, end);
	ranges_set(&names, start, end, 0);
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
		ranges_move(&names, from, to, kept);
		ranges_move(&apart, from, to, kept);
		ranges_set(&displacements, from, from + old_len, 0);
	}
	vma_unmapped(from == to ? from + kept : from, from + old_len);
	if (new_len > kept) {
		ranges_set(&policies, to + kept, to + new_len, last);
		vma_give(to + kept, to + new_len, to + kept - 1);
	}
}

void vma_left(uintptr_t from, uintptr_t to, size_t len)
{
	ranges_copy(&policies, to, from, len);
	ranges_copy(&names, to, from, len);
	ranges_copy(&apart, to, from, len);
}

void vma_copied(uintptr_t from, uintptr_t to, uintptr_t to_end)
{
	ranges_set(&policies, to, to_end, ranges_get(&policies, from));
	ranges_set(&apart, to, to_end, 0);
}

void vma_forget(void)
{
	policies.root = NULL;
	names.root = NULL;
	displacements.root = NULL;
	apart.root = NULL;
}
