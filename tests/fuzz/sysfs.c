/* SPDX-License-Identifier: MIT */
/*
 * A machine whose every file of /sys and /proc is made from the input, from the first question to a
 * refresh that finds all of it changed. Parts of the input end with a byte 1. A part's first
 * character says which file it is, for those of a node a second one which node:
 *
 *	S /proc/self/status	M /proc/meminfo		D the names in the directory of nodes
 *	P cpu/possible		O cpu/online		cN dN mN cpumap, distance, meminfo of node N
 *	wN the weight of node N
 *	!			what follows is the machine after the refresh
 *
 * A part whose contents are two bytes, the first a 2, is an errno. No input makes a system call; what
 * the library asks the system instead of a file has parts as well, of which a byte says the size:
 *
 *	A sched_getaffinity()	G get_mempolicy()	N CPUs of sysconf()	I sysinfo()
 */
#include "fuzz/fuzz.h"

#include <sanitizer/asan_interface.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "sys/call.h"
#include "sys/smallfile.h"
#include "topology/source.h"

static void *fuzz_pages_alloc(size_t size);
static void fuzz_pages_free(void *p, size_t size);
static int fuzz_text_read(struct text *t, const char *path, const char *last);
static void fuzz_text_free(struct text *t);
static int fuzz_dir_each(const char *path, void (*each)(const char *name, void *arg), void *arg);
static void *exact_alloc(size_t size);
static long fuzz_call(long nr, long a, long b, long c, long d, long e);
static long fuzz_sysconf(int name);
static int fuzz_sysinfo(struct sysinfo *info);

#undef pages_alloc
#undef pages_free
#undef text_read
#undef text_free
#undef dir_each
#undef sys_call
#define pages_alloc fuzz_pages_alloc
#define pages_free fuzz_pages_free
#define text_read fuzz_text_read
#define text_free fuzz_text_free
#define dir_each fuzz_dir_each
#define FUZZ_CALL(nr, a, b, c, d, e, ...)                                                          \
	fuzz_call(nr, SYS_ARG(a), SYS_ARG(b), SYS_ARG(c), SYS_ARG(d), SYS_ARG(e))
#define sys_call(...) FUZZ_CALL(__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define sysconf fuzz_sysconf
#define sysinfo(info) fuzz_sysinfo(info)
#include "topology/topology.c"
/* What a source allocates is checked to the byte. */
#undef topo_alloc
#define topo_alloc exact_alloc
#undef DISTANCE_LOCAL
#include "topology/sysfs.c"

/* ---- memory, all of which is gone after an input ---- */

/*
 * Pieces are cut from one large one, for a tenth of malloc()'s time, and watched to the byte
 * as it does: there is poison between them and in those given back. Those are not used again before
 * the next input, but for the last if it is large.
 */
#define STORE (8UL << 20)
#define STORE_USUAL (256UL << 10)
#define PIECE_LARGE (8UL << 10)
#define PIECE_GAP 16

static _Alignas(16) char store[STORE];
static size_t store_used;

static bool in_store(const void *p)
{
	return (uintptr_t)p - (uintptr_t)store < STORE;
}

static size_t piece_room(size_t size)
{
	return (size + PIECE_GAP - 1) / PIECE_GAP * PIECE_GAP + PIECE_GAP;
}

/* NULL where there is no room. */
static char *piece_new(size_t size)
{
	char *p = store + store_used;

	if (piece_room(size) > STORE - store_used)
		return NULL;
	ASAN_UNPOISON_MEMORY_REGION(p, size);
	store_used += piece_room(size);
	return p;
}

static void piece_give(char *p, size_t size)
{
	MUST(!__asan_address_is_poisoned(p));
	ASAN_POISON_MEMORY_REGION(p, size);
	if (size >= PIECE_LARGE && p + piece_room(size) == store + store_used)
		store_used -= piece_room(size);
}

/* Usual inputs lie one after the other, so that what is kept too long is noticed. */
static void pieces_anew(void)
{
	ASAN_POISON_MEMORY_REGION(store, store_used);
	if (store_used > STORE_USUAL)
		store_used = 0;
}

static void *blocks[4096];
static size_t block_count;

/* Chunks are kept, since pages that are fresh each time cost more than all the questions. */
static struct chunk *chunks[16];
static size_t chunks_made, chunks_used;

