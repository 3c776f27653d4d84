/* SPDX-License-Identifier: MIT */
/*
 * The program that defines the overridable functions itself: each call the library makes of them is
 * written into the case's line. In the group "kernel" they also answer as a kernel of four
 * nodes would that holds
 * any policy we like. Only the program probe-hooks has this file.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe.h"

long get_mempolicy(int *mode, UL *mask, UL maxnode, void *addr, unsigned flags);
long set_mempolicy(int mode, const UL *mask, UL maxnode);
long mbind(void *start, UL len, int mode, const UL *mask, UL maxnode, unsigned flags);
long migrate_pages(int pid, UL maxnode, const UL *from, const UL *to);
long move_pages(int pid, UL count, void **pages, const int *nodes, int *status, int flags);
void numa_error(char *where);
void numa_warn(int num, char *fmt, ...);

int hooks_present = 1;

/* The kernel we play; off: the calls go to the real one. */
static struct {
	int on, mode, error, quiet;
	const char *nodes, *allowed;
} fake;

/*
 * The nodes that the kernel would read; how long the mask is beyond them makes no difference to
 * it.
 */
static void show(const UL *mask, UL maxnode)
{
	out_bits(mask, mask && maxnode ? maxnode - 1 : 0);
}

static long failed(int error)
{
	errno = error;
	return -1;
}

long get_mempolicy(int *mode, UL *mask, UL maxnode, void *addr, unsigned flags)
{
	if (!fake.quiet)
		out(" [get_mempolicy flags=%u]", flags);
	if (fake.error)
		return failed(fake.error);
	if (!fake.on)
		return syscall(SYS_get_mempolicy, mode, mask, maxnode, addr, flags);
	if (mode)
		*mode = flags & 1 ? 2 : flags & 4 ? 0 : fake.mode;
	if (mask) {
		memset(mask, 0, maxnode / 8);
		set_list(mask, maxnode - 1, flags & 4 ? fake.allowed : fake.nodes);
	}
	return 0;
}

long set_mempolicy(int mode, const UL *mask, UL maxnode)
{
	if (!fake.quiet) {
		out(" [set_mempolicy %#x ", (unsigned)mode);
		show(mask, maxnode);
		out("]");
	}
	if (fake.error)
		return failed(fake.error);
	return fake.on ? 0 : syscall(SYS_set_mempolicy, mode, mask, maxnode);
}

long mbind(void *start, UL len, int mode, const UL *mask, UL maxnode, unsigned flags)
{
	if (!fake.quiet) {
		out(" [mbind %lu %#x ", len, (unsigned)mode);
		show(mask, maxnode);
		out(" flags=%u]", flags);
	}
	if (fake.error)
		return failed(fake.error);
	return fake.on ? 0 : syscall(SYS_mbind, start, len, mode, mask, maxnode, flags);
}

long migrate_pages(int pid, UL maxnode, const UL *from, const UL *to)
{
	out(" [migrate_pages ");
	show(from, maxnode);
	show(to, maxnode);
	out("]");
	return fake.on ? 3 : syscall(SYS_migrate_pages, pid, maxnode, from, to);
}

long move_pages(int pid, UL count, void **pages, const int *nodes, int *status, int flags)
{
	out(" [move_pages %lu %s flags=%d]", count, nodes ? "to" : "where", flags);
	return fake.on ? 5 : syscall(SYS_move_pages, pid, count, pages, nodes, status, flags);
}

void numa_error(char *where)
{
	int e = errno;

	out(" [numa_error %s errno=%d]", where, e);
	errno = e;
}

void numa_warn(int num, char *fmt, ...)
{
	int e = errno;
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	out(" [numa_warn %d ", num);
	out_text(text, strlen(text));
	out("]");
	errno = e;
}

static void load(void)
{
	fake.quiet = 1;
	lib_open(lib_path);
	fake.quiet = 0;
}

