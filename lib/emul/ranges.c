/* SPDX-License-Identifier: MIT */
/*
 * The treap. Functions called treap_ know nothing of values; the others keep the promises of
 * ranges.h.
 */
#include "emul/ranges.h"

#include <errno.h>
#include <stdatomic.h>

static struct slab own_slab = SLAB_OF(struct range);

static struct slab *slab_of(const struct ranges *map)
{
	return map->slab ? map->slab : &own_slab;
}

static atomic_bool used;

/* The heap order: any fixed mixture of a node's own address. */
static uint32_t rank(const struct range *node)
{
	uint64_t x = (uint64_t)(uintptr_t)node / sizeof(*node);

	x = (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9ULL;
	return (uint32_t)((x ^ (x >> 32)) >> 3);
}

/* Below *left what starts below `at`, below *right the rest. */
static void treap_split(struct range *node, uintptr_t at, struct range **left, struct range **right)
{
	while (node) {
		if (node->start < at) {
			*left = node;
			left = &node->right;
			node = node->right;
		} else {
			*right = node;
			right = &node->left;
			node = node->left;
		}
	}
	*left = *right = NULL;
}

/* One tree of two, of which the first lies below the second. */
static struct range *treap_join(struct range *left, struct range *right)
{
	struct range *root, **where = &root;

	while (left && right) {
		if (rank(left) > rank(right)) {
			*where = left;
			where = &left->right;
			left = left->right;
		} else {
			*where = right;
			where = &right->left;
			right = right->left;
		}
	}
	*where = left ? left : right;
	return root;
}

static struct range *treap_last(struct range *node)
{
	while (node && node->right)
		node = node->right;
	return node;
}

/* Gives all nodes of a tree back. */
static void free_all(struct ranges *map, struct range *root)
{
	/* Rotating left sides up turns the tree into a list, without a stack. */
	while (root) {
		struct range *left = root->left, *next = root->right;

		if (left) {
			root->left = left->right;
			left->right = root;
			root = left;
			continue;
		}
		if (map->drop)
			map->drop(root->value);
		slab_give(slab_of(map), root);
		root = next;
	}
}

/* Memory has been reserved. */
static struct range *new_range(struct ranges *map, uintptr_t start, uintptr_t end, uintptr_t value)
{
	struct range *node = slab_take(slab_of(map));

	*node = (struct range){.start = start, .end = end, .value = value};
	if (map->hold)
		map->hold(value);
	return node;
}

/* Splits the map at an address, a range across it too. */
static void cut(struct ranges *map, struct range *root, uintptr_t at, struct range **left,
		struct range **right)
{
	struct range *last;

	treap_split(root, at, left, right);
	last = treap_last(*left);
	if (last && last->end > at) {
		*right = treap_join(new_range(map, at, last->end, last->value), *right);
		last->end = at;
	}
}

/*
 * Joins two neighbouring parts of the map; where they meet in equal values the range becomes
 * one.
 */
static struct range *join(struct ranges *map, struct range *left, struct range *right)
{
	struct range *last = treap_last(left), *first = right;

	while (first && first->left)
		first = first->left;
	if (last && first && last->end == first->start && last->value == first->value) {
		last->end = first->end;
		treap_split(right, last->end, &first, &right);
		free_all(map, first);
	}
	return treap_join(left, right);
}

int ranges_set(struct ranges *map, uintptr_t start, uintptr_t end, uintptr_t value)
{
	struct range *below, *within, *above, *rest;

	if (start >= end || (!map->root && !value))
		return 0;
	if (!slab_reserve(slab_of(map), 3))
		return -ENOMEM;
	atomic_store_explicit(&used, true, memory_order_relaxed);
	cut(map, map->root, start, &below, &rest);
	cut(map, rest, end, &within, &above);
	rest = value ? new_range(map, start, end, value) : NULL;
	free_all(map, within);
	map->root = join(map, join(map, below, rest), above);
	return 0;
}

const struct range *ranges_at_or_after(const struct ranges *map, uintptr_t addr)
{
	const struct range *best = NULL, *node = map->root;

	while (node) {
		if (node->end > addr) {
			best = node;
			node = node->left;
		} else {
			node = node->right;
		}
	}
	return best;
}

const struct range *ranges_at_or_before(const struct ranges *map, uintptr_t addr)
{
	const struct range *best = NULL, *node = map->root;

	while (node) {
		if (node->start <= addr) {
			best = node;
			node = node->right;
		} else {
			node = node->left;
		}
	}
	return best;
}

uintptr_t ranges_get(const struct ranges *map, uintptr_t addr)
{
	const struct range *range = ranges_at_or_after(map, addr);

	return range && range->start <= addr ? range->value : 0;
}

int ranges_copy(struct ranges *map, uintptr_t from, uintptr_t to, size_t len)
{
	int err = ranges_set(map, to, to + len, 0);
	const struct range *range;

	for (uintptr_t at = from; at < from + len && !err;) {
		range = ranges_at_or_after(map, at);
		if (!range || range->start >= from + len)
			break;

		uintptr_t start = range->start > at ? range->start : at;
		uintptr_t end = range->end < from + len ? range->end : from + len;

		err = ranges_set(map, to + (start - from), to + (end - from), range->value);
		at = end;
	}
	return err;
}

int ranges_move(struct ranges *map, uintptr_t from, uintptr_t to, size_t len)
{
	int err = ranges_copy(map, from, to, len);

	ranges_set(map, from, from + len, 0);
	return err;
}

void ranges_clear(struct ranges *map)
{
	free_all(map, map->root);
	map->root = NULL;
}

bool ranges_used(void)
{
	return atomic_load_explicit(&used, memory_order_relaxed);
}

void ranges_forget(void)
{
	slab_forget(&own_slab);
}