static void *chunk_block(size_t size)
{
	if (chunks_used == ARRAY_SIZE(chunks))
		return NULL;
	if (chunks_used == chunks_made) {
		chunks[chunks_made] = calloc(1, size);
		MUST(chunks[chunks_made]);
		chunks_made++;
	}
	return chunks[chunks_used++];
}

static void empty_chunk(struct chunk *c)
{
	size_t used = atomic_load(&c->used);

	MUST(used <= c->size);
	memset(c->bytes, 0, used);
	atomic_store(&c->used, 0);
}

static void *fuzz_pages_alloc(size_t size)
{
	void *p;

	if (size == CHUNK_NEXT + sizeof(struct chunk))
		return chunk_block(size);
	/* Enough for the distances of 1400 nodes, more than any kernel takes, and for all else. */
	if (size > STORE || block_count == ARRAY_SIZE(blocks))
		return NULL;
	p = piece_new(size);
	if (p)
		return memset(p, 0, size);
	p = calloc(1, size);
	MUST(p);
	blocks[block_count++] = p;
	return p;
}

static void fuzz_pages_free(void *p, size_t size)
{
	size_t i = block_count;

	if (in_store(p)) {
		piece_give(p, size);
		return;
	}
	while (i > 0 && blocks[i - 1] != p)
		i--;
	MUST(i > 0);
	blocks[i - 1] = blocks[--block_count];
	free(p);
}

/* One byte is the empty name of the root, which the library asks for once and keeps. */
static void *exact_alloc(size_t size)
{
	static char root[1];

	return size == 1 ? root : fuzz_pages_alloc(size);
}

static void forget_everything(void)
{
	while (block_count)
		free(blocks[--block_count]);
	pieces_anew();
	while (chunks_used)
		empty_chunk(chunks[--chunks_used]);
	empty_chunk(&first_chunk);
	atomic_store(&current_chunk, &first_chunk);
	atomic_store(&topo_current, NULL);
	atomic_store(&no_cpus[0], NULL);
	atomic_store(&smallest_machine.cpu_table, NULL);
	atomic_store(&smallest_machine.t.distances, NULL);
	atomic_store(&generation, 1);
	atomic_store(&cpu_changes, 0);
}

/* ---- files ---- */

#define NODE_NAMES 64

struct part {
	const uint8_t *at;
	size_t len;
};

/* By the first character of the name and, for a node's, by the second. */
static struct part parts['w' + 1], node_parts['w' + 1][NODE_NAMES];
static const uint8_t *after_refresh; /* NULL: nothing changes */

static bool is_of_node(unsigned name)
{
	return name == 'c' || name == 'd' || name == 'm' || name == 'w';
}

static void take_part(const uint8_t *at, size_t len)
{
	struct part *part;
	size_t name_len = 1;

	if (!len || at[0] >= ARRAY_SIZE(parts))
		return;
	part = &parts[at[0]];
	if (is_of_node(at[0])) {
		if (len < 2 || at[1] < '0' || at[1] >= '0' + NODE_NAMES)
			return;
		part = &node_parts[at[0]][at[1] - '0'];
		name_len = 2;
	}
	/* Of several the first counts. */
	if (!part->at)
		*part = (struct part){at + name_len, len - name_len};
}

static void take_parts(const uint8_t *at, const uint8_t *end)
{
	static const char of_nodes[] = "cdmw";

	memset(parts, 0, sizeof(parts));
	for (size_t i = 0; of_nodes[i]; i++)
		memset(node_parts[(size_t)of_nodes[i]], 0, sizeof(node_parts[0]));
	after_refresh = NULL;
	while (at < end && !after_refresh) {
		const uint8_t *stop = memchr(at, 1, (size_t)(end - at));

		if (!stop)
			stop = end;
		if (at < stop && *at == '!')
			after_refresh = at + 1;
		else
			take_part(at, (size_t)(stop - at));
		at = stop + (stop < end);
	}
}

/* What the part says of failing, 0 or -errno. */
static int part_errno(const struct part *part)
{
	return part->len == 2 && part->at[0] == 2 ? -(1 + part->at[1] % 40) : 0;
}

static const struct {
	const char *path;
	unsigned char name;
} paths[] = {
	{"/proc/self/status", 'S'},
	{"/proc/meminfo", 'M'},
	{"/sys/devices/system/cpu/possible", 'P'},
	{"/sys/devices/system/cpu/online", 'O'},
};

/* What follows `prefix`; NULL where that is not how the path begins. */
static const char *behind(const char *path, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(path, prefix, n) == 0 ? path + n : NULL;
}

