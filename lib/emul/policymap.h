/* SPDX-License-Identifier: MIT */
/*
 * Policies by range: of addresses, or of an object's pages. A map's words are shared policies, 0
 * where there is none. Call with the emulation's lock held.
 */
#ifndef MYNUMA_EMUL_POLICYMAP_H
#define MYNUMA_EMUL_POLICYMAP_H

#include "emul/policyset.h"
#include "emul/ranges.h"

/* For the initialiser of a map. */
#define POLICYMAP .hold = policyset_hold_word, .drop = policyset_drop_word

/* A part of a range in which everything has the same policy; NULL where there is none. */
struct policy_part {
	uintptr_t start, end;
	const struct mempolicy *policy;
};

/* The part of [from, end) that begins at `from`, which is below `end`. */
struct policy_part policymap_part(const struct ranges *map, uintptr_t from, uintptr_t end);

/* The policy at a place, or NULL. */
const struct mempolicy *policymap_at(const struct ranges *map, uintptr_t at);

/*
 * Gives a range a policy, kept in that set, or none (MPOL_DEFAULT). 0 or -ENOMEM. The policy may
 * be one that policymap_at() gave.
 */
int policymap_set(struct ranges *map, struct policyset *set, uintptr_t start, uintptr_t end,
		  const struct mempolicy *policy);

#endif
