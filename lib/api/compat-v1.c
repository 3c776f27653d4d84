/* SPDX-License-Identifier: MIT */
/*
 * The fourteen functions that libnuma's first interface had under the same names with other
 * arguments (nodemask_t, lengths in bytes): each a thin coat over the second interface. They exist
 * in the shared object only, for programs linked long ago.
 */
#include <errno.h>
#include <string.h>

#include "api/api.h"
#include "base/symver.h"

#ifdef PIC

#define V1(name) SYMVER_OLD(name##_v1, name, "libnuma_1.1")

/* The caller's nodemask_t as a mask, in *mask; a null pointer as none. */
static const struct bitmask *over(struct bitmask *mask, const nodemask_t *nodes)
{
	if (!nodes)
		return NULL;
	mask->size = NUMA_NUM_NODES;
	memcpy(&mask->maskp, &nodes, sizeof(nodes));
	return mask;
}

static void bind_thread(const nodemask_t *nodes)
{
	struct bitmask mask;

	set_thread_policy(MPOL_BIND, over(&mask, nodes));
}

/* The thread's nodes if it has the mode, else `otherwise`. */
static nodemask_t nodes_of_mode(int wanted, const nodemask_t *otherwise)
{
	nodemask_t nodes = *otherwise;
	struct scratch s;
	int mode;

	if (!scratch_init(&s, topo_get()->node_bits)) {
		numa_error("get_mempolicy");
		return nodes;
	}
	if (thread_policy(&mode, &s.mask) && mode_of(mode) == wanted)
		bits_copy(nodes.n, NUMA_NUM_NODES, s.mask.maskp, s.mask.size);
	scratch_free(&s);
	return nodes;
}

/* Unlike its successor it takes any node and keeps its failure to itself. */
static int run_on(const nodemask_t *nodes)
{
	struct bitmask mask;
	struct scratch cpus;
	int ret;

	if (!scratch_init(&cpus, cpu_mask_bits()))
		return -1;
	cpus_of_nodes(over(&mask, nodes), NULL, &cpus.mask);
	ret = set_affinity(0, bits_words(cpus.mask.size) * sizeof(long), cpus.mask.maskp);
	scratch_free(&cpus);
	return ret;
}

V1(numa_set_interleave_mask)
void numa_set_interleave_mask_v1(nodemask_t *nodes)
{
	struct bitmask mask;
	bool none = !nodes || bits_empty(nodes->n, NUMA_NUM_NODES);

	set_thread_policy(none ? MPOL_DEFAULT : MPOL_INTERLEAVE, over(&mask, nodes));
}

V1(numa_get_interleave_mask)
nodemask_t numa_get_interleave_mask_v1(void)
{
	static const nodemask_t none;

	return nodes_of_mode(MPOL_INTERLEAVE, &none);
}

V1(numa_set_membind)
void numa_set_membind_v1(const nodemask_t *nodes)
{
	bind_thread(nodes);
}

V1(numa_get_membind)
nodemask_t numa_get_membind_v1(void)
{
	return nodes_of_mode(MPOL_BIND, &numa_all_nodes);
}

V1(numa_bind)
void numa_bind_v1(const nodemask_t *nodes)
{
	struct bitmask mask;

	run_on_node_mask(over(&mask, nodes));
	bind_thread(nodes);
}

V1(numa_run_on_node_mask)
int numa_run_on_node_mask_v1(const nodemask_t *nodes)
{
	return run_on(nodes);
}

/* Unlike its successor it does not look at what is allowed. */
V1(numa_get_run_node_mask)
nodemask_t numa_get_run_node_mask_v1(void)
{
	nodemask_t nodes = {{0}};
	struct bitmask mask = {.size = NUMA_NUM_NODES, .maskp = nodes.n};

	nodes_of_affinity(NULL, &mask);
	return nodes;
}

V1(numa_alloc_interleaved_subset)
void *numa_alloc_interleaved_subset_v1(size_t size, const nodemask_t *nodes)
{
	struct bitmask mask;

	return alloc_bound(size, MPOL_INTERLEAVE, over(&mask, nodes));
}

V1(numa_interleave_memory)
void numa_interleave_memory_v1(void *mem, size_t size, const nodemask_t *nodes)
{
	struct bitmask mask;

	bind_range(mem, size, MPOL_INTERLEAVE, over(&mask, nodes));
}

V1(numa_tonodemask_memory)
void numa_tonodemask_memory_v1(void *mem, size_t size, const nodemask_t *nodes)
{
	struct bitmask mask;

	bind_range(mem, size, bind_mode(), over(&mask, nodes));
}

/* The buffer has to hold a mask of the kernel's size, whatever the node's CPUs are. */
V1(numa_node_to_cpus)
int numa_node_to_cpus_v1(int node, unsigned long *buffer, int bytes)
{
	size_t words = bytes < 0 ? 0 : (size_t)bytes / sizeof(long);

	if (words < bits_words(cpu_mask_bits())) {
		errno = ERANGE;
		return -1;
	}
	/* Bytes that are no whole word are the buffer's too, and written where it is written. */
	if (node >= 0 && node <= topo_get()->max_node)
		memset(buffer + words, 0, (size_t)bytes % sizeof(long));
	return node_cpus(node, buffer, words * BITS_PER_LONG);
}

V1(numa_sched_setaffinity)
int numa_sched_setaffinity_v1(pid_t pid, unsigned bytes, const unsigned long *cpus)
{
	return set_affinity(pid, bytes, cpus);
}

/* The mask is written, whatever its type says. */
V1(numa_sched_getaffinity)
int numa_sched_getaffinity_v1(pid_t pid, unsigned bytes, const unsigned long *cpus)
{
	return get_affinity(pid, bytes, (unsigned long *)cpus);
}

V1(numa_parse_bitmap)
int numa_parse_bitmap_v1(char *line, unsigned long *cpus, int ncpus)
{
	return ncpus < 0 ? -1 : parse_bitmap(line, cpus, (size_t)ncpus);
}

#endif
