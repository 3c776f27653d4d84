/* SPDX-License-Identifier: MIT */
/*
 * A machine as a text describes it, and the parser of such texts. Pure: a buffer in, a structure
 * out; no file, no heap, no errno, nothing of the machine it runs on.
 *
 * DESCRIPTION_GROUPS is what fits into an environment variable:
 *
 *	description = item { "," item }
 *	item        = COUNT [ "x" CPUS [ ":" MEMORY ] ]
 *	            | "dist=" REMOTE | "dist=" ROW { "/" ROW } | "weights=" W { ":" W }
 *	ROW         = D { ":" D }
 *
 * COUNT nodes, each with CPUS processors and MEMORY bytes (suffix K, M, G or T). Nodes and CPUs are
 * numbered in the order of the description. Without CPUS the machine's own are dealt out, without
 * MEMORY its memory. REMOTE is the distance of any two nodes (20); a node's to itself is 10. A
 * matrix has a row for each node; it and the weights for weighted interleaving, one a node, stand
 * after the nodes.
 *
 * DESCRIPTION_FILE is what fits into a file. It is told by its first word: "available:" begins what
 * `numactl --hardware` prints (hardware.c); a digit, or "dist=", begins groups as above, on one
 * line; anything else is our own format (lines.c), in lines of
 *
 *	node ID [cpus LIST] [memory SIZE] [free SIZE] [weight W]
 *	offline LIST
 *	remote D
 *	distance ID: D D ...
 *	# a comment
 *
 * Without cpus a node has none, without memory a share of the machine's. A LIST is "0-3,8". Offline
 * CPUs exist but do not run; they may be a node's. The values of a distance line are those to all
 * nodes in ascending order; it stands after the nodes.
 */
#ifndef MYNUMA_TOPOLOGY_DESCRIPTION_H
#define MYNUMA_TOPOLOGY_DESCRIPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bits.h"

#define DESCRIPTION_NODES 1024
#define DESCRIPTION_CPUS 8192
#define DESCRIPTION_LOCAL 10  /* a node's distance to itself */
#define DESCRIPTION_REMOTE 20 /* to others, unless something else is said */

/* A memory size that the text leaves open. */
#define DESCRIPTION_SHARE (-1LL)

struct description_node {
	bool exists;
	unsigned char weight; /* 0: not told */
	long long memory;     /* bytes, or DESCRIPTION_SHARE */
	long long free;	      /* likewise */
};

/* Large; lives in zeroed pages, most of which are never touched. */
struct description {
	unsigned nodes;	   /* how many */
	unsigned node_ids; /* one more than the highest */
	unsigned cpus;	   /* how many, offline ones too */
	unsigned cpu_ids;  /* one more than the highest */
	int remote;
	struct description_node node[DESCRIPTION_NODES];
	short cpu_node[DESCRIPTION_CPUS]; /* one more than the node; 0: none */
	unsigned long online[DESCRIPTION_CPUS / BITS_PER_LONG];
	unsigned long offline[DESCRIPTION_CPUS / BITS_PER_LONG];
	unsigned char distance[DESCRIPTION_NODES][DESCRIPTION_NODES]; /* 0: not told */
};

/* What is wrong with a text, and where; both counted from 1. `why` is NULL when nothing is. */
struct description_fault {
	const char *why;
	unsigned long line;
	unsigned long column;
};

enum description_form { DESCRIPTION_GROUPS, DESCRIPTION_FILE };

/*
 * Reads a NUL-terminated text into *d, which is all zero, for a machine on which a process may use
 * `host_cpus` CPUs. False if the text is wrong; then *d is of no use.
 */
bool description_parse(struct description *d, const char *text, enum description_form form,
		       unsigned host_cpus, struct description_fault *fault);

/* The distance of two nodes that exist. */
int description_distance(const struct description *d, unsigned from, unsigned to);

#endif
