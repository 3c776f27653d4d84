/* SPDX-License-Identifier: MIT */
/*
 * The system calls under their own names: the backend's -errno becomes errno here, once. The
 * arguments go through as they are. All are weak, so a program's own definition is heard by the
 * library too. Async-signal-safe; errno is the only thing they change.
 */
#include <errno.h>
#include <stdint.h>

#include "api/api.h"
#include "backend/backend.h"

static long result(long ret)
{
	if (likely((unsigned long)ret <= -4096UL))
		return ret;
	errno = (int)-ret;
	return -1;
}

__attribute__((weak)) long get_mempolicy(int *mode, unsigned long *nmask, unsigned long maxnode,
					 void *addr, unsigned flags)
{
	return result(backend()->get_mempolicy(mode, nmask, maxnode, addr, flags));
}

__attribute__((weak)) long set_mempolicy(int mode, const unsigned long *nmask,
					 unsigned long maxnode)
{
	return result(backend()->set_mempolicy(mode, nmask, maxnode));
}

__attribute__((weak)) long mbind(void *start, unsigned long len, int mode,
				 const unsigned long *nmask, unsigned long maxnode, unsigned flags)
{
	return result(backend()->mbind(start, len, (unsigned long)mode, nmask, maxnode, flags));
}

__attribute__((weak)) long migrate_pages(int pid, unsigned long maxnode, const unsigned long *from,
					 const unsigned long *to)
{
	return result(backend()->migrate_pages(pid, maxnode, from, to));
}

__attribute__((weak)) long move_pages(int pid, unsigned long count, void **pages, const int *nodes,
				      int *status, int flags)
{
	return result(backend()->move_pages(pid, count, pages, nodes, status, flags));
}

__attribute__((weak)) int set_mempolicy_home_node(void *start, unsigned long len, int home_node,
						  int flag)
{
	return (int)result(backend()->set_mempolicy_home_node((unsigned long)(uintptr_t)start, len,
							      (unsigned long)home_node,
							      (unsigned long)flag));
}
