/* SPDX-License-Identifier: MIT */
/*
 * Descriptions of machines, as in the environment and as in files of each kind: one that is taken
 * keeps every limit, one that is refused is refused at a place in the text. The first byte is the
 * number of the host's CPUs, and its highest bit says which.
 */
#include "fuzz/fuzz.h"

#include <sys/mman.h>

#include "topology/description.h"

static void check_cpus(const struct description *d)
{
	unsigned online = 0, offline = 0;

	for (unsigned cpu = 0; cpu < DESCRIPTION_CPUS; cpu++) {
		bool on = bits_test(d->online, cpu), off = bits_test(d->offline, cpu);

		MUST(!(on && off));
		MUST(cpu < d->cpu_ids || !(on || off));
		MUST(d->cpu_node[cpu] >= 0 && d->cpu_node[cpu] <= (int)d->node_ids);
		MUST(!d->cpu_node[cpu] || d->node[d->cpu_node[cpu] - 1].exists);
		online += on;
		offline += off;
	}
	MUST(online >= 1 && online + offline == d->cpus);
	MUST(d->cpu_ids <= DESCRIPTION_CPUS);
}

static void check_nodes(const struct description *d)
{
	unsigned nodes = 0, with_memory = 0;

	MUST(d->nodes >= 1 && d->node_ids <= DESCRIPTION_NODES);
	for (unsigned i = 0; i < DESCRIPTION_NODES; i++) {
		const struct description_node *node = &d->node[i];

		MUST(i < d->node_ids || !node->exists);
		if (!node->exists)
			continue;
		nodes++;
		with_memory += node->memory != 0;
		MUST(node->memory >= DESCRIPTION_SHARE && node->free >= DESCRIPTION_SHARE);
		for (unsigned to = 0; to < d->node_ids; to++) {
			int distance = d->node[to].exists ? description_distance(d, i, to) : 10;

			MUST(distance >= DESCRIPTION_LOCAL && distance <= 255);
		}
	}
	MUST(nodes == d->nodes && with_memory > 0);
}

static unsigned long lines_of(const char *s)
{
	unsigned long lines = 1;

	while ((s = strchr(s, '\n')) != NULL) {
		lines++;
		s++;
	}
	return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct supply in = {data, size};
	unsigned first = supply_byte(&in);
	char *s = text_of(in.data, in.left);
	struct description_fault fault = {0};
	struct description *d = mmap(NULL, sizeof(*d), PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	MUST(d != MAP_FAILED);
	if (description_parse(d, s, first & 0x80 ? DESCRIPTION_FILE : DESCRIPTION_GROUPS,
			      first & 0x7f, &fault)) {
		MUST(!fault.why);
		check_nodes(d);
		check_cpus(d);
	} else {
		MUST(fault.why && *fault.why);
		MUST(fault.line >= 1 && fault.line <= lines_of(s));
		MUST(fault.column >= 1 && fault.column <= strlen(s) + 1);
	}
	munmap(d, sizeof(*d));
	free(s);
	return 0;
}
