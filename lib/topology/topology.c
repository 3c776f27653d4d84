/* SPDX-License-Identifier: MIT */
/*
 * The snapshot and what is read later: cached, published by compare-and-swap, never freed, so that
 * no reader needs a lock. What a source is and where files lie may not come in here.
 */
#include "topology/topology.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "base/bits.h"
#include "base/compiler.h"
#include "sys/smallfile.h"
#include "topology/source.h"
#include "topology/synthetic.h"

/*
 * Memory: chunks from which pieces are cut and never given back. The first is part of the library,
 * so a usual machine's topology costs neither a system call nor the heap. What it holds grows only
 * when the machine changes.
 */
struct chunk {
	atomic_size_t used;
	size_t size;
	unsigned char *bytes;
};

#define CHUNK_FIRST 8192
#define CHUNK_NEXT (256UL << 10)

static _Alignas(max_align_t) unsigned char first_bytes[CHUNK_FIRST];
static struct chunk first_chunk = {.size = CHUNK_FIRST, .bytes = first_bytes};
static _Atomic(struct chunk *) current_chunk = &first_chunk;

static void *chunk_cut(struct chunk *c, size_t size)
{
	size_t at = atomic_load(&c->used);

	do {
		if (size > c->size - at)
			return NULL;
	} while (!atomic_compare_exchange_weak(&c->used, &at, at + size));
	return c->bytes + at;
}

static struct chunk *chunk_new(size_t size)
{
	struct chunk *c;

	if (size < CHUNK_NEXT)
		size = CHUNK_NEXT;
	c = pages_alloc(size + sizeof(*c));
	if (c) {
		c->bytes = (unsigned char *)(c + 1);
		c->size = size;
	}
	return c;
}

void *topo_alloc(size_t size)
{
	size_t align = _Alignof(max_align_t) - 1;

	size = (size + align) & ~align;
	for (;;) {
		struct chunk *c = atomic_load(&current_chunk), *next;
		void *p = chunk_cut(c, size);

		if (p)
			return p;
		next = chunk_new(size);
		if (!next)
			return NULL;
		if (!atomic_compare_exchange_strong(&current_chunk, &c, next))
			pages_free(next, next->size + sizeof(*next));
	}
}

/* The CPUs of one node as once read, without what was read behind the last. */
struct node_cpus {
	size_t base, end;    /* members are in [base, end), both 0 if there are none */
	atomic_uint checked; /* the generation in which this was last seen to hold */
	unsigned long words[];
};

/* The node of every CPU, derived from all the maps. */
struct cpu_table {
	unsigned changes;    /* publications of maps that it has seen */
	atomic_uint checked; /* as above */
	size_t n;
	short node[];
};

/* The snapshot with its lazy parts. */
struct machine {
	struct topology t;
	_Atomic(struct node_cpus *) *cpus; /* by node */
	_Atomic(struct cpu_table *) cpu_table;
};

_Atomic(const struct topology *) topo_current;

/* Raised by topo_cpus_changed(): what was checked in an earlier generation is to be read again. */
static atomic_uint generation = 1;
/* Raised at each publication of a map. */
static atomic_uint cpu_changes;

/* The answer when there is no memory even for a snapshot: one node with CPU 0. */
static unsigned long bit_zero[1] = {1};
static _Atomic(struct node_cpus *) no_cpus[1];
static struct machine smallest_machine = {
	.t.node_bits = BITS_PER_LONG,
	.t.cpu_bits = BITS_PER_LONG,
	.t.sure_bits = BITS_PER_LONG,
	.t.nodes = 1,
	.t.cpus = 1,
	.t.weight_nodes = 1,
	.t.weight_cpus = 1,
	.t.existing = bit_zero,
	.t.allowed_nodes = bit_zero,
	.t.allowed_cpus = bit_zero,
	.cpus = no_cpus,
};

/* The source, chosen at the first question and the same ever after. */
static _Atomic(const struct topo_source *) chosen_source;

static const struct topo_source *source(void)
{
	const struct topo_source *s = atomic_load_explicit(&chosen_source, memory_order_acquire);
	const struct topo_source *none = NULL;

	if (likely(s))
		return s;
	s = synthetic_source();
	s = s ? s : &topo_sysfs;
	return atomic_compare_exchange_strong(&chosen_source, &none, s) ? s : none;
}

bool topo_is_synthetic(void)
{
	return source() != &topo_sysfs;
}

static struct machine *machine_new(void)
{
	struct machine *m = topo_alloc(sizeof(*m));

