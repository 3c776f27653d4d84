/* SPDX-License-Identifier: MIT */
/* The sources of presence.h, one after the other, and how one of them is chosen. */
#include "emul/presence.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "emul/usercopy.h"
#include "sys/call.h"
#include "sys/smallfile.h"

/* The interface of PAGEMAP_SCAN, for builds with older headers. */
struct page_region_args {
	uint64_t start;
	uint64_t end;
	uint64_t categories;
};
struct pm_scan_args {
	uint64_t size;
	uint64_t flags;
	uint64_t start;
	uint64_t end;
	uint64_t walk_end;
	uint64_t vec;
	uint64_t vec_len;
	uint64_t max_pages;
	uint64_t category_inverted;
	uint64_t category_mask;
	uint64_t category_anyof_mask;
	uint64_t return_mask;
};
#define SCAN_PAGEMAP _IOWR('f', 16, struct pm_scan_args)
#define SCAN_PRESENT (1U << 3)
#define SCAN_ZERO (1U << 5)

/* An entry of /proc/self/pagemap. */
#define ENTRY_PRESENT (1ULL << 63)
#define ENTRY_FILE (1ULL << 61)	  /* or shared anonymous */
#define ENTRY_SINGLE (1ULL << 56) /* mapped once */

/* After an answer without sense. */
static bool reopen(struct presence *p)
{
	return own_file_reopen("pagemap", &p->fd, &p->by_thread);
}

/* ---- PAGEMAP_SCAN ---- */

/* The first run in [from, end) of present pages that are or are not zero pages. 1, 0, or -errno. */
static int scan(struct presence *p, uintptr_t from, uintptr_t end, bool zero,
		struct page_region_args *run)
{
	struct pm_scan_args args = {
		.size = sizeof(args),
		.start = from,
		.end = end,
		.vec = (uintptr_t)run,
		.vec_len = 1,
		.category_inverted = zero ? 0 : SCAN_ZERO,
		.category_mask = SCAN_PRESENT | SCAN_ZERO,
		.return_mask = SCAN_PRESENT,
	};

	long found;

	*run = (struct page_region_args){0};
	do
		found = sys_call(__NR_ioctl, p->fd, SCAN_PAGEMAP, &args);
	while (found < 0 && reopen(p));
	return (int)found;
}

/* ---- /proc/self/pagemap ---- */

static bool refill_from_pagemap(struct presence *p, uintptr_t page, unsigned pages)
{
	uint64_t offset = (uint64_t)(page / p->page_size) * sizeof(p->entry[0]);
	long got;

	do
		got = file_read_at(p->fd, p->entry, pages * sizeof(p->entry[0]), offset);
	while (got == 0 && reopen(p));
	p->first = page;
	p->count = got > 0 ? (unsigned)((size_t)got / sizeof(p->entry[0])) : 0;
	if (got == 0) /* no address of a process's */
		p->entry[p->count++] = 0;
	return p->count > 0;
}

/* ---- mincore ---- */

static void refill_from_mincore(struct presence *p, uintptr_t page, unsigned pages)
{
	unsigned char vec[PRESENCE_ENTRIES];
	long err;

	do
		err = sys_call(__NR_mincore, page, pages * p->page_size, vec);
	while (err == -EAGAIN);
	if (err && pages > 1) {
		/* A hole among them: one by one, which is rare. */
		refill_from_mincore(p, page, 1);
		return;
	}
	for (unsigned i = 0; i < pages; i++)
		p->entry[i] = !err && (vec[i] & 1) ? ENTRY_PRESENT | ENTRY_SINGLE : 0;
	p->first = page;
	p->count = pages;
}

/*
 * Without PAGEMAP_SCAN, what is reserved and not used is skipped in large steps by mincore(), to
 * which no page is absent that is there. Less than SKIP_LEAST pages are not worth that.
 */
#define SKIP_LEAST 1024U
#define SKIP_PAGES 65536U

/* How many pages, of those from `page` on, are absent before one may be there. */
static size_t count_absent(uintptr_t page, size_t pages, size_t page_size, unsigned char *vec)
{
	size_t n = 0;

	if (sys_call(__NR_mincore, page, pages * page_size, vec) != 0)
		return 0;
	while (n < pages && !vec[n])
		n++;
	return n;
}

