/* SPDX-License-Identifier: MIT */
/* Our own format of files that describe a machine; description.h has its grammar. */
#include "topology/describe.h"

static bool node_id(struct scan *scan, unsigned long *node)
{
	scan_blanks(scan);
	return scan_number(scan, 0, DESCRIPTION_NODES - 1, "a node is a number from 0 to 1023",
			   node);
}

static bool memory(struct describer *p, const char *at, long long *size)
{
	if (*size != DESCRIPTION_SHARE)
		return scan_fail(&p->scan, at, "this was told before");
	return scan_size(&p->scan, size);
}

/* One of "cpus LIST", "memory SIZE", "free SIZE", "weight W". */
static bool attribute(struct describer *p, unsigned node, bool *has_cpus)
{
	struct scan *scan = &p->scan;
	struct description_node *n = &p->d->node[node];
	const char *at = scan->s;
	unsigned long weight;

	if (scan_take_word(scan, "cpus")) {
		scan_blanks(scan);
		if (*has_cpus)
			return scan_fail(scan, at, "this was told before");
		*has_cpus = true;
		return describe_cpu_list(p, (int)node);
	}
	if (scan_take_word(scan, "memory")) {
		scan_blanks(scan);
		return memory(p, at, &n->memory);
	}
	if (scan_take_word(scan, "free")) {
		scan_blanks(scan);
		return memory(p, at, &n->free);
	}
	if (!scan_take_word(scan, "weight"))
		return scan_fail(scan, at, "cpus, memory, free or weight must stand here");
	scan_blanks(scan);
	if (n->weight)
		return scan_fail(scan, at, "this was told before");
	if (!scan_number(scan, 1, 255, "a weight is 1 to 255", &weight))
		return false;
	n->weight = (unsigned char)weight;
	return true;
}

static bool ends(const struct scan *scan)
{
	return scan_at_end(scan) || *scan->s == '#';
}

static bool node_line(struct describer *p)
{
	struct scan *scan = &p->scan;
	const struct description_node *n;
	const char *at;
	unsigned long node;
	bool has_cpus = false;

	scan_blanks(scan);
	at = scan->s;
	if (!node_id(scan, &node) || !describe_node(p, at, node))
		return false;
	for (scan_blanks(scan); !ends(scan); scan_blanks(scan))
		if (!attribute(p, (unsigned)node, &has_cpus))
			return false;
	n = &p->d->node[node];
	if (n->free > n->memory && n->memory != DESCRIPTION_SHARE)
		return scan_fail(scan, at, "more memory is free than there is");
	return true;
}

static bool distance_line(struct describer *p)
{
	struct scan *scan = &p->scan;
	const char *at;
	unsigned long node;

	scan_blanks(scan);
	at = scan->s;
	if (!node_id(scan, &node))
		return false;
	return describe_row_line(p, at, (unsigned)node);
}

static bool remote_line(struct describer *p)
{
	unsigned long remote;

	scan_blanks(&p->scan);
	if (!scan_number(&p->scan, 10, 255, "a distance is 10 to 255", &remote))
		return false;
	p->d->remote = (int)remote;
	return true;
}

static bool offline_line(struct describer *p)
{
	scan_blanks(&p->scan);
	return describe_cpu_list(p, -1);
}

static bool line(struct describer *p)
{
	struct scan *scan = &p->scan;
	bool good;

	scan_blanks(scan);
	if (ends(scan))
		return true;
	if (scan_take_word(scan, "node"))
		good = node_line(p);
	else if (scan_take_word(scan, "distance"))
		good = distance_line(p);
	else if (scan_take_word(scan, "offline"))
		good = offline_line(p);
	else if (scan_take_word(scan, "remote"))
		good = remote_line(p);
	else
		good = scan_fail(scan, scan->s,
				 "node, offline, remote or distance must stand here");
	if (!good)
		return false;
	scan_blanks(scan);
	return ends(scan) || scan_fail(scan, scan->s, "the line must end here");
}

bool describe_lines(struct describer *p)
{
	do {
		if (!line(p))
			return false;
	} while (scan_next_line(&p->scan));
	return true;
}
