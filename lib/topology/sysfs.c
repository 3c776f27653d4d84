/* SPDX-License-Identifier: MIT */
/*
 * The machine as /sys and /proc of the running kernel tell it. Whatever is missing or makes no
 * sense is replaced by the answer of a machine with one node; nothing here fails for a bad file.
 */
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/masktext.h"
#include "sys/call.h"
#include "sys/smallfile.h"
#include "topology/source.h"

#define PATH_SIZE 512
#define NODE_DIR "/sys/devices/system/node"
#define WEIGHT_DIR "/sys/kernel/mm/mempolicy/weighted_interleave"

const char *topo_root(void)
{
	/* Looked up once: a program may change its environment at any time. */
	static _Atomic(const char *) root;
	const char *dir = atomic_load_explicit(&root, memory_order_acquire), *none = NULL;
	char *copy;

	if (dir)
		return dir;
	dir = secure_getenv("MYNUMA_ROOT");
	dir = dir ? dir : "";
	copy = topo_alloc(strlen(dir) + 1);
	if (!copy)
		return "";
	strcpy(copy, dir);
	return atomic_compare_exchange_strong(&root, &none, copy) ? copy : none;
}

static int read_at_root(struct text *text, const char *path, const char *last)
{
	char full[PATH_SIZE];

	if (!path_join(full, sizeof(full), topo_root(), path, (char *)NULL)) {
		text->s = text->small;
		text->small[0] = '\0';
		text->len = 0;
		return -ENAMETOOLONG;
	}
	return text_read(text, full, last);
}

/* A file of a node's directory. */
static int read_of_node(struct text *text, int node, const char *name, const char *last)
{
	char digits[NUMBER_DIGITS], path[sizeof(NODE_DIR) + NUMBER_DIGITS + 32];

	path_join(path, sizeof(path), NODE_DIR "/node", number_text(digits, (unsigned long)node),
		  name, (char *)NULL);
	return read_at_root(text, path, last);
}

/* Nodes that exist are those that have a directory. */

struct node_scan {
	unsigned long nodes[TOPO_NODES_MAX / BITS_PER_LONG];
	int max;
	int count;
};

/* node<decimal>, as the kernel writes it: no sign, no leading zero. -1 for any other name. */
static int node_of_name(const char *name)
{
	unsigned node = 0;

	if (strncmp(name, "node", 4) != 0 || (name[4] == '0' && name[5]) || !name[4])
		return -1;
	for (name += 4; *name; name++) {
		if (*name < '0' || *name > '9')
			return -1;
		node = node * 10 + (unsigned)(*name - '0');
		if (node >= TOPO_NODES_MAX)
			return -1;
	}
	return (int)node;
}

static void see_node(const char *name, void *arg)
{
	struct node_scan *scan = arg;
	int node = node_of_name(name);

	if (node < 0 || bits_test(scan->nodes, (size_t)node))
		return;
	bits_set(scan->nodes, (size_t)node);
	scan->count++;
	if (node > scan->max)
		scan->max = node;
}

/* No directory, or none of a node: there is node 0, as on every machine. True if that is so. */
static bool scan_nodes(struct node_scan *scan)
{
	char path[PATH_SIZE];
	bool none;

	memset(scan, 0, sizeof(*scan));
	if (path_join(path, sizeof(path), topo_root(), NODE_DIR, (char *)NULL))
		dir_each(path, see_node, scan);
	none = scan->count == 0;
	if (none)
		see_node("node0", scan);
	return none;
}

/* How many bits the kernel's masks have. */

/*
 * When /proc does not tell: get_mempolicy(2) refuses a mask that is too short. What it accepts may
 * be shorter than the kernel's own, but is enough for its nodes.
 */
static unsigned probe_node_bits(void)
{
	unsigned long *mask = pages_alloc(TOPO_NODES_MAX / CHAR_BIT);
	unsigned bits = mask ? 32 : TOPO_NODES_MAX;

	while (bits < TOPO_NODES_MAX &&
	       sys_call(__NR_get_mempolicy, NULL, mask, bits, NULL, 0) == -EINVAL)
		bits *= 2;
	if (mask)
		pages_free(mask, TOPO_NODES_MAX / CHAR_BIT);
	return bits;
}

