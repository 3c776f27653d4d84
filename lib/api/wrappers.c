/* SPDX-License-Identifier: MIT */
/*
 * The system calls under their own names: the backend's -errno becomes errno here, once. The
 * arguments go through as they are. The way to the kernel has no call in it; that to the emulation,
 * or to the first choice, is a function of its own, so that the wrapper needs no stack. All are
 * weak, so a program's own definition is heard by the library too. Async-signal-safe; errno is the
 * only thing they change.
 */
#include <errno.h>
#include <stdint.h>

#include "api/api.h"
#include "backend/backend.h"
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

/* The parameters, their names as they are passed on, and what the operation is given. */
#define WRAPPER(type, name, parameters, passed, arguments)                                         \
	__attribute__((noinline)) static type other_##name parameters                              \
	{                                                                                          \
		return (type)result(backend()->name arguments);                                    \
	}                                                                                          \
	__attribute__((weak)) type name parameters                                                 \
	{                                                                                          \
		return backend_native() ? (type)result(native_##name arguments)                    \
					: other_##name passed;                                     \
	}

WRAPPER(long, get_mempolicy,
	(int *mode, unsigned long *nmask, unsigned long maxnode, void *addr, unsigned flags),
	(mode, nmask, maxnode, addr, flags), (mode, nmask, maxnode, addr, flags))

WRAPPER(long, set_mempolicy, (int mode, const unsigned long *nmask, unsigned long maxnode),
	(mode, nmask, maxnode), (mode, nmask, maxnode))

WRAPPER(long, mbind,
	(void *start, unsigned long len, int mode, const unsigned long *nmask,
	 unsigned long maxnode, unsigned flags),
	(start, len, mode, nmask, maxnode, flags),
	(start, len, (unsigned long)mode, nmask, maxnode, flags))

WRAPPER(long, migrate_pages,
	(int pid, unsigned long maxnode, const unsigned long *from, const unsigned long *to),
	(pid, maxnode, from, to), (pid, maxnode, from, to))

WRAPPER(long, move_pages,
	(int pid, unsigned long count, void **pages, const int *nodes, int *status, int flags),
	(pid, count, pages, nodes, status, flags), (pid, count, pages, nodes, status, flags))

WRAPPER(int, set_mempolicy_home_node, (void *start, unsigned long len, int home_node, int flag),
	(start, len, home_node, flag),
	((unsigned long)(uintptr_t)start, len, (unsigned long)home_node, (unsigned long)flag))
