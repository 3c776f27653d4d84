/* SPDX-License-Identifier: MIT */
/*
 * What the parsers of the three kinds of text have in common: nodes, CPUs and rows of distances are
 * added one after the other, and whatever makes no sense is a fault of the text.
 */
#ifndef MYNUMA_TOPOLOGY_DESCRIBE_H
#define MYNUMA_TOPOLOGY_DESCRIBE_H

#include "topology/description.h"
#include "topology/scan.h"

struct describer {
	struct description *d;
	struct scan scan;
	unsigned host_cpus;
	unsigned rows; /* of distances, so far */
};

/* Each reads from the text's present position to where its own ends. */
bool describe_groups(struct describer *p);
bool describe_lines(struct describer *p);
bool describe_hardware(struct describer *p);

/* A new node; `at` is where the text names it. Its memory is open. */
bool describe_node(struct describer *p, const char *at, unsigned long node);

/* Gives a node a CPU. */
bool describe_cpu(struct describer *p, const char *at, unsigned long cpu, unsigned node);

/* Reads a list of CPUs, "0-3,8", for a node, or (-1) of those that are offline. */
bool describe_cpu_list(struct describer *p, int node);

/*
 * Reads a row of distances from `from` to all nodes in ascending order; `separator` (if it is not a
 * blank) or blanks stand between two.
 */
bool describe_row(struct describer *p, unsigned from, char separator);

/* Reads ": D D ..." of a line that names a node at `at`. */
bool describe_row_line(struct describer *p, const char *at, unsigned node);

/* What is to be said when a new node comes after the distances. */
bool describe_no_rows_yet(struct describer *p, const char *at);

#endif
