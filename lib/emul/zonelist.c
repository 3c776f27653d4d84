/* SPDX-License-Identifier: MIT */
/*
 * For each node L in ascending order: L itself if it has memory, then the others by (distance,
 * where one for ids below L counts, and one for nodes to be tried later) and, where that is
 * equal, by how often a node came first among its equals in the lists so far, then by number.
 *
 * That "load" grows only for nodes already placed in the list at hand, so a list is one sort.
 */
#include "emul/zonelist.h"

#include "base/compiler.h"

/* Distance, load and number of a candidate as one number to sort by. */
static uint64_t sort_key(const struct zonelist_input *in, unsigned from, unsigned node,
			 unsigned load)
{
	uint64_t far = (uint64_t)(unsigned)in->distance(in->ctx, (int)from, (int)node);

	if (node < from)
		far++;
	if (in->later && nodemask_has(in->later, (long)node))
		far++;
	return (far * EMUL_NODES + load) * EMUL_NODES + node;
}

/* Shell's sort; there is no qsort() that promises not to allocate. */
static void sort(uint64_t *key, unsigned n)
{
	static const unsigned gaps[] = {701, 301, 132, 57, 23, 10, 4, 1};

	for (size_t g = 0; g < ARRAY_SIZE(gaps); g++) {
		unsigned gap = gaps[g];

		for (unsigned i = gap; i < n; i++) {
			uint64_t k = key[i];
			unsigned j = i;

			for (; j >= gap && key[j - gap] > k; j -= gap)
				key[j] = key[j - gap];
			key[j] = k;
		}
	}
}

/* The list of one node. */
static void build_one(zone_node *list, const struct zonelist_input *in, unsigned from,
		      struct zonelist_scratch *scratch)
{
	unsigned n = 0, listed = 0, others = 0;
	int prev = (int)from;

	if (nodemask_has(in->memory, (long)from))
		list[listed++] = (zone_node)from;
	for (nodemask_each(node, in->memory))
		if (node != from)
			scratch->key[others++] = sort_key(in, from, (unsigned)node,
							  scratch->load[node]);
	sort(scratch->key, others);
	for (; n < others; n++) {
		int node = (int)(scratch->key[n] % EMUL_NODES);

		if (in->distance(in->ctx, (int)from, node) !=
		    in->distance(in->ctx, (int)from, prev))
			scratch->load[node]++;
		list[listed++] = (zone_node)node;
		prev = node;
	}
}

void zonelists_build(zone_node *lists, const struct zonelist_input *in,
		     struct zonelist_scratch *scratch)
{
	unsigned members = nodemask_weight(in->memory);

	for (unsigned node = 0; node < EMUL_NODES; node++)
		scratch->load[node] = 0;
	for (unsigned from = 0; from < in->node_ids; from++)
		build_one(lists + (size_t)from * members, in, from, scratch);
}
