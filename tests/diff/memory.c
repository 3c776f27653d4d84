/* SPDX-License-Identifier: MIT */
/*
 * Memory: the policy of ranges, the allocators, moving pages. What mbind did is read back from
 * the kernel.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe.h"

static const unsigned sizes[] = {1,   2,   3,	 32,   33,   63,   64,	  65,	 127,
				 128, 129, 1023, 1024, 1025, 4096, 32768, 32769, 40000};
static const char *const contents[] = {"", "0", "1", "0,1", "last", "0,last", "full"};
static const int nodes[] = {0,	  1,	2,	63,	 64, 127, 128,	 1023,
			    1024, 1025, 100000, INT_MAX, -1, -2,  -1024, INT_MIN};

static const struct {
	const char *name;
	long at, size; /* in bytes, from the start of four pages */
	int touch;
} spots[] = {
	{"all", 0, 4 * 4096, 0},
	{"touched", 0, 4 * 4096, 1},
	{"page 1", 4096, 4096, 0},
	{"pages 1-2", 4096, 8192, 1},
	{"size 0", 0, 0, 0},
	{"size 1", 0, 1, 0},
	{"size 4097", 4096, 4097, 0},
	{"unaligned", 1, 4096, 0},
	{"unaligned by 100", 100, 8192, 1},
	{"beyond the end", 8192, 4 * 4096, 0},
	{"unmapped", 4 * 4096, 4096, 0},
	{"size -1", 0, -1, 0},
	{"before", -4096, 8192, 0},
};

/* Four pages and what to do to a part of them; the sizes above are of 4 KiB pages. */
static char *spot(size_t i, void **at, size_t *size)
{
	char *p = pages_new(4);

	if (spots[i].touch)
		memset(p, 7, 4 * page);
	*at = p + spots[i].at;
	*size = (size_t)spots[i].size;
	return p;
}

#define ON_SPOT(i, call)                                                                           \
	do {                                                                                       \
		void *at;                                                                          \
		size_t size;                                                                       \
		char *p = spot(i, &at, &size);                                                     \
		R_VOID(call);                                                                      \
		out_range(p, 4);                                                                   \
	} while (0)

static void masks_on(size_t i, unsigned bits, const char *c)
{
	FCASE(numa_interleave_memory, "(%s, {%s}/%u)", spots[i].name, c, bits)
	ON_SPOT(i, L.numa_interleave_memory(at, size, guarded(bits, c)));
	if (bits % 32 == 0)
		FCASE(numa_weighted_interleave_memory, "(%s, {%s}/%u)", spots[i].name, c, bits)
	ON_SPOT(i, L.numa_weighted_interleave_memory(at, size, guarded(bits, c)));
	FCASE(numa_tonodemask_memory, "(%s, {%s}/%u)", spots[i].name, c, bits)
	ON_SPOT(i, L.numa_tonodemask_memory(at, size, guarded(bits, c)));
}

