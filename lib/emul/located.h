/* SPDX-License-Identifier: MIT */
/*
 * Where pages are, in maps from page numbers to words. A word is a node, or the interleaving policy
 * by which the pages were placed: an interleaved gigabyte is one entry, and where its pages are is
 * computed when asked. Call with the emulation's lock held.
 */
#ifndef MYNUMA_EMUL_LOCATED_H
#define MYNUMA_EMUL_LOCATED_H

#include "emul/placement.h"
#include "emul/policyset.h"
#include "emul/ranges.h"

/* For the initialiser of a map. */
#define LOCATED .hold = policyset_hold_word, .drop = policyset_drop_word

/* The word of a node. */
uintptr_t located_word(int node);

/* Whether that is where all pages of the word are. */
bool located_is_node(uintptr_t word);

/* The node of a page with that word; `number` is the one that interleaving goes by. */
int located_node(const struct emul_machine *machine, uintptr_t word, uint64_t number);

/*
 * Records that `policy` has placed pages [first, end), all on `node` unless it interleaves.
 * Policies go into that set. 0 or -ENOMEM.
 */
int located_record(struct ranges *map, struct policyset *set, uintptr_t first, uintptr_t end,
		   const struct mempolicy *policy, int node);

#endif
