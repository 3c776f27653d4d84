/* SPDX-License-Identifier: MIT */
/*
 * The text that `numactl --hardware` prints, from its "available:" on: for each node its CPUs, its
 * size and what of it is free in MB, then a table of distances. What may be missing on a real
 * machine (sizes, distances) may be missing here.
 */
#include "topology/describe.h"

/* "512 MB", or "<not available>". */
static bool megabytes(struct scan *scan, long long *bytes)
{
	unsigned long mb;

	scan_blanks(scan);
	if (scan_take(scan, "<not available>"))
		return true;
	if (!scan_number(scan, 0, 1UL << 31, "a number of MB must stand here", &mb))
		return false;
	scan_blanks(scan);
	if (!scan_take(scan, "MB"))
		return scan_fail(scan, scan->s, "MB must stand here");
	*bytes = (long long)mb << 20;
	return true;
}

static bool cpus(struct describer *p, unsigned node)
{
	struct scan *scan = &p->scan;

	for (scan_blanks(scan); !scan_at_end(scan); scan_blanks(scan)) {
		const char *at = scan->s;
		unsigned long cpu;

		if (!scan_number(scan, 0, DESCRIPTION_CPUS - 1, "a CPU is a number from 0 to 8191",
				 &cpu) ||
		    !describe_cpu(p, at, cpu, node))
			return false;
	}
	return true;
}

/* "node 0 cpus: 0 1", "node 0 size: 512 MB", "node 0 free: 478 MB" */
static bool node_line(struct describer *p)
{
	struct scan *scan = &p->scan;
	struct description_node *n;
	const char *at = scan->s;
	unsigned long node;

	if (!scan_number(scan, 0, DESCRIPTION_NODES - 1, "a node is a number from 0 to 1023",
			 &node))
		return false;
	n = &p->d->node[node];
	scan_blanks(scan);
	if (scan_take(scan, "cpus:"))
		return describe_node(p, at, node) && cpus(p, (unsigned)node);
	if (!n->exists)
		return scan_fail(scan, at, "no line above tells the CPUs of this node");
	if (scan_take(scan, "size:"))
		return megabytes(scan, &n->memory);
	if (scan_take(scan, "free:"))
		return megabytes(scan, &n->free);
	return scan_fail(scan, scan->s, "\"cpus:\", \"size:\" or \"free:\" must stand here");
}

/* The head of the table, "node   0   1", has to name the nodes that were told. */
static bool table_head(struct describer *p)
{
	struct scan *scan = &p->scan;
	unsigned long node;

	for (unsigned i = 0; i < p->d->node_ids; i++) {
		if (!p->d->node[i].exists)
			continue;
		scan_blanks(scan);
		if (!scan_number(scan, i, i, "the next node of those above must stand here", &node))
			return false;
	}
	return true;
}

/* "  0:  10  20" */
static bool table_row(struct describer *p)
{
	struct scan *scan = &p->scan;
	const char *at = scan->s;
	unsigned long node;

	if (!scan_number(scan, 0, DESCRIPTION_NODES - 1,
			 "a line of the form that numactl --hardware prints must stand here",
			 &node))
		return false;
	return describe_row_line(p, at, (unsigned)node);
}

static bool line(struct describer *p)
{
	struct scan *scan = &p->scan;

	scan_blanks(scan);
	if (scan_at_end(scan) || scan_take(scan, "No distance information available."))
		return true;
	if (!scan_take_word(scan, "node"))
		return table_row(p);
	scan_blanks(scan);
	if (scan_take(scan, "distances:"))
		return true;
	/* "node 0 cpus:" or the head of the table, which begins with the same words. */
	for (const char *s = scan->s; *s && *s != '\n'; s++)
		if (*s == ':')
			return node_line(p);
	return table_head(p);
}

bool describe_hardware(struct describer *p)
{
	struct scan *scan = &p->scan;
	unsigned long nodes;

	/* The number of nodes tells whether the text is whole; "(0-1)" no more than the rest. */
	scan_blanks(scan);
	if (!scan_number(scan, 0, DESCRIPTION_NODES, "a number of nodes must stand here", &nodes))
		return false;
	while (scan_next_line(scan)) {
		if (!line(p))
			return false;
		scan_blanks(scan);
		if (!scan_at_end(scan))
			return scan_fail(scan, scan->s, "the line must end here");
	}
	if (p->d->nodes != 0 && p->d->nodes != nodes)
		return scan_fail(scan, scan->s,
				 p->d->nodes < nodes ? "there are fewer nodes than are available"
						     : "there are more nodes than are available");
	if (p->rows != 0 && p->rows < p->d->nodes)
		return scan_fail(scan, scan->s, "there are fewer rows than nodes");
	return true;
}
