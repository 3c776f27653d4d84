/* SPDX-License-Identifier: MIT */
/*
 * A memory policy as a value: what a mode word and a node mask mean on a machine with certain
 * allowed nodes. Pure: no locks, no memory of its own, no look at the process.
 */
#ifndef MYNUMA_EMUL_MEMPOLICY_H
#define MYNUMA_EMUL_MEMPOLICY_H

#include "emul/nodemask.h"

#define MEMPOLICY_FLAGS (MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES | MPOL_F_NUMA_BALANCING)

/*
 * Every field has one value only for one meaning, so that equal policies are equal byte for
 * byte: a mask that a policy does not keep is empty. MPOL_DEFAULT is "no policy".
 */
struct mempolicy {
	int mode;
	int flags;	       /* of MEMPOLICY_FLAGS */
	int home;	       /* node whose order of nodes counts, or -1: that of the CPU */
	int unused;	       /* 0 */
	struct nodemask nodes; /* the effective nodes */
	struct nodemask user;  /* as the caller gave them; kept where there are flags */
};

#define MEMPOLICY_NONE ((struct mempolicy){.mode = 0 /* MPOL_DEFAULT */, .home = -1})

/*
 * Splits a mode word of set_mempolicy() or mbind(). `release` is the kernel's (614 is 6.14).
 * -EINVAL for a mode that is not known, and for flags that exclude each other or the mode.
 */
int mempolicy_split(int word, int release, int *mode, int *flags);

/*
 * Makes the policy of a mode, its flags and the caller's nodes, on a machine where `allowed` can be
 * used. -EINVAL when mode and mask do not go together or when no node would be left.
 */
int mempolicy_make(struct mempolicy *policy, int mode, int flags, const struct nodemask *user,
		   const struct nodemask *allowed);

/* The mode word and the nodes that get_mempolicy() tells. */
int mempolicy_word(const struct mempolicy *policy);
const struct nodemask *mempolicy_mask(const struct mempolicy *policy, int release);

bool mempolicy_equal(const struct mempolicy *a, const struct mempolicy *b);

/* Whether the nodes take turns, so that pages of one range lie on several. */
bool mempolicy_interleaves(const struct mempolicy *policy);

/* Whether a home node can be set. */
bool mempolicy_takes_home(const struct mempolicy *policy);

#endif
