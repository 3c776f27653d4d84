/* SPDX-License-Identifier: MIT */
/*
 * Descriptions of machines: one that is taken keeps every limit, one that is refused is refused at a
 * place in the text. The first byte is the number of the host's CPUs.
 */
#include "fuzz/fuzz.h"

#include "topology/synthetic.h"

static void check(const struct synthetic *m)
{
	unsigned cpus = 0, with_memory = 0;

	MUST(m->nodes >= 1 && m->nodes <= SYNTHETIC_NODES);
	MUST(m->cpus >= 1 && m->cpus <= SYNTHETIC_CPUS);
	MUST(m->distance > 10 && m->distance <= 255);
	for (unsigned i = 0; i < m->nodes; i++) {
		MUST(m->node[i].first_cpu == cpus);
		MUST(m->node[i].memory >= -1 && m->node[i].memory <= 1LL << 52);
		cpus += m->node[i].cpus;
		with_memory += m->node[i].memory != 0;
	}
	MUST(cpus == m->cpus);
	MUST(with_memory > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct synthetic m;
	struct supply in = {data, size};
	unsigned host_cpus = supply_byte(&in);
	char *s = text_of(in.data, in.left);
	size_t position = SIZE_MAX;
	const char *why = synthetic_parse(&m, s, host_cpus, &position);

	MUST(position <= strlen(s));
	if (why)
		MUST(*why);
	else
		check(&m);
	free(s);
	return 0;
}
