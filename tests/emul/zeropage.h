/* SPDX-License-Identifier: MIT */
/* Whether this system has a zero page, for the tests of what the emulation makes of it. */
#ifndef TESTS_EMUL_ZEROPAGE_H
#define TESTS_EMUL_ZEROPAGE_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Whether reading an untouched page gives the zero page, of which pagemap does not say that it is
 * mapped once. Kernels of some virtual machines give a page of one's own: those of s390x with
 * storage keys, and those started so by their hypervisor.
 */
static inline bool reads_give_zero_page(void)
{
	size_t ps = (size_t)sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, ps, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry = 0;
	bool known;

	(void)*(volatile char *)p;
	known = pread(fd, &entry, sizeof(entry), (off_t)((uintptr_t)p / ps * sizeof(entry))) ==
		(ssize_t)sizeof(entry);
	close(fd);
	munmap(p, ps);
	return !known || !(entry >> 56 & 1);
}

#endif
