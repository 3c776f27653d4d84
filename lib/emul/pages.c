/* SPDX-License-Identifier: MIT */
/*
 * A page is the process's own, or one of an object, or one of the page cache. Each sort has its map
 * of where pages are; what differs beyond that stands in struct site.
 */
#include "emul/pages.h"

#include <errno.h>

#include "emul/arena.h"
#include "emul/located.h"
#include "emul/vma.h"

static struct ranges own_pages = {LOCATED};
static struct ranges cache_pages = {LOCATED};

/* How pages of one sort in a binding are known and placed. */
struct site {
	struct ranges *map;    /* NULL: an object of which nothing is known */
	struct policyset *set; /* of the policies in it */
	struct ranges *policy; /* the object's; NULL for the other sorts */
	uintptr_t shift;       /* page number in the map less that of the address */
	bool of_file;
};

static uintptr_t number_of(const struct pages_view *view, uintptr_t page)
{
	return page / view->machine->page_size;
}

/* `make`: something will be recorded. Without memory the map is NULL then too. */
static struct site site_of(const struct binding *b, bool of_file, bool make)
{
	struct site site = {
		.map = of_file ? &cache_pages : &own_pages,
		.set = &policies_of_process,
		.of_file = of_file,
	};
	struct object *object;

	if (!b->object)
		return site;
	object = make ? object_get(b->device, b->inode) : object_find(b->device, b->inode);
	if (object)
		site.policy = object_policies(object);
	if (of_file) {
		site.shift = b->shift;
		site.map = object ? object_located(object) : NULL;
		site.set = object ? object_policyset() : NULL;
	}
	return site;
}

/* Whether a page that is there is the file's and no copy of it. */
static bool is_of_file(const struct pages_view *view, const struct binding *b, uintptr_t page)
{
	return b->file && (b->shared || presence_is_of_file(view->presence, page));
}

static const struct binding *binding_at(const struct pages_view *view, uintptr_t page)
{
	struct binding *last = view->binding;

	if (page < last->start || page >= last->end)
		binding_of(page, view->machine->page_size, last);
	return last;
}

/* The part of [page, end) that begins at `page` and is placed by one policy, told there. */
static struct policy_part policy_part(const struct pages_view *view, const struct binding *b,
				      const struct site *site, uintptr_t page, uintptr_t end)
{
	size_t size = view->machine->page_size;
	struct policy_part part = {.start = page, .end = end};

	if (site->policy) {
		part = policymap_part(site->policy, page / size + b->shift, end / size + b->shift);
		part.start = page;
		part.end = (part.end - b->shift) * size;
	} else if (!b->object && !site->of_file) {
		part = vma_part(page, end);
	}
	if (!part.policy)
		part.policy = task_policy();
	return part;
}

static uint64_t interleave_number(const struct pages_view *view, const struct binding *b,
				  bool of_file, uintptr_t page)
{
	return binding_number(b, page, of_file, view->machine->page_size, view->machine->release);
}

static int placed(const struct pages_view *view, const struct binding *b, bool of_file,
		  uintptr_t page, const struct mempolicy *policy)
{
	return placement_node(view->machine, policy, interleave_number(view, b, of_file, page),
			      view->local);
}

static int word_node(const struct pages_view *view, const struct binding *b,
		     const struct site *site, uintptr_t word, uintptr_t page)
{
	return located_node(view->machine, word, interleave_number(view, b, site->of_file, page));
}

/* ---- settling ---- */

/* Records [start, end), pages of one sort of which nothing is known, each part by its policy. */
static int record(const struct pages_view *view, const struct binding *b, const struct site *site,
		  uintptr_t start, uintptr_t end)
{
	int err = 0;

	while (start < end && !err) {
		struct policy_part part = policy_part(view, b, site, start, end);

		err = located_record(site->map, site->set, number_of(view, start) + site->shift,
				     number_of(view, part.end) + site->shift, part.policy,
				     placed(view, b, site->of_file, start, part.policy));
		start = part.end;
	}
	return err;
}

/* Records those pages of [start, end), present and of one sort, of which nothing is known. */
static int record_unknown(const struct pages_view *view, const struct binding *b, bool of_file,
			  uintptr_t start, uintptr_t end)
{
	struct site site = site_of(b, of_file, start < end);
	size_t size = view->machine->page_size;
	int err = 0;

	while (site.map && start < end && !err) {
		uintptr_t at = start / size + site.shift, last = end / size + site.shift;
		const struct range *known = ranges_at_or_after(site.map, at);
		bool any = known && known->start < last;
		uintptr_t unknown_end = any ? known->start : last, next = any ? known->end : last;

		if (unknown_end > at)
			err = record(view, b, &site, start, (unknown_end - site.shift) * size);
		start = next < last ? (next - site.shift) * size : end;
	}
	return err;
}

