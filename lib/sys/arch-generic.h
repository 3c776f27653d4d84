/* SPDX-License-Identifier: MIT */
/* Every other architecture: libc's syscall(), with errno put back. */
#include <errno.h>
#include <unistd.h>

/* Declared here because strict ISO modes hide it. */
long syscall(long number, ...);

static inline long sys_trap(long nr, long a, long b, long c, long d, long e, long f)
{
	int saved = errno;
	long ret = syscall(nr, a, b, c, d, e, f);

	if (ret == -1) {
		ret = -errno;
		errno = saved;
	}
	return ret;
}
