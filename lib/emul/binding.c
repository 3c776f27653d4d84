/* SPDX-License-Identifier: MIT */
/* The kind of each mapping, and policies set the way each kind wants it. */
#include "emul/binding.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "emul/abi.h"
#include "emul/filesystem.h"
#include "emul/vma.h"
#include "sys/smallfile.h"

/* Before this release only the page number counted for copies of an object's pages. */
#define RELEASE_COUNTS_INODE 607

/* Sets segments' devices apart. */
#define SEGMENTS (1ULL << 63)

/* ---- what is mapped ---- */

static struct binding bind(const struct mapping *mapping, size_t page_size)
{
	struct binding b = {
		.start = mapping->start,
		.end = mapping->end,
		.kind = mapping->kind,
		.shared = mapping->shared,
		.device = mapping->device | (mapping->segment ? SEGMENTS : 0),
		.inode = mapping->inode,
	};
	enum filesystem keeper;

	if (mapping->kind != MAPPING_FILE)
		return b;
	keeper = filesystem_of(mapping->device);
	b.file = keeper != FILESYSTEM_UNKNOWN;
	b.object = keeper == FILESYSTEM_SHMEM;
	b.segment = mapping->segment;
	b.shift = (uintptr_t)(mapping->offset / page_size) - mapping->start / page_size;
	return b;
}

struct binding binding_unknown(uintptr_t start, uintptr_t end)
{
	return (struct binding){.start = start, .end = end, .kind = MAPPING_ANONYMOUS};
}

/*
 * Where mappings are told as a text, the last one of the process's own is remembered as long as
 * their signature stays and nobody tells of a change.
 */
static struct {
	struct binding binding;
	uint64_t signature;
} remembered;

static bool recall(const struct bindings *walk, uintptr_t addr, struct binding *found)
{
	const struct binding *b = &remembered.binding;

	if (!walk->signature || walk->signature != remembered.signature || addr < b->start ||
	    addr >= b->end)
		return false;
	*found = *b;
	return true;
}

static void remember(const struct bindings *walk, const struct binding *b)
{
	if (!walk->signature || b->kind != MAPPING_ANONYMOUS)
		return;
	remembered.binding = *b;
	remembered.signature = walk->signature;
}

void bindings_changed(void)
{
	remembered.signature = 0;
}

static int open_maps(struct bindings *walk)
{
	int err = mappings_open(&walk->maps);

	walk->open = err == 0;
	return err;
}

int bindings_open(struct bindings *walk, size_t page_size)
{
	walk->page_size = page_size;
	walk->signature = mappings_are_text() ? mappings_signature() : 0;
	walk->open = false;
	if (walk->signature && walk->signature == remembered.signature)
		return 0; /* they may not be needed */
	return open_maps(walk);
}

void bindings_close(struct bindings *walk)
{
	if (walk->open)
		mappings_close(&walk->maps);
}

bool bindings_next(struct bindings *walk, uintptr_t addr, struct binding *found)
{
	struct mapping mapping;

	if (recall(walk, addr, found))
		return true;
	if (!walk->open && open_maps(walk) < 0)
		return false;
	if (!mappings_next(&walk->maps, addr, &mapping))
		return false;
	*found = bind(&mapping, walk->page_size);
	remember(walk, found);
	return true;
}

void binding_of(uintptr_t addr, size_t page_size, struct binding *found)
{
	struct bindings walk;
	bool covered = false;

	if (bindings_open(&walk, page_size) == 0) {
		covered = bindings_next(&walk, addr, found) && found->start <= addr;
		bindings_close(&walk);
	}
	if (!covered)
		*found = binding_unknown(addr & ~(uintptr_t)(page_size - 1),
					 (addr | (page_size - 1)) + 1);
}

/* A word for what is mapped, other for each object and each place of it; see vma_set_policy(). */
static uintptr_t name_of(const struct binding *b)
{
	uint64_t hash = b->inode ^ b->device << 20 ^ b->device >> 32;

	if (!b->object)
		return 0;
	hash = (hash ^ (uint64_t)b->shift << 32 ^ b->shift >> 16) * 0x9e3779b97f4a7c15ULL;
	return (uintptr_t)(hash ^ hash >> 32) | 1;
}

/* ---- policies in force ---- */

