/* SPDX-License-Identifier: MIT */
/*
 * numa_error and numa_warn as the library defines them, and a load on machines that refuse or
 * lack things.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe.h"

static char empty[] = "", where[] = "where it was", percent[] = "100% %s %n",
	    format[] = "text %d %s", plain[] = "plain", newline[] = "with newline\n";

static void errors(void)
{
	static const int errnos[] = {0, 1, 2, 5, 12, 22, 34, 38, 4095, -1};
	char *const texts[] = {NULL, empty, where, percent};

	for (size_t e = 0; e < ARRAY_SIZE(errnos); e++)
		for (size_t t = 0; t < ARRAY_SIZE(texts); t++)
			for (int leave = -1; leave < 2; leave++)
				FCASE(numa_error, "(%s) errno %d, exit_on_error %d",
				      texts[t] ? texts[t] : "NULL", errnos[e], leave)
				{
					*L.numa_exit_on_error = leave;
					errno = errnos[e];
					L.numa_error(texts[t]);
					out_errno();
				}
	STORY("story: the same error again")
	for (int i = 0; i < 4; i++) {
		errno = i < 2 ? 5 : 22;
		L.numa_error(where);
		out_errno();
	}
}

static void warnings(void)
{
	/* Past 31 and below 0 the numbers were bits of an int once. */
	for (int n = -33; n < 66; n += n < -1 || n > 33 ? 4 : 1) {
		FCASE(numa_warn, "(%d)", n)
		{
			errno = 5;
			L.numa_warn(n, format, 1, "a");
			out_errno();
			L.numa_warn(n, format, 2, "b");
			out_errno();
		}
		if (n % 8 == 0)
			FCASE(numa_warn, "(%d) with exit_on_warn", n)
			{
				*L.numa_exit_on_warn = 1;
				L.numa_warn(n, plain);
			}
	}
	FCASE(numa_warn, "(4, with a newline)") L.numa_warn(4, newline);
	FCASE(numa_warn, "(4, nothing)") L.numa_warn(4, empty);
	STORY("story: numbers that share a place among the warned")
	{
		static const int order[] = {0, 0, 1, 31, 32, 33, 42};

		for (size_t i = 0; i < ARRAY_SIZE(order); i++)
			L.numa_warn(order[i], format, order[i], "x");
		R_MASK('n', L.numa_parse_nodestring("x"));
		L.numa_warn(-1, format, -1, "x");
		L.numa_warn(5, format, 5, "x");
	}
	STORY("story: exit_on_warn and a bad string")
	{
		*L.numa_exit_on_warn = 1;
		R_MASK('n', L.numa_parse_nodestring("x"));
	}
	STORY("story: exit_on_warn after the warning was given")
	{
		L.numa_parse_nodestring("x");
		*L.numa_exit_on_warn = 1;
		R_MASK('n', L.numa_parse_nodestring("x"));
	}
	STORY("story: exit_on_error and a bad node")
	{
		*L.numa_exit_on_error = 1;
		L.numa_set_preferred(0);
		L.numa_set_preferred(1);
	}
	STORY("story: exit_on_error and a mask of no bits")
	{
		*L.numa_exit_on_error = 1;
		L.numa_bitmask_alloc(0);
	}
}

void group_report(void)
{
	errors();
	warnings();
}

