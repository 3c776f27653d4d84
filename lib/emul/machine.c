/* SPDX-License-Identifier: MIT */
/*
 * The topology as the emulation wants it. Threads that ask at the same time for the first time
 * may each build a machine; one of them is published and the others thrown away, so no lock is
 * needed and a signal handler may ask.
 */
#include "emul/machine.h"

#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

#include "emul/cpus.h"
#include "sys/smallfile.h"
#include "topology/topology.h"

#define DISTANCE_LOCAL 10
#define DISTANCE_REMOTE 20

static const struct emul_machine *_Atomic current;

/* What the firmware leaves out, as a kernel fills it in. */
static int firmware_distance(const void *ctx, int from, int to)
{
	int distance = topo_distance(from, to);

	(void)ctx;
	if (distance > 0)
		return distance;
	return from == to ? DISTANCE_LOCAL : DISTANCE_REMOTE;
}

/* The node of the CPU; the lowest with memory when the CPU is unknown or belongs to none. */
static int topology_local_node(const struct emul_machine *machine)
{
	int node = machine->node_ids > 1 ? topo_cpu_node(cpus_current()) : -1;

	return node >= 0 && node < (int)machine->node_ids ? node : nodemask_first(&machine->memory);
}

static bool has_memory(int node)
{
	long long total = 0, free;
	int found = topo_node_memory(node, &total, &free);

	return found <= 0 || total != 0; /* one that does not tell has some */
}

static void describe(struct emul_machine *machine)
{
	const struct topology *topo = topo_get();

	bits_copy(machine->online.bits, EMUL_NODES, topo->existing, topo->node_bits);
	bits_copy(machine->allowed.bits, EMUL_NODES, topo->allowed_nodes, topo->node_bits);
	if (nodemask_empty(&machine->online))
		nodemask_add(&machine->online, 0);
	for (nodemask_each(node, &machine->online)) {
		int weight = topo_node_weight((int)node);

		if (weight > 0)
			machine->weight[node] = (unsigned char)weight;
		if (has_memory((int)node))
			nodemask_add(&machine->memory, (unsigned)node);
		machine->node_ids = (unsigned)node + 1;
	}
	machine->local_node = topology_local_node;
}

/* Values that make sense whatever was given. */
static void fill_in(struct emul_machine *machine)
{
	if (nodemask_empty(&machine->memory))
		nodemask_add(&machine->memory, (unsigned)nodemask_first(&machine->online));
	machine->memory_nodes = nodemask_weight(&machine->memory);
	machine->allowed = nodemask_and(&machine->allowed, &machine->memory);
	if (nodemask_empty(&machine->allowed))
		machine->allowed = machine->memory;
	if (!machine->release)
		machine->release = EMUL_RELEASE;
	if (!machine->page_size)
		machine->page_size = (size_t)sysconf(_SC_PAGESIZE);
	for (unsigned node = 0; node < EMUL_NODES; node++)
		if (!machine->weight[node])
			machine->weight[node] = 1;
	if (!machine->local_node)
		machine->local_node = topology_local_node;
}

static size_t zonelists_bytes(const struct emul_machine *machine)
{
	return (size_t)machine->node_ids * machine->memory_nodes * sizeof(*machine->zonelists);
}

int emul_machine_complete(struct emul_machine *machine,
			  int (*distance)(const void *ctx, int from, int to), const void *ctx)
{
	struct zonelist_scratch *scratch = pages_alloc(sizeof(*scratch));
	struct zonelist_input in = {.memory = &machine->memory, .distance = distance, .ctx = ctx};

	if (!scratch)
		return -ENOMEM;
	fill_in(machine);
	in.node_ids = machine->node_ids;
	machine->zonelists = pages_alloc(zonelists_bytes(machine));
	if (machine->zonelists)
		zonelists_build(machine->zonelists, &in, scratch);
	pages_free(scratch, sizeof(*scratch));
	return machine->zonelists ? 0 : -ENOMEM;
}

/* One node with all there is; when memory ran out. */
static const struct emul_machine *smallest_machine(void)
{
	static zone_node zonelist[1];
	static struct emul_machine machine = {
		.node_ids = 1,
		.memory_nodes = 1,
		.release = EMUL_RELEASE,
		.page_size = 4096,
		.online.bits = {1},
		.memory.bits = {1},
		.allowed.bits = {1},
		.zonelists = zonelist,
		.weight = {1},
		.local_node = topology_local_node,
	};

	return &machine;
}

static const struct emul_machine *build(void)
{
	const struct emul_machine *other = NULL;
	struct emul_machine *machine = pages_alloc(sizeof(*machine));

	if (!machine)
		return smallest_machine();
	describe(machine);
	if (emul_machine_complete(machine, firmware_distance, NULL) < 0) {
		pages_free(machine, sizeof(*machine));
		return smallest_machine();
	}
	if (atomic_compare_exchange_strong(&current, &other, machine))
		return machine;
	pages_free(machine->zonelists, zonelists_bytes(machine));
	pages_free(machine, sizeof(*machine));
	return other;
}

const struct emul_machine *emul_machine(void)
{
	const struct emul_machine *machine = atomic_load(&current);

	return machine ? machine : build();
}

void emul_machine_set(const struct emul_machine *machine)
{
	atomic_store(&current, machine);
}
