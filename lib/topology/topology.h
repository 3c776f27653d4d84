/* SPDX-License-Identifier: MIT */
/*
 * What machine is this: nodes, CPUs, distances and memory, as the process may see them.
 *
 * The snapshot is immutable and lives as long as the library: it is taken at the first question and
 * published through an atomic pointer, so any thread may ask at any time, also before the library's
 * constructor, inside a malloc() or in a signal handler. It uses no heap.
 * What is costly to read and often not needed (CPU maps, distances) is read at the first question
 * about it and then published the same way; memory sizes are read each time.
 *
 * Functions return 0 or a positive answer, or -errno; errno itself is not touched.
 */
#ifndef MYNUMA_TOPOLOGY_TOPOLOGY_H
#define MYNUMA_TOPOLOGY_TOPOLOGY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

struct topology {
	unsigned node_bits; /* bits of a node mask, as the kernel of this machine has them */
	unsigned cpu_bits;  /* bits of a CPU mask, likewise */
	unsigned sure_bits; /* the same, or 0 if it had to be guessed */
	int max_node;	    /* highest existing node */
	int nodes;	    /* how many exist */
	atomic_int cpus;    /* what topo_cpus() gives; 0 while nobody has asked */

	_Atomic(const int *) distances; /* a square of max_node + 1, NULL while nobody has asked */

	int weight_nodes; /* how many of allowed_nodes */
	int weight_cpus;  /* how many of allowed_cpus */

	const unsigned long *existing;	    /* node_bits: nodes with a directory in sysfs */
	const unsigned long *allowed_nodes; /* node_bits: Mems_allowed at load */
	const unsigned long *allowed_cpus;  /* cpu_bits: Cpus_allowed at load */

	bool assumed;	    /* nothing tells of nodes: this is one with all there is */
	int cpu_bits_errno; /* why cpu_bits had to be guessed, or 0 */
};

/* The snapshot, NULL before the first question. */
extern HIDDEN _Atomic(const struct topology *) topo_current;

/* Takes the snapshot, if nobody else has. */
const struct topology *topo_first(void);

/*
 * The snapshot; never NULL. A machine that tells nothing is one node with the CPUs it will admit.
 */
static inline const struct topology *topo_get(void)
{
	const struct topology *t = atomic_load_explicit(&topo_current, memory_order_acquire);

	return likely(t) ? t : topo_first();
}

/* Grow-only memory of the topology, zeroed; NULL when there is none. Never given back. */
void *topo_alloc(size_t size);

/* Counts the configured CPUs, for topo_cpus(). */
int topo_count_cpus(void);

/* The number of configured CPUs, as sysconf(_SC_NPROCESSORS_CONF) has it. */
static inline int topo_cpus(void)
{
	int n = atomic_load_explicit(&topo_get()->cpus, memory_order_relaxed);

	return likely(n) ? n : topo_count_cpus();
}

/* Whether the machine is a description's (MYNUMA_TOPOLOGY) and not the one we run on. */
bool topo_is_synthetic(void);

/*
 * MYNUMA_ROOT: a directory that stands for "/" wherever the library reads /sys and /proc; "" when
 * it is not set. For tests; a setuid program does not hear it.
 */
const char *topo_root(void);

/*
 * The CPUs of a node into cpus[], which has `nbits` bits and is overwritten whole. -ENOENT and the
 * like where the file cannot be read (-ENOENT for a node that does not exist), -EINVAL where it
 * cannot be understood, -EOVERFLOW when a CPU of the node does not fit into nbits (the others are
 * there).
 */
int topo_node_cpus(int node, unsigned long *cpus, size_t nbits);

/* A CPU map in place, without the words before and behind its members. It stays as it is. */
struct topo_map {
	const unsigned long *words;
	size_t base;  /* the CPU of the first bit; a multiple of BITS_PER_LONG */
	size_t nbits; /* the last of them is a member; 0 when the node has no CPU */
};

/* The CPUs of a node. 0 or -errno. */
int topo_node_map(int node, struct topo_map *map);

/*
 * The node of a CPU, or -EINVAL when no node has it. Constant time after the first question.
 * Another -errno when some CPU map cannot be read or understood: then each has to be asked.
 */
int topo_cpu_node(int cpu);

/* From now on CPU maps are read again at the next question. Old answers in use stay valid. */
void topo_cpus_changed(void);

/* Reads the table of distances, for topo_distance(). 0 or -errno. */
int topo_read_distances(const int **table);

/*
 * The distance of two nodes as the firmware tells it, 0 where it does not. -errno when the table
 * cannot be read, -ENODATA when a file of it is there but empty; the next call tries again.
 */
static inline int topo_distance(int from, int to)
{
	const struct topology *t = topo_get();
	const int *table = atomic_load_explicit(&t->distances, memory_order_acquire);
	unsigned n = (unsigned)t->max_node + 1;

	/* The table comes first: that it cannot be read is told whatever was asked. */
	if (unlikely(!table)) {
		int err = topo_read_distances(&table);

		if (err)
			return err;
	}
	/* A node that does not exist has zeroes. */
	if (unlikely((unsigned)from >= n || (unsigned)to >= n))
		return 0;
	return table[(size_t)(unsigned)from * n + (unsigned)to];
}

/*
 * The nodes that the process may use at this moment, where those of the snapshot turn out to be out
 * of date: node_bits of them into nodes[]. False where they never change or cannot be read.
 */
bool topo_allowed_nodes(unsigned long *nodes);

/*
 * Bytes of a node. Returns how many of the two fields were found and understood, or -errno when
 * there is nothing to read. *total is -1 unless understood; *free is 0 when missing and -1 when not
 * understood.
 */
int topo_node_memory(int node, long long *total, long long *free);

/*
 * The node's weight in weighted interleaving, 1 to 255, as it is at this moment. -errno where
 * nothing tells it: the kernel is too old or without NUMA, or a description has none.
 */
int topo_node_weight(int node);

#endif