/* The first page in [from, end) that may be there. */
static uintptr_t skip_absent(const struct presence *p, uintptr_t from, uintptr_t end)
{
	size_t left = (end - from) / p->page_size, step, absent;
	unsigned char *vec = left >= SKIP_LEAST ? pages_alloc(SKIP_PAGES) : NULL;

	if (!vec)
		return from;
	do {
		step = left < SKIP_PAGES ? left : SKIP_PAGES;
		absent = step ? count_absent(from, step, p->page_size, vec) : 0;
		from += absent * p->page_size;
		left -= absent;
	} while (absent && absent == step);
	pages_free(vec, SKIP_PAGES);
	return from;
}

/* ---- all together ---- */

/* The entry of a page, in pagemap's form; asks for `ahead` pages at once. */
static uint64_t entry_of(struct presence *p, uintptr_t page, unsigned ahead)
{
	if (page < p->first || page - p->first >= p->count * p->page_size) {
		p->count = 0;
		if (p->source == PRESENCE_MINCORE)
			refill_from_mincore(p, page, ahead);
		else if (p->source == PRESENCE_NONE || !refill_from_pagemap(p, page, ahead))
			return p->source == PRESENCE_NONE ? ENTRY_PRESENT | ENTRY_SINGLE : 0;
	}
	return p->entry[(page - p->first) / p->page_size];
}

/*
 * Whether a present page that is no file's and is not mapped just once is the zero page: asked
 * of the kernel, or else judged by its contents. That can mistake a page of zeroes shared since
 * a fork. Reading such a page never waits, since it is there.
 */
static bool is_zero_page(struct presence *p, uintptr_t page)
{
	struct page_region_args run;

	if (p->source == PRESENCE_SCAN)
		return scan(p, page, page + p->page_size, true, &run) == 1;
	return p->source == PRESENCE_PAGEMAP && user_is_zero(page, p->page_size);
}

static enum page_state state_of(struct presence *p, uintptr_t page, unsigned ahead)
{
	uint64_t entry = entry_of(p, page, ahead);

	if (!(entry & ENTRY_PRESENT))
		return PAGE_ABSENT;
	if (entry & ENTRY_SINGLE)
		return PAGE_SINGLE;
	return !(entry & ENTRY_FILE) && is_zero_page(p, page) ? PAGE_ZERO : PAGE_COMMON;
}

/* How many pages to ask for at once in a range. */
static unsigned ahead_of(const struct presence *p, uintptr_t page, uintptr_t end)
{
	uintptr_t left = (end - page) / p->page_size;

	return left < PRESENCE_ENTRIES ? (unsigned)left : PRESENCE_ENTRIES;
}

enum page_state presence_of(struct presence *p, uintptr_t page)
{
	if (page >= p->expected_start && page < p->expected_end)
		return state_of(p, page, ahead_of(p, page, p->expected_end));
	p->count = 0; /* what was read earlier may be out of date */
	return state_of(p, page, 1);
}

void presence_expect(struct presence *p, uintptr_t start, uintptr_t end)
{
	p->expected_start = start;
	p->expected_end = end;
	p->count = 0;
}

static bool is_present(struct presence *p, uintptr_t page, uintptr_t end)
{
	return state_of(p, page, ahead_of(p, page, end)) > PAGE_ZERO;
}

bool presence_next(struct presence *p, uintptr_t from, uintptr_t end, uintptr_t *run_start,
		   uintptr_t *run_end)
{
	struct page_region_args run;

	if (p->source == PRESENCE_SCAN) {
		bool found = scan(p, from, end, false, &run) == 1;

		*run_start = found ? (uintptr_t)run.start : end;
		*run_end = found ? (uintptr_t)run.end : end;
		return found;
	}
	while (from < end) {
		if (p->source != PRESENCE_NONE && from / p->page_size % SKIP_LEAST == 0)
			from = skip_absent(p, from, end);
		if (from >= end || is_present(p, from, end))
			break;
		from += p->page_size;
	}
	*run_start = from;
	while (from < end && is_present(p, from, end))
		from += p->page_size;
	*run_end = from;
	return *run_start < end;
}

static bool tells_of_files(const struct presence *p)
{
	return p->source == PRESENCE_SCAN || p->source == PRESENCE_PAGEMAP;
}

