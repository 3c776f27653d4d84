/* SPDX-License-Identifier: MIT */
/*
 * What address ranges have: a policy, and how far they were moved. Knows nothing of what is
 * mapped. Call with the emulation's lock held.
 */
#ifndef MYNUMA_EMUL_VMA_H
#define MYNUMA_EMUL_VMA_H

#include <stddef.h>
#include <stdint.h>

#include "emul/policyset.h"

/* A part of a range in which all addresses have the same policy; NULL where there is none. */
struct vma_part {
	uintptr_t start, end;
	struct shared_policy *policy;
};

/* The part of [from, end) that begins at `from`, which is below `end`. */
struct vma_part vma_part(uintptr_t from, uintptr_t end);

/* The policy at an address, or NULL. */
const struct mempolicy *vma_policy(uintptr_t addr);

/* Gives a range a policy, or none (MPOL_DEFAULT). 0 or -ENOMEM. */
int vma_set_policy(uintptr_t start, uintptr_t end, const struct mempolicy *policy);

/*
 * Gives the policies in a range a home node. -ENOENT when there is none, -EOPNOTSUPP at one that
 * takes no home node (those before it have it then), -ENOMEM.
 */
int vma_set_home(uintptr_t start, uintptr_t end, int home);

/* The number from which interleaving places the page at an address. */
uint64_t vma_index(uintptr_t addr, size_t page_size);

/* The range is no longer what it was. */
void vma_unmapped(uintptr_t start, uintptr_t end);

/*
 * A mapping was moved and perhaps made longer. `written`: a page of it had been written to; then
 * its pages keep the numbers that they had at the old place.
 */
void vma_moved(uintptr_t from, size_t old_len, uintptr_t to, size_t new_len, bool written,
	       size_t page_size);

void vma_forget(void);

#endif
