/* SPDX-License-Identifier: MIT */
/* The machine from /sys, read independently of the library. */
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <sched.h>

#include "kdiff.h"

#define WEIGHTS "/sys/kernel/mm/mempolicy/weighted_interleave"

struct emul_machine machine;
unsigned machine_cpus;
static unsigned char distances[EMUL_NODES][EMUL_NODES];
static short node_of_cpu[8192];

static void read_list(const char *path, const char *key, struct nodemask *mask)
{
	char line[8192], *s = NULL;
	FILE *f = fopen(path, "r");

	nodemask_clear(mask);
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, key, strlen(key)) == 0) {
			s = line + strlen(key);
			break;
		}
	while (s && *s >= ' ') {
		unsigned long first = strtoul(s, &s, 10), last = first;

		if (*s == '-')
			last = strtoul(s + 1, &s, 10);
		for (; first <= last && first < EMUL_NODES; first++)
			nodemask_add(mask, (unsigned)first);
		if (*s != ',')
			break;
		s++;
	}
	if (f)
		fclose(f);
}

static void read_node(unsigned node)
{
	char path[128];
	struct nodemask cpus; /* the same kind of list */
	unsigned weight;
	FILE *f;

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%u/cpulist", node);
	read_list(path, "", &cpus);
	for (nodemask_each(cpu, &cpus)) {
		node_of_cpu[cpu] = (short)node;
		if (cpu >= machine_cpus)
			machine_cpus = (unsigned)cpu + 1;
	}
	snprintf(path, sizeof(path), WEIGHTS "/node%u", node);
	f = fopen(path, "r");
	if (f && fscanf(f, "%u", &weight) == 1)
		machine.weight[node] = (unsigned char)weight;
	if (f)
		fclose(f);
	snprintf(path, sizeof(path), "/sys/devices/system/node/node%u/distance", node);
	f = fopen(path, "r");
	for (nodemask_each(other, &machine.online)) {
		unsigned d;

		if (f && fscanf(f, "%u", &d) == 1)
			distances[node][other] = (unsigned char)d;
	}
	if (f)
		fclose(f);
}

static int distance(const void *ctx, int from, int to)
{
	(void)ctx;
	if (distances[from][to])
		return distances[from][to];
	return from == to ? 10 : 20;
}

static int local_node(const struct emul_machine *m)
{
	unsigned cpu = 0;

	(void)m;
	getcpu(&cpu, NULL);
	return node_of_cpu[cpu];
}

void machine_read(void)
{
	struct utsname uts;
	struct nodemask possible;
	int major = 6, minor = 14;

	uname(&uts);
	sscanf(uts.release, "%d.%d", &major, &minor);
	machine.release = major * 100 + minor;
	read_list("/sys/devices/system/node/possible", "", &possible);
	read_list("/sys/devices/system/node/online", "", &machine.online);
	read_list("/sys/devices/system/node/has_memory", "", &machine.memory);
	read_list("/proc/self/status", "Mems_allowed_list:\t", &machine.allowed);
	for (nodemask_each(node, &possible))
		machine.node_ids = (unsigned)node + 1;
	for (nodemask_each(node, &machine.online))
		read_node((unsigned)node);
	machine.local_node = local_node;
	if (emul_machine_complete(&machine, distance, NULL) < 0)
		abort();
	emul_machine_set(&machine);
}