	if (!m || !source()->describe(&m->t))
		return NULL;
	m->t.sure_bits = m->t.cpu_bits_errno ? 0 : m->t.cpu_bits;
	m->t.weight_nodes = (int)bits_weight(m->t.allowed_nodes, m->t.node_bits);
	m->t.weight_cpus = (int)bits_weight(m->t.allowed_cpus, m->t.cpu_bits);
	m->cpus = topo_alloc(((size_t)m->t.max_node + 1) * sizeof(m->cpus[0]));
	return m->cpus ? m : NULL;
}

const struct topology *topo_first(void)
{
	const struct topology *first = NULL;
	struct machine *m = machine_new();

	/* Not published: the next question may find memory again. */
	if (!m)
		return &smallest_machine.t;
	return atomic_compare_exchange_strong(&topo_current, &first, &m->t) ? &m->t : first;
}

/* Every snapshot is the first member of a machine. */
static struct machine *machine(void)
{
	return (struct machine *)(uintptr_t)topo_get();
}

int topo_count_cpus(void)
{
	struct machine *m = machine();

	atomic_store(&m->t.cpus, source()->cpus());
	return m->t.cpus;
}

/*
 * The largest CPU map that is read on the stack; a larger one gets pages for the time of reading.
 */
#define STACK_CPU_BITS 8192

static bool has_node(const struct topology *t, int node)
{
	return node >= 0 && node <= t->max_node && bits_test(t->existing, (size_t)node);
}

/* Publishes the map unless the one that is there says the same. NULL when memory ran out. */
static const struct node_cpus *publish_cpus(struct machine *m, int node, unsigned gen,
					    const unsigned long *words, size_t nbits)
{
	struct node_cpus *old = atomic_load(&m->cpus[node]), *new;
	size_t first = bits_next(words, nbits, 0), end = 0;

	if (old && bits_equal(old->words, old->end, words, nbits)) {
		atomic_store(&old->checked, gen);
		return old;
	}
	if (first < nbits)
		end = bits_highest(words, nbits) + 1;
	new = topo_alloc(sizeof(*new) + bits_words(end) * sizeof(long));
	if (!new)
		return NULL;
	new->base = end ? first / BITS_PER_LONG *BITS_PER_LONG : 0;
	new->end = end;
	atomic_init(&new->checked, gen);
	bits_copy(new->words, end, words, nbits);
	atomic_store(&m->cpus[node], new);
	atomic_fetch_add(&cpu_changes, 1);
	return new;
}

/* Reads a map with room for nbits. -EOVERFLOW when that is too little. */
static int read_cpus(struct machine *m, int node, size_t nbits, const struct node_cpus **map)
{
	unsigned long small[STACK_CPU_BITS / BITS_PER_LONG];
	size_t size = bits_words(nbits) * sizeof(long);
	unsigned long *words = size <= sizeof(small) ? small : pages_alloc(size);
	unsigned gen = atomic_load(&generation);
	int err;

	if (!words)
		return -ENOMEM;
	err = source()->node_cpus(&m->t, node, words, nbits);
	if (!err) {
		*map = publish_cpus(m, node, gen, words, nbits);
		err = *map ? 0 : -ENOMEM;
	}
	if (words != small)
		pages_free(words, size);
	return err;
}

/* The map of an existing node, read if need be. A failure is not remembered. */
static int node_map(struct machine *m, int node, const struct node_cpus **map)
{
	size_t nbits = m->t.cpu_bits;
	int err;

	*map = atomic_load_explicit(&m->cpus[node], memory_order_acquire);
	if (likely(*map && atomic_load_explicit(&(*map)->checked, memory_order_acquire) ==
				   atomic_load_explicit(&generation, memory_order_acquire)))
		return 0;
	/* A map may name CPUs that sched_getaffinity(2) does not know. */
	do
		err = read_cpus(m, node, nbits, map);
	while (err == -EOVERFLOW && (nbits *= 2) <= 1UL << 20);
	return err == -EOVERFLOW ? -EINVAL : err;
}

static int map_of(int node, const struct node_cpus **map)
{
	struct machine *m = machine();

	return has_node(&m->t, node) ? node_map(m, node, map) : -ENOENT;
}

int topo_node_map(int node, struct topo_map *trimmed)
{
	const struct node_cpus *map;
	int err = map_of(node, &map);

	if (!err)
		*trimmed = (struct topo_map){
			.words = map->words + map->base / BITS_PER_LONG,
			.base = map->base,
			.nbits = map->end - map->base,
		};
	return err;
}

int topo_node_cpus(int node, unsigned long *cpus, size_t nbits)
{
	const struct node_cpus *map;
	int err = map_of(node, &map);

	if (err)
		return err;
	bits_copy(cpus, nbits, map->words, map->end);
	return map->end > nbits ? -EOVERFLOW : 0;
}

