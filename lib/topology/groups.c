/* SPDX-License-Identifier: MIT */
/* Descriptions of the form "4x2:16G,dist=21"; description.h has their grammar. */
#include <limits.h>

#include "topology/describe.h"

/* The groups as they were read; CPUs are numbered when all are known. */
struct groups {
	struct describer *p;
	unsigned cpus;			       /* asked for so far */
	unsigned node_cpus[DESCRIPTION_NODES]; /* UINT_MAX: a share */
	bool weights;
};

/* COUNT [ "x" CPUS [ ":" MEMORY ] ] */
static bool group(struct groups *g)
{
	static const char no_cpus[] = "a number of CPUs must follow";
	struct scan *scan = &g->p->scan;
	unsigned long count, cpus = UINT_MAX;
	long long memory = DESCRIPTION_SHARE;
	const char *start = scan->s;

	if (*start < '0' || *start > '9')
		return scan_fail(scan, start, "a number of nodes must stand here");
	if (!scan_number(scan, 1, DESCRIPTION_NODES - g->p->d->nodes,
			 "there can be 1 to 1024 nodes", &count))
		return false;
	if (g->weights)
		return scan_fail(scan, start, "nodes must stand before their weights");
	if (scan_take(scan, "x")) {
		if (*scan->s < '0' || *scan->s > '9')
			return scan_fail(scan, scan->s, no_cpus);
		if (!scan_number(scan, 0, (DESCRIPTION_CPUS - g->cpus) / count,
				 "there can be at most 8192 CPUs", &cpus))
			return false;
		g->cpus += (unsigned)(cpus * count);
		if (scan_take(scan, ":") && !scan_size(scan, &memory))
			return false;
	}
	for (; count > 0; count--) {
		unsigned node = g->p->d->nodes;

		if (!describe_node(g->p, start, node))
			return false;
		g->p->d->node[node].memory = memory;
		g->node_cpus[node] = (unsigned)cpus;
	}
	return true;
}

/* A remote distance, or a matrix. */
static bool distances(struct groups *g)
{
	static const char wrong[] = "a distance is 10 to 255";
	struct scan *scan = &g->p->scan;
	struct description *d = g->p->d;
	const char *start = scan->s;
	unsigned long remote;

	if (!scan_number(scan, 10, 255, wrong, &remote))
		return false;
	d->remote = (int)remote;
	if (*scan->s != ':' && *scan->s != '/')
		return true;
	scan->s = start;
	if (g->p->rows)
		return scan_fail(scan, start, "the distances were told before");
	if (d->nodes == 0)
		return scan_fail(scan, start, "nodes must stand before their distances");
	for (unsigned from = 0; from < d->nodes; from++) {
		if (from > 0 && !scan_take(scan, "/"))
			return scan_fail(scan, scan->s, "there are fewer rows than nodes");
		if (!describe_row(g->p, from, ':'))
			return false;
	}
	if (*scan->s == '/')
		return scan_fail(scan, scan->s, "there are more rows than nodes");
	return true;
}

static bool weights(struct groups *g)
{
	struct scan *scan = &g->p->scan;
	struct description *d = g->p->d;
	unsigned long weight;

	if (d->nodes == 0)
		return scan_fail(scan, scan->s, "nodes must stand before their weights");
	for (unsigned node = 0; node < d->nodes; node++) {
		if (node > 0 && !scan_take(scan, ":"))
			return scan_fail(scan, scan->s, "there are fewer weights than nodes");
		if (!scan_number(scan, 1, 255, "a weight is 1 to 255", &weight))
			return false;
		d->node[node].weight = (unsigned char)weight;
	}
	if (*scan->s == ':')
		return scan_fail(scan, scan->s, "there are more weights than nodes");
	g->weights = true;
	return true;
}

static bool item(struct groups *g)
{
	if (scan_take(&g->p->scan, "dist="))
		return distances(g);
	if (scan_take(&g->p->scan, "weights="))
		return weights(g);
	return group(g);
}

/* Nodes that asked for no number of CPUs get a share of the host's, at least one. */
static bool number_cpus(struct groups *g)
{
	struct describer *p = g->p;
	unsigned open = 0, share, cpu = 0;

	for (unsigned i = 0; i < p->d->nodes; i++)
		open += g->node_cpus[i] == UINT_MAX;
	share = open && p->host_cpus > open ? p->host_cpus / open : 1;
	if (open && share > (DESCRIPTION_CPUS - g->cpus) / open)
		return scan_fail(&p->scan, p->scan.s, "there can be at most 8192 CPUs");
	for (unsigned i = 0; i < p->d->nodes; i++) {
		unsigned cpus = g->node_cpus[i] == UINT_MAX ? share : g->node_cpus[i];

		for (; cpus > 0; cpus--)
			if (!describe_cpu(p, p->scan.s, cpu++, i))
				return false;
	}
	return true;
}

bool describe_groups(struct describer *p)
{
	struct groups g = {.p = p};
	do {
		if (!item(&g))
			return false;
	} while (scan_take(&p->scan, ","));
	return number_cpus(&g);
}