/* As before for copies; the pages of the object that they were made from were there by then. */
static int record_copies(const struct pages_view *view, const struct binding *b, uintptr_t start,
			 uintptr_t end)
{
	size_t size = view->machine->page_size;
	int err = 0;

	for (uintptr_t page = start; b->object && page < end && !err; page += size)
		if (!ranges_get(&own_pages, page / size))
			err = record_unknown(view, b, true, page, page + size);
	return err ? err : record_unknown(view, b, false, start, end);
}

/* The same for a run of present pages of which some may be the file's and some copies. */
static int record_mixed(const struct pages_view *view, const struct binding *b, uintptr_t start,
			uintptr_t end)
{
	int err = 0;

	if (!b->file || b->shared)
		return record_unknown(view, b, b->file, start, end);
	while (start < end && !err) {
		bool of_file;
		uintptr_t next = presence_alike(view->presence, start, end, &of_file);

		err = of_file ? record_unknown(view, b, true, start, next)
			      : record_copies(view, b, start, next);
		start = next;
	}
	return err;
}

/* Pages of an object are gone. */
static void forget_of_object(const struct pages_view *view, const struct binding *b,
			     uintptr_t start, uintptr_t end)
{
	struct site site = site_of(b, true, false);

	if (site.map)
		ranges_set(site.map, number_of(view, start) + site.shift,
			   number_of(view, end) + site.shift, 0);
}

int pages_settle_binding(const void *ctx, const struct binding *b, uintptr_t start, uintptr_t end)
{
	const struct pages_view *view = ctx;
	bool whole_object = b->object && b->shared;
	uintptr_t run_start, run_end;
	int err = 0;

	if (arena_has(start))
		return 0;
	while (start < end && !err) {
		/* An object's page that only another mapping has seen counts as well. */
		if (whole_object) {
			presence_next_in_file(view->presence, start, end, &run_start, &run_end);
			forget_of_object(view, b, start, run_start);
		} else {
			presence_next(view->presence, start, end, &run_start, &run_end);
			pages_gone(start, run_start);
		}
		err = record_mixed(view, b, run_start, run_end);
		start = run_end;
	}
	return err;
}

/* `forget` what is not mapped. */
static int settle(const struct pages_view *view, uintptr_t start, uintptr_t end, bool forget)
{
	struct bindings walk;
	struct binding b;
	int err = 0;

	if (bindings_open(&walk, view->machine->page_size) < 0) {
		b = binding_unknown(start, end);
		/* Where the holes are is not known: pages settle when they are asked for. */
		return forget ? 0 : pages_settle_binding(view, &b, start, end);
	}
	while (!err && start < end && bindings_next(&walk, start, &b) && b.start < end) {
		if (b.start > start && forget) {
			pages_gone(start, b.start);
			vma_unmapped(start, b.start);
		}
		if (b.start > start)
			start = b.start;
		err = pages_settle_binding(view, &b, start, b.end < end ? b.end : end);
		start = b.end;
	}
	bindings_close(&walk);
	return err;
}

int pages_settle(const struct pages_view *view, uintptr_t start, uintptr_t end)
{
	return settle(view, start, end, false);
}

int pages_settle_sparse(const struct pages_view *view, uintptr_t start, uintptr_t end)
{
	return settle(view, start, end, true);
}

int pages_settle_all(const struct pages_view *view)
{
	return pages_settle_sparse(view, 0, UINTPTR_MAX);
}

/* ---- single pages ---- */

static const struct mempolicy *policy_in_force(const struct pages_view *view,
					       const struct binding *b, const struct site *site,
					       uintptr_t page)
{
	return policy_part(view, b, site, page, page + view->machine->page_size).policy;
}

/* From this release on mbind() moves pages by its own arguments. */
#define RELEASE_MOVES_BY_ARGUMENT 607

/* What a call adds to the index of every page, when this is the first that moves. */
static uint64_t base_of_moves(const struct pages_view *view, const struct binding *b,
			      uintptr_t page)
{
	size_t size = view->machine->page_size;
	const struct mempolicy *policy = binding_policy(b, page, size);
	uint64_t base = b->object ? b->inode : 0;

	/* Only a policy that interleaves counts an index in. */
	return mempolicy_interleaves(policy ? policy : task_policy())
		       ? base
		       : base - binding_index(b, page, size);
}

int pages_place_moved(const struct pages_view *view, uintptr_t page, const struct mempolicy *policy,
		      struct pages_first *first)
{
	const struct binding *b = binding_at(view, page);
	uint64_t number = binding_index(b, page, view->machine->page_size);
	struct site site;

