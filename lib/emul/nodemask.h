/* SPDX-License-Identifier: MIT */
/*
 * A set of nodes of the emulated machine, and the arithmetic that memory policies need on such
 * sets. Pure: values in, values out.
 */
#ifndef MYNUMA_EMUL_NODEMASK_H
#define MYNUMA_EMUL_NODEMASK_H

#include "base/bits.h"

/* The compile-time limit of node numbers of the kernel that is emulated; a power of two. */
#define EMUL_NODES 1024U

struct nodemask {
	unsigned long bits[EMUL_NODES / BITS_PER_LONG];
};

/* for (nodemask_each(n, mask)): the members in ascending order. */
#define nodemask_each(n, mask) bits_each(n, (mask)->bits, EMUL_NODES)

static inline void nodemask_clear(struct nodemask *mask)
{
	bits_zero(mask->bits, EMUL_NODES);
}

static inline void nodemask_add(struct nodemask *mask, unsigned node)
{
	bits_set(mask->bits, node);
}

/* Any number may be asked for; what is no node is no member. */
static inline bool nodemask_has(const struct nodemask *mask, long node)
{
	return node >= 0 && node < (long)EMUL_NODES && bits_test(mask->bits, (size_t)node);
}

static inline bool nodemask_empty(const struct nodemask *mask)
{
	return bits_empty(mask->bits, EMUL_NODES);
}

static inline unsigned nodemask_weight(const struct nodemask *mask)
{
	return (unsigned)bits_weight(mask->bits, EMUL_NODES);
}

static inline bool nodemask_equal(const struct nodemask *a, const struct nodemask *b)
{
	return bits_equal(a->bits, EMUL_NODES, b->bits, EMUL_NODES);
}

static inline struct nodemask nodemask_and(const struct nodemask *a, const struct nodemask *b)
{
	struct nodemask both;

	for (size_t w = 0; w < bits_words(EMUL_NODES); w++)
		both.bits[w] = a->bits[w] & b->bits[w];
	/* cppcheck-suppress uninitvar ; the loop runs at least once */
	return both;
}

/* Whether every member of `a` is one of `b`. */
static inline bool nodemask_within(const struct nodemask *a, const struct nodemask *b)
{
	for (size_t w = 0; w < bits_words(EMUL_NODES); w++)
		if (a->bits[w] & ~b->bits[w])
			return false;
	return true;
}

/* The lowest member, -1 when there is none. */
static inline int nodemask_first(const struct nodemask *mask)
{
	size_t node = bits_next(mask->bits, EMUL_NODES, 0);

	return node < EMUL_NODES ? (int)node : -1;
}

/* The lowest member above `node`, going round to the lowest of all; -1 when there is none. */
static inline int nodemask_next_around(const struct nodemask *mask, int node)
{
	size_t next = bits_next(mask->bits, EMUL_NODES, (size_t)(node + 1));

	return next < EMUL_NODES ? (int)next : nodemask_first(mask);
}

/* The member that has k members below it, -1 when there are no more than k. */
static inline int nodemask_nth(const struct nodemask *mask, unsigned k)
{
	for (nodemask_each(node, mask))
		if (k-- == 0)
			return (int)node;
	return -1;
}

/* How many members are below `node`. */
static inline unsigned nodemask_rank(const struct nodemask *mask, unsigned node)
{
	return (unsigned)bits_weight(mask->bits, node);
}

/* The members modulo `width`, which is not 0. */
static inline struct nodemask nodemask_fold(const struct nodemask *mask, unsigned width)
{
	struct nodemask folded;

	nodemask_clear(&folded);
	for (nodemask_each(node, mask))
		nodemask_add(&folded, (unsigned)node % width);
	return folded;
}

/* For each member k of `mask` the k-th member of `base`, where there is one. */
static inline struct nodemask nodemask_onto(const struct nodemask *mask,
					    const struct nodemask *base)
{
	struct nodemask onto;
	long k = 0;

	nodemask_clear(&onto);
	for (nodemask_each(node, base))
		if (nodemask_has(mask, k++))
			nodemask_add(&onto, (unsigned)node);
	return onto;
}

/*
 * Where `node` goes when the set `from` becomes the set `to`: the k-th member of one goes to the
 * k-th of the other, going round when `to` has fewer. What is not in `from`, and everything when
 * `to` is empty, stays.
 */
static inline int nodemask_remap(int node, const struct nodemask *from, const struct nodemask *to)
{
	unsigned width = nodemask_weight(to);

	if (width == 0 || !nodemask_has(from, node))
		return node;
	return nodemask_nth(to, nodemask_rank(from, (unsigned)node) % width);
}

#endif
