/* SPDX-License-Identifier: MIT */
/*
 * Description: what each public function takes, in numbers that do not depend on time.
 *
 *	counts instructions LIBRARY	for callgrind: a dump for each case, of CALLS calls; those
 *					named "raw CASE" are the kernel's call alone
 *	counts syscalls LIBRARY		for strace: each case's one call follows a write to no file
 *					of its name
 *	counts allocations LIBRARY	writes each case's name and how often a call allocates
 *	counts shared LIBRARY		the library's own memory cannot be written: writes the cases
 *					whose functions try to
 *	counts names			the calls of all cases, as they stand in the source
 *	counts optimised		"yes" if the build's numbers mean something
 *
 * The calls that are counted are not the first ones: what is read lazily has been.
 */
#include <link.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <valgrind/callgrind.h>

#include "bench/cases.h"
#include "sys/call.h"

#define CALLS 10

static struct lib lib;
static struct world world;

/* The program's own heap, for everybody: it only grows, and counts. */

static unsigned long allocations;
static _Alignas(16) char heap[64 << 20];
static size_t heap_used;

void *malloc(size_t size)
{
	char *p = heap + heap_used + 16;

	allocations++;
	size = (size + 15) & ~(size_t)15;
	if (size > sizeof(heap) - heap_used - 16)
		return NULL;
	memcpy(p - 16, &size, sizeof(size));
	heap_used += size + 16;
	return p;
}

void *calloc(size_t n, size_t size)
{
	void *p = n && size > SIZE_MAX / n ? NULL : malloc(n * size);

	return p ? memset(p, 0, n * size) : NULL;
}

void *realloc(void *old, size_t size)
{
	void *p = malloc(size);
	size_t old_size = 0;

	if (p && old) {
		memcpy(&old_size, (char *)old - 16, sizeof(old_size));
		memcpy(p, old, old_size < size ? old_size : size);
	}
	return p;
}

void free(void *p)
{
	(void)p;
}

static void call(const struct bench_case *c, unsigned long n)
{
	c->run(&lib, &world, n);
}

static void count_instructions(const struct bench_case *c)
{
	char name[128];

	call(c, 2);
	CALLGRIND_ZERO_STATS;
	call(c, CALLS);
	CALLGRIND_DUMP_STATS_AT(c->name);
	if (c->raw) {
		snprintf(name, sizeof(name), "raw %s", c->name);
		CALLGRIND_ZERO_STATS;
		c->raw(&world, CALLS);
		CALLGRIND_DUMP_STATS_AT(name);
	}
}

static void mark(const char *name)
{
	sys_call(__NR_write, -1, name, strlen(name));
}

static void count_syscalls(const struct bench_case *c)
{
	call(c, 2);
	mark(c->name);
	call(c, 1);
	mark("end");
}

static void count_allocations(const struct bench_case *c)
{
	unsigned long before;

	call(c, 2);
	before = allocations;
	call(c, 1);
	printf("%s\t%lu\n", c->name, allocations - before);
	fflush(stdout);
}

/* Writing to what threads share. */

static sigjmp_buf wrote;

static void on_fault(int sig)
{
	siglongjmp(wrote, sig);
}

/* The library's variables: its writable pages, except those that the linker has protected. */
static int protect(struct dl_phdr_info *info, size_t size, void *prot)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), relro_end = 0;
	const struct link_map *map = lib.handle;

	(void)size;
	if (info->dlpi_addr != map->l_addr)
		return 0;
	for (unsigned i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_GNU_RELRO)
			relro_end = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr +
				    info->dlpi_phdr[i].p_memsz;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + p->p_vaddr, end = start + p->p_memsz;

		if (p->p_type != PT_LOAD || !(p->p_flags & PF_W))
			continue;
		start = (start > relro_end ? start : relro_end) & ~(page - 1);
		if (start < end && mprotect((void *)start, end - start, *(int *)prot))
			abort();
	}
	return 1;
}

static void find_writes(const struct bench_case *c)
{
	int locked = PROT_READ, open = PROT_READ | PROT_WRITE;

	if (c->kind == FILES || !strcmp(c->name, "numa_error again"))
		return;
	call(c, 2);
	dl_iterate_phdr(protect, &locked);
	if (sigsetjmp(wrote, 1) == 0)
		call(c, 2);
	else
		printf("%s\n", c->name);
	dl_iterate_phdr(protect, &open);
	fflush(stdout);
}

static void names(void)
{
	for (size_t i = 0; i < bench_ncases; i++)
		printf("%s\n", bench_cases[i].text);
}

/* The library is built with the same flags. */
static const char *optimised(void)
{
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	return "yes";
#else
	return "no";
#endif
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*count)(const struct bench_case *c);
	} modes[] = {
		{"instructions", count_instructions},
		{"syscalls", count_syscalls},
		{"allocations", count_allocations},
		{"shared", find_writes},
	};
	void (*count)(const struct bench_case *c) = NULL;

	if (argc == 2 && !strcmp(argv[1], "names")) {
		names();
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "optimised")) {
		puts(optimised());
		return 0;
	}
	for (size_t i = 0; argc == 3 && i < ARRAY_SIZE(modes); i++)
		if (!strcmp(argv[1], modes[i].name))
			count = modes[i].count;
	if (!count) {
		fprintf(stderr, "usage: counts instructions|syscalls|allocations|shared LIBRARY\n");
		return 2;
	}
	signal(SIGSEGV, on_fault);
	bench_open(&lib, argv[2]);
	bench_prepare(&world, &lib);
	for (size_t i = 0; i < bench_ncases; i++) {
		if (!bench_cases[i].has(&lib))
			continue;
		count(&bench_cases[i]);
		bench_reset();
	}
	return 0;
}
