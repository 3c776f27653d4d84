/* SPDX-License-Identifier: MIT */
/*
 * What is common to all kinds of descriptions: adding nodes, CPUs and distances, and whether the
 * whole makes a machine. How a text is written may not come in here.
 */
#include "topology/description.h"

#include "topology/describe.h"

bool describe_no_rows_yet(struct describer *p, const char *at)
{
	return p->rows == 0 || scan_fail(&p->scan, at, "nodes must stand before their distances");
}

bool describe_node(struct describer *p, const char *at, unsigned long node)
{
	struct description *d = p->d;

	if (!describe_no_rows_yet(p, at))
		return false;
	if (d->node[node].exists)
		return scan_fail(&p->scan, at, "this node was described before");
	d->node[node] = (struct description_node){
		.exists = true,
		.memory = DESCRIPTION_SHARE,
		.free = DESCRIPTION_SHARE,
	};
	d->nodes++;
	if (node >= d->node_ids)
		d->node_ids = (unsigned)node + 1;
	return true;
}

/* A CPU that may have been named before: by a node and as offline. */
static void note_cpu(struct description *d, unsigned long cpu)
{
	bool known = d->cpu_node[cpu] != 0 || bits_test(d->offline, cpu);

	d->cpus += !known;
	if (cpu >= d->cpu_ids)
		d->cpu_ids = (unsigned)cpu + 1;
}

bool describe_cpu(struct describer *p, const char *at, unsigned long cpu, unsigned node)
{
	struct description *d = p->d;

	if (d->cpu_node[cpu] != 0)
		return scan_fail(&p->scan, at, "this CPU is in a node already");
	note_cpu(d, cpu);
	d->cpu_node[cpu] = (short)(node + 1);
	return true;
}

static bool describe_offline(struct describer *p, const char *at, unsigned long cpu)
{
	if (bits_test(p->d->offline, cpu))
		return scan_fail(&p->scan, at, "this CPU is offline already");
	note_cpu(p->d, cpu);
	bits_set(p->d->offline, cpu);
	return true;
}

static bool cpu_range(struct describer *p, int node)
{
	static const char not_a_cpu[] = "a CPU is a number from 0 to 8191";
	struct scan *scan = &p->scan;
	const char *at = scan->s;
	unsigned long first, last;

	if (!scan_number(scan, 0, DESCRIPTION_CPUS - 1, not_a_cpu, &first))
		return false;
	last = first;
	if (scan_take(scan, "-")) {
		const char *second = scan->s;

		if (!scan_number(scan, 0, DESCRIPTION_CPUS - 1, not_a_cpu, &last))
			return false;
		if (last < first)
			return scan_fail(scan, second, "the range ends before it begins");
	}
	for (unsigned long cpu = first; cpu <= last; cpu++)
		if (!(node < 0 ? describe_offline(p, at, cpu)
			       : describe_cpu(p, at, cpu, (unsigned)node)))
			return false;
	return true;
}

bool describe_cpu_list(struct describer *p, int node)
{
	do {
		if (!cpu_range(p, node))
			return false;
	} while (scan_take(&p->scan, ","));
	return true;
}

static bool one_distance(struct describer *p, bool local, unsigned char *distance)
{
	struct scan *scan = &p->scan;
	const char *at = scan->s;
	unsigned long n;

	if (!scan_number(scan, 10, 255, "a distance is 10 to 255", &n))
		return false;
	if (local && n != DESCRIPTION_LOCAL)
		return scan_fail(scan, at, "the distance of a node to itself is 10");
	*distance = (unsigned char)n;
	return true;
}

static bool at_digit(const struct scan *scan)
{
	return *scan->s >= '0' && *scan->s <= '9';
}

