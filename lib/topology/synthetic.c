/* SPDX-License-Identifier: MIT */
/*
 * The machine that MYNUMA_TOPOLOGY describes. Nothing of the real one is read here but what the
 * description leaves open.
 */
#include "topology/synthetic.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

#include "base/bits.h"
#include "sys/call.h"
#include "sys/complain.h"
#include "sys/smallfile.h"

/* A decimal number up to `most`; false if there is none. Larger ones are more than `most`. */
static bool parse_number(const char **s, unsigned long long most, unsigned long long *n)
{
	const char *start = *s;

	*n = 0;
	for (; **s >= '0' && **s <= '9'; ++*s)
		if (*n <= most)
			*n = *n * 10 + (unsigned long long)(**s - '0');
	return *s > start;
}

/* 16G and the like. */
static const char *parse_memory(const char **s, long long *bytes)
{
	static const char suffixes[] = "KMGT";
	const char *start = *s, *suffix;
	unsigned long long n;

	if (!parse_number(s, 1ULL << 52, &n))
		return "a memory size must follow";
	suffix = **s ? strchr(suffixes, **s) : NULL;
	for (long i = -1; suffix && i < suffix - suffixes && n <= 1ULL << 52; i++)
		n *= 1024;
	if (n > 1ULL << 52) {
		*s = start;
		return "the memory is too large";
	}
	*s += suffix != NULL;
	*bytes = (long long)n;
	return NULL;
}

/* COUNT [ "x" CPUS [ ":" MEMORY ] ]. CPUs that are left open are UINT_MAX. */
static const char *parse_group(struct synthetic *m, const char **s)
{
	unsigned long long count, cpus = UINT_MAX;
	long long memory = -1;
	const char *start = *s;

	if (!parse_number(s, SYNTHETIC_NODES, &count))
		return "a number of nodes must stand here";
	if (count == 0 || count > SYNTHETIC_NODES - m->nodes) {
		*s = start;
		return "there can be 1 to 1024 nodes";
	}
	if (**s == 'x') {
		start = ++*s;
		if (!parse_number(s, SYNTHETIC_CPUS, &cpus))
			return "a number of CPUs must follow";
		if (cpus * count > SYNTHETIC_CPUS - m->cpus) {
			*s = start;
			return "there can be at most 8192 CPUs";
		}
		m->cpus += (unsigned)(cpus * count);
		if (**s == ':') {
			++*s;

			const char *why = parse_memory(s, &memory);

			if (why)
				return why;
		}
	}
	while (count-- > 0)
		m->node[m->nodes++] = (struct synthetic_node){.cpus = (unsigned)cpus,
							      .memory = memory};
	return NULL;
}

static const char *parse_item(struct synthetic *m, const char **s)
{
	unsigned long long distance;
	const char *start;

	if (strncmp(*s, "dist=", 5) != 0)
		return parse_group(m, s);
	start = *s += 5;
	if (!parse_number(s, 255, &distance) || distance < 11 || distance > 255) {
		*s = start;
		return "a distance is 11 to 255";
	}
	m->distance = (int)distance;
	return NULL;
}

/* Gives the nodes that asked for none a share of the host's CPUs, at least one, and numbers all. */
static bool number_cpus(struct synthetic *m, unsigned host_cpus)
{
	unsigned open = 0, share, cpus = 0;

	for (unsigned i = 0; i < m->nodes; i++)
		open += m->node[i].cpus == UINT_MAX;
	share = open && host_cpus > open ? host_cpus / open : 1;
	for (unsigned i = 0; i < m->nodes; i++) {
		if (m->node[i].cpus == UINT_MAX)
			m->node[i].cpus = share;
		m->node[i].first_cpu = cpus;
		cpus += m->node[i].cpus;
	}
	m->cpus = cpus;
	return cpus <= SYNTHETIC_CPUS;
}

const char *synthetic_parse(struct synthetic *machine, const char *text, unsigned host_cpus,
			    size_t *position)
{
	const char *s = text, *why;

	machine->nodes = machine->cpus = 0;
	machine->distance = 20;
	for (;;) {
		why = parse_item(machine, &s);
		*position = (size_t)(s - text);
		if (why)
			return why;
		if (*s == '\0')
			break;
		if (*s != ',')
			return "a comma or the end must stand here";
		s++;
	}
	if (machine->nodes == 0)
		return "there are no nodes";
	if (!number_cpus(machine, host_cpus))
		return "there can be at most 8192 CPUs";
	if (machine->cpus == 0)
		return "there are no CPUs";
	for (unsigned i = 0; i < machine->nodes; i++)
		if (machine->node[i].memory != 0)
			return NULL;
	return "no node has memory";
}

