/* SPDX-License-Identifier: MIT */
/* Running on nodes: the CPUs of nodes and the affinity of threads. */
#include <errno.h>
#include <unistd.h>

#include "api/api.h"
#include "backend/backend.h"
#include "emul/cpus.h"
#include "sys/call.h"

static int result(long ret)
{
	if (ret >= 0)
		return (int)ret;
	errno = (int)-ret;
	return -1;
}

int set_affinity(pid_t pid, size_t bytes, const unsigned long *cpus)
{
	if (topo_is_synthetic())
		return result(cpus_set_affinity(pid, bytes, cpus));
	backend()->leaves_cpu();
	return result(sys_call(__NR_sched_setaffinity, pid, bytes, cpus));
}

int get_affinity(pid_t pid, size_t bytes, unsigned long *cpus)
{
	if (topo_is_synthetic())
		return result(cpus_get_affinity(pid, bytes, cpus));
	return result(sys_call(__NR_sched_getaffinity, pid, bytes, cpus));
}

static int set_affinity_mask(pid_t pid, const struct bitmask *cpus)
{
	return cpus ? set_affinity(pid, bits_words(cpus->size) * sizeof(long), cpus->maskp)
		    : set_affinity(pid, 0, NULL);
}

/* Unlike libc's sched_getaffinity() this one tells how many bytes the kernel has written. */
int numa_sched_getaffinity(pid_t pid, struct bitmask *mask)
{
	return mask ? get_affinity(pid, bits_words(mask->size) * sizeof(long), mask->maskp)
		    : get_affinity(pid, 0, NULL);
}

int numa_sched_setaffinity(pid_t pid, struct bitmask *mask)
{
	return set_affinity_mask(pid, mask);
}

/* Existing and without memory, so that no cpuset could have allowed it. */
static bool is_memoryless(int node)
{
	long long total, free;

	return topo_node_memory(node, &total, &free) >= 0 && total == 0;
}

/* Since load the process may have been given more nodes. */
static bool is_allowed_now(int node)
{
	struct scratch now;
	bool allowed;

	if ((unsigned)node >= topo_get()->node_bits || !allowed_nodes_now(&now))
		return false;
	allowed = bits_test(now.mask.maskp, (size_t)node);
	scratch_free(&now);
	return allowed;
}

/*
 * Nodes that the process may use. A node without memory is in no set of allowed nodes but its CPUs
 * may be run on as well as any.
 */
static bool is_allowed(int node)
{
	struct bitmask allowed = allowed_nodes();

	if ((unsigned)node < allowed.size && bits_test(allowed.maskp, (size_t)node))
		return true;
	return is_memoryless(node) || is_allowed_now(node);
}

/* Nodes that could be there: those without a directory are told apart when their CPUs are read. */
static bool is_within_nodes(int node)
{
	return node <= topo_get()->max_node;
}

/* Adds the CPUs of a node. False after a warning when they cannot be read or do not all fit. */
static bool add_cpus(int node, struct bitmask *cpus)
{
	struct topo_map map;
	struct scratch s;
	bool good;

	if (topo_node_map(node, &map) == 0 && map.base + map.nbits <= cpus->size) {
		bits_or(cpus->maskp + map.base / BITS_PER_LONG, map.nbits, map.words, map.nbits);
		return true;
	}
	/* Whatever is wrong is told there. */
	if (!scratch_init(&s, cpus->size))
		return false;
	good = node_cpus(node, s.mask.maskp, s.mask.size) == 0;
	if (good)
		bits_or(cpus->maskp, cpus->size, s.mask.maskp, s.mask.size);
	else
		numa_warn(WARN_NODE, "Cannot read node cpumask from sysfs");
	scratch_free(&s);
	return good;
}

void cpus_of_nodes(const struct bitmask *nodes, node_filter *filter, struct bitmask *cpus)
{
	if (!nodes)
		return;
	for (bits_each(node, nodes->maskp, nodes->size)) {
		if (filter && !filter((int)node))
			numa_warn(WARN_NODE, "node %d not allowed", (int)node);
		else
			add_cpus((int)node, cpus);
	}
}

static int run_on_nodes(const struct bitmask *nodes, node_filter *filter)
{
	struct scratch cpus;
	int ret, err;

	if (!scratch_init(&cpus, cpu_mask_bits()))
		return -1;
	cpus_of_nodes(nodes, filter, &cpus.mask);
	ret = set_affinity_mask(0, &cpus.mask);
	scratch_free(&cpus);
	if (ret < 0) {
		err = errno;
		numa_error("numa_sched_setaffinity_v2_int() failed");
		errno = err;
	}
	return ret;
}

int run_on_node_mask(const struct bitmask *nodes)
{
	return run_on_nodes(nodes, is_allowed);
}

int numa_run_on_node_mask(struct bitmask *mask)
{
	return run_on_node_mask(mask);
}

int numa_run_on_node_mask_all(struct bitmask *mask)
{
	return run_on_nodes(mask, is_within_nodes);
}

/* The CPUs of a node into cpus, or -1 with errno and a warning. */
static int cpus_of_node(int node, struct bitmask *cpus)
{
	if (node_cpus(node, cpus->maskp, cpus->size) == 0)
		return 0;

	int err = errno;

	numa_warn(WARN_NODE, "Cannot read node cpumask from sysfs");
	errno = err;
	return -1;
}

int numa_run_on_node(int node)
{
	struct scratch cpus;
	int ret = 0;

	if (node < -1 || (node >= 0 && (unsigned)node >= topo_get()->node_bits)) {
		errno = EINVAL;
		return -1;
	}
	if (!scratch_init(&cpus, cpu_mask_bits()))
		return -1;
	if (node == -1)
		bits_fill(cpus.mask.maskp, cpus.mask.size, true);
	else
		ret = cpus_of_node(node, &cpus.mask);
	if (ret == 0)
		ret = set_affinity_mask(0, &cpus.mask);
	scratch_free(&cpus);
	return ret;
}

/* Whether the node has one of the CPUs; not known is told by node_cpus() and is no. */
static bool shares_cpu(int node, const struct bitmask *cpus)
{
	struct topo_map map;
	struct scratch s;
	bool shares;

	if (topo_node_map(node, &map) == 0 && map.base + map.nbits <= cpus->size)
		return bits_intersect(cpus->maskp + map.base / BITS_PER_LONG, map.nbits, map.words,
				      map.nbits);
	if (!scratch_init(&s, cpus->size))
		return false;
	shares = node_cpus(node, s.mask.maskp, s.mask.size) == 0 &&
		 bits_intersect(cpus->maskp, cpus->size, s.mask.maskp, s.mask.size);
	scratch_free(&s);
	return shares;
}

void nodes_of_affinity(node_filter *filter, struct bitmask *nodes)
{
	const struct topology *t = topo_get();
	struct scratch cpus;

	if (!scratch_init(&cpus, t->cpu_bits))
		return;
	if (get_affinity(0, bits_words(t->cpu_bits) * sizeof(long), cpus.mask.maskp) >= 0)
		for (bits_each(node, t->existing, t->node_bits))
			if (shares_cpu((int)node, &cpus.mask) && node < nodes->size &&
			    (!filter || filter((int)node)))
				bits_set(nodes->maskp, node);
	scratch_free(&cpus);
}

struct bitmask *numa_get_run_node_mask(void)
{
	struct bitmask *nodes = mask_new_nodes();

	if (nodes)
		nodes_of_affinity(is_allowed, nodes);
	return nodes;
}
