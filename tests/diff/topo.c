/* SPDX-License-Identifier: MIT */
/*
 * What the library knows of the machine (counts, masks, sizes, distances, nodes and CPUs),
 * running on
 * nodes, and what numa_node_to_cpu_update() makes of files that changed.
 */
#include <stdbool.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "probe.h"

static const int nodes[] = {0,	    1,	     2,	  3,   4,   5,	   6,	    7,
			    8,	    9,	     15,  31,  32,  62,	   63,	    64,
			    65,	    127,     128, 255, 256, 1023,  1024,    1025,
			    100000, INT_MAX, -1,  -2,  -64, -1000, INT_MIN, INT_MIN + 1};

static void counts(void)
{
#define COUNT(fn) FCASE(fn, "()") R_INT(L.fn());
	COUNT(numa_available)
	COUNT(numa_max_node)
	COUNT(numa_num_configured_nodes)
	COUNT(numa_num_configured_cpus)
	COUNT(numa_num_task_cpus)
	COUNT(numa_num_task_nodes)
	COUNT(numa_num_thread_cpus)
	COUNT(numa_num_thread_nodes)
	COUNT(numa_pagesize)
#undef COUNT
	/* These follow the kernel's own sizes, which differ from machine to machine. */
	FCASE(numa_max_possible_node, "()")
	R_INT((L.numa_max_possible_node() + 1 == (int)kernel_nodes));
	FCASE(numa_num_possible_nodes, "()") R_INT(L.numa_num_possible_nodes() - (int)kernel_nodes);
	FCASE(numa_num_possible_cpus, "()") R_INT(L.numa_num_possible_cpus() - (int)kernel_cpus);
	FCASE(numa_allocate_nodemask, "()") R_MASK('n', L.numa_allocate_nodemask());
	FCASE(numa_allocate_cpumask, "()") R_MASK('c', L.numa_allocate_cpumask());
	FCASE(numa_all_nodes_ptr, " (data)") out_mask('n', *L.numa_all_nodes_ptr);
	FCASE(numa_no_nodes_ptr, " (data)") out_mask('n', *L.numa_no_nodes_ptr);
	FCASE(numa_nodes_ptr, " (data)") out_mask('n', *L.numa_nodes_ptr);
	FCASE(numa_all_cpus_ptr, " (data)") out_mask('c', *L.numa_all_cpus_ptr);
	FCASE(numa_all_nodes, " (data)") out_nodemask(L.numa_all_nodes);
	FCASE(numa_no_nodes, " (data)") out_nodemask(L.numa_no_nodes);
	FCASE(numa_exit_on_error, " (data)") out(" %d", *L.numa_exit_on_error);
	FCASE(numa_exit_on_warn, " (data)") out(" %d", *L.numa_exit_on_warn);
	FCASE(numa_fail_alloc_on_error, " (data)") out(" %d", *L.numa_fail_alloc_on_error);
	FCASE(numa_get_mems_allowed, "()") R_MASK('n', L.numa_get_mems_allowed());
}

/* All memory of the machine that this runs on, which is the same number on no other. */
static bool is_machine_memory(long long size)
{
	struct sysinfo info;

	return size > 0 && sysinfo(&info) == 0 && size == (long long)info.totalram * info.mem_unit;
}

static bool out_size(long long size)
{
	bool all = is_machine_memory(size);

	if (all)
		out(" all memory");
	else
		out(" %lld", size);
	return all;
}

/* The size and, where it is a real machine's, only that the free memory is some of it. */
static void out_sizes(long long size, long long rest)
{
	if ((out_size(size) || !root_dir) && rest > 0 && rest <= size)
		out(" free=some");
	else
		out(" free=%lld", rest);
}

/* numa_node_size() and its 64-bit form, with and without a place for the free memory. */
#define SIZE_CASES(fn, type, node)                                                                 \
	do {                                                                                       \
		FCASE(fn, "(%d, &free)", node)                                                     \
		{                                                                                  \
			type rest = -77, size;                                                     \
                                                                                                   \
			errno = 0;                                                                 \
			size = L.fn(node, &rest);                                                  \
			out_errno();                                                               \
			out_sizes(size, rest);                                                     \
		}                                                                                  \
		FCASE(fn, "(%d, NULL)", node)                                                      \
		{                                                                                  \
			errno = 0;                                                                 \
			out_size(L.fn(node, NULL));                                                \
			out_errno();                                                               \
		}                                                                                  \
	} while (0)