bool describe_row(struct describer *p, unsigned from, char separator)
{
	struct description *d = p->d;
	struct scan *scan = &p->scan;
	bool first = true;

	for (unsigned to = 0; to < d->node_ids; to++) {
		if (!d->node[to].exists)
			continue;
		if (separator == ' ')
			scan_blanks(scan);
		else if (!first && *scan->s == separator)
			scan->s++;
		else if (!first)
			return scan_fail(scan, scan->s, "there are fewer distances than nodes");
		if (separator == ' ' && !at_digit(scan))
			return scan_fail(scan, scan->s, "there are fewer distances than nodes");
		if (!one_distance(p, to == from, &d->distance[from][to]))
			return false;
		first = false;
	}
	if (separator == ' ')
		scan_blanks(scan);
	if (separator == ' ' ? at_digit(scan) : *scan->s == separator)
		return scan_fail(scan, scan->s, "there are more distances than nodes");
	p->rows++;
	return true;
}

bool describe_row_line(struct describer *p, const char *at, unsigned node)
{
	struct scan *scan = &p->scan;

	if (!p->d->node[node].exists)
		return scan_fail(scan, at, "no line above describes this node");
	if (p->d->distance[node][node])
		return scan_fail(scan, at, "the distances of this node were told before");
	if (!scan_take(scan, ":"))
		return scan_fail(scan, scan->s, "a colon must stand here");
	return describe_row(p, node, ' ');
}

int description_distance(const struct description *d, unsigned from, unsigned to)
{
	if (d->distance[from][to])
		return d->distance[from][to];
	return from == to ? DESCRIPTION_LOCAL : d->remote;
}

static bool any_memory(const struct description *d)
{
	for (unsigned node = 0; node < d->node_ids; node++)
		if (d->node[node].exists && d->node[node].memory != 0)
			return true;
	return false;
}

/* Whether all of it together is a machine; the fault is where the text ends. */
static bool complete(struct describer *p)
{
	struct description *d = p->d;
	const char *end = p->scan.s;

	if (d->nodes == 0)
		return scan_fail(&p->scan, end, "there are no nodes");
	for (unsigned cpu = 0; cpu < d->cpu_ids; cpu++)
		if (d->cpu_node[cpu] != 0 && !bits_test(d->offline, cpu))
			bits_set(d->online, cpu);
	if (bits_empty(d->online, DESCRIPTION_CPUS))
		return scan_fail(&p->scan, end, "there are no CPUs");
	if (!any_memory(d))
		return scan_fail(&p->scan, end, "no node has memory");
	return true;
}

/* Goes on to the first line that says something; false where none does. */
static bool next_words(struct scan *scan)
{
	for (;;) {
		scan_blanks(scan);
		if (*scan->s != '#' && !scan_at_end(scan))
			return true;
		if (!scan_next_line(scan))
			return false;
	}
}

/* A file is told by its first word. */
static bool describe_file(struct describer *p)
{
	struct scan *scan = &p->scan, look;

	if (!next_words(scan))
		return true;
	if (scan_take(scan, "available:"))
		return describe_hardware(p);
	look = *scan;
	if (!at_digit(scan) && !scan_take(&look, "dist="))
		return describe_lines(p);
	if (!describe_groups(p))
		return false;
	scan_blanks(scan);
	if (scan_at_end(scan) && !next_words(scan))
		return true;
	return scan_fail(scan, scan->s, "a comma or the end must stand here");
}

static bool describe_variable(struct describer *p)
{
	return describe_groups(p) &&
	       (*p->scan.s == '\0' ||
		scan_fail(&p->scan, p->scan.s, "a comma or the end must stand here"));
}

bool description_parse(struct description *d, const char *text, enum description_form form,
		       unsigned host_cpus, struct description_fault *fault)
{
	struct describer p = {
		.d = d,
		.scan = {.s = text, .line_start = text, .line = 1},
		.host_cpus = host_cpus,
	};
	bool good;

	d->remote = DESCRIPTION_REMOTE;
	good = (form == DESCRIPTION_GROUPS ? describe_variable(&p) : describe_file(&p)) &&
	       complete(&p);
	*fault = (struct description_fault){.why = p.scan.why};
	if (!good) {
		fault->line = p.scan.line;
		fault->column = (unsigned long)(p.scan.at - p.scan.line_start) + 1;
	}
	return good;
}