static const struct part *find_file(const char *path)
{
	const char *rest = behind(path, NODE_DIR "/node");
	unsigned long node;
	char *file;

	for (size_t i = 0; i < ARRAY_SIZE(paths) && !rest; i++)
		if (strcmp(path, paths[i].path) == 0)
			return &parts[paths[i].name];
	if (!rest) {
		rest = behind(path, WEIGHT_DIR "/node");
		MUST(rest);
		node = strtoul(rest, &file, 10);
		MUST(file > rest && !*file);
		return &node_parts['w'][node % NODE_NAMES];
	}
	node = strtoul(rest, &file, 10);
	MUST(file > rest && *file == '/' && is_of_node((unsigned char)file[1]));
	return &node_parts[(unsigned char)file[1]][node % NODE_NAMES];
}

static int fuzz_text_read(struct text *t, const char *path, const char *last)
{
	const struct part *part = find_file(path);

	(void)last;
	t->s = piece_new(part->len + 1);
	if (t->s) {
		if (part->len)
			memcpy(t->s, part->at, part->len);
		t->s[part->len] = '\0';
	} else {
		t->s = text_of(part->at, part->len);
	}
	t->len = part->len;
	return part->at ? part_errno(part) : -ENOENT;
}

static void fuzz_text_free(struct text *t)
{
	if (in_store(t->s))
		piece_give(t->s, t->len + 1);
	else
		free(t->s);
}

static int fuzz_dir_each(const char *path, void (*each)(const char *name, void *arg), void *arg)
{
	const struct part *part = &parts['D'];
	char *names, *name, *rest;

	MUST(strcmp(path, NODE_DIR) == 0);
	if (!part->at)
		return -ENOENT;
	names = text_of(part->at, part->len);
	for (name = strtok_r(names, "\n", &rest); name; name = strtok_r(NULL, "\n", &rest))
		each(name, arg);
	free(names);
	return 0;
}

/* ---- what the system says ---- */

/* A mask of `bytes` from the part behind its first byte, zeroes beyond. */
static void give_mask(const struct part *part, unsigned char *mask, size_t bytes)
{
	size_t n = part->len > 1 ? part->len - 1 : 0;

	memset(mask, 0, bytes);
	if (!part->at)
		mask[0] = 15;
	else
		memcpy(mask, part->at + 1, n < bytes ? n : bytes);
}

/* As the kernel: whole longs, of which there have to be enough. */
static long get_affinity_of(size_t bytes, unsigned char *mask)
{
	static const size_t sizes[] = {8, 8, 8, 16, 24, 64, 1024, 1 << 18};
	const struct part *part = &parts['A'];
	size_t own = sizes[part->len ? part->at[0] % ARRAY_SIZE(sizes) : 0];

	MUST(bytes % sizeof(long) == 0 && bytes > 0);
	if (part_errno(part))
		return part_errno(part);
	if (bytes < own)
		return -EINVAL;
	give_mask(part, mask, own);
	return (long)own;
}

/* The mask is of maxnode - 1 bits; what is beyond the system's own is zeroed. */
static long get_policy(unsigned char *mask, size_t maxnode, unsigned long flags)
{
	const struct part *part = &parts['G'];
	size_t own = 1UL << (part->len ? part->at[0] % 17 : 6), bytes;

	MUST(mask && maxnode > 1 && (flags == 0 || flags == 1 << 2));
	if (part_errno(part))
		return part_errno(part);
	if (maxnode < own)
		return -EINVAL;
	bytes = (maxnode - 1 + 63) / 64 * 8;
	if (flags)
		give_mask(part, mask, bytes);
	else
		memset(mask, 0, bytes);
	return 0;
}

static long fuzz_call(long nr, long a, long b, long c, long d, long e)
{
	if (nr == __NR_sched_getaffinity) {
		MUST(a == 0);
		return get_affinity_of((size_t)b, (unsigned char *)c);
	}
	MUST(nr == __NR_get_mempolicy && a == 0 && d == 0);
	return get_policy((unsigned char *)b, (size_t)c, (unsigned long)e);
}

static long fuzz_sysconf(int name)
{
	const struct part *part = &parts['N'];

	MUST(name == _SC_NPROCESSORS_CONF);
	return part->len ? part->at[0] - 1L : 4;
}

