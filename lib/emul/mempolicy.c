/* SPDX-License-Identifier: MIT */
/*
 * Modes and flags: which go together, and what nodes come out. One table tells all about a mode;
 * a new mode is a new row.
 */
#include "emul/mempolicy.h"

#include <errno.h>
#include <string.h>

#include "base/compiler.h"
#include "emul/abi.h"

/* What becomes of the caller's nodes. */
enum use { USE_NONE, USE_ALL, USE_LOWEST };

struct mode {
	int since;	     /* first release that knows it */
	int balancing_since; /* first release that takes MPOL_F_NUMA_BALANCING with it; 0: none */
	bool takes_empty;    /* no nodes, no flags */
	bool drops_flags;    /* no nodes, but flags: taken, and the flags forgotten */
	enum use use;	     /* of nodes; with USE_NONE they are refused */
	bool interleaves;
	bool takes_home;
};

static const struct mode modes[] = {
	[MPOL_DEFAULT] = {.takes_empty = true, .drops_flags = true},
	[MPOL_PREFERRED] = {.takes_empty = true, .use = USE_LOWEST},
	[MPOL_BIND] = {.balancing_since = 512, .use = USE_ALL, .takes_home = true},
	[MPOL_INTERLEAVE] = {.use = USE_ALL, .interleaves = true},
	[MPOL_LOCAL] = {.takes_empty = true},
	[MPOL_PREFERRED_MANY] = {.since = 515,
				 .balancing_since = 609,
				 .use = USE_ALL,
				 .takes_home = true},
	[MPOL_WEIGHTED_INTERLEAVE] = {.since = 609, .use = USE_ALL, .interleaves = true},
};

int mempolicy_split(int word, int release, int *mode, int *flags)
{
	int rest = word & ~MEMPOLICY_FLAGS;
	int both = MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES;
	int since;

	*flags = word & MEMPOLICY_FLAGS;
	*mode = rest;
	if (rest < 0 || rest >= (int)ARRAY_SIZE(modes) || modes[rest].since > release)
		return -EINVAL;
	if ((*flags & both) == both)
		return -EINVAL;
	since = modes[rest].balancing_since;
	if ((*flags & MPOL_F_NUMA_BALANCING) && (since == 0 || since > release))
		return -EINVAL;
	return 0;
}

static int check_emptiness(const struct mode *mode, int flags, bool empty)
{
	if (!empty)
		return mode->use == USE_NONE ? -EINVAL : 0;
	return mode->takes_empty && (!flags || mode->drops_flags) ? 0 : -EINVAL;
}

/* The nodes that a mask stands for where only some are allowed. */
static struct nodemask effective_nodes(int flags, const struct nodemask *user,
				       const struct nodemask *allowed)
{
	struct nodemask folded;

	if (!(flags & MPOL_F_RELATIVE_NODES) || nodemask_empty(allowed))
		return nodemask_and(user, allowed);
	folded = nodemask_fold(user, nodemask_weight(allowed));
	return nodemask_onto(&folded, allowed);
}

static void keep_lowest(struct nodemask *nodes)
{
	int lowest = nodemask_first(nodes);

	nodemask_clear(nodes);
	nodemask_add(nodes, (unsigned)lowest);
}

int mempolicy_make(struct mempolicy *policy, int mode, int flags, const struct nodemask *user,
		   const struct nodemask *allowed)
{
	bool empty = nodemask_empty(user);
	int err = check_emptiness(&modes[mode], flags, empty);

	*policy = MEMPOLICY_NONE;
	if (err)
		return err;
	if (empty) {
		policy->mode = mode == MPOL_PREFERRED ? MPOL_LOCAL : mode;
		return 0;
	}
	policy->nodes = effective_nodes(flags, user, allowed);
	if (nodemask_empty(&policy->nodes))
		return -EINVAL;
	if (modes[mode].use == USE_LOWEST)
		keep_lowest(&policy->nodes);
	policy->mode = mode;
	policy->flags = flags;
	if (flags)
		policy->user = *user;
	return 0;
}

int mempolicy_word(const struct mempolicy *policy)
{
	return policy->mode | policy->flags;
}

const struct nodemask *mempolicy_mask(const struct mempolicy *policy, int release)
{
	/* Balancing alone counted as a flag that keeps the caller's mask until 7.0. */
	int keeps = release < 700 ? MEMPOLICY_FLAGS : MEMPOLICY_FLAGS & ~MPOL_F_NUMA_BALANCING;

	return policy->flags & keeps ? &policy->user : &policy->nodes;
}

bool mempolicy_equal(const struct mempolicy *a, const struct mempolicy *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

bool mempolicy_interleaves(const struct mempolicy *policy)
{
	return modes[policy->mode].interleaves;
}

bool mempolicy_takes_home(const struct mempolicy *policy)
{
	return modes[policy->mode].takes_home;
}
