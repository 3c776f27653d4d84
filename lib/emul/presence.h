/* SPDX-License-Identifier: MIT */
/*
 * Which pages of this process are there. The best source that tells the truth about a few pages
 * of our own is used, ever after; with none, every mapped page counts as present. Reads no
 * memory of the caller's, but for presence_of() where a zero page has to be told by its
 * contents; see there.
 */
#ifndef MYNUMA_EMUL_PRESENCE_H
#define MYNUMA_EMUL_PRESENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum page_state {
	PAGE_ABSENT, /* not mapped, never touched, or swapped out */
	PAGE_ZERO,   /* the shared page of zeroes that an untouched page reads as */
	PAGE_SINGLE, /* a page that only this mapping has */
	PAGE_COMMON, /* mapped elsewhere too: after fork, or a shared file */
};

enum presence_source {
	PRESENCE_UNKNOWN,
	PRESENCE_SCAN,	  /* the PAGEMAP_SCAN request, with /proc/self/pagemap beside it */
	PRESENCE_PAGEMAP, /* /proc/self/pagemap */
	PRESENCE_MINCORE, /* mincore(): no zero pages, none common */
	PRESENCE_NONE,
};

#define PRESENCE_ENTRIES 32U

/* Access to the source for the time of one call. */
struct presence {
	enum presence_source source;
	int fd;
	bool by_thread; /* asked of the calling thread: the main thread has ended */
	size_t page_size;
	/* pagemap entries or mincore bytes of the pages from `first` on */
	uintptr_t first;
	unsigned count;
	uint64_t entry[PRESENCE_ENTRIES];
	/* presence_of() is about to be asked for these */
	uintptr_t expected_start, expected_end;
};

void presence_open(struct presence *p, size_t page_size);
void presence_close(struct presence *p);

/* As open, with a source of one's own choice; false when it is not to be had. For tests. */
bool presence_open_source(struct presence *p, size_t page_size, enum presence_source source);

/* The state of one page. */
enum page_state presence_of(struct presence *p, uintptr_t page);

/*
 * presence_of() will be asked for the pages of [start, end), one after the other, and may tell of
 * all of them what was true at the first.
 */
void presence_expect(struct presence *p, uintptr_t start, uintptr_t end);

/* Whether a present page is a file's or an object's and no copy; false where that is not known. */
bool presence_is_of_file(struct presence *p, uintptr_t page);

/* How far the pages from `from` on, all present up to `end`, are alike in that. */
uintptr_t presence_alike(struct presence *p, uintptr_t from, uintptr_t end, bool *of_file);

/*
 * The first run of pages in [from, end), which is mapped shared, that the file or object has, be
 * they in reach of this mapping already or not. Else as presence_next().
 */
bool presence_next_in_file(const struct presence *p, uintptr_t from, uintptr_t end,
			   uintptr_t *run_start, uintptr_t *run_end);

/*
 * The first run of present pages in [from, end), zero pages left out. False when there is none.
 * The time taken depends on the size of the range, unless the source is PRESENCE_SCAN.
 */
bool presence_next(struct presence *p, uintptr_t from, uintptr_t end, uintptr_t *run_start,
		   uintptr_t *run_end);

#endif