static void of_nodes(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		int n = nodes[i];

		SIZE_CASES(numa_node_size64, long long, n);
		SIZE_CASES(numa_node_size, long, n);
		FCASE(numa_node_of_cpu, "(%d)", n) R_INT(L.numa_node_of_cpu(n));
		for (size_t j = 0; j < ARRAY_SIZE(nodes); j++)
			if ((i < 8 && j < 8) || i == 0 || j == 0)
				FCASE(numa_distance, "(%d, %d)", n, nodes[j])
				{
					out(" %d", L.numa_distance(n, nodes[j]));
					out(" %d", L.numa_distance(nodes[j], n));
				}
		/* Twice, since the first answer may be remembered. */
		for (int size = 0; size < (n < 6 && n > -3 ? 6 : 1); size++) {
			static const unsigned sizes[] = {0, 1, 64, 100, 300, 4096};
			unsigned bits = size ? sizes[size] : (unsigned)kernel_cpus;

			FCASE(numa_node_to_cpus, "(%d, /%u%s)", n, size ? bits : 0,
			      size ? "" : " as cpus")
			{
				BM *m = guarded(bits, "full");

				R_INT(L.numa_node_to_cpus(n, m));
				out_mask('c', m);
				R_INT(L.numa_node_to_cpus(n, m));
				out_mask('c', m);
			}
		}
	}
	STORY("story: the CPUs of every node, one after the other")
	for (int n = 0; n < 8; n++) {
		BM *m = guarded(kernel_cpus, "3");

		R_INT(L.numa_node_to_cpus(n, m));
		out_mask('c', m);
	}
	STORY("story: cpumaps after a distance, distances after a cpumap")
	{
		out(" %d", L.numa_distance(0, 0));
		out(" %d", L.numa_node_of_cpu(1));
		out(" %d", L.numa_distance(1, 0));
		out(" %d", L.numa_node_of_cpu(0));
	}
}

void group_topology(void)
{
	counts();
	of_nodes();
}

/* Where that leaves the thread, as the kernel and as the library say. */
#define RUN_ON(call)                                                                               \
	do {                                                                                       \
		int failed_;                                                                       \
                                                                                                   \
		R_INT(failed_ = (call));                                                           \
		out_affinity();                                                                    \
		if (!failed_)                                                                      \
			R_MASK('-', L.numa_get_run_node_mask());                                   \
	} while (0)

static void run_masks(unsigned bits, const char *c)
{
	const char *size = bits == kernel_nodes ? " as nodes" : "";

#define ARGS "({%s}/%u%s)", c, *size ? 0 : bits, size
	FCASE(numa_run_on_node_mask, ARGS)
	{
		RUN_ON(L.numa_run_on_node_mask(guarded(bits, c)));
	}
	FCASE(numa_run_on_node_mask_all, ARGS)
	{
		RUN_ON(L.numa_run_on_node_mask_all(guarded(bits, c)));
	}
	if (!root_dir)
		return;
	FCASE(numa_bind, ARGS)
	{
		R_VOID(L.numa_bind(guarded(bits, c)));
		out_affinity();
		out_policy();
	}
#undef ARGS
}

static void affinity_calls(void)
{
	static const unsigned sizes[] = {1,   2,   31,	63,  64,  65,  100,  127, 128,
					 192, 200, 255, 256, 257, 300, 1024, 8192};
	static const char *const sets[] = {"", "0", "1", "0,1", "full", "last", "100", "0,100"};

	for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
		for (int pid = 0; pid < 3; pid++) {
			static const char *const who[] = {"0", "self", "nobody"};

			FCASE(numa_sched_getaffinity, "(%s, /%u)", who[pid], sizes[s])
			{
				BM *m = guarded(sizes[s], pid == 1 ? "full" : "");

				R_INT(L.numa_sched_getaffinity(pid == 2 ? 4194304
							       : pid	? getpid()
									: 0,
							       m));
				out_mask('c', m);
			}
		}
		for (size_t c = 0; c < ARRAY_SIZE(sets); c++)
			FCASE(numa_sched_setaffinity, "(0, {%s}/%u)", sets[c], sizes[s])
			{
				R_INT(L.numa_sched_setaffinity(0, guarded(sizes[s], sets[c])));
				out_affinity();
				R_INT(L.numa_num_task_cpus());
			}
	}
	FCASE(numa_sched_setaffinity, "(nobody, {0}/256)")
	R_INT(L.numa_sched_setaffinity(4194304, guarded(256, "0")));
}

