/* SPDX-License-Identifier: MIT */
/*
 * Description: a program that defines functions of the library for itself is called by the library.
 * The program's own wrappers fail, so that the library also has something to report.
 */
#include <numa.h>
#include <numaif.h>
#include <stdarg.h>
#include "harness.h"

static struct {
	int get_mempolicy, set_mempolicy, mbind, migrate_pages, move_pages, error, warn;
	int mode, num;
	char where[64];
} heard;

/* Every one of them counts and fails with an errno that the kernel would not give here. */
#define HEARD(call) (heard.call++, errno = EXDEV, -1)

long get_mempolicy(int *mode, unsigned long *nmask, unsigned long maxnode, void *addr,
		   unsigned flags)
{
	(void)mode, (void)nmask, (void)maxnode, (void)addr, (void)flags;
	return HEARD(get_mempolicy);
}

long set_mempolicy(int mode, const unsigned long *nmask, unsigned long maxnode)
{
	(void)nmask, (void)maxnode;
	heard.mode = mode;
	return HEARD(set_mempolicy);
}

long mbind(void *start, unsigned long len, int mode, const unsigned long *nmask,
	   unsigned long maxnode, unsigned flags)
{
	(void)start, (void)len, (void)nmask, (void)maxnode, (void)flags;
	heard.mode = mode;
	return HEARD(mbind);
}

long migrate_pages(int pid, unsigned long maxnode, const unsigned long *from,
		   const unsigned long *to)
{
	(void)pid, (void)maxnode, (void)from, (void)to;
	return HEARD(migrate_pages);
}

long move_pages(int pid, unsigned long count, void **pages, const int *nodes, int *status,
		int flags)
{
	(void)pid, (void)count, (void)pages, (void)nodes, (void)status, (void)flags;
	return HEARD(move_pages);
}

void numa_error(char *where)
{
	heard.error++;
	snprintf(heard.where, sizeof(heard.where), "%s", where);
}

void numa_warn(int num, char *fmt, ...)
{
	(void)fmt;
	heard.warn++;
	heard.num = num;
}

static void forget(void)
{
	memset(&heard, 0, sizeof(heard));
	heard.mode = -1;
	errno = 0;
}

static void numa_available_asks_get_mempolicy(void)
{
	forget();
	CHECK_EQ(numa_available(), 0); /* what it gets is neither ENOSYS nor EPERM */
	CHECK_EQ(heard.get_mempolicy, 1);
	CHECK_EQ(heard.error, 0);
}

static void setting_the_threads_policy_asks_set_mempolicy(void)
{
	forget();
	numa_set_membind(numa_all_nodes_ptr);
	CHECK_EQ(heard.set_mempolicy, 1);
	CHECK_EQ(heard.mode, MPOL_BIND);
	CHECK_EQ(heard.error, 1);
	CHECK_STR(heard.where, "set_mempolicy");
	CHECK_EQ(errno, EXDEV);
}

static void reading_the_threads_policy_asks_get_mempolicy(void)
{
	struct bitmask *mask;

	forget();
	mask = numa_get_membind();
	CHECK(mask);
	CHECK(heard.get_mempolicy >= 1);
	CHECK(heard.error >= 1);
	CHECK_STR(heard.where, "get_mempolicy");
	numa_bitmask_free(mask);
}

static void the_policy_of_memory_asks_mbind(void)
{
	size_t page = (size_t)numa_pagesize();
	void *mem = numa_alloc(page);

	REQUIRE(mem);
	forget();
	numa_setlocal_memory(mem, page);
	CHECK_EQ(heard.mbind, 1);
	CHECK_EQ(heard.mode, MPOL_LOCAL);
	CHECK_EQ(heard.error, 1);
	CHECK_STR(heard.where, "mbind");
	numa_free(mem, page);
}

static void moving_asks_migrate_pages_and_move_pages(void)
{
	forget();
	CHECK_EQ(numa_migrate_pages(0, numa_all_nodes_ptr, numa_all_nodes_ptr), -1);
	CHECK_EQ(heard.migrate_pages, 1);
	CHECK_EQ(numa_move_pages(0, 0, NULL, NULL, NULL, 0), -1);
	CHECK_EQ(heard.move_pages, 1);
	CHECK_EQ(errno, EXDEV);
	CHECK_EQ(heard.error, 0);
}

static void numa_warn_hears_every_warning(void)
{
	forget();
	CHECK(!numa_parse_nodestring("x"));
	CHECK(!numa_parse_nodestring("x"));
	CHECK_EQ(heard.warn, 2);
	CHECK_EQ(heard.num, 10);
	CHECK(!numa_parse_cpustring("x"));
	CHECK_EQ(heard.warn, 3);
	CHECK_EQ(heard.num, 9);
}

static void numa_error_hears_every_error(void)
{
	forget();
	CHECK(!numa_bitmask_alloc(0));
	CHECK(!numa_bitmask_alloc(0));
	CHECK_EQ(heard.error, 2);
}

int main(void)
{
	RUN(numa_available_asks_get_mempolicy);
	RUN(setting_the_threads_policy_asks_set_mempolicy);
	RUN(reading_the_threads_policy_asks_get_mempolicy);
	RUN(the_policy_of_memory_asks_mbind);
	RUN(moving_asks_migrate_pages_and_move_pages);
	RUN(numa_warn_hears_every_warning);
	RUN(numa_error_hears_every_error);
	return tap_done();
}