/*
 * As long as the kernel writes a mask, but never so short that the highest node is the last bit:
 * many programs pass the size of a mask as maxnode, of which the kernel takes one bit less. (Linux
 * 7.3 writes only as many bits as there can be nodes.)
 */
static unsigned node_mask_bits(const char *mems_allowed, int max_node)
{
	size_t bits = mems_allowed ? 4 * mask_hex_digits(mems_allowed) : 0;
	size_t least = ((size_t)max_node + 2 + 3) / 4 * 4;

	if (bits == 0)
		bits = probe_node_bits();
	if (bits < least)
		bits = least;
	return bits < TOPO_NODES_MAX ? (unsigned)bits : TOPO_NODES_MAX;
}

#define CPU_BITS_FIRST 4096U
#define CPU_BITS_LAST (1U << 20)
#define CPU_BITS_GUESS 1024U

/* The affinity of this thread: the bytes written, or -errno. */
static long raw_affinity(unsigned bits, unsigned long *mask)
{
	return sys_call(__NR_sched_getaffinity, 0, bits / CHAR_BIT, mask);
}

/*
 * The size of the kernel's CPU masks; *err says why it had to be guessed. What fits of the mask is
 * left in mask[], of CPU_BITS_FIRST bits and zeroed.
 */
static unsigned cpu_mask_bits(unsigned long *mask, int *err)
{
	long bytes = raw_affinity(CPU_BITS_FIRST, mask);

	for (unsigned bits = 2 * CPU_BITS_FIRST; bytes == -EINVAL && bits <= CPU_BITS_LAST;
	     bits *= 2) {
		unsigned long *large = pages_alloc(bits / CHAR_BIT);

		if (!large)
			break;
		bytes = raw_affinity(bits, large);
		pages_free(large, bits / CHAR_BIT);
	}
	*err = bytes > 0 ? 0 : (int)-bytes;
	return bytes > 0 ? (unsigned)bytes * CHAR_BIT : CPU_BITS_GUESS;
}

/*
 * A machine below a root may have more CPUs than the running kernel's masks, which were measured.
 */
static unsigned widen_for_root(unsigned bits, const char *cpus_allowed)
{
	size_t told = *topo_root() && cpus_allowed ? 4 * mask_hex_digits(cpus_allowed) : 0;

	while (bits < told && bits < CPU_BITS_LAST)
		bits *= 2;
	return bits;
}

/* As sysconf(_SC_NPROCESSORS_CONF) counts, from the same file, but below the root. */
__attribute__((noinline)) static int configured_cpus(void)
{
	struct text text;
	unsigned long cpus[8192 / BITS_PER_LONG];
	long n = 0;
	bool lost = false;

	if (read_at_root(&text, "/sys/devices/system/cpu/possible", "") == 0 &&
	    mask_parse_list(text.s, cpus, 8192, &lost) && !lost)
		n = (long)bits_weight(cpus, 8192);
	text_free(&text);
	if (n <= 0) {
		int saved = errno;

		n = sysconf(_SC_NPROCESSORS_CONF);
		errno = saved;
	}
	return n > 0 ? (int)n : 1;
}

/* What the process may use. */

static void first_bits(unsigned long *mask, size_t nbits, size_t n)
{
	bits_zero(mask, nbits);
	bits_fill(mask, n < nbits ? n : nbits, true);
}

static void allowed_nodes(const struct topology *t, const char *field, unsigned long *mask)
{
	size_t n = t->node_bits;

	if (field) {
		if (mask_parse_hex(field, mask, n, NULL) && !bits_empty(mask, n))
			return;
	} else if (sys_call(__NR_get_mempolicy, NULL, mask, n + 1, NULL, 1 << 2) == 0 &&
		   !bits_empty(mask, n)) { /* MPOL_F_MEMS_ALLOWED */
		return;
	}
	first_bits(mask, n, (size_t)t->max_node + 1);
}

/* The number of configured CPUs, which costs reading a file. */
static size_t count_cpus(struct topology *t)
{
	if (!t->cpus)
		t->cpus = configured_cpus();
	return (size_t)t->cpus;
}

