/* SPDX-License-Identifier: MIT */
/*
 * The calling thread's policy: every setter with masks of every size and content, seen through the
 * kernel's own call; every getter after every mode and flag set directly in the kernel; what
 * is per thread.
 */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe.h"

static const unsigned sizes[] = {1,    2,    3,	   4,	  31,	 32,	33,   63,
				 64,   65,   100,  127,	  128,	 129,	1023, 1024,
				 1025, 2048, 4096, 32767, 32768, 32769, 40000};
static const char *const contents[] = {"",	 "0",	 "1",	   "0,1", "last",
				       "0,last", "full", "0,1023", "63",  "64"};

#define SETTER(fn)                                                                                 \
	static void do_##fn(BM *m)                                                                 \
	{                                                                                          \
		R_VOID(L.fn(m));                                                                   \
	}                                                                                          \
	static int has_##fn(void)                                                                  \
	{                                                                                          \
		return L.fn != NULL;                                                               \
	}
SETTER(numa_set_interleave_mask)
SETTER(numa_set_weighted_interleave_mask)
SETTER(numa_set_membind)
SETTER(numa_set_membind_balancing)
SETTER(numa_set_preferred_many)
SETTER(numa_bind)

#define ENTRY(fn)                                                                                  \
	{                                                                                          \
#fn, do_##fn, has_##fn                                                             \
	}
static const struct setter {
	const char *name;
	void (*run)(BM *m);
	int (*present)(void);
} setters[] = {ENTRY(numa_set_interleave_mask), ENTRY(numa_set_weighted_interleave_mask),
	       ENTRY(numa_set_membind),		ENTRY(numa_set_membind_balancing),
	       ENTRY(numa_set_preferred_many),	ENTRY(numa_bind)};

static void set(const struct setter *s, unsigned size, const char *content, int before)
{
	CASE_(1, s->present(), "%s({%s}/%u) after mode %d", s->name, content, size, before)
	{
		raw_set_policy(before, before && before != 4 ? "0" : "");
		s->run(guarded(size, content));
		out_policy();
		out_affinity();
	}
}

void group_policy(void)
{
	static const int nodes[] = {0,	   1,	   2,	    5,	  31,	63,   64,    127,
				    128,   255,	   256,	    1023, 1024, 1025, 4096,  32767,
				    32768, 100000, INT_MAX, -1,	  -2,	-5,   -1024, INT_MIN};

	for (size_t s = 0; s < ARRAY_SIZE(setters); s++) {
		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
			for (size_t c = 0; c < ARRAY_SIZE(contents); c++)
				set(&setters[s], sizes[i], contents[c], 0);
		for (int before = 1; before < 6; before++)
			for (size_t c = 0; c < 3; c++)
				set(&setters[s], (unsigned)kernel_nodes, contents[c], before);
		CASE_(1, setters[s].present(), "%s(NULL)", setters[s].name)
		{
			setters[s].run(NULL);
			out_policy();
		}
		CASE_(1, setters[s].present(), "%s twice", setters[s].name)
		{
			setters[s].run(guarded(64, "1"));
			setters[s].run(guarded(64, "1"));
			setters[s].run(guarded(64, "0"));
			out_policy();
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++)
		FCASE(numa_set_preferred, "(%d)", nodes[i])
		{
			R_VOID(L.numa_set_preferred(nodes[i]));
			out_policy();
		}
	for (int before = 0; before < 6; before++)
		FCASE(numa_set_localalloc, "() after mode %d", before)
		{
			raw_set_policy(before, before && before != 4 ? "0" : "");
			R_VOID(L.numa_set_localalloc());
			out_policy();
		}
	for (int i = 0; i < 3; i++)
		FCASE(numa_has_preferred_many, "() after mode %d", i)
		{
			raw_set_policy(i, i ? "0" : "");
			R_INT(L.numa_has_preferred_many());
			R_INT(L.numa_has_preferred_many());
			out_policy();
		}
}

static void getters(int mode, const char *list)
{
	int set_error = 0;

#define AFTER "() after mode %#x {%s}", (unsigned)mode, list
#define BEFORE                                                                                     \
	do {                                                                                       \
		set_error = raw_set_policy(mode, list);                                            \
		if (set_error)                                                                     \
			out(" (refused %d)", set_error);                                           \
	} while (0)
	FCASE(numa_get_interleave_mask, AFTER)
	{
		BEFORE;
		R_MASK('n', L.numa_get_interleave_mask());
	}
	FCASE(numa_get_weighted_interleave_mask, AFTER)
	{
		BEFORE;
		R_MASK('n', L.numa_get_weighted_interleave_mask());
	}
	FCASE(numa_get_membind, AFTER)
	{
		BEFORE;
		R_MASK('n', L.numa_get_membind());
	}
	FCASE(numa_preferred_many, AFTER)
	{
		BEFORE;
		R_MASK('n', L.numa_preferred_many());
	}
	FCASE(numa_preferred, AFTER)
	{
		BEFORE;
		R_INT(L.numa_preferred());
	}
	FCASE(numa_preferred_err, AFTER)
	{
		BEFORE;
		R_INT(L.numa_preferred_err());
	}
	FCASE(numa_get_interleave_node, AFTER)
	{
		BEFORE;
		R_INT(L.numa_get_interleave_node());
	}
	FCASE(numa_get_mems_allowed, AFTER)
	{
		BEFORE;
		R_MASK('n', L.numa_get_mems_allowed());
		out_policy();
	}
	FCASE_V1(numa_get_interleave_mask, AFTER)
	{
		BEFORE;
		R_NODEMASK(L.v1_numa_get_interleave_mask());
	}
	FCASE_V1(numa_get_membind, AFTER)
	{
		BEFORE;
		R_NODEMASK(L.v1_numa_get_membind());
		out(" all_nodes=");
		out_nodemask(L.numa_all_nodes);
	}
	FCASE(numa_has_preferred_many, AFTER)
	{
		BEFORE;
		R_INT(L.numa_has_preferred_many());
		out_policy();
	}
#undef AFTER
#undef BEFORE
}

void group_getters(void)
{
	static const int flags[] = {0, 1 << 13, 1 << 14, 1 << 15};

	for (int mode = 0; mode < 7; mode++)
		for (size_t f = 0; f < ARRAY_SIZE(flags); f++) {
			getters(mode | flags[f], "");
			getters(mode | flags[f], "0");
			getters(mode | flags[f], "0,1");
			getters(mode | flags[f], "full");
		}
}

static const struct {
	int bind_policy, strict; /* -1: not called */
} choices[] = {{-1, -1}, {0, -1}, {1, -1}, {-1, 0}, {-1, 1}, {0, 1}, {1, 1}, {2, 3}, {-5, -5}};

static void choose(size_t c)
{
	if (choices[c].bind_policy != -1)
		R_VOID(L.numa_set_bind_policy(choices[c].bind_policy));
	if (choices[c].strict != -1)
		R_VOID(L.numa_set_strict(choices[c].strict));
}

static void use(void)
{
	static const int nodes[] = {0, 1};
	char *p = pages_new(4);

	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		R_VOID(L.numa_tonode_memory(p, 4 * page, nodes[i]));
		out_range(p, 4);
	}
	p[page] = 1;
	R_VOID(L.numa_tonode_memory(p, 4 * page, 0));
	R_VOID(L.numa_setlocal_memory(p, 4 * page));
	R_VOID(L.numa_interleave_memory(p, 4 * page, guarded(64, "0")));
	R_VOID(L.numa_tonodemask_memory(p, 4 * page, guarded(64, "0,1")));
	out_range(p, 4);
}