/* The machine in use; set once. */
static _Atomic(const struct synthetic *) described;

static bool synthetic_describe(struct topology *t)
{
	const struct synthetic *m = atomic_load(&described);
	size_t words = bits_words(SYNTHETIC_NODES), cpu_words;
	unsigned long *nodes, *with_memory, *cpus;

	t->node_bits = SYNTHETIC_NODES;
	t->max_node = (int)m->nodes - 1;
	t->nodes = (int)m->nodes;
	t->cpu_bits = m->cpus > 1024 ? SYNTHETIC_CPUS : 1024;
	t->cpus = (int)m->cpus;

	cpu_words = bits_words(t->cpu_bits);
	nodes = topo_alloc(words * sizeof(long));
	with_memory = topo_alloc(words * sizeof(long));
	cpus = topo_alloc(cpu_words * sizeof(long));
	if (!nodes || !with_memory || !cpus)
		return false;
	for (unsigned i = 0; i < m->nodes; i++) {
		bits_set(nodes, i);
		if (m->node[i].memory != 0)
			bits_set(with_memory, i);
	}
	bits_fill(cpus, m->cpus, true);
	t->existing = nodes;
	t->allowed_nodes = with_memory;
	t->allowed_cpus = cpus;
	return true;
}

static const struct synthetic_node *node_at(const struct topology *t, int node)
{
	return node >= 0 && node <= t->max_node ? &atomic_load(&described)->node[node] : NULL;
}

static int synthetic_node_cpus(const struct topology *t, int node, unsigned long *cpus,
			       size_t nbits)
{
	const struct synthetic_node *n = node_at(t, node);

	if (!n)
		return -ENOENT;
	bits_zero(cpus, nbits);
	for (unsigned cpu = n->first_cpu; cpu < n->first_cpu + n->cpus; cpu++) {
		if (cpu >= nbits)
			return -EOVERFLOW;
		bits_set(cpus, cpu);
	}
	return 0;
}

static int synthetic_distances(const struct topology *t, int from, int *row)
{
	for (int to = 0; to <= t->max_node; to++)
		row[to] = to == from ? 10 : atomic_load(&described)->distance;
	return 0;
}

/* Free memory is the same part of each node's as of the host's. */
static int synthetic_node_memory(const struct topology *t, int node, long long *total,
				 long long *free)
{
	const struct synthetic_node *n = node_at(t, node);
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
	*free = (long long)((double)*total * ((double)host_free / (double)host_total));
	return 2;
}

static const struct topo_source synthetic = {
	.describe = synthetic_describe,
	.node_cpus = synthetic_node_cpus,
	.distances = synthetic_distances,
	.node_memory = synthetic_node_memory,
};

/* The CPUs that this process may use. */
static unsigned host_cpus(void)
{
	unsigned long cpus[SYNTHETIC_CPUS / BITS_PER_LONG] = {0};
	long bytes = sys_call(__NR_sched_getaffinity, 0, sizeof(cpus), cpus);

	return bytes > 0 ? (unsigned)bits_weight(cpus, SYNTHETIC_CPUS) : 1;
}

static void complain_of(const char *text, const char *why, size_t position)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;
	char digits[NUMBER_DIGITS];

	if (!atomic_flag_test_and_set(&told))
		complain("MYNUMA_TOPOLOGY=", text, ": ", why, ", at character ",
			 number_text(digits, position + 1), "; the variable is ignored", NULL);
}

const struct topo_source *synthetic_source(void)
{
	const char *text = secure_getenv("MYNUMA_TOPOLOGY"), *why;
	const struct synthetic *none = NULL;
	struct synthetic *machine;
	size_t position;

	if (!text || !*text)
		return NULL;
	machine = topo_alloc(sizeof(*machine));
	if (!machine)
		return NULL;
	why = synthetic_parse(machine, text, host_cpus(), &position);
	if (why) {
		complain_of(text, why, position);
		return NULL;
	}
	atomic_compare_exchange_strong(&described, &none, machine);
	return &synthetic;
}
