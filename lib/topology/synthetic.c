/* SPDX-License-Identifier: MIT */
/*
 * The machine that MYNUMA_TOPOLOGY describes. Nothing of the real one is read here but what the
 * description leaves open. How a description is written is description.h's.
 */
#include "topology/synthetic.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

#include "base/bits.h"
#include "sys/call.h"
#include "sys/complain.h"
#include "sys/smallfile.h"
#include "topology/description.h"

/* The machine in use; set once. */
static _Atomic(const struct description *) described;

static bool synthetic_describe(struct topology *t)
{
	const struct description *d = atomic_load(&described);
	size_t words = bits_words(DESCRIPTION_NODES), cpu_words;
	unsigned long *nodes, *with_memory, *cpus;

	t->node_bits = DESCRIPTION_NODES;
	t->max_node = (int)d->node_ids - 1;
	t->nodes = (int)d->nodes;
	t->cpu_bits = d->cpu_ids > 1024 ? DESCRIPTION_CPUS : 1024;
	t->cpus = (int)d->cpus;

	cpu_words = bits_words(t->cpu_bits);
	nodes = topo_alloc(words * sizeof(long));
	with_memory = topo_alloc(words * sizeof(long));
	cpus = topo_alloc(cpu_words * sizeof(long));
	if (!nodes || !with_memory || !cpus)
		return false;
	for (unsigned i = 0; i < d->node_ids; i++) {
		if (d->node[i].exists)
			bits_set(nodes, i);
		if (d->node[i].exists && d->node[i].memory != 0)
			bits_set(with_memory, i);
	}
	bits_copy(cpus, t->cpu_bits, d->online, DESCRIPTION_CPUS);
	t->existing = nodes;
	t->allowed_nodes = with_memory;
	t->allowed_cpus = cpus;
	return true;
}

static const struct description_node *node_at(int node)
{
	const struct description *d = atomic_load(&described);

	return node >= 0 && node < (int)d->node_ids && d->node[node].exists ? &d->node[node] : NULL;
}

static int synthetic_node_cpus(const struct topology *t, int node, unsigned long *cpus,
			       size_t nbits)
{
	const struct description *d = atomic_load(&described);

	(void)t;
	if (!node_at(node))
		return -ENOENT;
	bits_zero(cpus, nbits);
	for (bits_each(cpu, d->online, d->cpu_ids)) {
		if (d->cpu_node[cpu] != node + 1)
			continue;
		if (cpu >= nbits)
			return -EOVERFLOW;
		bits_set(cpus, cpu);
	}
	return 0;
}

static int synthetic_distances(const struct topology *t, int from, int *row)
{
	const struct description *d = atomic_load(&described);

	for (int to = 0; to <= t->max_node; to++)
		if (d->node[to].exists)
			row[to] = description_distance(d, (unsigned)from, (unsigned)to);
	return 0;
}

/* What is left open is a share of the host's memory, of which as large a part is free. */
static int synthetic_node_memory(const struct topology *t, int node, long long *total,
				 long long *free)
{
	const struct description_node *n = node_at(node);
	struct sysinfo info;
	long long host_total, host_free;

	*total = -1;
	*free = 0;
	if (!n)
		return -ENOENT;
	if (sysinfo(&info) < 0)
		return -ENOSYS;
	host_total = (long long)info.totalram * info.mem_unit;
	host_free = (long long)info.freeram * info.mem_unit;
	*total = n->memory >= 0 ? n->memory : host_total / t->nodes;
	*free = n->free >= 0
			? n->free
			: (long long)((double)*total * ((double)host_free / (double)host_total));
	*free = *free > *total ? *total : *free;
	return 2;
}

static int synthetic_node_weight(int node)
{
	const struct description_node *n = node_at(node);

	return !n ? -ENOENT : n->weight ? n->weight : -ENODATA;
}

static const struct topo_source synthetic = {
	.describe = synthetic_describe,
	.node_cpus = synthetic_node_cpus,
	.distances = synthetic_distances,
	.node_memory = synthetic_node_memory,
	.node_weight = synthetic_node_weight,
};

/* The CPUs that this process may use. */
static unsigned host_cpus(void)
{
	unsigned long cpus[DESCRIPTION_CPUS / BITS_PER_LONG] = {0};
	long bytes = sys_call(__NR_sched_getaffinity, 0, sizeof(cpus), cpus);

	return bytes > 0 ? (unsigned)bits_weight(cpus, DESCRIPTION_CPUS) : 1;
}

/* "VALUE: why, at character 3", and for a file "@FILE:7:3: why". */
static void complain_of(const char *value, const struct description_fault *fault)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;
	char line[NUMBER_DIGITS], column[NUMBER_DIGITS];

	if (atomic_flag_test_and_set(&told))
		return;
	if (fault->line == 0)
		complain("MYNUMA_TOPOLOGY=", value, ": ", fault->why, "; the variable is ignored",
			 NULL);
	else if (*value == '@')
		complain("MYNUMA_TOPOLOGY=", value, ":", number_text(line, fault->line), ":",
			 number_text(column, fault->column), ": ", fault->why,
			 "; the variable is ignored", NULL);
	else
		complain("MYNUMA_TOPOLOGY=", value, ": ", fault->why, ", at character ",
			 number_text(column, fault->column), "; the variable is ignored", NULL);
}

static const char *unreadable(int err)
{
	switch (err) {
	case -ENOENT:
		return "there is no such file";
	case -EACCES:
		return "the file may not be read";
	case -EISDIR:
		return "this is a directory";
	case -ENOMEM:
		return "the file is too long, or memory ran out";
	default:
		return "the file cannot be read";
	}
}

/* Kept apart: its buffer is not to be on the stack where no file is read. */
__attribute__((noinline)) static bool parse_file(struct description *d, const char *path,
						 struct description_fault *fault)
{
	struct text text;
	int err = text_read(&text, path, NULL);
	bool good = false;

	*fault = (struct description_fault){0};
	if (err)
		fault->why = unreadable(err);
	else if (strlen(text.s) != text.len)
		fault->why = "this is not a text file";
	else
		good = description_parse(d, text.s, DESCRIPTION_FILE, host_cpus(), fault);
	text_free(&text);
	return good;
}

static bool parse(struct description *d, const char *value, struct description_fault *fault)
{
	if (*value == '@')
		return parse_file(d, value + 1, fault);
	return description_parse(d, value, DESCRIPTION_GROUPS, host_cpus(), fault);
}

const struct topo_source *synthetic_source(void)
{
	const char *value = secure_getenv("MYNUMA_TOPOLOGY");
	const struct description *none = NULL;
	struct description_fault fault;
	struct description *d;

	if (!value || !*value)
		return NULL;
	d = pages_alloc(sizeof(*d));
	if (!d)
		return NULL;
	if (!parse(d, value, &fault)) {
		complain_of(value, &fault);
		pages_free(d, sizeof(*d));
		return NULL;
	}
	if (!atomic_compare_exchange_strong(&described, &none, d))
		pages_free(d, sizeof(*d));
	return &synthetic;
}
