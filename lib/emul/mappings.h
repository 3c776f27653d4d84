/* SPDX-License-Identifier: MIT */
/*
 * What is mapped in this process, asked of the system each time: nothing is remembered, so
 * nothing can be out of date. Reads no memory of the caller's; safe with the emulation's lock
 * held.
 */
#ifndef MYNUMA_EMUL_MAPPINGS_H
#define MYNUMA_EMUL_MAPPINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether all pages of [start, end), which are whole ones and at least one, are mapped. */
bool mapped_whole(uintptr_t start, uintptr_t end);

/* Whether any of them is. Where that cannot be found out: whether the first or the last is. */
bool mapped_partly(uintptr_t start, uintptr_t end, size_t page_size);

/*
 * Where the mapping begins after which the first unmapped page at or above `start` comes;
 * `start` when that page is the first one. *hole is where that page is; UINTPTR_MAX when the
 * system does not tell.
 */
uintptr_t mapping_before_hole(uintptr_t start, uintptr_t *hole);

enum mapping_kind {
	MAPPING_ANONYMOUS, /* private, no file; heap and stack too */
	MAPPING_FILE,	   /* anything with an inode, shared anonymous memory too */
	MAPPING_KERNEL,	   /* the kernel's own pages: vdso */
	MAPPING_DEVICE,	   /* no pages at all: vvar */
};

struct mapping {
	uintptr_t start, end;
	enum mapping_kind kind;
	bool shared;
	bool accessible; /* not PROT_NONE */
	bool segment;	 /* of System V shared memory */
	uint64_t offset;
	uint64_t inode;
	uint64_t device;
};

/* A walk through the mappings in ascending order. */
struct mappings {
	int fd;
	bool by_thread; /* asked of the calling thread: the main thread has ended */
	bool by_query;	/* the kernel answers for single addresses */
	bool any;	/* of the text was there */
	unsigned at, have;
	char text[512];
};

/* Whether the system only tells all mappings as a text, which takes long to read. */
bool mappings_are_text(void);

/*
 * A word that changes when memory of the process's own is mapped or unmapped, or something else in
 * its place; 0 when it is not to be had. (It does not see an exchange of as much elsewhere.)
 */
uint64_t mappings_signature(void);

/*
 * 0, or -errno when the system does not tell. Then only mappings_close() makes sense, and need
 * not be called.
 */
int mappings_open(struct mappings *maps);
void mappings_close(struct mappings *maps);

/*
 * The first mapping that ends above `addr`, which grows from call to call. False when there is
 * none.
 */
bool mappings_next(struct mappings *maps, uintptr_t addr, struct mapping *found);

/* The mapping that covers an address. False when there is none or the system does not tell. */
bool mapping_of(uintptr_t addr, struct mapping *found);

#endif
