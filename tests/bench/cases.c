/* SPDX-License-Identifier: MIT */
/* The table of cases.h. */
#include "bench/cases.h"

#include <dlfcn.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sys/call.h"

#define PROT (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define BIND 2
#define INTERLEAVE 3
#define LOCAL 4
#define MAXNODE 1025UL

/*
 * A system call by a function somewhere else, as a program makes it by libc's syscall(). In line it
 * would be cheaper than any library can be: the kernel leaves the processor without a prediction
 * for the first return after a system call.
 */
static __attribute__((noinline)) long call_kernel(long nr, long a, long b, long c, long d, long e,
						  long f)
{
	return sys_call(nr, a, b, c, d, e, f);
}

static long (*volatile kernel)(long nr, long a, long b, long c, long d, long e,
			       long f) = call_kernel;

#define FAR_CALL6(nr, a, b, c, d, e, f, ...)                                                       \
	kernel(nr, SYS_ARG(a), SYS_ARG(b), SYS_ARG(c), SYS_ARG(d), SYS_ARG(e), SYS_ARG(f))
#define far_call(...) FAR_CALL6(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

/* The kernel's own calls, for the column "raw". */
#define GET_POLICY far_call(__NR_get_mempolicy, &w->mode, w->words, MAXNODE, NULL, 0)
#define SET_POLICY(mode, mask) far_call(__NR_set_mempolicy, mode, mask, (mask) ? MAXNODE : 0)
#define MBIND(mode, mask)                                                                          \
	far_call(__NR_mbind, w->memory, w->page, mode, mask, (mask) ? MAXNODE : 0, 0)
#define NODE0 w->node0.maskp
#define GET_CPUS far_call(__NR_sched_getaffinity, 0, sizeof(w->cpu_words), w->cpu_words)
#define SET_CPUS far_call(__NR_sched_setaffinity, 0, sizeof(w->cpu_words), w->cpu_words)
#define FREE_MASK(m) l->numa_bitmask_free(m)
#define FREE_PAGE(p) l->numa_free(p, w->page)

static void *map(size_t size)
{
	return mmap(NULL, size, PROT, ANON, -1, 0);
}

static void raw_alloc(struct world *w, int mode, const UL *mask)
{
	void *p = map(w->page);

	far_call(__NR_mbind, p, w->page, mode, mask, mask ? MAXNODE : 0, 0);
	munmap(p, w->page);
}