void group_hooks(void)
{
	static const char *const nodes[] = {"x", "y", "4000", "0-4000", "0-x", "+4000", "0,", ""};

	STORY("story: which of them a load calls")
	{
		lib_open(lib_path);
		out_policy();
	}
	STORY("story: every warning is heard, not only the first")
	{
		load();
		for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
			R_MASK('n', L.numa_parse_nodestring(nodes[i]));
			R_MASK('c', L.numa_parse_cpustring(nodes[i]));
		}
		R_INT(L.numa_run_on_node(700));
		R_INT(L.numa_run_on_node_mask(guarded(64, "0,62,63")));
	}
	STORY("story: errors are heard, each")
	{
		load();
		R_INT(L.numa_bitmask_alloc(0) != NULL);
		R_VOID(L.numa_set_preferred(62));
		R_VOID(L.numa_set_preferred(62));
		R_VOID(L.numa_set_membind(guarded(64, "")));
		R_INT(L.numa_alloc_onnode(4096, 62) != NULL);
		R_VOID(L.numa_interleave_memory(NULL, 4096, NULL));
	}
	STORY("story: moving goes through them")
	{
		int status = 9;
		void *at = &status;

		load();
		R_INT(L.numa_move_pages(0, 1, &at, NULL, &status, 0));
		R_INT(L.numa_migrate_pages(0, guarded(1024, "0"), guarded(1024, "0")));
	}
	STORY("story: numa_available asks them")
	{
		load();
		R_INT(L.numa_available());
		fake.error = 38;
		R_INT(L.numa_available());
		fake.error = 1;
		R_INT(L.numa_available());
		fake.error = 22;
		R_INT(L.numa_available());
	}
}

static void getters(int mode, const char *list)
{
#define PLAY                                                                                       \
	do {                                                                                       \
		load();                                                                            \
		fake.quiet = 1;                                                                    \
		fake.on = 1;                                                                       \
		fake.mode = mode;                                                                  \
		fake.nodes = list;                                                                 \
		fake.allowed = "0-3";                                                              \
	} while (0)
#define GETTER(name, kind, call)                                                                   \
	STORY("%s() in mode %#x {%s}", name, (unsigned)mode, list)                                 \
	{                                                                                          \
		PLAY;                                                                              \
		kind;                                                                              \
	}
#define GET_MASK(fn) GETTER(#fn, if (L.fn) R_MASK('n', L.fn()); else out(" absent"), )
#define GET_INT(fn) GETTER(#fn, if (L.fn) R_INT(L.fn()); else out(" absent"), )
#define GET_V1(fn) GETTER(#fn "@1.1", R_NODEMASK(L.v1_##fn()), )
	GET_MASK(numa_get_membind)
	GET_MASK(numa_get_interleave_mask)
	GET_MASK(numa_preferred_many)
	GET_MASK(numa_get_mems_allowed)
	GET_INT(numa_preferred)
	GET_INT(numa_get_interleave_node)
	if (!*list || *list == '1') {
		GET_MASK(numa_get_weighted_interleave_mask)
		GET_INT(numa_preferred_err)
	}
	GET_V1(numa_get_membind)
	GET_V1(numa_get_interleave_mask)
}

static void calls(const char *c, unsigned bits)
{
#define SEEN(name, call)                                                                           \
	STORY("%s({%s}/%u) as the kernel sees it", name, c, bits)                                  \
	{                                                                                          \
		load();                                                                            \
		fake.on = 1;                                                                       \
		fake.nodes = "";                                                                   \
		fake.allowed = "0-3";                                                              \
		call;                                                                              \
	}
	BM *m = guarded(bits, c);
	NM v1 = nodemask(c);
	char *p = pages_new(1);

	SEEN("numa_set_membind", R_VOID(L.numa_set_membind(m)))
	SEEN("numa_set_interleave_mask", R_VOID(L.numa_set_interleave_mask(m)))
	SEEN("numa_set_membind_balancing", R_VOID(L.numa_set_membind_balancing(m)))
	SEEN("numa_set_preferred_many", fake.quiet = 1; L.numa_has_preferred_many(); fake.quiet = 0;
	     R_VOID(L.numa_set_preferred_many(m)))
	SEEN("numa_tonodemask_memory", R_VOID(L.numa_tonodemask_memory(p, page, m)))
	SEEN("numa_interleave_memory", R_VOID(L.numa_interleave_memory(p, page, m)))
	SEEN("numa_alloc_interleaved_subset",
	     R_INT(L.numa_alloc_interleaved_subset(page, m) != NULL))
	SEEN("numa_migrate_pages", R_INT(L.numa_migrate_pages(0, m, m)))
	if (bits != NODEMASK_BITS)
		return;
	SEEN("numa_set_membind@1.1", R_VOID(L.v1_numa_set_membind(&v1)))
	SEEN("numa_set_interleave_mask@1.1", R_VOID(L.v1_numa_set_interleave_mask(&v1)))
	SEEN("numa_tonodemask_memory@1.1", R_VOID(L.v1_numa_tonodemask_memory(p, page, &v1)))
	SEEN("numa_interleave_memory@1.1", R_VOID(L.v1_numa_interleave_memory(p, page, &v1)))
	SEEN("numa_alloc_interleaved_subset@1.1",
	     R_INT(L.v1_numa_alloc_interleaved_subset(page, &v1) != NULL))
}

