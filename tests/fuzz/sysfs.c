/* SPDX-License-Identifier: MIT */
/*
 * A machine whose every file of /sys and /proc is made from the input, from the first question to a
 * refresh that finds all of it changed. Parts of the input end with a byte 1. A part's first
 * character says which file it is, for those of a node a second one which node:
 *
 *	S /proc/self/status	M /proc/meminfo		D the names in the directory of nodes
 *	P cpu/possible		O cpu/online		cN dN mN cpumap, distance, meminfo of node N
 *	!			what follows is the machine after the refresh
 *
 * A part whose contents are two bytes, the first a 2, is an errno.
 */
#include "fuzz/fuzz.h"

#include "sys/smallfile.h"
#include "topology/source.h"

static void *fuzz_pages_alloc(size_t size);
static void fuzz_pages_free(void *p, size_t size);
static int fuzz_text_read(struct text *t, const char *path, const char *last);
static void fuzz_text_free(struct text *t);
static int fuzz_dir_each(const char *path, void (*each)(const char *name, void *arg), void *arg);
static void *exact_alloc(size_t size);

#undef pages_alloc
#undef pages_free
#undef text_read
#undef text_free
#undef dir_each
#define pages_alloc fuzz_pages_alloc
#define pages_free fuzz_pages_free
#define text_read fuzz_text_read
#define text_free fuzz_text_free
#define dir_each fuzz_dir_each
#include "topology/topology.c"
/* What a source allocates is checked to the byte. */
#undef topo_alloc
#define topo_alloc exact_alloc
#undef DISTANCE_LOCAL
#include "topology/sysfs.c"

/* ---- memory, all of which is gone after an input ---- */

static void *blocks[4096];
static size_t block_count;

static void *fuzz_pages_alloc(size_t size)
{
	void *p;

	/* Nobody may take the machine's memory because a file says so. */
	if (size > 64UL << 20 || block_count == ARRAY_SIZE(blocks))
		return NULL;
	p = calloc(1, size);
	MUST(p);
	blocks[block_count++] = p;
	return p;
}

static void fuzz_pages_free(void *p, size_t size)
{
	size_t i = 0;

	(void)size;
	while (i < block_count && blocks[i] != p)
		i++;
	MUST(i < block_count);
	blocks[i] = blocks[--block_count];
	free(p);
}

/* One byte is the empty name of the root, which the library asks for once and keeps. */
static void *exact_alloc(size_t size)
{
	static char root[1];

	return size == 1 ? root : fuzz_pages_alloc(size);
}

static void start_anew(void)
{
	while (block_count)
		free(blocks[--block_count]);
	memset(first_bytes, 0, sizeof(first_bytes));
	atomic_store(&first_chunk.used, 0);
	atomic_store(&current_chunk, &first_chunk);
	atomic_store(&topo_current, NULL);
	atomic_store(&chosen_source, NULL);
	atomic_store(&no_cpus[0], NULL);
	atomic_store(&smallest_machine.cpu_table, NULL);
	atomic_store(&smallest_machine.t.distances, NULL);
	atomic_store(&generation, 1);
	atomic_store(&cpu_changes, 0);
}

/* ---- files ---- */

static const uint8_t *files;
static size_t files_left;

/* The part with that name; NULL if there is none. Of several the first counts. */
static const uint8_t *find_part(const char *name, size_t *len)
{
	const uint8_t *at = files;
	size_t left = files_left, name_len = strlen(name);

	while (left) {
		const uint8_t *end = memchr(at, 1, left);
		size_t n = end ? (size_t)(end - at) : left;

		if (n && *at == '!')
			return NULL;
		if (n >= name_len && memcmp(at, name, name_len) == 0) {
			*len = n - name_len;
			return at + name_len;
		}
		n += end != NULL;
		at += n;
		left -= n;
	}
	return NULL;
}

/* Only what follows the mark. */
static void refresh_files(void)
{
	for (size_t i = 0; i + 1 < files_left; i++)
		if (files[i] == 1 && files[i + 1] == '!') {
			files += i + 2;
			files_left -= i + 2;
			return;
		}
}

static const struct {
	const char *path, *name;
} paths[] = {
	{"/proc/self/status", "S"},
	{"/proc/meminfo", "M"},
	{"/sys/devices/system/cpu/possible", "P"},
	{"/sys/devices/system/cpu/online", "O"},
};

static const uint8_t *find_file(const char *path, size_t *len)
{
	char name[3] = "";
	unsigned node;
	char file[16];

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (strcmp(path, paths[i].path) == 0)
			return find_part(paths[i].name, len);
	MUST(sscanf(path, "/sys/devices/system/node/node%u/%15s", &node, file) == 2);
	name[0] = file[0];
	name[1] = (char)('0' + node % 64);
	return find_part(name, len);
}