static int fuzz_sysinfo(struct sysinfo *info)
{
	memset(info, 0, sizeof(*info));
	info->totalram = 4 << 20;
	info->freeram = 1 << 20;
	info->mem_unit = 4096;
	return part_errno(&parts['I']) ? -1 : 0;
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

/* The same map in place and as it was copied. */
static void check_map(int node, const unsigned long *cpus, int err)
{
	struct topo_map map;

	MUST(topo_node_map(node, &map) == 0 && map.base % BITS_PER_LONG == 0);
	MUST((map.base + map.nbits > ASKED_CPUS) == (err != 0));
	if (map.nbits)
		MUST(bits_test(map.words, map.nbits - 1));
	for (size_t w = 0;
	     w < bits_words(map.nbits) && map.base / BITS_PER_LONG + w < bits_words(ASKED_CPUS);
	     w++)
		MUST(cpus[map.base / BITS_PER_LONG + w] ==
		     (map.words[w] & bits_word_mask(map.nbits, w)));
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
	if (!err || err == -EOVERFLOW) {
		MUST(few[0] == cpus[0]);
		check_map(node, cpus, err);
	}
}

static const unsigned asked_cpus[] = {0, 3, 64, ASKED_CPUS - 1};

/* Of each of those the lowest node that has it, or -1. False when not all maps can be read. */
static bool search_cpus(const struct topology *t, int *found)
{
	for (size_t i = 0; i < ARRAY_SIZE(asked_cpus); i++)
		found[i] = -1;
	for (bits_each(node, t->existing, t->node_bits)) {
		struct topo_map map;

		if (topo_node_map((int)node, &map))
			return false;
		for (size_t i = 0; i < ARRAY_SIZE(asked_cpus); i++)
			if (found[i] < 0 && asked_cpus[i] - map.base < map.nbits &&
			    bits_test(map.words, asked_cpus[i] - map.base))
				found[i] = (int)node;
	}
	return true;
}

static void ask_cpus(const struct topology *t)
{
	int wanted[ARRAY_SIZE(asked_cpus)];
	bool known = search_cpus(t, wanted);

	if (!known) {
		int err = topo_cpu_node((int)asked_cpus[0]);

		MUST(err < 0 && err != -EINVAL);
	}
	for (size_t i = 0; i < ARRAY_SIZE(asked_cpus) && known; i++)
		MUST(topo_cpu_node((int)asked_cpus[i]) == (wanted[i] < 0 ? -EINVAL : wanted[i]));
	MUST(topo_cpu_node(-1) == -EINVAL);
}

/* A table that cannot be read is read again at each question, with the same result. */
static void ask_distances(const struct topology *t)
{
	int failed = topo_distance(0, 0);

	if (failed < 0) {
		MUST(failed > -4096);
		MUST(topo_distance(t->max_node, t->max_node + 1) == failed);
		return;
	}
	for (int from = 0; from <= t->max_node && from < 8; from++)
		for (int to = 0; to <= t->max_node && to < 8; to++) {
			int distance = topo_distance(from, to);

			MUST(distance >= 0 && distance <= 10 * DISTANCE_MAX + 9);
		}
	MUST(topo_distance(t->max_node, t->max_node) >= 0);
	MUST(topo_distance(0, t->max_node + 1) == 0);
}

static void ask_weight(int node)
{
	int weight = topo_node_weight(node);

	MUST(weight > -4096 && weight != 0 && weight <= 255);
}

static void ask_allowed(const struct topology *t)
{
	unsigned long nodes[TOPO_NODES_MAX / BITS_PER_LONG];

	if (topo_allowed_nodes(nodes))
		MUST(!bits_empty(nodes, t->node_bits));
}

/* The map of every node is asked for; of all other files of nodes those of a few do. */
static void ask_everything(void)
{
	const struct topology *t = topo_get();

	check_topology(t);
	for (int node = -1; node < 3 && node < t->max_node; node++)
		ask_node(t, node);
	ask_node(t, t->max_node);
	ask_node(t, t->max_node + 1);
	ask_weight(t->max_node);
	ask_distances(t);
	ask_cpus(t);
	ask_allowed(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct topology *before;
	static bool begun;

	/* The library's constructor has asked by now, of a machine without files. */
	if (!begun) {
		forget_everything();
		ASAN_POISON_MEMORY_REGION(store, STORE);
		begun = true;
	}
	take_parts(data, data + size);
	before = topo_get();
	ask_everything();
	topo_cpus_changed();
	if (after_refresh) {
		take_parts(after_refresh, data + size);
		ask_everything();
	} else {
		/* All is read again, and the same. */
		ask_cpus(before);
	}
	MUST(topo_get() == before);
	forget_everything();
	return 0;
}