/* X(function, variant or nothing, kind, call, what the kernel alone would take or nothing) */
#define QUERIES(X)                                                                                 \
	X(numa_max_node, , QUERY, l->numa_max_node(), )                                            \
	X(numa_max_possible_node, , QUERY, l->numa_max_possible_node(), )                          \
	X(numa_num_possible_nodes, , QUERY, l->numa_num_possible_nodes(), )                        \
	X(numa_num_possible_cpus, , QUERY, l->numa_num_possible_cpus(), )                          \
	X(numa_num_configured_nodes, , QUERY, l->numa_num_configured_nodes(), )                    \
	X(numa_num_configured_cpus, , QUERY, l->numa_num_configured_cpus(), )                      \
	X(numa_num_task_cpus, , QUERY, l->numa_num_task_cpus(), )                                  \
	X(numa_num_task_nodes, , QUERY, l->numa_num_task_nodes(), )                                \
	X(numa_num_thread_cpus, , QUERY, l->numa_num_thread_cpus(), )                              \
	X(numa_num_thread_nodes, , QUERY, l->numa_num_thread_nodes(), )                            \
	X(numa_pagesize, , QUERY, l->numa_pagesize(), )                                            \
	X(numa_distance, , QUERY, l->numa_distance(0, w->node), )                                  \
	X(numa_node_of_cpu, first, QUERY, l->numa_node_of_cpu(0), )                                \
	X(numa_node_of_cpu, last, QUERY, l->numa_node_of_cpu(w->cpu), )                            \
	X(numa_node_to_cpus, , QUERY, l->numa_node_to_cpus(w->node, &w->cpus), )                   \
	X(v1_numa_node_to_cpus, , QUERY, l->v1_numa_node_to_cpus(w->node, w->cpu_words, 1024), )   \
	X(numa_has_preferred_many, , QUERY, l->numa_has_preferred_many(), )                        \
	X(numa_has_home_node, , QUERY, l->numa_has_home_node(), )                                  \
	X(numa_set_bind_policy, , QUERY, l->numa_set_bind_policy(1), )                             \
	X(numa_set_strict, , QUERY, l->numa_set_strict(0), )                                       \
	X(numa_warn, again, QUERY, l->numa_warn(0, (char *)"a warning"), )                         \
	X(numa_police_memory, page, QUERY, l->numa_police_memory(w->memory, w->page), )            \
	X(numa_parse_nodestring, all, QUERY, FREE_MASK(l->numa_parse_nodestring("all")), )         \
	X(numa_parse_nodestring, 0, QUERY, FREE_MASK(l->numa_parse_nodestring("0")), )             \
	X(numa_parse_nodestring_all, , QUERY, FREE_MASK(l->numa_parse_nodestring_all("all")), )    \
	X(numa_parse_cpustring, all, QUERY, FREE_MASK(l->numa_parse_cpustring("all")), )           \
	X(numa_parse_cpustring, 0_1, QUERY, FREE_MASK(l->numa_parse_cpustring("0-1")), )           \
	X(numa_parse_cpustring_all, , QUERY, FREE_MASK(l->numa_parse_cpustring_all("all")), )      \
	X(numa_allocate_nodemask, , QUERY, FREE_MASK(l->numa_allocate_nodemask()), )               \
	X(numa_allocate_cpumask, , QUERY, FREE_MASK(l->numa_allocate_cpumask()), )

#define BITMASKS(X)                                                                                \
	X(numa_bitmask_alloc, , BITMASK, FREE_MASK(l->numa_bitmask_alloc(1024)), )                 \
	X(numa_bitmask_setall, , BITMASK, l->numa_bitmask_setall(&w->c), )                         \
	X(numa_bitmask_clearall, , BITMASK, l->numa_bitmask_clearall(&w->c), )                     \
	X(numa_bitmask_setbit, , BITMASK, l->numa_bitmask_setbit(&w->c, 700), )                    \
	X(numa_bitmask_clearbit, , BITMASK, l->numa_bitmask_clearbit(&w->c, 700), )                \
	X(numa_bitmask_isbitset, , BITMASK, l->numa_bitmask_isbitset(&w->a, 700), )                \
	X(numa_bitmask_nbytes, , BITMASK, l->numa_bitmask_nbytes(&w->a), )                         \
	X(numa_bitmask_weight, , BITMASK, l->numa_bitmask_weight(&w->a), )                         \
	X(numa_bitmask_equal, , BITMASK, l->numa_bitmask_equal(&w->a, &w->b), )                    \
	X(copy_bitmask_to_bitmask, , BITMASK, l->copy_bitmask_to_bitmask(&w->a, &w->c), )          \
	X(copy_bitmask_to_nodemask, , BITMASK, l->copy_bitmask_to_nodemask(&w->a, &w->nodemask), ) \
	X(copy_nodemask_to_bitmask, , BITMASK, l->copy_nodemask_to_bitmask(&w->nodemask, &w->c), ) \
	X(numa_parse_bitmap, , BITMASK, l->numa_parse_bitmap(w->hex, &w->parsed), )                \
	X(v1_numa_parse_bitmap, , BITMASK, l->v1_numa_parse_bitmap(w->hex, w->words, 1024), )