void group_affinity(void)
{
	static const char *const sets[] = {
		"",  "0",  "1",	   "2",	   "0,1",  "0,2", "2,5", "0,5", "1,3", "0-3", "0-5",
		"5", "63", "0,63", "last", "full", "3,5", "6",	 "2-4", "1-2", "0-7", "0,last"};
	static const unsigned sizes[] = {1, 2, 4, 6, 64, 65, 128, 2048};

	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++)
		FCASE(numa_run_on_node, "(%d)", nodes[i])
		{
			RUN_ON(L.numa_run_on_node(nodes[i]));
		}
	for (size_t c = 0; c < ARRAY_SIZE(sets); c++) {
		run_masks((unsigned)kernel_nodes, sets[c]);
		for (size_t s = 0; s < ARRAY_SIZE(sizes); s++)
			if (sizes[s] != kernel_nodes && (!root_dir || sizes[s] == 64))
				run_masks(sizes[s], sets[c]);
	}
	FCASE(numa_run_on_node_mask, "(NULL)") R_INT(L.numa_run_on_node_mask(NULL));
	FCASE(numa_run_on_node_mask_all, "(NULL)") R_INT(L.numa_run_on_node_mask_all(NULL));
	for (int cpu = 0; cpu < 3; cpu++)
		FCASE(numa_get_run_node_mask, "() on %s", cpu == 0 ? "0" : cpu == 1 ? "1" : "all")
		{
			if (cpu < 2)
				L.numa_sched_setaffinity(0, guarded(kernel_cpus, cpu ? "1" : "0"));
			R_MASK('-', L.numa_get_run_node_mask());
		}
	FCASE(numa_get_run_node_mask, "() and its size") R_MASK('n', L.numa_get_run_node_mask());
	STORY("story: run masks there and back")
	{
		BM *m = L.numa_get_run_node_mask();

		R_INT(L.numa_run_on_node(0));
		out_affinity();
		R_INT(L.numa_run_on_node_mask(m));
		out_affinity();
		R_INT(L.numa_run_on_node(-1));
		out_affinity();
		R_INT(L.numa_run_on_node_mask(*L.numa_all_nodes_ptr));
		out_affinity();
	}
	if (!root_dir)
		affinity_calls();
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		die("%s: %m", path);
}

/* The file's old text, to put back. */
static void read_file(const char *path, char *text, size_t room)
{
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, room - 1, f) : 0;

	text[n] = 0;
	if (f)
		fclose(f);
}

static void query(int n)
{
	BM *m = guarded(kernel_cpus, "");

	R_INT(L.numa_node_to_cpus(n, m));
	out_mask('c', m);
}

static void forwards(int how)
{
	for (int n = 0; n < 4; n++)
		query(how ? 3 - n : n);
}

void group_update(void)
{
	static const char base[] = "/sys/devices/system/node/node";
	char path[4][80], old[4][4096];
	int usable = 1;

	for (int n = 0; n < 4; n++) {
		snprintf(path[n], sizeof(path[n]), "%s%d/cpumap", base, n);
		usable &= access(path[n], W_OK) == 0;
		read_file(path[n], old[n], sizeof(old[n]));
	}
	FCASE(numa_node_to_cpu_update, "()") R_VOID(L.numa_node_to_cpu_update());
	if (!usable)
		return;
	for (int how = 0; how < 2; how++) {
		STORY("story: cpumaps rotated, update, then every node %s",
		      how ? "downwards" : "upwards")
		{
			forwards(how);
			for (int n = 0; n < 4; n++)
				write_file(path[n], old[(n + 1) % 4]);
			out(" | not yet:");
			forwards(how);
			R_VOID(L.numa_node_to_cpu_update());
			out(" | updated:");
			forwards(how);
			out(" %d %d", L.numa_node_of_cpu(0), L.numa_node_of_cpu(5));
		}
		for (int n = 0; n < 4; n++)
			write_file(path[n], old[n]);
	}
	STORY("story: a cpumap removed, update, asked twice, written again")
	{
		query(2);
		unlink(path[2]);
		query(2);
		R_VOID(L.numa_node_to_cpu_update());
		query(2);
		query(2);
		write_file(path[2], old[2]);
		query(2);
		R_VOID(L.numa_node_to_cpu_update());
		query(2);
	}
	write_file(path[2], old[2]);
	STORY("story: a cpumap turned to junk, update, asked twice")
	{
		query(1);
		write_file(path[1], "junk\n");
		R_VOID(L.numa_node_to_cpu_update());
		query(1);
		query(1);
	}
	write_file(path[1], old[1]);
	STORY("story: the v1 cache beside the other")
	{
		UL *w = guarded_words(kernel_cpus / WORD_BITS);

		R_INT(L.v1_numa_node_to_cpus(1, w, (int)kernel_cpus / 8));
		write_file(path[1], old[2]);
		query(1);
		R_INT(L.v1_numa_node_to_cpus(1, w, (int)kernel_cpus / 8));
		out_bits(w, kernel_cpus);
		L.numa_node_to_cpu_update();
		R_INT(L.v1_numa_node_to_cpus(1, w, (int)kernel_cpus / 8));
		out_bits(w, kernel_cpus);
	}
	write_file(path[1], old[1]);
}
