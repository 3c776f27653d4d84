/* SPDX-License-Identifier: MIT */
/*
 * The order in which nodes are tried when memory near a node is wanted, built as the kernel
 * builds it at boot. Pure.
 */
#ifndef MYNUMA_EMUL_ZONELIST_H
#define MYNUMA_EMUL_ZONELIST_H

#include <stdint.h>

#include "emul/nodemask.h"

/* A node number in a list. */
typedef uint16_t zone_node;

/* What the lists depend on. */
struct zonelist_input {
	unsigned node_ids;	       /* nodes 0 .. node_ids - 1 get a list */
	const struct nodemask *memory; /* nodes with memory, the members of each list */
	const struct nodemask *later;  /* tried after others of the same distance; NULL for none */
	int (*distance)(const void *ctx, int from, int to);
	const void *ctx;
};

/* Working memory of zonelists_build(). */
struct zonelist_scratch {
	uint64_t key[EMUL_NODES];
	unsigned load[EMUL_NODES];
};

/*
 * Fills in lists[node_ids][nodes with memory], row by row: for each node the nodes with memory,
 * nearest first. A memoryless node has a list too.
 */
void zonelists_build(zone_node *lists, const struct zonelist_input *in,
		     struct zonelist_scratch *scratch);

#endif