#define SYSCALLS(X)                                                                                \
	X(get_mempolicy, , SYSCALL, l->get_mempolicy(&w->mode, w->words, MAXNODE, NULL, 0),        \
	  GET_POLICY)                                                                              \
	X(get_mempolicy, error, SYSCALL, l->get_mempolicy(NULL, NULL, 0, NULL, ~0U),               \
	  far_call(__NR_get_mempolicy, NULL, NULL, 0, NULL, ~0U))                                  \
	X(set_mempolicy, , SYSCALL, l->set_mempolicy(BIND, NODE0, MAXNODE),                        \
	  SET_POLICY(BIND, NODE0))                                                                 \
	X(mbind, , SYSCALL, l->mbind(w->memory, w->page, BIND, NODE0, MAXNODE, 0),                 \
	  MBIND(BIND, NODE0))                                                                      \
	X(migrate_pages, , SYSCALL, l->migrate_pages(0, MAXNODE, NODE0, NODE0),                    \
	  far_call(__NR_migrate_pages, 0, MAXNODE, NODE0, NODE0))                                  \
	X(move_pages, query, SYSCALL, l->move_pages(0, 1, w->addr, NULL, w->status, 0),            \
	  far_call(__NR_move_pages, 0, 1, w->addr, NULL, w->status, 0))                            \
	X(move_pages, query_16_pages, SYSCALL,                                                     \
	  l->move_pages(0, PAGES, w->addr, NULL, w->status, 0),                                    \
	  far_call(__NR_move_pages, 0, PAGES, w->addr, NULL, w->status, 0))                        \
	X(numa_move_pages, query, SYSCALL, l->numa_move_pages(0, 1, w->addr, NULL, w->status, 0),  \
	  far_call(__NR_move_pages, 0, 1, w->addr, NULL, w->status, 0))                            \
	X(numa_migrate_pages, , SYSCALL, l->numa_migrate_pages(0, &w->node0, &w->node0),           \
	  far_call(__NR_migrate_pages, 0, MAXNODE, NODE0, NODE0))                                  \
	X(numa_set_mempolicy_home_node, , SYSCALL,                                                 \
	  l->numa_set_mempolicy_home_node(w->memory, 0, 0, 0),                                     \
	  far_call(__NR_set_mempolicy_home_node, w->memory, 0, 0, 0))                              \
	X(numa_available, , SYSCALL, l->numa_available(),                                          \
	  far_call(__NR_get_mempolicy, NULL, NULL, 0, NULL, 0))                                    \
	X(numa_preferred, , SYSCALL, l->numa_preferred(), GET_POLICY)                              \
	X(numa_preferred_err, , SYSCALL, l->numa_preferred_err(), GET_POLICY)                      \
	X(numa_preferred_many, , SYSCALL, FREE_MASK(l->numa_preferred_many()), GET_POLICY)         \
	X(numa_get_membind, , SYSCALL, FREE_MASK(l->numa_get_membind()), GET_POLICY)               \
	X(v1_numa_get_membind, , SYSCALL, l->v1_numa_get_membind(), GET_POLICY)                    \
	X(numa_get_interleave_mask, , SYSCALL, FREE_MASK(l->numa_get_interleave_mask()),           \
	  GET_POLICY)                                                                              \
	X(v1_numa_get_interleave_mask, , SYSCALL, l->v1_numa_get_interleave_mask(), GET_POLICY)    \
	X(numa_get_weighted_interleave_mask, , SYSCALL,                                            \
	  FREE_MASK(l->numa_get_weighted_interleave_mask()), GET_POLICY)                           \
	X(numa_get_interleave_node, , SYSCALL, l->numa_get_interleave_node(),                      \
	  far_call(__NR_get_mempolicy, &w->mode, NULL, 0, NULL, 1))                                \
	X(numa_get_mems_allowed, , SYSCALL, FREE_MASK(l->numa_get_mems_allowed()),                 \
	  far_call(__NR_get_mempolicy, NULL, w->words, MAXNODE, NULL, 4))                          \
	X(numa_set_localalloc, , SYSCALL, l->numa_set_localalloc(), SET_POLICY(LOCAL, NULL))       \
	X(numa_set_preferred, , SYSCALL, l->numa_set_preferred(0), SET_POLICY(1, NODE0))           \
	X(numa_set_preferred_many, , SYSCALL, l->numa_set_preferred_many(&w->node0),               \
	  SET_POLICY(5, NODE0))                                                                    \
	X(numa_set_membind, , SYSCALL, l->numa_set_membind(&w->node0), SET_POLICY(BIND, NODE0))    \
	X(v1_numa_set_membind, , SYSCALL, l->v1_numa_set_membind(&w->node0_v1),                    \
	  SET_POLICY(BIND, NODE0))                                                                 \
	X(numa_set_membind_balancing, , SYSCALL, l->numa_set_membind_balancing(&w->node0),         \
	  SET_POLICY(BIND | 1 << 13, NODE0))                                                       \
	X(numa_set_interleave_mask, , SYSCALL, l->numa_set_interleave_mask(&w->node0),             \
	  SET_POLICY(INTERLEAVE, NODE0))                                                           \
	X(v1_numa_set_interleave_mask, , SYSCALL, l->v1_numa_set_interleave_mask(&w->node0_v1),    \
	  SET_POLICY(INTERLEAVE, NODE0))                                                           \
	X(numa_set_weighted_interleave_mask, , SYSCALL,                                            \
	  l->numa_set_weighted_interleave_mask(&w->node0), SET_POLICY(6, NODE0))                   \
	X(numa_bind, , SYSCALL, l->numa_bind(&w->node0), (SET_CPUS, SET_POLICY(BIND, NODE0)))      \
	X(v1_numa_bind, , SYSCALL, l->v1_numa_bind(&w->node0_v1),                                  \
	  (SET_CPUS, SET_POLICY(BIND, NODE0)))                                                     \
	X(numa_run_on_node, , SYSCALL, l->numa_run_on_node(0), SET_CPUS)                           \
	X(numa_run_on_node_mask, , SYSCALL, l->numa_run_on_node_mask(&w->node0), SET_CPUS)         \
	X(v1_numa_run_on_node_mask, , SYSCALL, l->v1_numa_run_on_node_mask(&w->node0_v1),          \
	  SET_CPUS)                                                                                \
	X(numa_run_on_node_mask_all, , SYSCALL, l->numa_run_on_node_mask_all(&w->node0), SET_CPUS) \
	X(numa_get_run_node_mask, , SYSCALL, FREE_MASK(l->numa_get_run_node_mask()), GET_CPUS)     \
	X(v1_numa_get_run_node_mask, , SYSCALL, l->v1_numa_get_run_node_mask(), GET_CPUS)          \
	X(numa_sched_getaffinity, , SYSCALL, l->numa_sched_getaffinity(0, &w->cpus), GET_CPUS)     \
	X(v1_numa_sched_getaffinity, , SYSCALL,                                                    \
	  l->v1_numa_sched_getaffinity(0, sizeof(w->cpu_words), w->cpu_words), GET_CPUS)           \
	X(numa_sched_setaffinity, , SYSCALL, l->numa_sched_setaffinity(0, &w->cpus), SET_CPUS)     \
	X(v1_numa_sched_setaffinity, , SYSCALL,                                                    \
	  l->v1_numa_sched_setaffinity(0, sizeof(w->cpu_words), w->cpu_words), SET_CPUS)           \
	X(numa_interleave_memory, , SYSCALL,                                                       \
	  l->numa_interleave_memory(w->memory, w->page, &w->node0), MBIND(INTERLEAVE, NODE0))      \
	X(v1_numa_interleave_memory, , SYSCALL,                                                    \
	  l->v1_numa_interleave_memory(w->memory, w->page, &w->node0_v1),                          \
	  MBIND(INTERLEAVE, NODE0))                                                                \
	X(numa_weighted_interleave_memory, , SYSCALL,                                              \
	  l->numa_weighted_interleave_memory(w->memory, w->page, &w->node0), MBIND(6, NODE0))      \
	X(numa_tonode_memory, , SYSCALL, l->numa_tonode_memory(w->memory, w->page, 0),             \
	  MBIND(BIND, NODE0))                                                                      \
	X(numa_tonodemask_memory, , SYSCALL,                                                       \
	  l->numa_tonodemask_memory(w->memory, w->page, &w->node0), MBIND(BIND, NODE0))            \
	X(v1_numa_tonodemask_memory, , SYSCALL,                                                    \
	  l->v1_numa_tonodemask_memory(w->memory, w->page, &w->node0_v1), MBIND(BIND, NODE0))      \
	X(numa_setlocal_memory, , SYSCALL, l->numa_setlocal_memory(w->memory, w->page),            \
	  MBIND(LOCAL, NULL))                                                                      \
	X(numa_error, again, SYSCALL, l->numa_error((char *)"an error"), )