void group_range(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(spots); i++) {
		for (size_t c = 0; c < 4; c++)
			masks_on(i, (unsigned)kernel_nodes, contents[c]);
		for (size_t n = 0; n < ARRAY_SIZE(nodes); n++)
			if (i < 2 || n < 2)
				FCASE(numa_tonode_memory, "(%s, %d)", spots[i].name, nodes[n])
		ON_SPOT(i, L.numa_tonode_memory(at, size, nodes[n]));
		FCASE(numa_setlocal_memory, "(%s)", spots[i].name)
		ON_SPOT(i, L.numa_setlocal_memory(at, size));
		FCASE(numa_police_memory, "(%s)", spots[i].name)
		ON_SPOT(i, L.numa_police_memory(at, size));
		FCASE(numa_interleave_memory, "(%s, NULL)", spots[i].name)
		ON_SPOT(i, L.numa_interleave_memory(at, size, NULL));
		FCASE(numa_weighted_interleave_memory, "(%s, NULL)", spots[i].name)
		ON_SPOT(i, L.numa_weighted_interleave_memory(at, size, NULL));
		FCASE(numa_tonodemask_memory, "(%s, NULL)", spots[i].name)
		ON_SPOT(i, L.numa_tonodemask_memory(at, size, NULL));
		for (int node = -1; node < 2; node++)
			for (int flags = 0; flags < 2; flags++)
				for (int before = 0; before < 4; before++)
					FCASE(numa_set_mempolicy_home_node,
					      "(%s, %d, %d) on mode %d", spots[i].name, node, flags,
					      before)
					{
						void *at;
						size_t size;
						char *p = spot(i, &at, &size);

						if (before == 1)
							L.numa_tonode_memory(p, 4 * page, 0);
						else if (before == 2)
							L.numa_interleave_memory(
								p, 4 * page, *L.numa_all_nodes_ptr);
						else if (before == 3)
							L.numa_setlocal_memory(p, 4 * page);
						R_INT(L.numa_set_mempolicy_home_node(at, size, node,
										     flags));
						out_range(p, 4);
					}
	}
	for (size_t s = 0; s < ARRAY_SIZE(sizes); s++)
		for (size_t c = 0; c < ARRAY_SIZE(contents); c++)
			if (sizes[s] != kernel_nodes || c >= 4)
				masks_on(0, sizes[s], contents[c]);
	FCASE(numa_police_memory, "(a read-only page)")
	{
		char *p = pages_new(1);

		mprotect(p, page, PROT_READ);
		R_VOID(L.numa_police_memory(p, page));
	}
	FCASE(numa_police_memory, "(contents)")
	{
		char *p = pages_new(2);

		memset(p, 0x5a, 2 * page);
		R_VOID(L.numa_police_memory(p, 2 * page));
		for (size_t i = 0; i < 2 * page; i++)
			if (p[i] != 0x5a)
				out(" changed");
	}
	FCASE(numa_has_home_node, "()")
	{
		R_INT(L.numa_has_home_node());
		R_INT(L.numa_has_home_node());
		out_policy();
	}
}

static const size_t amounts[] = {0,
				 1,
				 100,
				 4095,
				 4096,
				 4097,
				 8192,
				 1 << 20,
				 (size_t)1 << 46,
				 (size_t)1 << 60,
				 SIZE_MAX / 2,
				 SIZE_MAX - 4096,
				 SIZE_MAX};

#define R_ALLOC(call)                                                                              \
	do {                                                                                       \
		errno = 0;                                                                         \
		char *p = (call);                                                                  \
		int e_alloc_ = errno;                                                              \
		out(" %s errno=%d", p ? "memory" : "NULL", e_alloc_);                              \
		if (!p)                                                                            \
			continue;                                                                  \
		out(" aligned=%d", (uintptr_t)p % page == 0);                                      \
		out_range(p, amount < 4096 ? 1 : amount / 4096 < 4 ? amount / 4096 : 4);           \
		for (size_t i_ = 0; i_ < amount && i_ < 8192; i_++)                                \
			if (p[i_])                                                                 \
				out(" not zero");                                                  \
		p[0] = 1;                                                                          \
		p[amount - 1] = 1;                                                                 \
		R_VOID(L.numa_free(p, amount));                                                    \
		out(" freed=%d", msync(p, page, MS_ASYNC) != 0);                                   \
	} while (0)

static void alloc(size_t amount, int fail)
{
	const char *how = fail ? " with fail_alloc_on_error" : "";

#define FAIL                                                                                       \
	do {                                                                                       \
		if (fail && L.numa_fail_alloc_on_error)                                            \
			*L.numa_fail_alloc_on_error = 1;                                           \
		else if (fail)                                                                     \
			out(" (no numa_fail_alloc_on_error)");                                     \
	} while (0)
#define ALLOC(fn, call, ...)                                                                       \
	FCASE(fn, __VA_ARGS__)                                                                     \
	{                                                                                          \
		FAIL;                                                                              \
		R_ALLOC(call);                                                                     \
	}
	if (!fail || amount == 4096) {
		ALLOC(numa_alloc, L.numa_alloc(amount), "(%zu)%s", amount, how)
		ALLOC(numa_alloc_local, L.numa_alloc_local(amount), "(%zu)%s", amount, how)
		ALLOC(numa_alloc_interleaved, L.numa_alloc_interleaved(amount), "(%zu)%s", amount,
		      how)
		ALLOC(numa_alloc_weighted_interleaved, L.numa_alloc_weighted_interleaved(amount),
		      "(%zu)%s", amount, how)
	}
	for (size_t n = 0; n < ARRAY_SIZE(nodes); n++)
		if (amount == 4096 || n < 2)
			ALLOC(numa_alloc_onnode, L.numa_alloc_onnode(amount, nodes[n]),
			      "(%zu, %d)%s", amount, nodes[n], how)
	for (size_t s = 0; s < ARRAY_SIZE(sizes); s++)
		for (size_t c = 0; c < ARRAY_SIZE(contents); c++) {
			if (amount != 4096 && (sizes[s] != 64 || c > 3))
				continue;
			ALLOC(numa_alloc_interleaved_subset,
			      L.numa_alloc_interleaved_subset(amount,
							      guarded(sizes[s], contents[c])),
			      "(%zu, {%s}/%u)%s", amount, contents[c], sizes[s], how)
			if (sizes[s] % 32)
				continue;
			ALLOC(numa_alloc_weighted_interleaved_subset,
			      L.numa_alloc_weighted_interleaved_subset(
				      amount, guarded(sizes[s], contents[c])),
			      "(%zu, {%s}/%u)%s", amount, contents[c], sizes[s], how)
		}
	ALLOC(numa_alloc_interleaved_subset, L.numa_alloc_interleaved_subset(amount, NULL),
	      "(%zu, NULL)%s", amount, how)
	ALLOC(numa_alloc_weighted_interleaved_subset,
	      L.numa_alloc_weighted_interleaved_subset(amount, NULL), "(%zu, NULL)%s", amount, how)
}

