/* SPDX-License-Identifier: MIT */
/*
 * A machine made from a description: MYNUMA_TOPOLOGY.
 *
 *	description = item { "," item }
 *	item        = COUNT [ "x" CPUS [ ":" MEMORY ] ] | "dist=" DISTANCE
 *
 * COUNT nodes, each with CPUS processors and MEMORY bytes (suffix K, M, G or T). Nodes and CPUs are
 * numbered in the order of the description. Without CPUS the machine's own are dealt out, without
 * MEMORY its memory. DISTANCE is that of any two nodes (20); a node's to itself is 10.
 */
#ifndef MYNUMA_TOPOLOGY_SYNTHETIC_H
#define MYNUMA_TOPOLOGY_SYNTHETIC_H

#include <stdbool.h>
#include <stddef.h>

#include "topology/source.h"

#define SYNTHETIC_NODES 1024
#define SYNTHETIC_CPUS 8192

struct synthetic_node {
	unsigned first_cpu;
	unsigned cpus;
	long long memory; /* bytes; -1: a share of the machine's */
};

struct synthetic {
	unsigned nodes;
	unsigned cpus;
	int distance; /* between different nodes */
	struct synthetic_node node[SYNTHETIC_NODES];
};

/*
 * Reads a description for a host of `host_cpus` CPUs. NULL, or what is wrong with the text at
 * *position.
 */
const char *synthetic_parse(struct synthetic *machine, const char *text, unsigned host_cpus,
			    size_t *position);

/* The source for what MYNUMA_TOPOLOGY says, or NULL; a bad description was told on stderr, once. */
const struct topo_source *synthetic_source(void);

#endif
