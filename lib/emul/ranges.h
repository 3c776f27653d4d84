/* SPDX-License-Identifier: MIT */
/*
 * A map from addresses to words, kept as disjoint ranges in ascending order: neighbours of equal
 * value are one range. A word of 0 means that nothing is known of an address.
 *
 * A treap: a search tree by address that is a heap by a hash of each node's place in memory.
 * Every operation takes logarithmic time in the number of ranges, plus the number of ranges it
 * removes. Call with the emulation's lock held.
 */
#ifndef MYNUMA_EMUL_RANGES_H
#define MYNUMA_EMUL_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emul/slab.h"

struct range {
	uintptr_t start, end; /* end is one beyond */
	uintptr_t value;
	struct range *left, *right;
};

struct ranges {
	struct range *root;
	/* Called for each range that begins or ceases to have a value. May be NULL. */
	void (*hold)(uintptr_t value);
	void (*drop)(uintptr_t value);
	struct slab *slab; /* for its ranges; NULL is one of the process's own */
};

/* Gives [start, end) the value. 0, or -ENOMEM, and then nothing has changed. */
int ranges_set(struct ranges *map, uintptr_t start, uintptr_t end, uintptr_t value);

/* The value at an address. */
uintptr_t ranges_get(const struct ranges *map, uintptr_t addr);

/* The first range that ends above `addr`, so the one that covers it or else the next; NULL when
 * there is none. Valid until the map changes. */
const struct range *ranges_at_or_after(const struct ranges *map, uintptr_t addr);

/* The last range that starts at or below `addr`, or NULL. Valid until the map changes. */
const struct range *ranges_at_or_before(const struct ranges *map, uintptr_t addr);

/*
 * What is known of [from, from + len) holds for [to, to + len), too, whose own is lost; the two do
 * not overlap. 0 or -ENOMEM, and then what could not be kept is lost.
 */
int ranges_copy(struct ranges *map, uintptr_t from, uintptr_t to, size_t len);

/*
 * Moves what is known of [from, from + len) to [to, to + len), whose own is lost; the two do not
 * overlap. 0 or -ENOMEM, and then what could not be kept is lost.
 */
int ranges_move(struct ranges *map, uintptr_t from, uintptr_t to, size_t len);

/* Nothing is known of any address; needs no memory. */
void ranges_clear(struct ranges *map);

/* Whether this process ever put anything into any map. Needs no lock. */
bool ranges_used(void);

/*
 * Every map without a slab of its own is empty and all memory for ranges is lost; without calling
 * drop.
 */
void ranges_forget(void);

#endif