#define ALLOCATIONS(X)                                                                             \
	X(numa_alloc, , MEMORY, FREE_PAGE(l->numa_alloc(w->page)), )                               \
	X(numa_alloc, 64_pages, MEMORY, l->numa_free(l->numa_alloc(64 * w->page), 64 * w->page), ) \
	X(numa_alloc_local, , MEMORY, FREE_PAGE(l->numa_alloc_local(w->page)),                     \
	  raw_alloc(w, LOCAL, NULL))                                                               \
	X(numa_alloc_onnode, , MEMORY, FREE_PAGE(l->numa_alloc_onnode(w->page, 0)),                \
	  raw_alloc(w, BIND, NODE0))                                                               \
	X(numa_alloc_interleaved, , MEMORY, FREE_PAGE(l->numa_alloc_interleaved(w->page)), )       \
	X(numa_alloc_interleaved_subset, , MEMORY,                                                 \
	  FREE_PAGE(l->numa_alloc_interleaved_subset(w->page, &w->node0)),                         \
	  raw_alloc(w, INTERLEAVE, NODE0))                                                         \
	X(v1_numa_alloc_interleaved_subset, , MEMORY,                                              \
	  FREE_PAGE(l->v1_numa_alloc_interleaved_subset(w->page, &w->node0_v1)),                   \
	  raw_alloc(w, INTERLEAVE, NODE0))                                                         \
	X(numa_alloc_weighted_interleaved, , MEMORY,                                               \
	  FREE_PAGE(l->numa_alloc_weighted_interleaved(w->page)), )                                \
	X(numa_alloc_weighted_interleaved_subset, , MEMORY,                                        \
	  FREE_PAGE(l->numa_alloc_weighted_interleaved_subset(w->page, &w->node0)),                \
	  raw_alloc(w, 6, NODE0))                                                                  \
	X(numa_free, , MEMORY, FREE_PAGE(map(w->page)), munmap(map(w->page), w->page))             \
	X(numa_realloc, , MEMORY,                                                                  \
	  l->numa_free(l->numa_realloc(map(w->page), w->page, 2 * w->page), 2 * w->page), )        \
	X(numa_node_size, , FILES, l->numa_node_size(w->node, &w->value), )                        \
	X(numa_node_size64, , FILES, l->numa_node_size64(w->node, &w->value64), )                  \
	X(numa_node_to_cpu_update, reread, FILES,                                                  \
	  (l->numa_node_to_cpu_update(), l->numa_node_to_cpus(w->node, &w->cpus)), )               \
	X(numa_parse_nodestring, netdev, FILES, FREE_MASK(l->numa_parse_nodestring("netdev:lo")), )