	if (view->machine->release < RELEASE_MOVES_BY_ARGUMENT) {
		site = site_of(b, is_of_file(view, b, page), false);
		policy = policy_in_force(view, b, &site, page);
	} else {
		if (!first->known)
			*first = (struct pages_first){true, base_of_moves(view, b, page)};
		number += first->base;
	}
	return placement_node(view->machine, policy, number, view->local);
}

int pages_node(const struct pages_view *view, uintptr_t page)
{
	const struct binding *b = binding_at(view, page);
	bool of_file = is_of_file(view, b, page);
	struct site site = site_of(b, of_file, false);
	uintptr_t word = site.map ? ranges_get(site.map, number_of(view, page) + site.shift) : 0;
	int node;

	if (word)
		return word_node(view, b, &site, word, page);
	node = placed(view, b, of_file, page, policy_in_force(view, b, &site, page));
	/* Without memory for it the answer is right all the same. */
	if (!of_file && b->object)
		record_copies(view, b, page, page + view->machine->page_size);
	else
		pages_set_node(view, page, node);
	return node;
}

int pages_set_node(const struct pages_view *view, uintptr_t page, int node)
{
	const struct binding *b = binding_at(view, page);
	struct site site = site_of(b, is_of_file(view, b, page), true);
	uintptr_t number = number_of(view, page) + site.shift;

	return site.map ? ranges_set(site.map, number, number + 1, located_word(node)) : -ENOMEM;
}

uintptr_t pages_identity(const struct pages_view *view, uintptr_t page)
{
	const struct binding *b = binding_at(view, page);
	uint64_t hash;

	if (!b->object || !is_of_file(view, b, page))
		return page;
	hash = (b->inode ^ b->device << 20 ^ b->device >> 32) * 0x9e3779b97f4a7c15ULL;
	hash = (hash ^ (number_of(view, page) + b->shift)) * 0xbf58476d1ce4e5b9ULL;
	return (uintptr_t)(hash ^ hash >> 32) | 1;
}

/* ---- all of a range ---- */

/* Does something with the pages of a mapping's part: 0 to go on. */
typedef int each_part(void *ctx, const struct pages_view *view, const struct binding *b,
		      uintptr_t start, uintptr_t end);

/* Calls each() for what is mapped in a range, but for the kernel's own pages: nobody's to judge. */
static int for_each_part(const struct pages_view *view, uintptr_t start, uintptr_t end,
			 each_part *each, void *ctx)
{
	struct bindings walk;
	int err = 0;

	if (bindings_open(&walk, view->machine->page_size) < 0) {
		*view->binding = binding_unknown(start, end);
		return each(ctx, view, view->binding, start, end);
	}
	while (!err && start < end && bindings_next(&walk, start, view->binding) &&
	       view->binding->start < end) {
		struct binding b = *view->binding;

		if (b.start > start)
			start = b.start;
		if (b.kind != MAPPING_KERNEL && b.kind != MAPPING_DEVICE && !arena_has(b.start))
			err = each(ctx, view, &b, start, b.end < end ? b.end : end);
		start = b.end;
	}
	bindings_close(&walk);
	return err;
}

/* Pages of a mapping's part that are there and whose place is known, one after the other. */
struct known {
	struct site site; /* of the page, and its word in that */
	uintptr_t word;
	/* In a file's mapping pages are there up to run_end, of the site's sort up to alike_end. */
	uintptr_t run_end, alike_end;
};

/* The first page at or above `page` of which a map knows something; `end` when there is none. */
static uintptr_t next_in_map(const struct pages_view *view, struct known *known, uintptr_t page,
			     uintptr_t end)
{
	size_t size = view->machine->page_size;
	const struct site *site = &known->site;
	const struct range *range =
		site->map ? ranges_at_or_after(site->map, page / size + site->shift) : NULL;

	if (!range || range->start >= end / size + site->shift)
		return end;
	known->word = range->value;
	return range->start > page / size + site->shift ? (range->start - site->shift) * size
							: page;
}

/* What of a file's mapping is there and of one sort, at or behind a page. False: nothing is. */
static bool find_alike(const struct pages_view *view, const struct binding *b, struct known *known,
		       uintptr_t *page, uintptr_t end)
{
	bool of_file = true;

	if (*page >= known->run_end &&
	    !presence_next(view->presence, *page, end, page, &known->run_end))
		return false;
	known->alike_end = known->run_end;
	if (!b->shared)
		known->alike_end = presence_alike(view->presence, *page, known->run_end, &of_file);
	known->site = site_of(b, of_file, false);
	return true;
}

