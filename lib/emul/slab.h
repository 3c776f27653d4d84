/* SPDX-License-Identifier: MIT */
/*
 * Memory for many small things of one size, from the kernel directly: a program's malloc() may
 * be our caller. Call with the emulation's lock held.
 */
#ifndef MYNUMA_EMUL_SLAB_H
#define MYNUMA_EMUL_SLAB_H

#include <stdbool.h>
#include <stddef.h>

struct slab {
	size_t size; /* of one; at least that of a pointer and a multiple of its alignment */
	void *free;  /* a list through the first word of each */
	size_t nfree;
	size_t next_bytes;	      /* what is taken next; grows */
	void *(*pages)(size_t bytes); /* from where; NULL is the kernel */
};

#define SLAB_OF(type)                                                                              \
	{                                                                                          \
		.size = sizeof(type)                                                               \
	}

/* Makes sure that the next n of slab_take() succeed. False when memory ran out. */
bool slab_reserve(struct slab *slab, size_t n);

/* One, not zeroed; NULL when memory ran out. */
void *slab_take(struct slab *slab);

/* Back into the list; memory is not returned to the kernel. */
void slab_give(struct slab *slab, void *one);

/* As before its first use; what was taken from it is lost. */
void slab_forget(struct slab *slab);

#endif
