/* SPDX-License-Identifier: MIT */
/*
 * The 14 functions that programs linked long ago reach: libnuma_1.1, on a nodemask_t by value or
 * pointer.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe.h"

static const char *const sets[] = {"",	   "0",	 "1",	 "0,1",	 "0,2,5",  "2,5",
				   "14",   "15", "0,15", "16",	 "0,16",   "0-14",
				   "0,63", "64", "0,64", "last", "0,last", "full"};

static void policies(const char *c)
{
	NM m = nodemask(c);

#define POLICY(fn)                                                                                 \
	FCASE_V1(fn, "({%s})", c)                                                                  \
	{                                                                                          \
		R_VOID(L.v1_##fn(&m));                                                             \
		out_policy();                                                                      \
		out_affinity();                                                                    \
	}
	POLICY(numa_bind)
	POLICY(numa_set_membind)
	POLICY(numa_set_interleave_mask)
#undef POLICY
	FCASE_V1(numa_run_on_node_mask, "({%s})", c)
	{
		int failed;

		R_INT(failed = L.v1_numa_run_on_node_mask(&m));
		out_affinity();
		if (!failed)
			R_NODEMASK(L.v1_numa_get_run_node_mask());
	}
}

static void memory(const char *c)
{
	NM m = nodemask(c);

#define RANGE(fn)                                                                                  \
	FCASE_V1(fn, "({%s})", c)                                                                  \
	{                                                                                          \
		char *p = pages_new(2);                                                            \
                                                                                                   \
		R_VOID(L.v1_##fn(p, page, &m));                                                    \
		out_range(p, 2);                                                                   \
	}
	RANGE(numa_interleave_memory)
	RANGE(numa_tonodemask_memory)
#undef RANGE
	FCASE_V1(numa_alloc_interleaved_subset, "({%s})", c)
	{
		char *p;

		errno = 0;
		p = L.v1_numa_alloc_interleaved_subset(page, &m);
		out_errno();
		out(" %s", p ? "memory" : "NULL");
		if (p)
			out_range(p, 1);
		R_INT(L.v1_numa_alloc_interleaved_subset(0, &m) != NULL);
	}
}

static void cpus(void)
{
	static const int nodes[] = {0,	1,    2,    3,	    4,	5,  6,	   63,
				    64, 1023, 1024, 100000, -1, -2, -1000, INT_MIN};
	static const int lens[] = {0,  1,  7,  8,   9,	 16,   31, 32,
				   33, 40, 64, 100, 512, 1024, -1, INT_MIN};

	for (size_t n = 0; n < ARRAY_SIZE(nodes); n++)
		for (size_t l = 0; l < ARRAY_SIZE(lens); l++) {
			if (n > 5 && lens[l] != 32 && lens[l] != 512)
				continue;
			FCASE_V1(numa_node_to_cpus, "(%d, %d bytes)", nodes[n], lens[l])
			{
				UL *w = guarded_words(128);

				w[0] = 4;
				w[127] = 8;
				R_INT(L.v1_numa_node_to_cpus(nodes[n], w, lens[l]));
				out_bits(w, 8192);
				R_INT(L.v1_numa_node_to_cpus(nodes[n], w, lens[l]));
				out_bits(w, 8192);
			}
		}
}

static void affinity(void)
{
	static const unsigned lens[] = {0, 1, 7, 8, 9, 16, 24, 31, 32, 33, 64, 512, 1024, UINT_MAX};

	for (size_t l = 0; l < ARRAY_SIZE(lens); l++) {
		FCASE_V1(numa_sched_getaffinity, "(0, %u)", lens[l])
		{
			UL *w = guarded_words(1024);

			R_INT(L.v1_numa_sched_getaffinity(0, lens[l], w));
			out_bits(w, 65536);
		}
		for (size_t c = 0; c < ARRAY_SIZE(sets); c++)
			if (lens[l] <= 1024)
				FCASE_V1(numa_sched_setaffinity, "(0, %u, {%s})", lens[l], sets[c])
				{
					UL *w = guarded_words(1024);

					set_list(w, 8192, sets[c]);
					R_INT(L.v1_numa_sched_setaffinity(0, lens[l], w));
					out_affinity();
				}
	}
	FCASE_V1(numa_sched_getaffinity, "(nobody, 512)")
	{
		UL *w = guarded_words(64);

		R_INT(L.v1_numa_sched_getaffinity(4194304, 512, w));
		R_INT(L.v1_numa_sched_setaffinity(4194304, 512, w));
	}
	FCASE_V1(numa_sched_getaffinity, "(wild pointer)")
	{
		R_INT(L.v1_numa_sched_getaffinity(0, 512, (UL *)8));
		R_INT(L.v1_numa_sched_setaffinity(0, 512, (UL *)8));
	}
}

void group_v1(void)
{
	for (size_t c = 0; c < ARRAY_SIZE(sets); c++) {
		policies(sets[c]);
		if (!root_dir)
			memory(sets[c]);
	}
	cpus();
	if (!root_dir)
		affinity();
	STORY("story: nodes that cannot be read, twice")
	{
		NM m = nodemask("0,1");

		R_INT(L.v1_numa_run_on_node_mask(&m));
		out_affinity();
		R_INT(L.v1_numa_run_on_node_mask(&m));
		out_affinity();
	}
	FCASE_V1(numa_get_membind, "()")
	{
		R_NODEMASK(L.v1_numa_get_membind());
		out_nodemask(L.numa_all_nodes);
	}
	FCASE_V1(numa_get_run_node_mask, "()") R_NODEMASK(L.v1_numa_get_run_node_mask());
	FCASE_V1(numa_get_run_node_mask, "() on CPU 1")
	{
		L.numa_sched_setaffinity(0, guarded(kernel_cpus, "1"));
		R_NODEMASK(L.v1_numa_get_run_node_mask());
	}
}
