/* SPDX-License-Identifier: MIT */
/*
 * Files in the kernel's own formats. Memory sizes are those of the moment. What all CPUs of a node
 * have in common is one file with many names, so that a machine of 8192 CPUs does not take
 * gigabytes; and where there are so many, the sets that a CPU has for itself are left out.
 */
#include "sim/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bits.h"
#include "topology/topology.h"

#define CPUS_MAX 8192
/* With more CPUs, no siblings of single CPUs. */
#define CPUS_WITH_SIBLINGS 1024

struct tree {
	int err; /* the first failure; nothing is done after it */
	int node_dir, cpu_dir, bus_node, bus_cpu, weights;
	unsigned long cpus[CPUS_MAX / BITS_PER_LONG]; /* of the node at hand */
	char text[CPUS_MAX * 6];
};

static void failed(struct tree *tree)
{
	if (!tree->err)
		tree->err = -errno;
}

/* ---- single files ---- */

static void put_text(struct tree *tree, int dir, const char *path, const char *text)
{
	size_t len = strlen(text);
	int fd;

	if (tree->err)
		return;
	fd = openat(dir, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0444);
	if (fd < 0) {
		failed(tree);
		return;
	}
	if (write(fd, text, len) != (ssize_t)len)
		failed(tree);
	close(fd);
}

__attribute__((format(printf, 4, 5))) static void put(struct tree *tree, int dir, const char *path,
						      const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put_text(tree, dir, path, text);
}

static void put_dir(struct tree *tree, int dir, const char *path)
{
	if (!tree->err && mkdirat(dir, path, 0755) < 0)
		failed(tree);
}

static void put_symlink(struct tree *tree, int dir, const char *path, const char *to)
{
	if (!tree->err && symlinkat(to, dir, path) < 0)
		failed(tree);
}

static void put_link(struct tree *tree, int dir, const char *path, const char *same)
{
	if (!tree->err && linkat(dir, same, dir, path, 0) < 0)
		failed(tree);
}

/* ---- sets ---- */

/* 0-3,8 */
static void list_text(char *at, const unsigned long *set, size_t nbits)
{
	const char *comma = "";

	for (size_t n = bits_next(set, nbits, 0); n < nbits; n = bits_next(set, nbits, n)) {
		size_t first = n++;

		while (n < nbits && bits_test(set, n))
			n++;
		at += sprintf(at, "%s%zu", comma, first);
		if (n - 1 > first)
			at += sprintf(at, "-%zu", n - 1);
		comma = ",";
	}
	strcpy(at, "\n");
}

/* 00000000,0000010f: groups of 32, of which `nbits` is a multiple. */
static void hex_text(char *at, const unsigned long *set, size_t nbits)
{
	for (size_t group = nbits / 32; group-- > 0;) {
		unsigned long word = set[group * 32 / BITS_PER_LONG];

		at += sprintf(at, "%08lx%s", word >> (group * 32 % BITS_PER_LONG) & 0xffffffffUL,
			      group ? "," : "");
	}
	strcpy(at, "\n");
}

static void put_list(struct tree *tree, int dir, const char *path, const unsigned long *set,
		     size_t nbits)
{
	list_text(tree->text, set, nbits);
	put_text(tree, dir, path, tree->text);
}

/* Bits of a CPU map, as a kernel built for this many has them. */
static size_t cpu_bits(void)
{
	unsigned bits = topo_get()->cpu_bits;

	return bits < CPUS_MAX ? bits : CPUS_MAX;
}

static void put_cpu_map(struct tree *tree, int dir, const char *path, const unsigned long *set)
{
	hex_text(tree->text, set, cpu_bits());
	put_text(tree, dir, path, tree->text);
}

/* ---- a CPU ---- */

static void put_alone(struct tree *tree, const char *path, int cpu)
{
	unsigned long one[CPUS_MAX / BITS_PER_LONG] = {0};
	char file[96], same[96];

	bits_set(one, (size_t)cpu);
	snprintf(file, sizeof(file), "%s/thread_siblings", path);
	put_cpu_map(tree, tree->cpu_dir, file, one);
	snprintf(same, sizeof(same), "%s/core_cpus", path);
	put_link(tree, tree->cpu_dir, same, file);
	snprintf(file, sizeof(file), "%s/thread_siblings_list", path);
	put(tree, tree->cpu_dir, file, "%d\n", cpu);
	snprintf(same, sizeof(same), "%s/core_cpus_list", path);
	put_link(tree, tree->cpu_dir, same, file);
}

