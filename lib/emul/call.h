/* SPDX-License-Identifier: MIT */
/*
 * What the emulated calls have in common: how they read and write the caller's masks, and how
 * they come to the emulation's state.
 *
 * A call has three parts, and only the second holds the lock: take the arguments in, do, give
 * the answer out.
 */
#ifndef MYNUMA_EMUL_CALL_H
#define MYNUMA_EMUL_CALL_H

#include "emul/lock.h"
#include "emul/mappings.h"
#include "emul/pages.h"
#include "emul/presence.h"
#include "emul/usercopy.h"

/*
 * The caller's node mask, of which the kernel takes maxnode - 1 bits. 0; -EINVAL for a mask too
 * long or with nodes beyond EMUL_NODES; -EFAULT.
 */
int mask_from_user(const struct emul_machine *machine, struct nodemask *mask,
		   const unsigned long *user, unsigned long maxnode);

/* The answer's mask to the caller, as many bytes as get_mempolicy() writes for that maxnode. */
int mask_to_user(struct user_writes *writes, const struct emul_machine *machine,
		 unsigned long *user, unsigned long maxnode, const struct nodemask *mask);

/* An address without the tag that the processor ignores. */
uintptr_t untagged(uintptr_t addr);

/*
 * len rounded up to whole pages in 64 bits, as the kernel's, wrapping to 0; *end is then *start +
 * that. -EINVAL when that wraps. For a program of 32 bits nothing wraps: a range beyond all
 * addresses ends in front of the last page, or begins in the one before. Neither is ever mapped.
 */
int page_range(const struct emul_machine *machine, uintptr_t *start, unsigned long len,
	       uintptr_t *end);

/* What a call that comes to the state carries. */
struct call {
	struct pages_view view;
	struct presence presence;
	struct binding binding;
	struct emul_guard guard;
};

/* Without the lock. `pages`: the call looks at pages. */
void call_open(struct call *call, const struct emul_machine *machine, bool pages);
void call_close(struct call *call);

/* The two together with the lock. */
void call_begin(struct call *call, const struct emul_machine *machine, bool pages);
void call_end(struct call *call);

#endif
