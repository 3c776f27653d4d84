/* SPDX-License-Identifier: MIT */
/*
 * Where a topology comes from. topology.c asks, caches and publishes; a source only reads, so it
 * has no state of its own that changes. Results are 0 or -errno.
 */
#ifndef MYNUMA_TOPOLOGY_SOURCE_H
#define MYNUMA_TOPOLOGY_SOURCE_H

#include <stdbool.h>

#include "topology/topology.h"

/* No kernel takes a longer node mask; what claims to be longer is garbage. */
#define TOPO_NODES_MAX 32768U

struct topo_source {
	/* Fills in the snapshot, with masks from topo_alloc(). False only when memory ran out. */
	bool (*describe)(struct topology *t);
	/* The number of configured CPUs, if describe() did not tell; NULL if it always does. */
	int (*cpus)(void);
	/* As topo_node_cpus(). */
	int (*node_cpus)(const struct topology *t, int node, unsigned long *cpus, size_t nbits);
	/* The distances from one node to each of the `n` = max_node + 1 nodes into row[], zeroed
	 * before. -ENODATA when the file is there but tells nothing. */
	int (*distances)(const struct topology *t, int from, int *row);
	/* As topo_node_memory(). */
	int (*node_memory)(const struct topology *t, int node, long long *total, long long *free);
	/* As topo_allowed_nodes(). NULL where they never change. */
	bool (*allowed_nodes)(const struct topology *t, unsigned long *nodes);
	/* As topo_node_weight(). NULL where no node has one. */
	int (*node_weight)(int node);
};

/* /sys and /proc of the running kernel. */
extern const struct topo_source topo_sysfs;

#endif
