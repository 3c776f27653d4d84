/* SPDX-License-Identifier: MIT */
/*
 * The system calls under their own names: the backend's -errno becomes errno here, once. The
 * arguments go through as they are. The way to the kernel has no call in it. All are weak, so a
 * program's own definition is heard by the library too. Async-signal-safe; errno is the only thing
 * they change.
 *
 * Each has a probe point with the arguments where it begins, CALL__entry, and one with the result
 * or -errno where it ends, CALL__return.
 */
#include <errno.h>
#include <stdint.h>

#include "api/api.h"
#include "backend/backend.h"
#include "base/probe.h"
#include "emul/tls.h"

/* Where this thread's errno is, which libc tells only by a call. */
static EMUL_TLS int *errno_at;

COLD static long first_failure(long ret)
{
	errno_at = &errno;
	*errno_at = (int)-ret;
	return -1;
}

__attribute__((noinline)) static long failed(long ret)
{
	if (unlikely(!errno_at))
		return first_failure(ret);
	*errno_at = (int)-ret;
	return -1;
}

static long result(long ret)
{
	return likely((unsigned long)ret <= -4096UL) ? ret : failed(ret);
}

/* The backend's answer. */
#define OPERATION(name, ...)                                                                       \
	(backend_native() ? native_##name(__VA_ARGS__) : backend()->name(__VA_ARGS__))

__attribute__((weak)) long get_mempolicy(int *mode, unsigned long *nmask, unsigned long maxnode,
					 void *addr, unsigned flags)
{
	long ret;

	PROBE5(get_mempolicy__entry, mode, nmask, maxnode, addr, flags);
	ret = OPERATION(get_mempolicy, mode, nmask, maxnode, addr, flags);
	PROBE1(get_mempolicy__return, ret);
	return result(ret);
}

__attribute__((weak)) long set_mempolicy(int mode, const unsigned long *nmask,
					 unsigned long maxnode)
{
	long ret;

	PROBE3(set_mempolicy__entry, mode, nmask, maxnode);
	ret = OPERATION(set_mempolicy, mode, nmask, maxnode);
	PROBE1(set_mempolicy__return, ret);
	return result(ret);
}

__attribute__((weak)) long mbind(void *start, unsigned long len, int mode,
				 const unsigned long *nmask, unsigned long maxnode, unsigned flags)
{
	long ret;

	PROBE6(mbind__entry, start, len, mode, nmask, maxnode, flags);
	ret = OPERATION(mbind, start, len, (unsigned long)mode, nmask, maxnode, flags);
	PROBE1(mbind__return, ret);
	return result(ret);
}

__attribute__((weak)) long migrate_pages(int pid, unsigned long maxnode, const unsigned long *from,
					 const unsigned long *to)
{
	long ret;

	PROBE4(migrate_pages__entry, pid, maxnode, from, to);
	ret = OPERATION(migrate_pages, pid, maxnode, from, to);
	PROBE1(migrate_pages__return, ret);
	return result(ret);
}

__attribute__((weak)) long move_pages(int pid, unsigned long count, void **pages, const int *nodes,
				      int *status, int flags)
{
	long ret;

	PROBE6(move_pages__entry, pid, count, pages, nodes, status, flags);
	ret = OPERATION(move_pages, pid, count, pages, nodes, status, flags);
	PROBE1(move_pages__return, ret);
	return result(ret);
}

__attribute__((weak)) int set_mempolicy_home_node(void *start, unsigned long len, int home_node,
						  int flag)
{
	long ret;

	PROBE4(set_mempolicy_home_node__entry, start, len, home_node, flag);
	ret = OPERATION(set_mempolicy_home_node, (unsigned long)(uintptr_t)start, len,
			(unsigned long)home_node, (unsigned long)flag);
	PROBE1(set_mempolicy_home_node__return, ret);
	return (int)result(ret);
}

/* Which of several copies of this library in a process answers: that whose wrappers are found. */
extern __typeof__(set_mempolicy_home_node) own_wrapper HIDDEN
	__attribute__((alias("set_mempolicy_home_node")));

bool wrappers_are_ours(void)
{
	return &set_mempolicy_home_node == &own_wrapper;
}
