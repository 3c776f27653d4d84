/* SPDX-License-Identifier: MIT */
/* A hash table of objects, each with its two maps, all of it in the arena. */
#include "emul/objects.h"

#include <stdatomic.h>

#include "emul/arena.h"

/* As many as a process can usually have mappings. */
#define OBJECTS_MAX (1U << 16)

struct object {
	uint64_t device, inode;
	struct ranges policies, located;
	struct object *next;
	bool marked;
};

struct objects {
	bool ready;
	_Atomic size_t count;
	struct slab objects, ranges;
	struct policyset policies;
	struct object *table[1024];
};

_Static_assert(sizeof(struct objects) <= ARENA_ROOT, "the arena's root is large enough");

static struct objects *objects(void)
{
	struct objects *all = arena_root();

	if (all && !all->ready) {
		all->objects = (struct slab)SLAB_OF(struct object);
		all->ranges = (struct slab)SLAB_OF(struct range);
		all->objects.pages = all->ranges.pages = arena_pages;
		policyset_init(&all->policies, arena_pages);
		all->ready = true;
	}
	return all;
}

static struct object **bucket(struct objects *all, uint64_t device, uint64_t inode)
{
	uint64_t hash = (inode ^ device << 40 ^ device >> 24) * 0x9e3779b97f4a7c15ULL;

	return &all->table[(hash >> 40) % ARRAY_SIZE(all->table)];
}

bool objects_known(void)
{
	struct objects *all = arena_root();

	return all && atomic_load(&all->count);
}

struct object *object_find(uint64_t device, uint64_t inode)
{
	struct objects *all = objects();
	struct object *object = all ? *bucket(all, device, inode) : NULL;

	while (object && (object->inode != inode || object->device != device))
		object = object->next;
	return object;
}

/* A map of words in the arena. Every process that shares it has the functions at one address. */
static struct ranges map_in_arena(struct objects *all)
{
	return (struct ranges){
		POLICYMAP,
		.slab = &all->ranges,
	};
}

struct object *object_get(uint64_t device, uint64_t inode)
{
	struct object *object = object_find(device, inode), **chain;
	struct objects *all;

	if (object || !arena_make())
		return object;
	all = objects();
	object = all->count < OBJECTS_MAX ? slab_take(&all->objects) : NULL;
	if (!object)
		return NULL;
	all->count++;
	chain = bucket(all, device, inode);
	*object = (struct object){
		.device = device,
		.inode = inode,
		.policies = map_in_arena(all),
		.located = map_in_arena(all),
		.next = *chain,
	};
	*chain = object;
	return object;
}

void objects_unmark(void)
{
	struct objects *all = objects();

	for (size_t i = 0; all && i < ARRAY_SIZE(all->table); i++)
		for (struct object *object = all->table[i]; object; object = object->next)
			object->marked = false;
}

void object_mark(uint64_t device, uint64_t inode)
{
	struct object *object = object_find(device, inode);

	if (object)
		object->marked = true;
}

/* Emptying a map takes no memory. */
static void drop(struct objects *all, struct object *object)
{
	ranges_clear(&object->policies);
	ranges_clear(&object->located);
	slab_give(&all->objects, object);
	all->count--;
}

void objects_drop_unmarked(void)
{
	struct objects *all = objects();

	for (size_t i = 0; all && i < ARRAY_SIZE(all->table); i++) {
		struct object **where = &all->table[i];

		while (*where) {
			struct object *object = *where;

			if (object->marked) {
				where = &object->next;
			} else {
				*where = object->next;
				drop(all, object);
			}
		}
	}
}

struct ranges *object_policies(struct object *object)
{
	return &object->policies;
}

struct ranges *object_located(struct object *object)
{
	return &object->located;
}

struct policyset *object_policyset(void)
{
	return &objects()->policies;
}