#define ALL(X) QUERIES(X) BITMASKS(X) SYSCALLS(X) ALLOCATIONS(X)

#define LOOPS(function, variant, kind, call, raw_call)                                             \
	static void run_##function##_##variant(const struct lib *l, struct world *w,               \
					       unsigned long n)                                    \
	{                                                                                          \
		(void)w;                                                                           \
		while (n--)                                                                        \
			(void)(call);                                                              \
	}                                                                                          \
	static void raw_##function##_##variant(struct world *w, unsigned long n)                   \
	{                                                                                          \
		(void)w;                                                                           \
		while (n--) {                                                                      \
			raw_call;                                                                  \
		}                                                                                  \
	}                                                                                          \
	static int has_##function##_##variant(const struct lib *l)                                 \
	{                                                                                          \
		return l->function != NULL;                                                        \
	}
ALL(LOOPS)

#define ROW(function, variant, kind, call, raw_call)                                               \
	{sizeof(#variant) > 1 ? #function " " #variant : #function,                                \
	 kind,                                                                                     \
	 #call,                                                                                    \
	 run_##function##_##variant,                                                               \
	 sizeof(#raw_call) > 1 ? raw_##function##_##variant : NULL,                                \
	 has_##function##_##variant},
const struct bench_case bench_cases[] = {ALL(ROW)};
const size_t bench_ncases = ARRAY_SIZE(bench_cases);
const char *const bench_kinds[] = {"query", "bitmask", "syscall", "memory", "files"};

static void *symbol(void *handle, const char *name, const char *version)
{
	char node[32];

	snprintf(node, sizeof(node), "libnuma_%s", version);
	return dlvsym(handle, name, node);
}

/* POSIX's way from void * to a function. */
#define FILL(member, name, version)                                                                \
	do {                                                                                       \
		void *at = symbol(l->handle, #name, version);                                      \
		memcpy(&l->member, &at, sizeof(at));                                               \
	} while (0);
#define FILL_V1(ret, name, args) FILL(v1_##name, name, "1.1")
#define FILL_V2(ret, name, args) FILL(name, name, "1.2")
#define FILL_ONE(version, ret, name, args) FILL(name, name, version)
#define FILL_DATA(version, type, name) FILL(name, name, version)

void bench_open(struct lib *l, const char *path)
{
	l->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!l->handle) {
		printf("%s\n", dlerror());
		exit(1);
	}
	LIB_DUAL(FILL_V1, FILL_V2)
	LIB_SINGLE(FILL_ONE)
	LIB_DATA(FILL_DATA)
}

static BM mask(unsigned bits, int members)
{
	BM m = {.size = bits, .maskp = calloc(bits / WORD_BITS, sizeof(long))};

	if (!m.maskp)
		abort();
	if (members)
		memset(m.maskp, members, bits / 8);
	return m;
}

static cpu_set_t *first_cpus(void)
{
	static cpu_set_t cpus;

	return &cpus;
}

void bench_reset(void)
{
	far_call(__NR_set_mempolicy, 0, NULL, 0);
	if (CPU_COUNT(first_cpus()))
		sched_setaffinity(0, sizeof(cpu_set_t), first_cpus());
}

void bench_prepare(struct world *w, const struct lib *l)
{
	sched_getaffinity(0, sizeof(cpu_set_t), first_cpus());
	memset(w, 0, sizeof(*w));
	w->node = l->numa_max_node();
	w->cpu = l->numa_num_configured_cpus() - 1;
	w->node0 = mask(1024, 0);
	w->node0.maskp[0] = 1;
	w->node0_v1.n[0] = 1;
	w->a = mask(1024, 0x5b);
	w->b = mask(1024, 0x5b);
	w->c = mask(1024, 0);
	w->parsed = mask(1024, 0);
	/* As long as the library's own, or calls that tell of a wrong size would be measured. */
	w->cpus = mask(((unsigned)l->numa_num_possible_cpus() + 63) / 64 * 64, 0);
	for (int i = 0; i < 32; i++)
		strcat(w->hex, i < 31 ? "00f0000f," : "00f0000f\n");
	w->page = (size_t)sysconf(_SC_PAGESIZE);
	w->memory = map(PAGES * w->page);
	memset(w->memory, 1, PAGES * w->page);
	for (int i = 0; i < PAGES; i++)
		w->addr[i] = w->memory + (size_t)i * w->page;
	/* What SET_CPUS and the like set: where we may run anyway. */
	memcpy(w->cpu_words, first_cpus(), sizeof(cpu_set_t));
	memcpy(w->cpus.maskp, first_cpus(),
	       w->cpus.size / 8 < sizeof(cpu_set_t) ? w->cpus.size / 8 : sizeof(cpu_set_t));
}
