/* SPDX-License-Identifier: MIT */
/*
 * Which node a new page comes from: the first choice, since the emulation's nodes are never
 * full. Pure.
 */
#ifndef MYNUMA_EMUL_PLACEMENT_H
#define MYNUMA_EMUL_PLACEMENT_H

#include "emul/machine.h"
#include "emul/mempolicy.h"

/*
 * The node of a page by a policy (MPOL_DEFAULT is local), for the page's interleave index and
 * the node of the CPU that wants it.
 */
int placement_node(const struct emul_machine *machine, const struct mempolicy *policy,
		   uint64_t index, int local);

#endif
