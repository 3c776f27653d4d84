/* SPDX-License-Identifier: MIT */
/*
 * The system calls under their own names: the backend's -errno becomes errno here, once. The
 * arguments go through as they are. The way to the kernel has no call in it; that to the emulation,
 * or to the first choice, is a function of its own, so that the wrapper needs no stack. All are
 * weak, so a program's own definition is heard by the library too. Async-signal-safe; errno is the
 * only thing they change.
 *
 * Each has a probe point with the arguments where it begins, CALL__entry, and one with the result
 * or -errno where it ends, CALL__return, which is in two places, one for each way.
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

/*
 * The parameters, the probe point at entry, the names as they are passed on, and what the operation
 * is given.
 */
#define WRAPPER(type, name, parameters, entry, passed, arguments)                                  \
	__attribute__((noinline)) static type other_##name parameters                              \
	{                                                                                          \
		long ret = backend()->name arguments;                                              \
                                                                                                   \
		PROBE1(name##__return, ret);                                                       \
		return (type)result(ret);                                                          \
	}                                                                                          \
	__attribute__((weak)) type name parameters                                                 \
	{                                                                                          \
		long ret;                                                                          \
                                                                                                   \
		entry;                                                                             \
		if (!backend_native())                                                             \
			return other_##name passed;                                                \
		ret = native_##name arguments;                                                     \
		PROBE1(name##__return, ret);                                                       \
		return (type)result(ret);                                                          \
	}

WRAPPER(long, get_mempolicy,
	(int *mode, unsigned long *nmask, unsigned long maxnode, void *addr, unsigned flags),
	PROBE5(get_mempolicy__entry, mode, nmask, maxnode, addr, flags),
	(mode, nmask, maxnode, addr, flags), (mode, nmask, maxnode, addr, flags))

WRAPPER(long, set_mempolicy, (int mode, const unsigned long *nmask, unsigned long maxnode),
	PROBE3(set_mempolicy__entry, mode, nmask, maxnode), (mode, nmask, maxnode),
	(mode, nmask, maxnode))

WRAPPER(long, mbind,
	(void *start, unsigned long len, int mode, const unsigned long *nmask,
	 unsigned long maxnode, unsigned flags),
	PROBE6(mbind__entry, start, len, mode, nmask, maxnode, flags),
	(start, len, mode, nmask, maxnode, flags),
	(start, len, (unsigned long)mode, nmask, maxnode, flags))

WRAPPER(long, migrate_pages,
	(int pid, unsigned long maxnode, const unsigned long *from, const unsigned long *to),
	PROBE4(migrate_pages__entry, pid, maxnode, from, to), (pid, maxnode, from, to),
	(pid, maxnode, from, to))

WRAPPER(long, move_pages,
	(int pid, unsigned long count, void **pages, const int *nodes, int *status, int flags),
	PROBE6(move_pages__entry, pid, count, pages, nodes, status, flags),
	(pid, count, pages, nodes, status, flags), (pid, count, pages, nodes, status, flags))

WRAPPER(int, set_mempolicy_home_node, (void *start, unsigned long len, int home_node, int flag),
	PROBE4(set_mempolicy_home_node__entry, start, len, home_node, flag),
	(start, len, home_node, flag),
	((unsigned long)(uintptr_t)start, len, (unsigned long)home_node, (unsigned long)flag))

/* Which of several copies of this library in a process answers: that whose wrappers are found. */
extern __typeof__(set_mempolicy_home_node) own_wrapper HIDDEN
	__attribute__((alias("set_mempolicy_home_node")));

bool wrappers_are_ours(void)
{
	return &set_mempolicy_home_node == &own_wrapper;
}