/* The first page at or above `page`, which grows from call to call; `end` when there is none. */
static uintptr_t next_known(const struct pages_view *view, const struct binding *b,
			    struct known *known, uintptr_t page, uintptr_t end)
{
	if (!b->file) {
		known->site = site_of(b, false, false);
		return next_in_map(view, known, page, end);
	}
	while (page < end) {
		if (page >= known->alike_end && !find_alike(view, b, known, &page, end))
			return end;
		page = next_in_map(view, known, page, known->alike_end);
		if (page < known->alike_end)
			break;
	}
	return page;
}

static int find_misplaced(void *ctx, const struct pages_view *view, const struct binding *b,
			  uintptr_t start, uintptr_t end)
{
	size_t size = view->machine->page_size;
	struct known known = {0};

	while ((start = next_known(view, b, &known, start, end)) < end) {
		if (!nodemask_has(ctx, word_node(view, b, &known.site, known.word, start)))
			return 1;
		/* All pages of a range on one node are judged at once. */
		if (!b->file && located_is_node(known.word))
			start = ranges_at_or_after(&own_pages, start / size)->end * size;
		else
			start += size;
	}
	return 0;
}

bool pages_misplaced(const struct pages_view *view, uintptr_t start, uintptr_t end,
		     const struct nodemask *mask)
{
	return for_each_part(view, start, end, find_misplaced, (void *)(uintptr_t)mask);
}

struct migrate {
	const struct migration *migration;
	struct ranges seen; /* pages of objects, by pages_identity(): they may be mapped twice */
	bool again;	    /* one was */
};

/* `identity` is 0 for a page that can have one mapping only. */
static int migrate_page(struct migrate *m, const struct pages_view *view, uintptr_t identity,
			uintptr_t page, int from)
{
	const struct migration *migration = m->migration;
	int to, err = 0;

	if (!migration->common && presence_of(view->presence, page) != PAGE_SINGLE)
		return 0;
	if (identity)
		err = ranges_set(&m->seen, identity, identity + 1, 1);
	to = migration->target(migration->ctx, view, page, from);
	return err || to == from ? err : pages_set_node(view, page, to);
}

static int migrate_part(void *ctx, const struct pages_view *view, const struct binding *b,
			uintptr_t start, uintptr_t end)
{
	struct migrate *m = ctx;
	size_t size = view->machine->page_size;
	struct known known = {0};
	int err = 0;

	for (; !err && (start = next_known(view, b, &known, start, end)) < end; start += size) {
		uintptr_t identity = known.site.of_file ? pages_identity(view, start) : 0;
		int from;

		/*
		 * Dealt with already, in another mapping. Where nothing told that it has several
		 * that is no failure: a kernel would not have touched it.
		 */
		if (identity && ranges_get(&m->seen, identity)) {
			m->again |= m->migration->common;
			continue;
		}
		from = word_node(view, b, &known.site, known.word, start);
		if (m->migration->leaves(m->migration->ctx, from))
			err = migrate_page(m, view, identity, start, from);
	}
	return err;
}

int pages_migrate(const struct pages_view *view, uintptr_t start, uintptr_t end,
		  const struct migration *migration)
{
	struct migrate m = {.migration = migration};
	int err = for_each_part(view, start, end, migrate_part, &m);

	ranges_clear(&m.seen);
	return err ? err : m.again;
}

/* ---- events ---- */

void pages_gone(uintptr_t start, uintptr_t end)
{
	size_t size = emul_machine()->page_size;

	ranges_set(&own_pages, start / size, end / size, 0);
	ranges_set(&cache_pages, start / size, end / size, 0);
}

void pages_seen_absent(const struct pages_view *view, uintptr_t page)
{
	/* Not of the page cache: there it can still be, out of this mapping's reach. */
	if (ranges_get(&own_pages, number_of(view, page)))
		ranges_set(&own_pages, number_of(view, page), number_of(view, page) + 1, 0);
}

static int forget_gone(void *ctx, const struct pages_view *view, const struct binding *b,
		       uintptr_t start, uintptr_t end)
{
	uintptr_t run_start, run_end;

	(void)ctx;
	for (; b->object && start < end; start = run_end) {
		presence_next_in_file(view->presence, start, end, &run_start, &run_end);
		forget_of_object(view, b, start, run_start);
	}
	return 0;
}

void pages_discarded(const struct pages_view *view, uintptr_t start, uintptr_t end)
{
	pages_gone(start, end);
	for_each_part(view, start, end, forget_gone, NULL);
}

void pages_moved(uintptr_t from, uintptr_t to, size_t len)
{
	size_t size = emul_machine()->page_size;

	ranges_move(&own_pages, from / size, to / size, len / size);
	ranges_move(&cache_pages, from / size, to / size, len / size);
}

void pages_forget(void)
{
	own_pages.root = NULL;
	cache_pages.root = NULL;
}