const struct mempolicy *binding_policy(const struct binding *b, uintptr_t addr, size_t page_size)
{
	struct object *object;

	if (!b->object)
		return vma_policy(addr);
	object = object_find(b->device, b->inode);
	return object ? policymap_at(object_policies(object), addr / page_size + b->shift) : NULL;
}

struct policy_part binding_part(const struct binding *b, uintptr_t from, size_t page_size)
{
	struct policy_part part = {.start = from, .end = b->end};
	struct object *object;
	uintptr_t first;

	if (!b->object)
		return vma_part(from, b->end);
	object = object_find(b->device, b->inode);
	if (!object)
		return part;
	first = from / page_size + b->shift;
	part = policymap_part(object_policies(object), first, first + (b->end - from) / page_size);
	part.start = from;
	part.end = from + (part.end - first) * page_size;
	return part;
}

uint64_t binding_index(const struct binding *b, uintptr_t page, size_t page_size)
{
	return b->file ? page / page_size + b->shift : vma_index(page, page_size);
}

uint64_t binding_number(const struct binding *b, uintptr_t page, bool of_file, size_t page_size,
			int release)
{
	uint64_t number = binding_index(b, page, page_size);

	if (b->object && (of_file || release >= RELEASE_COUNTS_INODE))
		number += b->inode;
	return number;
}

/* ---- setting them ---- */

/* What a change needs, all the way down. */
struct change {
	const struct emul_machine *machine;
	const struct mempolicy *policy;
	before_change *before;
	const void *ctx;
};

static bool has_it(const struct mempolicy *old, const struct mempolicy *new)
{
	return old ? mempolicy_equal(old, new) : new->mode == MPOL_DEFAULT;
}

static void mark_open(const char *name, void *arg)
{
	struct stat st;

	(void)arg;
	if (name[0] >= '0' && name[0] <= '9' && fstat((int)strtol(name, NULL, 10), &st) == 0)
		object_mark((uint64_t)major(st.st_dev) << 32 | minor(st.st_dev), st.st_ino);
}

/* Drops the objects that are neither mapped nor open here; other processes may lose theirs. */
static void give_up_objects(size_t page_size)
{
	struct bindings walk;
	struct binding b = {.end = 0};
	int saved = errno;

	if (bindings_open(&walk, page_size) < 0)
		return;
	objects_unmark();
	while (bindings_next(&walk, b.end, &b))
		object_mark(b.device, b.inode);
	bindings_close(&walk);
	dir_each("/proc/self/fd", mark_open, NULL);
	objects_drop_unmarked();
	errno = saved;
}

/* The object's pages that are mapped at [start, end) get the policy where they have not got it. */
static int try_object(const struct change *c, const struct binding *b, uintptr_t start,
		      uintptr_t end)
{
	uintptr_t at = start / c->machine->page_size + b->shift,
		  last = end / c->machine->page_size + b->shift;
	struct object *object = object_get(b->device, b->inode);
	int err = object ? 0 : -ENOMEM;

	while (at < last && !err) {
		struct policy_part part = policymap_part(object_policies(object), at, last);

		at = part.end;
		if (has_it(part.policy, c->policy))
			continue;
		if (c->before)
			err = c->before(c->ctx, b, (part.start - b->shift) * c->machine->page_size,
					(part.end - b->shift) * c->machine->page_size);
		if (!err)
			err = policymap_set(object_policies(object), object_policyset(), part.start,
					    part.end, c->policy);
	}
	return err;
}

static int change_object(const struct change *c, const struct binding *b, uintptr_t start,
			 uintptr_t end)
{
	int err = try_object(c, b, start, end);

	if (err != -ENOMEM)
		return err;
	give_up_objects(c->machine->page_size);
	return try_object(c, b, start, end);
}

/* Before this release no edge of a mapping of System V memory moved. */
#define RELEASE_MOVES_EDGES 604

/*
 * A part of a mapping of System V memory got a policy, `before` was of one policy all around it. No
 * such mapping may end by becoming one with another, so what a policy once cut off stays apart; but
 * an edge may move, and then the part goes to its neighbour of that policy.
 */