static void reallocate(long at, size_t old, size_t new, int policy)
{
	FCASE(numa_realloc, "(p%+ld, %zu, %zu) mode %d", at, old, new, policy)
	{
		size_t amount = (size_t)8 * 4096;
		char *p = L.numa_alloc_onnode(amount, 0), *q;

		if (policy == 3)
			L.numa_interleave_memory(p, amount, *L.numa_all_nodes_ptr);
		memset(p, 3, 4096);
		munmap(p + 4 * page, 4 * page);
		errno = 0;
		q = L.numa_realloc(p + at, old, new);
		out_errno();
		out(" %s", !q ? "NULL" : q == p ? "same" : "moved");
		if (q) {
			out_range(q, (new + 4095) / 4096 < 8 ? (new + 4095) / 4096 : 8);
			out(" first=%d", q[0]);
		} else {
			out_range(p, 4);
		}
	}
}

void group_alloc(void)
{
	static const size_t of_realloc[] = {0, 1, 4096, 8192, 16384, 20480, 65536, (size_t)1 << 60};

	for (size_t i = 0; i < ARRAY_SIZE(amounts); i++)
		alloc(amounts[i], 0);
	alloc(4096, 1);
	for (size_t o = 0; o < 6; o++)
		for (size_t n = 0; n < ARRAY_SIZE(of_realloc); n++)
			for (int policy = 2; policy < 4; policy++)
				reallocate(0, of_realloc[o], of_realloc[n], policy);
	reallocate(1, 4096, 8192, 2);
	reallocate(100, 4096, 4096, 2);
	reallocate(4 * 4096, 4096, 8192, 2);
	FCASE(numa_realloc, "(NULL, 4096, 8192)") R_INT(L.numa_realloc(NULL, 4096, 8192) != NULL);
	FCASE(numa_realloc, "(NULL, 0, 0)") R_INT(L.numa_realloc(NULL, 0, 0) != NULL);
	for (size_t i = 0; i < ARRAY_SIZE(spots); i++) {
		/* Whatever lies there would go. */
		if (!strcmp(spots[i].name, "beyond the end") || !strcmp(spots[i].name, "before"))
			continue;
		FCASE(numa_free, "(%s)", spots[i].name)
		{
			void *at;
			size_t size;
			char *p = spot(i, &at, &size);

			R_VOID(L.numa_free(at, size));
			for (size_t k = 0; k < 4; k++)
				out(" %d", msync(p + k * page, page, MS_ASYNC) != 0);
		}
	}
	FCASE(numa_free, "(NULL, 4096)") R_VOID(L.numa_free(NULL, 4096));
	FCASE(numa_free, "(NULL, 0)") R_VOID(L.numa_free(NULL, 0));
	STORY("story: allocations with numa_exit_on_error")
	{
		*L.numa_exit_on_error = 1;
		R_INT(L.numa_alloc_onnode(4096, 0) != NULL);
		R_INT(L.numa_alloc_onnode(0, 0) != NULL);
		R_INT(L.numa_alloc_onnode(4096, 1) != NULL);
	}
}