bool presence_is_of_file(struct presence *p, uintptr_t page)
{
	if (!tells_of_files(p))
		return false;
	p->count = 0;
	return entry_of(p, page, 1) & ENTRY_FILE;
}

uintptr_t presence_alike(struct presence *p, uintptr_t from, uintptr_t end, bool *of_file)
{
	*of_file = presence_is_of_file(p, from);
	if (!tells_of_files(p))
		return end;
	do
		from += p->page_size;
	while (from < end && !(entry_of(p, from, ahead_of(p, from, end)) & ENTRY_FILE) != *of_file);
	return from;
}

bool presence_next_in_file(const struct presence *p, uintptr_t from, uintptr_t end,
			   uintptr_t *run_start, uintptr_t *run_end)
{
	struct presence file = {.source = PRESENCE_MINCORE, .fd = -1, .page_size = p->page_size};

	if (p->source == PRESENCE_NONE)
		file.source = PRESENCE_NONE;
	return presence_next(&file, from, end, run_start, run_end);
}

/* ---- choosing ---- */

static void open_with(struct presence *p, size_t page_size, enum presence_source source)
{
	long fd = -ENOENT;

	p->by_thread = false;
	if (source == PRESENCE_SCAN || source == PRESENCE_PAGEMAP)
		fd = own_file_open("pagemap", &p->by_thread);
	p->fd = (int)fd;
	p->source = source;
	p->page_size = page_size;
	p->first = p->count = 0;
	p->expected_start = p->expected_end = 0;
}

void presence_close(struct presence *p)
{
	if (p->fd >= 0)
		sys_call(__NR_close, p->fd);
}

/*
 * Pages of ours, written to in a pattern that no accident repeats, have to look like that. It is
 * not so where /proc belongs to another process or to an emulator of processors (that of the
 * other byte order gives any answer to any page), and in sandboxes that make mincore() up.
 */
#define PATTERN 0x4e2d9a31U
#define PATTERN_PAGES 32U

static bool in_pattern(unsigned i)
{
	return PATTERN >> i & 1;
}

static bool tells_the_truth(struct presence *p, uintptr_t pages)
{
	uintptr_t end = pages + PATTERN_PAGES * p->page_size;
	uintptr_t run_start = pages, run_end = pages;

	for (unsigned i = 0; i < PATTERN_PAGES; i++) {
		uintptr_t page = pages + i * p->page_size;
		enum page_state wanted = in_pattern(i) ? PAGE_SINGLE : PAGE_ABSENT;

		if (page >= run_end)
			presence_next(p, page, end, &run_start, &run_end);
		if ((page >= run_start && page < run_end) != in_pattern(i))
			return false;
		if (presence_of(p, page) != wanted)
			return false;
	}
	return true;
}

bool presence_open_source(struct presence *p, size_t page_size, enum presence_source source)
{
	size_t size = PATTERN_PAGES * page_size;
	volatile char *pages = source == PRESENCE_NONE ? NULL : pages_alloc(size);
	bool good;

	open_with(p, page_size, source);
	if (!pages)
		return source == PRESENCE_NONE;
	/* A huge page would make all of them present at once; so did mlockall(MCL_FUTURE). */
	sys_call(__NR_madvise, pages, size, MADV_NOHUGEPAGE);
	sys_call(__NR_munlock, pages, size);
	sys_call(__NR_madvise, pages, size, MADV_DONTNEED);
	for (unsigned i = 0; i < PATTERN_PAGES; i++)
		if (in_pattern(i))
			pages[i * page_size] = 1;
	good = tells_the_truth(p, (uintptr_t)pages);
	pages_free((void *)(uintptr_t)pages, size);
	return good;
}

static enum presence_source choose(size_t page_size)
{
	enum presence_source source = PRESENCE_SCAN;

	for (;; source++) {
		struct presence p;
		bool good = presence_open_source(&p, page_size, source);

		presence_close(&p);
		if (good)
			return source;
	}
}

void presence_open(struct presence *p, size_t page_size)
{
	static _Atomic int source;

	if (!atomic_load(&source))
		atomic_store(&source, (int)choose(page_size));
	open_with(p, page_size, (enum presence_source)atomic_load(&source));
	/* No descriptor is left, or /proc is out of reach since a chroot(). */
	if (p->fd < 0 && tells_of_files(p))
		p->source = PRESENCE_MINCORE;
}
