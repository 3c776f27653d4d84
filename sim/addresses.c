/* SPDX-License-Identifier: MIT */
/*
 * What happens to mappings: the machine hears of it when it knows anything of any range. libc's own
 * uses of these calls, in malloc() and for the stacks of threads, cannot be seen; a mapping that is
 * seen to be new ends what was known of its place.
 */
#include <errno.h>
#include <stdarg.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#include "emul/emul.h"
#include "emul/mappings.h"
#include "sim/sim.h"
#include "sys/call.h"

#define PAGE_BITS_OF_MMAP2 12

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

HAS_NEXT(brk);
HAS_NEXT(sbrk);
HAS_NEXT(shmat);
HAS_NEXT(shmdt);

static long raw_mmap(void *addr, size_t len, int prot, int flags, int fd, long long offset)
{
#if defined(__s390x__)
	/* s390's mmap takes its six arguments in memory. */
	long args[6] = {(long)addr, (long)len, prot, flags, fd, offset};

	return sys_call(__NR_mmap, args);
#elif defined(__NR_mmap2)
	if (offset & ((1 << PAGE_BITS_OF_MMAP2) - 1))
		return -EINVAL;
	return sys_call(__NR_mmap2, addr, len, prot, flags, fd, offset >> PAGE_BITS_OF_MMAP2);
#else
	return sys_call(__NR_mmap, addr, len, prot, flags, fd, offset);
#endif
}

static bool failed(long ret)
{
	return ret < 0 && ret >= -4095;
}

long sim_mmap(void *addr, size_t len, int prot, int flags, int fd, long long offset)
{
	long ret = raw_mmap(addr, len, prot, flags, fd, offset);

	if (emul_ranges_known() && !failed(ret))
		emul_unmapped((void *)ret, len);
	return ret;
}

/* Before it happens, since another thread may get the place at once; so only what will succeed. */
long sim_munmap(void *addr, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (emul_ranges_known() && len && ((uintptr_t)addr & (page - 1)) == 0)
		emul_unmapped(addr, len);
	return sys_call(__NR_munmap, addr, len);
}

long sim_mremap(void *addr, size_t old_len, size_t new_len, int flags, void *new_addr)
{
	long ret = sys_call(__NR_mremap, addr, old_len, new_len, flags, new_addr);

	if (emul_ranges_known() && !failed(ret)) {
		emul_moved(addr, old_len, (void *)ret, new_len);
		if (flags & MREMAP_DONTUNMAP)
			emul_left(addr, (void *)ret, old_len);
	}
	return ret;
}

/* MADV_GUARD_INSTALL, for builds with older headers. */
#define ADVICE_GUARD_INSTALL 102

/* Whether pages go at once. MADV_FREE leaves them until memory is short; then they are seen gone. */
static bool discards(int advice)
{
	switch (advice) {
	case MADV_DONTNEED:
	case MADV_REMOVE:
#ifdef MADV_DONTNEED_LOCKED
	case MADV_DONTNEED_LOCKED:
#endif
	case ADVICE_GUARD_INSTALL:
		return true;
	default:
		return false;
	}
}

long sim_madvise(void *addr, size_t len, int advice)
{
	long ret = sys_call(__NR_madvise, addr, len, advice);

	/* Where there is a hole the rest of the range is discarded all the same. */
	if ((ret == 0 || ret == -ENOMEM) && emul_ranges_known() && discards(advice))
		emul_discarded(addr, len);
	return ret;
}

/* The kernel gives the end of the heap as it is, whether that is what was asked or not. */
long sim_brk(void *end)
{
	uintptr_t old = (uintptr_t)sys_call(__NR_brk, 0);
	uintptr_t new = (uintptr_t)sys_call(__NR_brk, end);
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE) - 1;

	old = (old + page) & ~page;
	if (emul_ranges_known() && ((new + page) & ~page) < old)
		emul_unmapped((void *)((new + page) & ~page), old - ((new + page) & ~page));
	return (long)new;
}

INTERPOSED void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	return (void *)sim_result(sim_mmap(addr, len, prot, flags, fd, offset));
}

#ifndef mmap64 /* musl had it as a macro */
INTERPOSED void *mmap64(void *addr, size_t len, int prot, int flags, int fd, off64_t offset)
{
	return (void *)sim_result(sim_mmap(addr, len, prot, flags, fd, offset));
}
#endif

INTERPOSED int munmap(void *addr, size_t len)
{
	return (int)sim_result(sim_munmap(addr, len));
}

INTERPOSED void *mremap(void *addr, size_t old_len, size_t new_len, int flags, ...)
{
	void *new_addr = NULL;
	va_list args;

	va_start(args, flags);
	if (flags & MREMAP_FIXED)
		new_addr = va_arg(args, void *);
	va_end(args);
	return (void *)sim_result(sim_mremap(addr, old_len, new_len, flags, new_addr));
}

INTERPOSED int madvise(void *addr, size_t len, int advice)
{
	return (int)sim_result(sim_madvise(addr, len, advice));
}

/* libc keeps the end of the heap, so it has to do these itself; shrinking is told first. */

static void heap_ends(uintptr_t end)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE) - 1;
	uintptr_t old = ((uintptr_t)sys_call(__NR_brk, 0) + page) & ~page;

	end = (end + page) & ~page;
	if (end < old)
		emul_unmapped((void *)end, old - end);
}

INTERPOSED int brk(void *end)
{
	if (emul_ranges_known())
		heap_ends((uintptr_t)end);
	return NEXT(brk)(end);
}

INTERPOSED void *sbrk(intptr_t increment)
{
	if (increment < 0 && emul_ranges_known())
		heap_ends((uintptr_t)sys_call(__NR_brk, 0) + (uintptr_t)increment);
	return NEXT(sbrk)(increment);
}

INTERPOSED void *shmat(int id, const void *addr, int flags)
{
	struct shmid_ds segment;
	void *at = NEXT(shmat)(id, addr, flags);

	if (emul_ranges_known() && at != (void *)-1) {
		int saved = errno;

		if (shmctl(id, IPC_STAT, &segment) == 0)
			emul_unmapped(at, segment.shm_segsz);
		errno = saved;
	}
	return at;
}

/* How far the mapping goes: over all neighbours of the same segment. */
static size_t segment_length(const void *addr)
{
	uintptr_t start = (uintptr_t)addr, end = start;
	struct mapping first, next;

	if (!mapping_of(start, &first) || first.start != start)
		return 0;
	for (next = first; next.inode == first.inode && next.device == first.device &&
			   next.offset == first.offset + (end - start);) {
		end = next.end;
		if (!mapping_of(end, &next))
			break;
	}
	return end - start;
}

INTERPOSED int shmdt(const void *addr)
{
	size_t len = emul_ranges_known() ? segment_length(addr) : 0;
	int ret = NEXT(shmdt)(addr);

	if (ret == 0 && len)
		emul_unmapped((void *)(uintptr_t)addr, len);
	return ret;
}