/*
 * A file of which every CPU of the node has the same: written for the first one. `first` is that
 * CPU; *done says whether it is there.
 */
static void put_common(struct tree *tree, const char *path, int first, int cpu, const char *name,
		       const char *text)
{
	char file[96], same[96];

	snprintf(file, sizeof(file), "%s/%s", path, name);
	snprintf(same, sizeof(same), "cpu%d/topology/%s", first, name);
	if (cpu == first)
		put_text(tree, tree->cpu_dir, file, text);
	else
		put_link(tree, tree->cpu_dir, file, same);
}

/* A package for each node, a core for each CPU. */
static void put_topology(struct tree *tree, int node, int first, int cpu, int core)
{
	static const char *const maps[] = {"core_siblings", "package_cpus"};
	static const char *const lists[] = {"core_siblings_list", "package_cpus_list"};
	char path[64], file[96], text[16];

	snprintf(path, sizeof(path), "cpu%d/topology", cpu);
	put_dir(tree, tree->cpu_dir, path);
	snprintf(text, sizeof(text), "%d\n", node);
	put_common(tree, path, first, cpu, "physical_package_id", text);
	put_common(tree, path, first, cpu, "die_id", "0\n");
	snprintf(file, sizeof(file), "%s/core_id", path);
	put(tree, tree->cpu_dir, file, "%d\n", core);
	if (cpu == first)
		hex_text(tree->text, tree->cpus, cpu_bits());
	for (int i = 0; i < 2; i++)
		put_common(tree, path, first, cpu, maps[i], tree->text);
	if (cpu == first)
		list_text(tree->text, tree->cpus, cpu_bits());
	for (int i = 0; i < 2; i++)
		put_common(tree, path, first, cpu, lists[i], tree->text);
	if (topo_cpus() <= CPUS_WITH_SIBLINGS)
		put_alone(tree, path, cpu);
}

/* What every CPU has; `online` has no file for the first, which cannot be switched off. */
static void put_bare_cpu(struct tree *tree, int cpu, bool online)
{
	char name[32], path[64], to[64];

	snprintf(name, sizeof(name), "cpu%d", cpu);
	put_dir(tree, tree->cpu_dir, name);
	snprintf(path, sizeof(path), "%s/subsystem", name);
	put_symlink(tree, tree->cpu_dir, path, "../../../../bus/cpu");
	if (cpu != 0 || !online) {
		snprintf(path, sizeof(path), "%s/online", name);
		put(tree, tree->cpu_dir, path, "%d\n", online);
	}
	snprintf(to, sizeof(to), "../../../devices/system/cpu/%s", name);
	put_symlink(tree, tree->bus_cpu, name, to);
}

static void put_cpu(struct tree *tree, int node, int first, int cpu, int core)
{
	char name[32], path[64], to[64];

	put_bare_cpu(tree, cpu, true);
	snprintf(name, sizeof(name), "cpu%d", cpu);
	snprintf(path, sizeof(path), "%s/node%d", name, node);
	snprintf(to, sizeof(to), "../../node/node%d", node);
	put_symlink(tree, tree->cpu_dir, path, to);
	put_topology(tree, node, first, cpu, core);
	snprintf(path, sizeof(path), "node%d/%s", node, name);
	snprintf(to, sizeof(to), "../../cpu/%s", name);
	put_symlink(tree, tree->node_dir, path, to);
}

/* ---- a node ---- */