/* `own`: the CPUs that this thread may run on, so CPUs that exist; CPU_BITS_FIRST bits. */
static void allowed_cpus(struct topology *t, const char *field, const unsigned long *own,
			 unsigned long *mask)
{
	size_t n = t->cpu_bits;
	bool known = field ? mask_parse_hex(field, mask, n, NULL)
			   : raw_affinity(t->cpu_bits, mask) > 0;

	if (known && !*topo_root() && !bits_empty(mask, n) &&
	    bits_equal(mask, n, own, CPU_BITS_FIRST))
		return;
	/* A kernel that never changed the mask tells all the CPUs it could ever have. */
	if (known && bits_weight(mask, n) > count_cpus(t))
		for (bits_each(cpu, mask, n))
			if (cpu >= count_cpus(t))
				bits_clear(mask, cpu);
	if (!known || bits_empty(mask, n))
		first_bits(mask, n, count_cpus(t));
}

/*
 * The fields of the process's status, inside *status. A status without them is a kernel without
 * cpusets: they are empty; no status is no /proc: they are NULL, and the result is -errno.
 */
static int read_status(struct text *status, const char **mems, const char **cpus)
{
	int err = read_at_root(status, "/proc/self/status", "Mems_allowed:");

	*mems = text_field(status, "Mems_allowed:");
	*cpus = text_field(status, "Cpus_allowed:");
	if (!err) {
		*mems = *mems ? *mems : "";
		*cpus = *cpus ? *cpus : "";
	}
	return err;
}

static bool sysfs_allowed_nodes(const struct topology *t, unsigned long *nodes)
{
	const char *mems, *cpus;
	struct text status;
	int err = read_status(&status, &mems, &cpus);
	bool known = !err || err == -ENOENT;

	if (known)
		allowed_nodes(t, mems, nodes);
	text_free(&status);
	return known;
}

/* A thread's stack may be 16 KiB in all. */
static bool sysfs_describe(struct topology *t)
{
	struct node_scan scan;
	struct text status;
	unsigned long own[CPU_BITS_FIRST / BITS_PER_LONG] = {0};
	unsigned long *existing, *nodes, *cpus;
	const char *mems, *cpu_field;
	int err = read_status(&status, &mems, &cpu_field);

	t->assumed = scan_nodes(&scan);
	t->max_node = scan.max;
	t->nodes = scan.count;
	t->node_bits = node_mask_bits(mems, scan.max);
	t->cpu_bits = widen_for_root(cpu_mask_bits(own, &t->cpu_bits_errno), cpu_field);

	/* Usually counted when asked for; but where it can only be guessed, as things are now. */
	if (err || t->assumed)
		count_cpus(t);

	existing = topo_alloc(bits_words(t->node_bits) * sizeof(long));
	nodes = topo_alloc(bits_words(t->node_bits) * sizeof(long));
	cpus = topo_alloc(bits_words(t->cpu_bits) * sizeof(long));
	if (existing && nodes && cpus) {
		bits_copy(existing, t->node_bits, scan.nodes, TOPO_NODES_MAX);
		allowed_nodes(t, mems, nodes);
		allowed_cpus(t, cpu_field, own, cpus);
	}
	t->existing = existing;
	t->allowed_nodes = nodes;
	t->allowed_cpus = cpus;
	text_free(&status);
	return existing && nodes && cpus;
}

/* All CPUs that are online, for the node that has them all. */
static int online_cpus(unsigned long *cpus, size_t nbits)
{
	struct text text;
	bool lost = false;

	if (read_at_root(&text, "/sys/devices/system/cpu/online", "") != 0 ||
	    !mask_parse_list(text.s, cpus, nbits, &lost) || bits_empty(cpus, nbits)) {
		first_bits(cpus, nbits, (size_t)topo_cpus());
		lost = (size_t)topo_cpus() > nbits;
	}
	text_free(&text);
	return lost ? -EOVERFLOW : 0;
}

static int sysfs_node_cpus(const struct topology *t, int node, unsigned long *cpus, size_t nbits)
{
	struct text text;
	bool lost = false;
	int err;

	if (t->assumed)
		return online_cpus(cpus, nbits);
	err = read_of_node(&text, node, "/cpumap", "");

	/* Without its newline the map may have been cut. */
	if (!err && (!strchr(text.s, '\n') || !mask_parse_hex(text.s, cpus, nbits, &lost)))
		err = -EINVAL;
	text_free(&text);
	return err ? err : lost ? -EOVERFLOW : 0;
}