void topo_cpus_changed(void)
{
	atomic_fetch_add(&generation, 1);
}

/* Whether the table still tells what all the maps tell, after reading them again. */
static bool table_holds(struct machine *m, struct cpu_table *table, unsigned gen)
{
	const struct topology *t = &m->t;
	const struct node_cpus *map;

	if (!table)
		return false;
	if (atomic_load(&table->checked) == gen)
		return true;
	for (bits_each(node, t->existing, t->node_bits))
		if (node_map(m, (int)node, &map))
			return false;
	if (table->changes != atomic_load(&cpu_changes))
		return false;
	atomic_store(&table->checked, gen);
	return true;
}

/* Those CPUs of the map below `end` that are of no node yet become the node's. */
static void table_add(struct cpu_table *table, const struct node_cpus *map, short node, size_t end)
{
	for (size_t w = map->base / BITS_PER_LONG; w < bits_words(end); w++) {
		short *of_word = table->node + w * BITS_PER_LONG;

		for (unsigned long left = map->words[w] & bits_word_mask(end, w); left;
		     left &= left - 1)
			if (of_word[__builtin_ctzl(left)] < 0)
				of_word[__builtin_ctzl(left)] = node;
	}
}

/* 0, or -errno when a map could not be read or memory ran out. */
static int table_new(struct machine *m, unsigned gen, struct cpu_table **made)
{
	const struct topology *t = &m->t;
	const struct node_cpus *map;
	size_t n = 0;
	struct cpu_table *table;
	unsigned changes;

	for (bits_each(node, t->existing, t->node_bits)) {
		int err = node_map(m, (int)node, &map);

		if (err)
			return err == -EINVAL ? -EIO : err;
		n = map->end > n ? map->end : n;
	}
	/*
	 * Counted before the maps are copied: one that is published meanwhile makes the table
	 * stale.
	 */
	changes = atomic_load(&cpu_changes);
	table = topo_alloc(sizeof(*table) + n * sizeof(table->node[0]));
	if (!table)
		return -ENOMEM;
	memset(table->node, -1, n * sizeof(table->node[0]));
	for (bits_each(node, t->existing, t->node_bits)) {
		map = atomic_load(&m->cpus[node]);
		table_add(table, map, (short)node, map->end < n ? map->end : n);
	}
	table->n = n;
	table->changes = changes;
	atomic_init(&table->checked, gen);
	*made = table;
	return 0;
}

int topo_cpu_node(int cpu)
{
	struct machine *m = machine();
	struct cpu_table *table = atomic_load_explicit(&m->cpu_table, memory_order_acquire);
	unsigned gen = atomic_load_explicit(&generation, memory_order_acquire);

	if (cpu < 0)
		return -EINVAL;
	if (unlikely(!table_holds(m, table, gen))) {
		int err = table_new(m, gen, &table);

		if (err)
			return err;
		atomic_store_explicit(&m->cpu_table, table, memory_order_release);
	}
	if ((size_t)cpu >= table->n || table->node[cpu] < 0)
		return -EINVAL;
	return table->node[cpu];
}

/*
 * Reads all rows. A node whose file is missing has a row of zeroes. Any other failure spoils the
 * table, unless a lower node number is not in use: then the rows before it stand (both as libnuma
 * does).
 */
static int read_distances(struct machine *m, int *table)
{
	size_t n = (size_t)m->t.max_node + 1;

	for (size_t node = 0; node < n; node++) {
		int err = has_node(&m->t, (int)node)
				  ? source()->distances(&m->t, (int)node, table + node * n)
				  : 0;

		if (err && err != -ENOENT)
			return bits_weight(m->t.existing, node) < node ? 0 : err;
	}
	return 0;
}

int topo_read_distances(const int **known)
{
	struct machine *m = machine();
	size_t n = (size_t)m->t.max_node + 1;
	const int *first = NULL;
	int *table = pages_alloc(n * n * sizeof(int));
	int err;

	if (!table)
		return -ENOMEM;
	err = read_distances(m, table);
	*known = table;
	if (!err && atomic_compare_exchange_strong(&m->t.distances, &first, table))
		return 0;
	pages_free(table, n * n * sizeof(int));
	*known = first;
	return err;
}

int topo_node_memory(int node, long long *total, long long *free)
{
	return source()->node_memory(topo_get(), node, total, free);
}

int topo_node_weight(int node)
{
	return source()->node_weight ? source()->node_weight(node) : -ENOENT;
}

bool topo_allowed_nodes(unsigned long *nodes)
{
	return source()->allowed_nodes && source()->allowed_nodes(topo_get(), nodes);
}