static void put_meminfo(struct tree *tree, int node)
{
	static const char *const zeroes[] = {
		"SwapCached",	  "Active",	   "Inactive",	     "Active(anon)",
		"Inactive(anon)", "Active(file)",  "Inactive(file)", "Unevictable",
		"Mlocked",	  "Dirty",	   "Writeback",	     "FilePages",
		"Mapped",	  "AnonPages",	   "Shmem",	     "KernelStack",
		"PageTables",	  "SecPageTables", "NFS_Unstable",   "Bounce",
		"WritebackTmp",	  "KReclaimable",  "Slab",	     "SReclaimable",
		"SUnreclaim",	  "AnonHugePages", "ShmemHugePages", "ShmemPmdMapped",
		"FileHugePages",  "FilePmdMapped",
	};
	long long total = 0, free = 0;
	char path[64], *at = tree->text;

	topo_node_memory(node, &total, &free);
	total = total > 0 ? total : 0;
	free = free > 0 ? free : 0;
	at += sprintf(at, "Node %d MemTotal:       %8lld kB\n", node, total >> 10);
	at += sprintf(at, "Node %d MemFree:        %8lld kB\n", node, free >> 10);
	at += sprintf(at, "Node %d MemUsed:        %8lld kB\n", node, (total >> 10) - (free >> 10));
	for (size_t i = 0; i < sizeof(zeroes) / sizeof(zeroes[0]); i++)
		at += sprintf(at, "Node %d %s:%*s0 kB\n", node, zeroes[i],
			      (int)(22 - strlen(zeroes[i])), "");
	at += sprintf(at, "Node %d HugePages_Total:     0\n", node);
	at += sprintf(at, "Node %d HugePages_Free:      0\n", node);
	at += sprintf(at, "Node %d HugePages_Surp:      0\n", node);
	snprintf(path, sizeof(path), "node%d/meminfo", node);
	put_text(tree, tree->node_dir, path, tree->text);
}

/* What the firmware leaves out, as a kernel fills it in. */
static int distance(int from, int to)
{
	int told = topo_distance(from, to);

	if (told > 0)
		return told;
	return from == to ? 10 : 20;
}

static void put_distance(struct tree *tree, int node)
{
	const struct topology *t = topo_get();
	const char *blank = "";
	char path[64], *at = tree->text;

	for (bits_each(to, t->existing, t->node_bits)) {
		at += sprintf(at, "%s%d", blank, distance(node, (int)to));
		blank = " ";
	}
	strcpy(at, "\n");
	snprintf(path, sizeof(path), "node%d/distance", node);
	put_text(tree, tree->node_dir, path, tree->text);
}

static void put_node(struct tree *tree, int node)
{
	char name[32], path[64], to[64];
	int first = -1, core = 0;

	snprintf(name, sizeof(name), "node%d", node);
	put_dir(tree, tree->node_dir, name);
	if (topo_node_cpus(node, tree->cpus, CPUS_MAX) < 0)
		bits_zero(tree->cpus, CPUS_MAX);
	for (bits_each(cpu, tree->cpus, CPUS_MAX)) {
		first = first < 0 ? (int)cpu : first;
		put_cpu(tree, node, first, (int)cpu, core++);
	}
	snprintf(path, sizeof(path), "%s/cpumap", name);
	put_cpu_map(tree, tree->node_dir, path, tree->cpus);
	snprintf(path, sizeof(path), "%s/cpulist", name);
	put_list(tree, tree->node_dir, path, tree->cpus, CPUS_MAX);
	put_meminfo(tree, node);
	put_distance(tree, node);
	snprintf(path, sizeof(path), "%s/numastat", name);
	put_text(tree, tree->node_dir, path,
		 "numa_hit 0\nnuma_miss 0\nnuma_foreign 0\n"
		 "interleave_hit 0\nlocal_node 0\nother_node 0\n");
	snprintf(path, sizeof(path), "%s/vmstat", name);
	put_text(tree, tree->node_dir, path,
		 "nr_free_pages 0\nnuma_hit 0\nnuma_miss 0\nnuma_foreign 0\nnuma_interleave 0\n"
		 "numa_local 0\nnuma_other 0\n");
	snprintf(path, sizeof(path), "%s/subsystem", name);
	put_symlink(tree, tree->node_dir, path, "../../../../bus/node");
	snprintf(to, sizeof(to), "../../../devices/system/node/%s", name);
	put_symlink(tree, tree->bus_node, name, to);
}

/* ---- all of them ---- */

