/* SPDX-License-Identifier: MIT */
/* Collecting what is known of the machine; machine.h says from where. How it is shown may not come
 * in here. */
#include "tools/machine.h"

#include <stdlib.h>
#include <string.h>

#include "numa.h"
#include "tools/common.h"

#define WEIGHTS "/sys/kernel/mm/mempolicy/weighted_interleave"

/* Adds a kernel's list of CPUs, "0-3,8". */
static void add_list(struct bitmask *set, const char *list)
{
	while (list && *list >= '0' && *list <= '9') {
		char *end;
		unsigned long first = strtoul(list, &end, 10), last = first;

		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		for (; first <= last && first < set->size; first++)
			numa_bitmask_setbit(set, (unsigned)first);
		list = *end == ',' ? end + 1 : NULL;
	}
}

static void find_offline(struct machine *m, const struct description *d)
{
	const char *root = getenv("MYNUMA_ROOT"), *present;

	m->offline = numa_bitmask_alloc(DESCRIPTION_CPUS);
	if (d) {
		for (unsigned cpu = 0; cpu < d->cpu_ids; cpu++)
			if (bits_test(d->offline, cpu))
				numa_bitmask_setbit(m->offline, cpu);
		return;
	}
	/* "offline" lists CPUs that could be there one day, too. */
	present = first_line("%s/sys/devices/system/cpu/present", root ? root : "");
	add_list(m->offline, present);
	for (int i = 0; i < m->nodes; i++)
		for (unsigned cpu = 0; m->node[i].cpus && cpu < m->offline->size; cpu++)
			if (numa_bitmask_isbitset(m->node[i].cpus, cpu))
				numa_bitmask_clearbit(m->offline, cpu);
}

static void find_node(struct machine_node *n, int id, const struct description *d)
{
	const char *weight;

	n->id = id;
	n->cpus = numa_allocate_cpumask();
	if (numa_node_to_cpus(id, n->cpus) < 0) {
		numa_bitmask_free(n->cpus);
		n->cpus = NULL;
	}
	n->memory = numa_node_size64(id, &n->free);
	n->all = n->cpus;
	if (d) {
		n->weight = d->node[id].weight;
		n->all = numa_bitmask_alloc(DESCRIPTION_CPUS);
		for (unsigned cpu = 0; cpu < d->cpu_ids; cpu++)
			if (d->cpu_node[cpu] == id + 1)
				numa_bitmask_setbit(n->all, cpu);
	} else {
		weight = first_line("%s" WEIGHTS "/node%d",
				    getenv("MYNUMA_ROOT") ? getenv("MYNUMA_ROOT") : "", id);
		n->weight = weight ? atoi(weight) : 0;
	}
}

const struct machine *machine_get(void)
{
	struct machine *m = allocate(1, sizeof(*m));
	const struct description *d;
	bool wrong;
	int max = numa_max_node();

	d = described_machine(&wrong);
	if (wrong)
		exit(STATUS_USAGE);
	m->simulated = d != NULL;
	m->node = allocate((size_t)max + 1, sizeof(m->node[0]));
	for (int id = 0; id <= max; id++)
		if (numa_bitmask_isbitset(numa_nodes_ptr, (unsigned)id))
			find_node(&m->node[m->nodes++], id, d);
	m->distances = allocate((size_t)m->nodes * (size_t)m->nodes, sizeof(int));
	m->has_distances = m->nodes > 0;
	for (int i = 0; i < m->nodes; i++)
		for (int j = 0; j < m->nodes; j++) {
			int distance = numa_distance(m->node[i].id, m->node[j].id);

			m->distances[i * m->nodes + j] = distance;
			m->has_distances &= distance > 0;
		}
	find_offline(m, d);
	return m;
}

void print_list(FILE *out, const struct bitmask *set)
{
	const char *comma = "";

	for (unsigned long first = 0; first < set->size; first++) {
		unsigned long last = first;

		if (!numa_bitmask_isbitset(set, (unsigned)first))
			continue;
		while (last + 1 < set->size && numa_bitmask_isbitset(set, (unsigned)last + 1))
			last++;
		fprintf(out, last > first ? "%s%lu-%lu" : "%s%lu", comma, first, last);
		comma = ",";
		first = last;
	}
}

/* Bytes with the largest suffix that loses nothing. */
static void save_size(FILE *out, const char *name, long long bytes)
{
	static const char suffixes[] = " KMGT";
	int i = 0;

	for (; bytes && i < 4 && bytes % 1024 == 0; i++)
		bytes /= 1024;
	fprintf(out, " %s %lld", name, bytes);
	if (i > 0)
		fputc(suffixes[i], out);
}

void machine_save(const struct machine *m, FILE *out)
{
	fputs("# A machine for MYNUMA_TOPOLOGY=@FILE and mynuma run --topology @FILE\n", out);
	for (int i = 0; i < m->nodes; i++) {
		const struct machine_node *n = &m->node[i];

		fprintf(out, "node %d", n->id);
		if (n->all && numa_bitmask_weight(n->all)) {
			fputs(" cpus ", out);
			print_list(out, n->all);
		}
		if (n->memory >= 0) {
			save_size(out, "memory", n->memory);
			save_size(out, "free", n->free);
		}
		if (n->weight > 0)
			fprintf(out, " weight %d", n->weight);
		fputc('\n', out);
	}
	if (numa_bitmask_weight(m->offline)) {
		fputs("offline ", out);
		print_list(out, m->offline);
		fputc('\n', out);
	}
	for (int i = 0; m->has_distances && i < m->nodes; i++) {
		fprintf(out, "distance %d:", m->node[i].id);
		for (int j = 0; j < m->nodes; j++)
			fprintf(out, " %d", machine_distance(m, i, j));
		fputc('\n', out);
	}
}