static void by_node(int node, int policy, int strict)
{
	STORY("bind policy %d, strict %d, node %d as the kernel sees it", policy, strict, node)
	{
		char *p = pages_new(1);

		load();
		fake.on = 1;
		fake.nodes = "";
		fake.allowed = "0-3";
		fake.quiet = 1;
		L.numa_set_bind_policy(policy);
		L.numa_set_strict(strict);
		fake.quiet = 0;
		R_VOID(L.numa_tonode_memory(p, page, node));
		R_VOID(L.numa_setlocal_memory(p, page));
		R_VOID(L.numa_interleave_memory(p, page, guarded(64, "0,1")));
		R_INT(L.numa_alloc_onnode(page, node) != NULL);
		R_INT(L.numa_alloc_local(page) != NULL);
		R_INT(L.numa_alloc_interleaved(page) != NULL);
		R_VOID(L.numa_set_preferred(node));
		R_VOID(L.numa_set_localalloc());
	}
}

void group_hooked_kernel(void)
{
	static const int flags[] = {0, 1 << 13, 1 << 14, 1 << 15};
	static const char *const lists[] = {"",	   "0",	  "1",	 "1,2",	  "3",
					    "0-3", "127", "500", "1,1023"};
	static const unsigned sizes[] = {1, 2, 4, 63, 64, 65, 128, 1024, 2048};
	static const int errors[] = {1, 12, 14, 22, 38};

	for (int mode = 0; mode < 7; mode++)
		for (size_t f = 0; f < ARRAY_SIZE(flags); f++)
			for (size_t l = 0; l<(f ? 4 : ARRAY_SIZE(lists)); l += f> 1 ? 2 : 1)
				getters(mode | flags[f], lists[l]);
	for (size_t s = 0; s < ARRAY_SIZE(sizes); s++)
		for (size_t l = 0; l < ARRAY_SIZE(lists); l++)
			calls(lists[l], sizes[s]);
	for (int node = -1; node < 5; node++)
		for (int how = 0; how < 4; how++)
			by_node(node < 4 ? node : 1024, how & 1, how >> 1);
	for (size_t e = 0; e < ARRAY_SIZE(errors); e++)
		STORY("story: a kernel that answers errno %d to everything", errors[e])
		{
			load();
			fake.on = 1;
			fake.quiet = 1;
			fake.error = errors[e];
			R_MASK('n', L.numa_get_membind());
			R_MASK('n', L.numa_get_interleave_mask());
			R_MASK('n', L.numa_get_mems_allowed());
			R_MASK('n', L.numa_preferred_many());
			R_INT(L.numa_preferred());
			R_INT(L.numa_get_interleave_node());
			R_VOID(L.numa_set_membind(guarded(64, "0")));
			R_VOID(L.numa_set_localalloc());
			R_VOID(L.numa_set_membind_balancing(guarded(64, "0")));
			R_INT(L.numa_alloc_onnode(4096, 0) != NULL);
			R_NODEMASK(L.v1_numa_get_membind());
			R_NODEMASK(L.v1_numa_get_interleave_mask());
		}
}
