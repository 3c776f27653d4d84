/* SPDX-License-Identifier: MIT */
/*
 * Description: what the emulation costs, beside the kernel's own calls in the same run.
 *
 *	emulation LIBRARY calls		(MYNUMA_BACKEND=emulated) each call, of both in turns
 *	emulation LIBRARY ranges	(MYNUMA_TOPOLOGY=...) calls among 1 to 1,000,000 range
 *					policies, and moving many pages
 *	emulation LIBRARY kernel	the same by the kernel, as far as it goes
 *
 * Writes tab-separated lines: what, ranges, and minimum, median and maximum of ns a call; what is
 * named "ratio ..." has ratios of the emulation's time to the kernel's instead.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "sys/call.h"

#define ROUNDS 41
#define BIND 2
#define PREFERRED 1
#define F_NODE 1
#define F_ADDR 2
#define MOVE 2
#define WORDS (1024 / (8 * sizeof(long)))
#define MAXNODE 1025UL

typedef unsigned long UL;

struct calls {
	long (*get_mempolicy)(int *, UL *, UL, void *, unsigned);
	long (*set_mempolicy)(int, const UL *, UL);
	long (*mbind)(void *, UL, int, const UL *, UL, unsigned);
	long (*migrate_pages)(int, UL, const UL *, const UL *);
	long (*move_pages)(int, UL, void **, const int *, int *, int);
};

static struct calls lib;
static size_t page;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print_line(const char *what, UL ranges, double *values)
{
	qsort(values, ROUNDS, sizeof(*values), by_value);
	printf("%s\t%lu\t%.4g\t%.4g\t%.4g\n", what, ranges, values[0], values[ROUNDS / 2],
	       values[ROUNDS - 1]);
	fflush(stdout);
}

/* The kernel's calls under the same type. */

static long k_get(int *mode, UL *mask, UL maxnode, void *addr, unsigned flags)
{
	return sys_call(__NR_get_mempolicy, mode, mask, maxnode, addr, flags);
}

static long k_set(int mode, const UL *mask, UL maxnode)
{
	return sys_call(__NR_set_mempolicy, mode, mask, maxnode);
}

static long k_mbind(void *start, UL len, int mode, const UL *mask, UL maxnode, unsigned flags)
{
	return sys_call(__NR_mbind, start, len, mode, mask, maxnode, flags);
}

static long k_migrate(int pid, UL maxnode, const UL *from, const UL *to)
{
	return sys_call(__NR_migrate_pages, pid, maxnode, from, to);
}

static long k_move(int pid, UL count, void **pages, const int *nodes, int *status, int flags)
{
	return sys_call(__NR_move_pages, pid, count, pages, nodes, status, flags);
}

static const struct calls kernel = {k_get, k_set, k_mbind, k_migrate, k_move};

/* ---- call by call ---- */

static struct {
	UL mask[WORDS], node0[WORDS];
	char *memory;
	void *at[16];
	int to[16], status[16];
} w;

#define CALLS(X)                                                                                   \
	X(get_mode, "get_mempolicy(mode)", o->get_mempolicy(&mode, NULL, 0, NULL, 0))              \
	X(get_mask, "get_mempolicy(mode, mask)", o->get_mempolicy(&mode, mask, MAXNODE, NULL, 0))  \
	X(get_heap, "get_mempolicy(mode, mask off the stack)",                                     \
	  o->get_mempolicy(&mode, w.mask, MAXNODE, NULL, 0))                                       \
	X(get_allowed, "get_mempolicy(MEMS_ALLOWED)",                                              \
	  o->get_mempolicy(NULL, mask, MAXNODE, NULL, 4))                                          \
	X(get_addr, "get_mempolicy(F_ADDR)", o->get_mempolicy(&mode, NULL, 0, w.memory, F_ADDR))   \
	X(get_node, "get_mempolicy(F_ADDR | F_NODE)",                                              \
	  o->get_mempolicy(&mode, NULL, 0, w.memory, F_ADDR | F_NODE))                             \
	X(set_default, "set_mempolicy(default)", o->set_mempolicy(0, NULL, 0))                     \
	X(set_bind, "set_mempolicy(bind)", o->set_mempolicy(BIND, w.node0, MAXNODE))               \
	X(mbind_bind, "mbind(bind)", o->mbind(w.memory, page, BIND, w.node0, MAXNODE, 0))          \
	X(mbind_default, "mbind(default)", o->mbind(w.memory, page, 0, NULL, 0, 0))                \
	X(query_1, "move_pages(query 1)", o->move_pages(0, 1, w.at, NULL, w.status, 0))            \
	X(query_16, "move_pages(query 16)", o->move_pages(0, 16, w.at, NULL, w.status, 0))         \
	X(move_16, "move_pages(move 16)", o->move_pages(0, 16, w.at, w.to, w.status, MOVE))        \
	X(migrate, "migrate_pages(self)", o->migrate_pages(0, MAXNODE, w.node0, w.node0))

#define LOOP(id, what, call)                                                                       \
	static double batch_##id(const struct calls *o, UL n)                                      \
	{                                                                                          \
		UL mask[WORDS];                                                                    \
		double from = now();                                                               \
		int mode;                                                                          \
                                                                                                   \
		(void)mask;                                                                        \
		(void)mode;                                                                        \
		for (UL i = 0; i < n; i++)                                                         \
			call;                                                                      \
		return (now() - from) / (double)n;                                                 \
	}
CALLS(LOOP)