static void *use_in_thread(void *choice)
{
	if (choice)
		choose(*(size_t *)choice);
	use();
	return NULL;
}

static void in_thread(size_t *choice)
{
	pthread_t t;

	if (pthread_create(&t, NULL, use_in_thread, choice) || pthread_join(t, NULL))
		die("thread");
}

void group_thread(void)
{
	static const int nodes[] = {0, 1, -1, 1023, 1024};

	for (size_t c = 0; c < ARRAY_SIZE(choices); c++) {
		STORY("numa_set_bind_policy(%d), numa_set_strict(%d)", choices[c].bind_policy,
		      choices[c].strict)
		{
			choose(c);
			use();
		}
		STORY("numa_set_bind_policy(%d), numa_set_strict(%d), then a new thread",
		      choices[c].bind_policy, choices[c].strict)
		{
			choose(c);
			in_thread(NULL);
		}
		STORY("numa_set_bind_policy(%d), numa_set_strict(%d) in a thread, then the first",
		      choices[c].bind_policy, choices[c].strict)
		{
			in_thread(&c);
			use();
		}
		STORY("numa_set_bind_policy(%d), numa_set_strict(%d), policy kept",
		      choices[c].bind_policy, choices[c].strict)
		{
			raw_set_policy(3, "0");
			choose(c);
			out_policy();
		}
	}
	for (int policy = 0; policy < 2; policy++)
		for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
			FCASE(numa_tonode_memory, "(untouched, %d) bind policy %d", nodes[i],
			      policy)
			{
				char *p = pages_new(4);

				L.numa_set_bind_policy(policy);
				R_VOID(L.numa_tonode_memory(p, 4 * page, nodes[i]));
				out_range(p, 4);
			}
			FCASE(numa_alloc_onnode, "(8192, %d) bind policy %d", nodes[i], policy)
			{
				char *p;

				L.numa_set_bind_policy(policy);
				errno = 0;
				p = L.numa_alloc_onnode(8192, nodes[i]);
				out_errno();
				if (p)
					out_range(p, 2);
			}
		}
	/* Each function alone, for its own value of errno. */
	for (int v = -2; v < 3; v++) {
		FCASE(numa_set_bind_policy, "(%d)", v) R_VOID(L.numa_set_bind_policy(v));
		FCASE(numa_set_strict, "(%d)", v) R_VOID(L.numa_set_strict(v));
	}
}