static int fuzz_text_read(struct text *t, const char *path, const char *last)
{
	size_t len = 0;
	const uint8_t *part = find_file(path, &len);

	(void)last;
	t->s = text_of(part ? part : (const uint8_t *)"", part ? len : 0);
	t->len = len;
	if (!part)
		return -ENOENT;
	return len == 2 && part[0] == 2 ? -(1 + part[1] % 40) : 0;
}

static void fuzz_text_free(struct text *t)
{
	free(t->s);
}

static int fuzz_dir_each(const char *path, void (*each)(const char *name, void *arg), void *arg)
{
	size_t len = 0;
	const uint8_t *part = find_part("D", &len);
	char *names, *name, *rest;

	MUST(strcmp(path, NODE_DIR) == 0);
	if (!part)
		return -ENOENT;
	names = text_of(part, len);
	for (name = strtok_r(names, "\n", &rest); name; name = strtok_r(NULL, "\n", &rest))
		each(name, arg);
	free(names);
	return 0;
}

/* ---- the questions ---- */

#define ASKED_CPUS 8192

static void check_topology(const struct topology *t)
{
	MUST(t->node_bits >= 4 && t->node_bits <= TOPO_NODES_MAX);
	MUST(t->cpu_bits >= 8 && t->cpu_bits <= 1U << 20);
	MUST(topo_cpus() >= 1 && t->nodes >= 1);
	MUST(bits_weight(t->existing, t->node_bits) == (size_t)t->nodes);
	MUST(bits_highest(t->existing, t->node_bits) == (size_t)t->max_node);
	MUST(!bits_empty(t->allowed_nodes, t->node_bits));
	MUST(!bits_empty(t->allowed_cpus, t->cpu_bits));
}

static void ask_node(const struct topology *t, int node)
{
	unsigned long cpus[ASKED_CPUS / BITS_PER_LONG];
	long long total = 0, avail = 0;
	int found = topo_node_memory(node, &total, &avail);
	int err = topo_node_cpus(node, cpus, ASKED_CPUS);
	unsigned long few[2] = {0, 0x1234567};
	int few_err;

	MUST(found >= -4095 && found <= 2);
	MUST(total >= -1 && avail >= -1);
	if (found == 2)
		MUST(total >= 0 && avail >= 0);
	MUST(err <= 0 && err > -4096);
	if (node > t->max_node || node < 0 || !bits_test(t->existing, (size_t)node))
		MUST(err == -ENOENT);
	few_err = topo_node_cpus(node, few, BITS_PER_LONG);
	MUST(few[1] == 0x1234567);
	if (err)
		MUST(few_err == err);
	else
		MUST((few_err == 0) == (bits_next(cpus, ASKED_CPUS, BITS_PER_LONG) == ASKED_CPUS));
	if (!err || err == -EOVERFLOW)
		MUST(few[0] == cpus[0]);
}

/* The lowest node that has the CPU; -1 none, -2 when not all maps can be read. */
static int search_cpu(const struct topology *t, unsigned cpu)
{
	unsigned long cpus[ASKED_CPUS / BITS_PER_LONG];
	int found = -1;

	for (bits_each(node, t->existing, t->node_bits)) {
		int err = topo_node_cpus((int)node, cpus, ASKED_CPUS);

		if (err && err != -EOVERFLOW)
			return -2;
		if (found < 0 && bits_test(cpus, cpu))
			found = (int)node;
	}
	return found;
}

static void ask_cpu(const struct topology *t, unsigned cpu)
{
	int wanted = search_cpu(t, cpu), got = topo_cpu_node((int)cpu);

	if (wanted == -2)
		MUST(got < 0 && got != -EINVAL);
	else
		MUST(got == (wanted < 0 ? -EINVAL : wanted));
}

static void ask_everything(void)
{
	const struct topology *t = topo_get();

	check_topology(t);
	ask_node(t, -1);
	ask_node(t, t->max_node + 1);
	for (int node = 0; node <= t->max_node && node < 8; node++) {
		ask_node(t, node);
		for (int to = 0; to <= t->max_node && to < 8; to++) {
			int distance = topo_distance(node, to);

			MUST(distance > -4096 && distance <= 10 * DISTANCE_MAX + 9);
		}
	}
	ask_node(t, t->max_node);
	ask_cpu(t, 0);
	ask_cpu(t, 3);
	ask_cpu(t, 64);
	ask_cpu(t, ASKED_CPUS - 1);
	MUST(topo_cpu_node(-1) == -EINVAL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct topology *before;

	files = data;
	files_left = size;
	start_anew();
	before = topo_get();
	ask_everything();
	refresh_files();
	topo_cpus_changed();
	ask_everything();
	MUST(topo_get() == before);
	return 0;
}