/* Everything that can be asked without harm, in one line. */
static void survey(void)
{
	out_errno();
	R_INT(L.numa_available());
	out(" max=%d configured=%d/%d task=%d/%d", L.numa_max_node(), L.numa_num_configured_nodes(),
	    L.numa_num_configured_cpus(), L.numa_num_task_nodes(), L.numa_num_task_cpus());
	out(" possible=%s/%s",
	    L.numa_num_possible_nodes() == (int)kernel_nodes ? "kernel's" : "other",
	    L.numa_num_possible_cpus() == (int)kernel_cpus ? "kernel's" : "other");
	out_mask('n', *L.numa_all_nodes_ptr);
	out_mask('n', *L.numa_nodes_ptr);
	out_mask('c', *L.numa_all_cpus_ptr);
	out_nodemask(L.numa_all_nodes);
	R_MASK('n', L.numa_get_membind());
	R_MASK('n', L.numa_get_interleave_mask());
	R_MASK('n', L.numa_get_mems_allowed());
	R_MASK('-', L.numa_get_run_node_mask());
	R_INT(L.numa_get_interleave_node());
	R_INT(L.numa_has_preferred_many());
	R_VOID(L.numa_set_preferred(0));
	R_VOID(L.numa_set_localalloc());
	R_INT(L.numa_run_on_node(0));
	R_INT(L.numa_alloc_onnode(4096, 0) != NULL);
	R_MASK('n', L.numa_parse_nodestring("0"));
	R_MASK('c', L.numa_parse_cpustring("0"));
}

#define LOADED(...)                                                                                \
	STORY(__VA_ARGS__)                                                                         \
	for (int once_ = 1; once_; once_ = 0)

void group_load(void)
{
	static const struct {
		const char *name;
		int nr, error;
	} refusals[] = {
		{"get_mempolicy ENOSYS", SYS_get_mempolicy, ENOSYS},
		{"get_mempolicy EPERM", SYS_get_mempolicy, EPERM},
		{"get_mempolicy EINVAL", SYS_get_mempolicy, EINVAL},
		{"set_mempolicy ENOSYS", SYS_set_mempolicy, ENOSYS},
		{"set_mempolicy EPERM", SYS_set_mempolicy, EPERM},
		{"mbind ENOSYS", SYS_mbind, ENOSYS},
		{"mbind EPERM", SYS_mbind, EPERM},
		{"sched_getaffinity EPERM", SYS_sched_getaffinity, EPERM},
		{"sched_getaffinity ENOSYS", SYS_sched_getaffinity, ENOSYS},
		{"sched_getaffinity EINVAL", SYS_sched_getaffinity, EINVAL},
		{"sched_setaffinity EPERM", SYS_sched_setaffinity, EPERM},
	};
	static const int errnos[] = {0, 42, 2};

	STORY("story: load and survey")
	{
		errno = 0;
		lib_open(lib_path);
		survey();
	}
	for (size_t i = 0; i < ARRAY_SIZE(errnos); i++)
		STORY("story: load with errno %d", errnos[i])
		{
			errno = errnos[i];
			lib_open(lib_path);
			out_errno();
		}
	for (int mode = 0; mode < 7; mode++)
		STORY("story: load under policy %d", mode)
		{
			out(" set=%d", raw_set_policy(mode, mode && mode != 4 ? "0" : ""));
			lib_open(lib_path);
			out_policy();
			lib_close();
			out_policy();
		}
	STORY("story: load, close, load")
	for (int i = 0; i < 3; i++) {
		lib_open(lib_path);
		out(" %d", L.numa_max_node());
		lib_close();
	}
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		/* libnuma then believes in 4294967288 CPUs, and where it does not crash takes its time. */
		if (root_dir && refusals[i].error == EINVAL)
			continue;
		if (root_dir && !strstr(root_dir, "/four") && !strstr(root_dir, "/no"))
			continue;
		STORY("story: a kernel that answers %s", refusals[i].name)
		{
			refuse(refusals[i].nr, refusals[i].error);
			errno = 0;
			lib_open(lib_path);
			survey();
		}
	}
	STORY("story: no descriptor can be opened after the load")
	{
		struct rlimit none = {3, 3};

		lib_open(lib_path);
		for (int fd = 3; fd < 64; fd++)
			close(fd);
		setrlimit(RLIMIT_NOFILE, &none);
		survey();
		out(" %d %d", L.numa_distance(0, 0), L.numa_node_size64(0, NULL) > 0);
	}
}
