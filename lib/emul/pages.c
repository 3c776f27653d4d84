/* SPDX-License-Identifier: MIT */
/*
 * One map of addresses. Its word is a node, or the policy by which the pages of the range were
 * placed: an interleaved gigabyte is one entry, and where its pages are is computed when asked.
 */
#include "emul/pages.h"

#include <errno.h>

#include "emul/placement.h"
#include "emul/ranges.h"
#include "emul/vma.h"

/* A node is an odd word; a policy is a pointer. */
static uintptr_t word_of_node(int node)
{
	return (uintptr_t)node << 1 | 1;
}

static bool is_node(uintptr_t word)
{
	return word & 1;
}

static int node_of_word(uintptr_t word)
{
	return (int)(word >> 1);
}

static void hold(uintptr_t word)
{
	if (!is_node(word))
		policyset_hold((struct shared_policy *)word);
}

static void drop(uintptr_t word)
{
	if (!is_node(word))
		policyset_drop((struct shared_policy *)word);
}

static struct ranges located = {.hold = hold, .drop = drop};

static int placed(const struct pages_view *view, const struct mempolicy *policy, uintptr_t page)
{
	return placement_node(view->machine, policy, vma_index(page, view->machine->page_size),
			      view->local);
}

/* Where a page with that word is. */
static int word_node(const struct pages_view *view, uintptr_t word, uintptr_t page)
{
	if (is_node(word))
		return node_of_word(word);
	return placed(view, &((struct shared_policy *)word)->policy, page);
}

int pages_place(const struct pages_view *view, uintptr_t page)
{
	const struct mempolicy *policy = vma_policy(page);

	return placed(view, policy ? policy : task_policy(), page);
}

/* Records pages that `policy` has placed, of which nothing is known. */
static int record(const struct pages_view *view, uintptr_t start, uintptr_t end,
		  const struct mempolicy *policy)
{
	struct shared_policy *shared;
	int err;

	if (view->machine->memory_nodes == 1 || !mempolicy_interleaves(policy))
		return ranges_set(&located, start, end, word_of_node(placed(view, policy, start)));
	shared = policyset_get(policy);
	if (!shared)
		return -ENOMEM;
	err = ranges_set(&located, start, end, (uintptr_t)shared);
	policyset_drop(shared);
	return err;
}

/* Records [start, end), of which nothing is known, each part by its policy. */
static int record_parts(const struct pages_view *view, uintptr_t start, uintptr_t end)
{
	int err = 0;

	while (start < end && !err) {
		struct vma_part part = vma_part(start, end);

		err = record(view, part.start, part.end,
			     part.policy ? &part.policy->policy : task_policy());
		start = part.end;
	}
	return err;
}

/* Records those pages of [start, end), all present, of which nothing is known. */
static int record_unknown(const struct pages_view *view, uintptr_t start, uintptr_t end)
{
	int err = 0;

	while (start < end && !err) {
		const struct range *known = ranges_at_or_after(&located, start);
		uintptr_t unknown_end = known && known->start < end ? known->start : end;
		uintptr_t next = known && known->start < end ? known->end : end;

		err = record_parts(view, start, unknown_end);
		start = next;
	}
	return err;
}

int pages_settle(const struct pages_view *view, uintptr_t start, uintptr_t end)
{
	uintptr_t run_start, run_end;
	int err = 0;

	while (start < end && !err) {
		presence_next(view->presence, start, end, &run_start, &run_end);
		pages_gone(start, run_start);
		err = record_unknown(view, run_start, run_end);
		start = run_end;
	}
	return err;
}

int pages_settle_sparse(const struct pages_view *view, uintptr_t start, uintptr_t end)
{
	struct mappings maps;
	struct mapping mapping;
	int err = 0;

	if (mappings_open(&maps) < 0)
		return 0; /* pages settle when they are asked for */
	while (!err && start < end && mappings_next(&maps, start, &mapping) &&
	       mapping.start < end) {
		if (mapping.start > start) {
			pages_gone(start, mapping.start);
			vma_unmapped(start, mapping.start);
			start = mapping.start;
		}
		err = pages_settle(view, start, mapping.end < end ? mapping.end : end);
		start = mapping.end;
	}
	mappings_close(&maps);
	return err;
}

int pages_settle_all(const struct pages_view *view)
{
	return pages_settle_sparse(view, 0, UINTPTR_MAX);
}

int pages_node(const struct pages_view *view, uintptr_t page)
{
	uintptr_t word = ranges_get(&located, page);
	int node;

	if (word)
		return word_node(view, word, page);
	node = pages_place(view, page);
	pages_set_node(view, page,
		       node); /* without memory for it the answer is right all the same */
	return node;
}

int pages_set_node(const struct pages_view *view, uintptr_t page, int node)
{
	return ranges_set(&located, page, page + view->machine->page_size, word_of_node(node));
}

/* Kernel pages that are mapped are nobody's to judge or to move: what follows them, up to `end`. */
static uintptr_t skip_kernel_pages(const struct pages_view *view, uintptr_t page, uintptr_t end)
{
	struct mapping *last = view->mapping;

	if (!(last->start <= page && page < last->end) && !mapping_of(page, last))
		*last = (struct mapping){0};
	if (last->kind != MAPPING_KERNEL && last->kind != MAPPING_DEVICE)
		return page;
	return last->end < end ? last->end : end;
}

/* The first page of a range with one word that is on a node not in the mask; `end` when none is. */
static uintptr_t first_misplaced(const struct pages_view *view, uintptr_t word, uintptr_t start,
				 uintptr_t end, const struct nodemask *mask)
{
	while (start < end && nodemask_has(mask, word_node(view, word, start)))
		start = is_node(word) ? end : start + view->machine->page_size;
	return start;
}

bool pages_misplaced(const struct pages_view *view, uintptr_t start, uintptr_t end,
		     const struct nodemask *mask)
{
	const struct range *range;

	while (start < end && (range = ranges_at_or_after(&located, start)) && range->start < end) {
		uintptr_t stop = range->end < end ? range->end : end;

		if (range->start > start)
			start = range->start;
		start = first_misplaced(view, range->value, start, stop, mask);
		if (start < stop)
			start = skip_kernel_pages(view, start, stop);
		if (start < stop)
			return true;
	}
	return false;
}

int pages_migrate(const struct pages_view *view, uintptr_t start, uintptr_t end, bool common,
		  int (*target)(const void *ctx, const struct pages_view *view, uintptr_t page,
				int node),
		  const void *ctx)
{
	const struct range *range;
	int err = 0;

	while (!err && start < end && (range = ranges_at_or_after(&located, start)) &&
	       range->start < end) {
		uintptr_t page = range->start > start ? range->start : start;
		int from = word_node(view, range->value, page);
		int to = target(ctx, view, page, from);

		if (to != from && (common || presence_of(view->presence, page) == PAGE_SINGLE) &&
		    skip_kernel_pages(view, page, end) == page)
			err = pages_set_node(view, page, to);
		start = page + view->machine->page_size;
	}
	return err;
}

void pages_gone(uintptr_t start, uintptr_t end)
{
	ranges_set(&located, start, end, 0);
}

void pages_moved(uintptr_t from, uintptr_t to, size_t len)
{
	ranges_move(&located, from, to, len);
}

void pages_forget(void)
{
	located.root = NULL;
}