/* More than any firmware tells (a byte), and far from overflow. */
#define DISTANCE_MAX 1000000
/* That of a node to itself. */
#define DISTANCE_LOCAL 10

static int sysfs_distances(const struct topology *t, int from, int *row)
{
	struct text text;
	const char *s;
	bool any = false;
	int err;

	if (t->assumed) {
		row[from] = DISTANCE_LOCAL;
		return 0;
	}
	err = read_of_node(&text, from, "/distance", "");
	s = text.s;
	/* One number for each existing node, in ascending order. */
	for (bits_each(to, t->existing, t->node_bits)) {
		while (*s == ' ' || *s == '\t')
			s++;
		if (*s < '0' || *s > '9')
			break;
		for (; *s >= '0' && *s <= '9'; s++)
			if (row[to] < DISTANCE_MAX)
				row[to] = row[to] * 10 + (*s - '0');
		any = true;
	}
	text_free(&text);
	return err ? err : any ? 0 : -ENODATA;
}

/*
 * "Node 0 MemTotal: 1024 kB" as bytes. Returns how many fields were understood: 0, with *bytes -1
 * if it is there, or 1.
 */
static int meminfo_field(const struct text *text, const char *name, long long *bytes)
{
	const char *s = strstr(text->s, name);
	unsigned long long kb = 0;
	bool digits = false;

	if (!s)
		return 0;
	*bytes = -1;
	for (s += strlen(name); *s == ' ' || *s == '\t'; s++)
		;
	for (; *s >= '0' && *s <= '9'; s++) {
		if (kb > (LLONG_MAX / 1024 - 9) / 10)
			return 0;
		kb = kb * 10 + (unsigned long long)(*s - '0');
		digits = true;
	}
	while (*s == ' ' || *s == '\t')
		s++;
	if (!digits || strncmp(s, "kB", 2) != 0)
		return 0;
	*bytes = (long long)kb * 1024;
	return 1;
}

/* All memory, for the node that has it all. */
static int all_memory(long long *total, long long *free)
{
	struct text text;
	struct sysinfo info;
	int found = read_at_root(&text, "/proc/meminfo", "MemFree:");

	if (!found)
		found = meminfo_field(&text, "MemTotal:", total) +
			meminfo_field(&text, "MemFree:", free);
	text_free(&text);
	if (found < 2 && !*topo_root() && sysinfo(&info) == 0) {
		*total = (long long)info.totalram * info.mem_unit;
		*free = (long long)info.freeram * info.mem_unit;
		found = 2;
	}
	return found;
}

static int sysfs_node_memory(const struct topology *t, int node, long long *total, long long *free)
{
	char digits[NUMBER_DIGITS], last[NUMBER_DIGITS + 32];
	struct text text;
	int ret;

	*total = -1;
	*free = 0;
	if (node < 0 || node > t->max_node)
		return -ENOENT;
	if (t->assumed)
		return all_memory(total, free);
	path_join(last, sizeof(last), "Node ", number_text(digits, (unsigned long)node),
		  " MemFree:", (char *)NULL);
	ret = read_of_node(&text, node, "/meminfo", last);
	if (!ret)
		ret = meminfo_field(&text, "MemTotal:", total) +
		      meminfo_field(&text, "MemFree:", free);
	text_free(&text);
	return ret;
}

static int sysfs_node_weight(int node)
{
	char digits[NUMBER_DIGITS], path[PATH_SIZE];
	struct text text;
	char *end;
	long weight;
	int ret;

	if (node < 0)
		return -ENOENT;
	path_join(path, sizeof(path), WEIGHT_DIR "/node", number_text(digits, (unsigned long)node),
		  (char *)NULL);
	ret = read_at_root(&text, path, "");
	weight = strtol(text.s, &end, 10);
	if (!ret)
		ret = end > text.s && weight >= 1 && weight <= 255 ? (int)weight : -EINVAL;
	text_free(&text);
	return ret;
}

const struct topo_source topo_sysfs = {
	.describe = sysfs_describe,
	.cpus = configured_cpus,
	.node_cpus = sysfs_node_cpus,
	.distances = sysfs_distances,
	.node_memory = sysfs_node_memory,
	.allowed_nodes = sysfs_allowed_nodes,
	.node_weight = sysfs_node_weight,
};
