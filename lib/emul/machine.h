/* SPDX-License-Identifier: MIT */
/*
 * The machine that is emulated, as far as memory policies depend on it: a constant, made from
 * the topology at the first question. No lock is needed to read it.
 */
#ifndef MYNUMA_EMUL_MACHINE_H
#define MYNUMA_EMUL_MACHINE_H

#include "emul/zonelist.h"

/* The kernel release that is emulated unless a machine says otherwise: 6.14. */
#define EMUL_RELEASE 614

struct emul_machine {
	unsigned node_ids;     /* one more than the highest possible node */
	unsigned memory_nodes; /* how many have memory */
	int release;	       /* of the kernel that is emulated: 601 is 6.1, 702 is 7.2 */
	size_t page_size;
	struct nodemask online;
	struct nodemask memory;		  /* nodes with memory */
	struct nodemask allowed;	  /* nodes that the process may use; of those with memory */
	zone_node *zonelists;		  /* node_ids rows of memory_nodes */
	unsigned char weight[EMUL_NODES]; /* for weighted interleave; 1 to 255 */

	/* The node of the CPU that runs the calling thread. */
	int (*local_node)(const struct emul_machine *machine);
};

/* The machine of this process; never NULL. */
const struct emul_machine *emul_machine(void);

/* For tests and simulators: this machine from now on. It has to stay. */
void emul_machine_set(const struct emul_machine *machine);

/*
 * Completes a machine of which node_ids, online and memory are filled in: what is 0 or empty
 * gets its usual value. Distances come from the function. 0 or -ENOMEM.
 */
int emul_machine_complete(struct emul_machine *machine,
			  int (*distance)(const void *ctx, int from, int to), const void *ctx);

/* The nodes with memory in the order in which `node` tries them. */
static inline const zone_node *machine_zonelist(const struct emul_machine *machine, int node)
{
	return machine->zonelists + (size_t)node * machine->memory_nodes;
}

#endif