static int cut_segment(const struct change *c, const struct binding *b,
		       const struct policy_part *part, const struct policy_part *before)
{
	bool first = part->start == before->start, last = part->end == before->end;

	if (c->machine->release >= RELEASE_MOVES_EDGES && first != last) {
		if (first && part->start > b->start &&
		    has_it(vma_policy(part->start - 1), c->policy))
			return vma_give(part->start, part->end, part->start - 1);
		if (last && part->end < b->end && has_it(vma_policy(part->end), c->policy))
			return vma_give(part->start, part->end, part->end);
	}
	return vma_keep_apart(part->start, part->end);
}

/* A part of one mapping that has the same policy all over. */
static int change_part(const struct change *c, const struct binding *b,
		       const struct policy_part *part)
{
	struct policy_part before, whole;
	int err;

	if (has_it(part->policy, c->policy))
		return 0;
	before = vma_part_around(part->start, b->start, b->end);
	err = vma_set_policy(part->start, part->end, c->policy, name_of(b));
	if (!err && b->segment)
		err = cut_segment(c, b, part, &before);
	if (err || !b->object)
		return err;
	/* What is one with it by now takes part. */
	whole = vma_part_around(part->start, b->start, b->end);
	return change_object(c, b, whole.start, whole.end);
}

/* [start, end) is mapped as `b` says. */
static int change_mapping(const struct change *c, const struct binding *b, uintptr_t start,
			  uintptr_t end)
{
	int err = vma_is(b->start, b->end, name_of(b));

	while (start < end && !err) {
		struct policy_part part = vma_part(start, end);

		start = part.end;
		err = change_part(c, b, &part);
	}
	return err;
}

/* Calls each() for every mapping in the range, cut to it; for all of it where that is unknown. */
static int for_each_mapping(uintptr_t start, uintptr_t end, size_t page_size,
			    int (*each)(void *ctx, const struct binding *b, uintptr_t start,
					uintptr_t end),
			    void *ctx)
{
	struct bindings walk;
	struct binding b;
	int err = 0;

	if (bindings_open(&walk, page_size) < 0) {
		b = binding_unknown(start, end);
		return each(ctx, &b, start, end);
	}
	while (!err && start < end && bindings_next(&walk, start, &b) && b.start < end) {
		if (b.start > start)
			start = b.start;
		err = each(ctx, &b, start, b.end < end ? b.end : end);
		start = b.end;
	}
	bindings_close(&walk);
	return err;
}

static int set_policy(void *ctx, const struct binding *b, uintptr_t start, uintptr_t end)
{
	return change_mapping(ctx, b, start, end);
}

int bindings_set_policy(uintptr_t start, uintptr_t end, const struct emul_machine *machine,
			const struct mempolicy *policy, before_change *before, const void *ctx)
{
	struct change change = {.machine = machine, .policy = policy, .before = before, .ctx = ctx};

	return for_each_mapping(start, end, machine->page_size, set_policy, &change);
}

struct homing {
	struct change change; /* but for the policy */
	int home;
	bool any;
};

static int set_home(void *ctx, const struct binding *b, uintptr_t start, uintptr_t end)
{
	struct homing *homing = ctx;
	struct change change = homing->change;
	int err = vma_is(b->start, b->end, name_of(b));

	while (start < end && !err) {
		struct policy_part part = vma_part(start, end);
		struct mempolicy policy;

		start = part.end;
		if (!part.policy)
			continue;
		policy = *part.policy;
		if (!mempolicy_takes_home(&policy))
			return -EOPNOTSUPP;
		policy.home = homing->home;
		change.policy = &policy;
		homing->any = true;
		err = change_part(&change, b, &part);
	}
	return err;
}

int bindings_set_home(uintptr_t start, uintptr_t end, const struct emul_machine *machine, int home,
		      before_change *before, const void *ctx)
{
	struct homing homing = {.change = {.machine = machine, .before = before, .ctx = ctx},
				.home = home};
	int err = for_each_mapping(start, end, machine->page_size, set_home, &homing);

	return err || homing.any ? err : -ENOENT;
}

static int rename_mapping(void *ctx, const struct binding *b, uintptr_t start, uintptr_t end)
{
	(void)ctx;
	return vma_rename(start, end, name_of(b));
}

int bindings_moved(uintptr_t start, uintptr_t end, size_t page_size)
{
	return for_each_mapping(start, end, page_size, rename_mapping, NULL);
}
