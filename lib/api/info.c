/* SPDX-License-Identifier: MIT */
/* What the machine has: counts, sizes, distances, and which CPU belongs to which node. */
#include <errno.h>
#include <string.h>

#include "api/api.h"

int numa_max_possible_node(void)
{
	return (int)topo_get()->node_bits - 1;
}

int numa_num_possible_nodes(void)
{
	return (int)topo_get()->node_bits;
}

int numa_num_possible_cpus(void)
{
	return (int)cpu_mask_bits();
}

int numa_max_node(void)
{
	return topo_get()->max_node;
}

int numa_num_configured_nodes(void)
{
	return topo_get()->nodes;
}

int numa_num_configured_cpus(void)
{
	return topo_cpus();
}

/* What the process may use was read at load; later changes of its affinity do not count here. */

int numa_num_task_cpus(void)
{
	return topo_get()->weight_cpus;
}

int numa_num_thread_cpus(void)
{
	return topo_get()->weight_cpus;
}

int numa_num_task_nodes(void)
{
	return topo_get()->weight_nodes;
}

int numa_num_thread_nodes(void)
{
	return topo_get()->weight_nodes;
}

COLD static void warn_distance(int err)
{
	errno = err == ENODATA ? 0 : err;
	numa_warn(WARN_DISTANCE, "Cannot parse distance information in sysfs: %s", strerror(errno));
}

/* errno is only changed by a table that cannot be read. */
int numa_distance(int node1, int node2)
{
	int distance = topo_distance(node1, node2);

	if (likely(distance >= 0))
		return distance;
	warn_distance(-distance);
	return 0;
}

static long long node_size(int node, long long *freep)
{
	long long total, free;
	int found = topo_node_memory(node, &total, &free), wanted = 2;

	if (freep) {
		*freep = free;
	} else if (found >= 0) { /* who does not ask for free memory does not miss it */
		found = total >= 0;
		wanted = 1;
	}
	if (found < 0)
		errno = -found;
	else if (found < wanted)
		numa_warn(WARN_MEMINFO, "Cannot parse sysfs meminfo (%d)", found);
	return total;
}

long long numa_node_size64(int node, long long *freep)
{
	return node_size(node, freep);
}

long numa_node_size(int node, long *freep)
{
	long long free;
	long long total = node_size(node, &free);

	if (freep)
		*freep = (long)free;
	return (long)total;
}

int node_cpus(int node, unsigned long *words, size_t nbits)
{
	const struct topology *t = topo_get();
	int err;

	if (node < 0 || node > t->max_node) {
		errno = ERANGE;
		return -1;
	}
	err = -topo_node_cpus(node, words, nbits);
	if (!err)
		return 0;
	if (err == EOVERFLOW) {
		errno = EINVAL;
		numa_error("map size mismatch");
		errno = EINVAL;
		return -1;
	}
	bits_zero(words, nbits);
	bits_fill(words, nbits < t->cpu_bits ? nbits : t->cpu_bits, true);
	if (err == EINVAL)
		numa_warn(WARN_CPUMAP, "Cannot parse cpumap. Assuming one node");
	else if (bits_test(t->existing, (size_t)node))
		numa_warn(WARN_NO_SYSFS, "/sys not mounted or invalid. Assuming one node: %s",
			  strerror(err));
	errno = err;
	return -1;
}

int numa_node_to_cpus(int node, struct bitmask *mask)
{
	if (!mask) {
		errno = EINVAL;
		return -1;
	}
	return node_cpus(node, mask->maskp, mask->size);
}

void numa_node_to_cpu_update(void)
{
	topo_cpus_changed();
}

/* Node by node, for when not all CPU maps can be read; warns of those. */
static int search_node_of_cpu(unsigned cpu)
{
	const struct topology *t = topo_get();
	struct scratch cpus;
	int found = -1;

	if (cpu >= t->cpu_bits || !scratch_init(&cpus, t->cpu_bits))
		return -1;
	for (bits_each(node, t->existing, t->node_bits))
		if (node_cpus((int)node, cpus.mask.maskp, cpus.mask.size) == 0 &&
		    bits_test(cpus.mask.maskp, cpu)) {
			found = (int)node;
			break;
		}
	scratch_free(&cpus);
	return found;
}

int numa_node_of_cpu(int cpu)
{
	int node = topo_cpu_node(cpu);

	if (likely(node >= 0))
		return node;
	if (node != -EINVAL) {
		int saved = errno;

		node = search_node_of_cpu((unsigned)cpu);
		errno = saved;
	}
	if (node >= 0)
		return node;
	errno = EINVAL;
	return -1;
}