static void print_side(const char *side, const char *what, double *values)
{
	char name[128];

	snprintf(name, sizeof(name), "%s %s", side, what);
	print_line(name, 0, values);
}

static void time_call(const char *what, double (*batch)(const struct calls *o, UL n))
{
	double ours[ROUNDS], theirs[ROUNDS], ratio[ROUNDS];
	UL n = 1;

	batch(&lib, 2);
	while (batch(&lib, n) * (double)n < 100e3 && n < 1 << 20)
		n *= 2;
	for (int r = 0; r < ROUNDS; r++) {
		if (r % 2)
			ours[r] = batch(&lib, n);
		theirs[r] = batch(&kernel, n);
		if (r % 2 == 0)
			ours[r] = batch(&lib, n);
		ratio[r] = ours[r] / theirs[r];
	}
	print_side("emulated", what, ours);
	print_side("kernel", what, theirs);
	print_side("ratio", what, ratio);
	kernel.set_mempolicy(0, NULL, 0);
	lib.set_mempolicy(0, NULL, 0);
}

static void call_by_call(void)
{
	w.node0[0] = 1;
	w.memory = mmap(NULL, 16 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);
	memset(w.memory, 1, 16 * page);
	for (int i = 0; i < 16; i++)
		w.at[i] = w.memory + (size_t)i * page;
#define TIME(id, what, call) time_call(what, batch_##id);
	CALLS(TIME)
}

/* ---- among many ranges ---- */

#define TOUCHED 4096U

static UL random_below(UL n)
{
	static uint64_t state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (UL)(state % n);
}

/* Range i is page 2 * i; what lies between has no policy. */
static char *range_at(char *base, UL i)
{
	return base + 2 * i * page;
}

static void bind_range(const struct calls *o, char *base, UL i, int mode)
{
	UL mask[WORDS] = {1};

	if (o->mbind(range_at(base, i), page, mode, mask, MAXNODE, 0)) {
		printf("mbind of range %lu: %m\n", i);
		exit(1);
	}
}

static void among(const struct calls *o, UL ranges)
{
	double mbinds[ROUNDS], gets[ROUNDS], moves[ROUNDS];
	UL n = 2000, touched = ranges < TOUCHED ? ranges : TOUCHED;
	char *base = mmap(NULL, 2 * ranges * page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (base == MAP_FAILED)
		exit(1);
	for (UL i = 0; i < ranges; i++)
		bind_range(o, base, i, i % 2 ? BIND : PREFERRED);
	for (UL i = 0; i < touched; i++)
		*range_at(base, i * (ranges / touched)) = 1;
	for (int r = 0; r < ROUNDS; r++) {
		double from = now();
		int mode, status;

		for (UL i = 0; i < n; i++)
			bind_range(o, base, random_below(ranges), i % 2 ? BIND : PREFERRED);
		mbinds[r] = (now() - from) / (double)n;
		from = now();
		for (UL i = 0; i < n; i++)
			o->get_mempolicy(&mode, NULL, 0, range_at(base, random_below(ranges)),
					 F_ADDR);
		gets[r] = (now() - from) / (double)n;
		from = now();
		for (UL i = 0; i < n; i++) {
			void *at = range_at(base, random_below(touched) * (ranges / touched));

			o->move_pages(0, 1, &at, NULL, &status, 0);
		}
		moves[r] = (now() - from) / (double)n;
	}
	print_line("mbind", ranges, mbinds);
	print_line("get_mempolicy(F_ADDR)", ranges, gets);
	print_line("move_pages(query 1)", ranges, moves);
	munmap(base, 2 * ranges * page);
}

/* Many pages back and forth, as ns a page. */
static void move_many(const struct calls *o, int nodes)
{
	static void *at[TOUCHED];
	static int to[TOUCHED], status[TOUCHED];
	double ns[ROUNDS];
	char *base = mmap(NULL, TOUCHED * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	memset(base, 1, TOUCHED * page);
	for (int r = 0; r < ROUNDS; r++) {
		double from = now();

		for (UL i = 0; i < TOUCHED; i++) {
			at[i] = base + i * page;
			to[i] = r % nodes;
		}
		o->move_pages(0, TOUCHED, at, to, status, MOVE);
		ns[r] = (now() - from) / TOUCHED;
	}
	print_line("move_pages, a page of 4096", 0, ns);
	munmap(base, TOUCHED * page);
}

/* The kernel has 65530 mappings at most, and splits one for each range. */
static void among_ranges(const struct calls *o, UL most)
{
	static const UL counts[] = {1, 1000, 30000, 1000000};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (counts[i] <= most)
			among(o, counts[i]);
}

/* POSIX's way from void * to a function. */
#define FILL(name)                                                                                 \
	do {                                                                                       \
		void *at = dlsym(handle, #name);                                                   \
		memcpy(&lib.name, &at, sizeof(at));                                                \
	} while (0)

int main(int argc, char **argv)
{
	void *handle = argc == 3 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;

	if (!handle) {
		printf("usage: emulation LIBRARY calls|ranges|kernel\n");
		return 2;
	}
	FILL(get_mempolicy);
	FILL(set_mempolicy);
	FILL(mbind);
	FILL(migrate_pages);
	FILL(move_pages);
	page = (size_t)sysconf(_SC_PAGESIZE);
	if (!strcmp(argv[2], "calls")) {
		call_by_call();
	} else if (!strcmp(argv[2], "ranges")) {
		among_ranges(&lib, 1000000);
		move_many(&lib, 4);
	} else {
		among_ranges(&kernel, 30000);
		move_many(&kernel, 1);
	}
	return 0;
}
