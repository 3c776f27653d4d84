/* SPDX-License-Identifier: MIT */
/*
 * What address ranges of this process have: a policy, what they had it for, how far they were
 * moved, and where they are kept apart. Knows nothing of what is mapped. Call with the emulation's
 * lock held.
 *
 * A mapping of a shared object has a policy here too, the one that was last set through it; what
 * counts is the object's, but a kernel compares with this one.
 */
#ifndef MYNUMA_EMUL_VMA_H
#define MYNUMA_EMUL_VMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emul/policymap.h"

/*
 * The part of [from, end) that begins at `from`, which is below `end`: of one policy, and of what
 * vma_keep_apart() made, not across an edge.
 */
struct policy_part vma_part(uintptr_t from, uintptr_t end);

/* The same, but around `at`, which is in [from, end). */
struct policy_part vma_part_around(uintptr_t at, uintptr_t from, uintptr_t end);

/* The policy at an address, or NULL. */
const struct mempolicy *vma_policy(uintptr_t addr);

/*
 * Gives a range a policy, or none (MPOL_DEFAULT). `what` names what is mapped there: 0 for memory
 * of the process's own, else an odd word. 0 or -ENOMEM.
 */
int vma_set_policy(uintptr_t start, uintptr_t end, const struct mempolicy *policy, uintptr_t what);

/* A range is a part of its own now, also beside neighbours of its policy. 0 or -ENOMEM. */
int vma_keep_apart(uintptr_t start, uintptr_t end);

/* A range now belongs to its neighbour `beside`, as far as parts are kept apart. 0 or -ENOMEM. */
int vma_give(uintptr_t start, uintptr_t end, uintptr_t beside);

/* That is what is mapped in a range: policies that were set for something else are dropped. */
int vma_is(uintptr_t start, uintptr_t end, uintptr_t what);

/* That is what is mapped in a range now, with the policies that are there. 0 or -ENOMEM. */
int vma_rename(uintptr_t start, uintptr_t end, uintptr_t what);

/* The number from which interleaving places the page of the process's own at an address. */
uint64_t vma_index(uintptr_t addr, size_t page_size);

/* The range is no longer what it was. */
void vma_unmapped(uintptr_t start, uintptr_t end);

/*
 * A mapping was moved and perhaps made longer. `written`: a page of it had been written to; then
 * its pages keep the numbers that they had at the old place.
 */
void vma_moved(uintptr_t from, size_t old_len, uintptr_t to, size_t new_len, bool written,
	       size_t page_size);

/* The place from which a mapping was moved is one of its own still, with the same policies. */
void vma_left(uintptr_t from, uintptr_t to, size_t len);

/* A mapping was made at a range with the policy that there is at an address. */
void vma_copied(uintptr_t from, uintptr_t to, uintptr_t to_end);

void vma_forget(void);

#endif
