/* SPDX-License-Identifier: MIT */
/*
 * Moving pages and processes, and the raw wrappers: arguments through unchanged, errno and
 * nothing else.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "probe.h"

static int find_pid(int which)
{
	return which == 0 ? 0 : which == 1 ? getpid() : which == 2 ? 4194304 : -1;
}

static const char *const pid_names[] = {"0", "self", "nobody", "-1"};

static void migrate(void)
{
	static const unsigned sizes[] = {1, 64, 65, 1024, 2048};
	static const char *const sets[] = {"", "0", "1", "0,1", "full"};

	for (int pid = 0; pid < 4; pid++)
		for (size_t s = 0; s < ARRAY_SIZE(sizes); s++)
			for (size_t f = 0; f < ARRAY_SIZE(sets); f++)
				for (size_t t = 0; t < ARRAY_SIZE(sets); t++)
					if (pid == 0 || (sizes[s] == 1024 && f < 3 && t < 3))
						FCASE(numa_migrate_pages, "(%s, {%s}, {%s}) /%u",
						      pid_names[pid], sets[f], sets[t], sizes[s])
	R_INT(L.numa_migrate_pages(find_pid(pid), guarded(sizes[s], sets[f]),
				   guarded(sizes[s], sets[t])));
	for (int i = 0; i < 3; i++)
		FCASE(numa_migrate_pages, "(0, NULL) #%d", i)
	R_INT(L.numa_migrate_pages(0, i == 0 ? NULL : guarded(1024, "0"),
				   i == 1   ? NULL
				   : i == 2 ? guarded(64, "0")
					    : NULL));
	for (int pid = 0; pid < 4; pid++)
		for (UL max = 0; max < 5; max++)
			FCASE(migrate_pages, "(%s, %lu, {0}, {0})", pid_names[pid],
			      max < 4 ? max : 40000)
			{
				UL *w = guarded_words(1024);

				w[0] = 1;
				R_INT(L.migrate_pages(find_pid(pid), max < 4 ? max : 40000, w, w));
			}
	FCASE(migrate_pages, "(0, 1025, wild pointers)")
	R_INT(L.migrate_pages(0, 1025, (UL *)8, (UL *)8));
}

typedef int mover(int pid, UL count, void **pages, const int *nodes, int *status, int flags);

static int by_wrapper(int pid, UL count, void **pages, const int *nodes, int *status, int flags)
{
	return (int)L.move_pages(pid, count, pages, nodes, status, flags);
}

static int by_name(int pid, UL count, void **pages, const int *nodes, int *status, int flags)
{
	return L.numa_move_pages(pid, count, pages, nodes, status, flags);
}

static void move(const char *name, mover *call)
{
	static const int targets[] = {0, 1, -1, 1024}, flags[] = {0, 1, 2, 4, 6, 99, -1};

	for (int pid = 0; pid < 4; pid++)
		for (int query = 0; query < 2; query++)
			for (UL count = 0; count < 5; count += count == 2 ? 2 : 1)
				for (size_t f = 0; f < ARRAY_SIZE(flags); f++)
					for (size_t t = 0; t < ARRAY_SIZE(targets); t++) {
						if (pid > 1 && (count != 2 || f > 2))
							continue;
						if ((query || f > 2) && t)
							continue;
						CASE_(1, 1, "%s(%s, %lu pages, %s %d, flags %d)",
						      name, pid_names[pid], count,
						      query ? "where" : "to", targets[t], flags[f])
						{
							char *p = pages_new(4);
							void *at[4] = {p, p + page, p + 100,
								       p + 4 * page};
							int to[4], status[6] = {77, 77, 77,
										77, 77, 77};

							p[0] = p[2 * page] = 1;
							for (int i = 0; i < 4; i++)
								to[i] = targets[t];
							R_INT(call(find_pid(pid), count, at,
								   query ? NULL : to, status,
								   flags[f]));
							for (int i = 0; i < 6; i++)
								out(" %d", status[i]);
						}
					}
	CASE_(1, 1, "%s(wild pointers)", name)
	{
		int status[2] = {77, 77};
		void *at[2] = {status, NULL};

		R_INT(call(0, 1, (void **)8, NULL, status, 0));
		R_INT(call(0, 1, at, NULL, (int *)8, 0));
		R_INT(call(0, 1, at, (int *)8, status, 2));
		R_INT(call(0, 1, NULL, NULL, status, 0));
		R_INT(call(0, ULONG_MAX, at, NULL, status, 0));
		out(" %d %d", status[0], status[1]);
	}
}

void group_migrate(void)
{
	migrate();
	move("numa_move_pages", by_name);
	move("move_pages", by_wrapper);
}

static const int modes[] = {0,	1,	2,	3,	4,	5,	6,	7,	8,	100,
			    -1, 0x2002, 0x2003, 0x4003, 0x8001, 0x8002, 0xc003, 0x1002, INT_MIN};
static const UL maxnodes[] = {0,    1,	   2,	  3,	 64,	65,	  1024,
			      1025, 32768, 32769, 32770, 40000, ULONG_MAX};

static void get_wrapper(void)
{
	for (unsigned flags = 0; flags < 10; flags++)
		for (size_t m = 0; m < ARRAY_SIZE(maxnodes); m++)
			for (int what = 0; what < 4; what++)
				FCASE(get_mempolicy, "(%s, %s, %lu, %s, %u)",
				      what & 1 ? "NULL" : "&mode", what & 2 ? "NULL" : "mask",
				      maxnodes[m], flags & 2 ? "page" : "NULL",
				      flags < 8 ? flags : flags * 100)
				{
					char *p = pages_new(1);
					UL *w = guarded_words(1024);
					int mode = -77;

					*p = 1;
					raw_set_policy(3, "0");
					R_INT(L.get_mempolicy(what & 1 ? NULL : &mode,
							      what & 2 ? NULL : w, maxnodes[m],
							      flags & 2 ? p : NULL,
							      flags < 8 ? flags : flags * 100));
					out(" mode=%d", mode);
					out_bits(w, 65536);
				}
	FCASE(get_mempolicy, "(wild pointers)")
	{
		UL *w = guarded_words(1024);
		int mode = -77;

		R_INT(L.get_mempolicy((int *)8, w, 1025, NULL, 0));
		R_INT(L.get_mempolicy(&mode, (UL *)8, 1025, NULL, 0));
		R_INT(L.get_mempolicy(&mode, w, 1025, (void *)8, 2));
		R_INT(L.get_mempolicy(&mode, w, 1025, (void *)8, 0));
		out(" mode=%d", mode);
	}
}

void group_wrappers(void)
{
	static const char *const sets[] = {"", "0", "1", "0,1", "1023"};

	get_wrapper();
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		for (size_t s = 0; s < ARRAY_SIZE(sets); s++)
			for (size_t m = 0; m < ARRAY_SIZE(maxnodes); m++) {
				if (m > 2 && maxnodes[m] != 1025 && i > 3)
					continue;
				FCASE(set_mempolicy, "(%#x, {%s}, %lu)", (unsigned)modes[i],
				      sets[s], maxnodes[m])
				{
					UL *w = guarded_words(1024);

					set_list(w, 65536, sets[s]);
					R_INT(L.set_mempolicy(modes[i], w, maxnodes[m]));
					out_policy();
				}
				FCASE(mbind, "(%#x, {%s}, %lu)", (unsigned)modes[i], sets[s],
				      maxnodes[m])
				{
					UL *w = guarded_words(1024);
					char *p = pages_new(4);

					set_list(w, 65536, sets[s]);
					R_INT(L.mbind(p + page, 2 * page, modes[i], w, maxnodes[m],
						      0));
					out_range(p, 4);
				}
			}
	for (unsigned flags = 0; flags < 20; flags++)
		FCASE(mbind, "(flags %u)", flags)
		{
			UL *w = guarded_words(16);
			char *p = pages_new(2);

			w[0] = 1;
			*p = 1;
			R_INT(L.mbind(p, 2 * page, 2, w, 1025, flags));
			R_INT(L.mbind(p + 1, page, 2, w, 1025, flags));
			R_INT(L.mbind(p, 0, 2, w, 1025, flags));
			R_INT(L.mbind(p, ULONG_MAX, 2, w, 1025, flags));
			R_INT(L.mbind(p, page, 0, NULL, 0, flags));
			R_INT(L.mbind(p + 2 * page, page, 2, w, 1025, flags));
			R_INT(L.mbind(NULL, page, 2, w, 1025, flags));
			R_INT(L.mbind(p, page, 2, (UL *)8, 1025, flags));
		}
	FCASE(set_mempolicy, "(wild pointer, NULL)")
	{
		R_INT(L.set_mempolicy(2, (UL *)8, 1025));
		R_INT(L.set_mempolicy(2, NULL, 1025));
		R_INT(L.set_mempolicy(0, NULL, 0));
		R_INT(L.set_mempolicy(4, NULL, 0));
	}
	for (int e = 0; e < 3; e++)
		STORY("story: errno %d kept by wrappers that succeed", e * 7)
		{
			int mode;

			errno = e * 7;
			L.get_mempolicy(&mode, NULL, 0, NULL, 0);
			out_errno();
			L.set_mempolicy(0, NULL, 0);
			out_errno();
		}
}