static bool has_cpus(struct tree *tree, int node)
{
	return topo_node_cpus(node, tree->cpus, CPUS_MAX) == 0 && !bits_empty(tree->cpus, CPUS_MAX);
}

static bool has_memory(int node)
{
	long long total = 0, free;

	return topo_node_memory(node, &total, &free) <= 0 || total != 0;
}

static void put_node_sets(struct tree *tree)
{
	const struct topology *t = topo_get();
	unsigned long cpus[1024 / BITS_PER_LONG] = {0}, memory[1024 / BITS_PER_LONG] = {0};
	size_t nbits = t->node_bits < 1024 ? t->node_bits : 1024;

	for (bits_each(node, t->existing, nbits)) {
		if (has_cpus(tree, (int)node))
			bits_set(cpus, node);
		if (has_memory((int)node))
			bits_set(memory, node);
	}
	put_list(tree, tree->node_dir, "online", t->existing, nbits);
	put_list(tree, tree->node_dir, "possible", t->existing, nbits);
	put_list(tree, tree->node_dir, "has_cpu", cpus, nbits);
	put_list(tree, tree->node_dir, "has_memory", memory, nbits);
	put_list(tree, tree->node_dir, "has_normal_memory", memory, nbits);
}

static void put_cpu_sets(struct tree *tree, const unsigned long *offline)
{
	const struct topology *t = topo_get();
	unsigned long present[CPUS_MAX / BITS_PER_LONG] = {0};

	bits_or(present, CPUS_MAX, t->allowed_cpus, cpu_bits());
	bits_or(present, CPUS_MAX, offline, CPUS_MAX);
	put_list(tree, tree->cpu_dir, "online", t->allowed_cpus, cpu_bits());
	put_list(tree, tree->cpu_dir, "possible", present, CPUS_MAX);
	put_list(tree, tree->cpu_dir, "present", present, CPUS_MAX);
	put_list(tree, tree->cpu_dir, "offline", offline, CPUS_MAX);
	put(tree, tree->cpu_dir, "isolated", "\n");
	put(tree, tree->cpu_dir, "kernel_max", "%zu\n", cpu_bits() - 1);
	/* These have no topology, and no node has them. */
	for (bits_each(cpu, offline, CPUS_MAX))
		put_bare_cpu(tree, (int)cpu, false);
}

/*
 * As Linux 6.16 has them: a node with memory has a weight, and "auto" says whether nobody has set
 * one.
 */
static void put_weights(struct tree *tree)
{
	const struct topology *t = topo_get();
	bool told = false;
	char name[32];

	for (bits_each(node, t->existing, t->node_bits)) {
		int weight = topo_node_weight((int)node);

		told = told || weight > 0;
		snprintf(name, sizeof(name), "node%zu", (size_t)node);
		if (has_memory((int)node))
			put(tree, tree->weights, name, "%d\n", weight > 0 ? weight : 1);
	}
	put_text(tree, tree->weights, "auto", told ? "false\n" : "true\n");
}

static int new_dir(struct tree *tree, int dir, const char *name)
{
	int fd = -1;

	put_dir(tree, dir, name);
	if (!tree->err) {
		fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			failed(tree);
	}
	return fd;
}

int tree_write(int dir, const unsigned long *offline)
{
	const struct topology *t = topo_get();
	struct tree *tree = calloc(1, sizeof(*tree));
	mode_t mask = umask(022);
	int err;

	if (!tree)
		return -ENOMEM;
	tree->node_dir = new_dir(tree, dir, "node");
	tree->cpu_dir = new_dir(tree, dir, "cpu");
	tree->bus_node = new_dir(tree, dir, "bus-node");
	tree->bus_cpu = new_dir(tree, dir, "bus-cpu");
	tree->weights = new_dir(tree, dir, "weights");
	put_node_sets(tree);
	put_cpu_sets(tree, offline);
	for (bits_each(node, t->existing, t->node_bits))
		put_node(tree, (int)node);
	put_weights(tree);
	err = tree->err;
	close(tree->node_dir);
	close(tree->cpu_dir);
	close(tree->bus_node);
	close(tree->bus_cpu);
	close(tree->weights);
	free(tree);
	umask(mask);
	return err;
}
