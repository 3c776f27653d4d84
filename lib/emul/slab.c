/* SPDX-License-Identifier: MIT */
/* Slabs from pages; each is twice the last, up to a limit. */
#include "emul/slab.h"

#include "sys/smallfile.h"

#define SLAB_FIRST (16UL << 10)
#define SLAB_LARGEST (2UL << 20)

static bool grow(struct slab *slab)
{
	size_t bytes = slab->next_bytes ? slab->next_bytes : SLAB_FIRST;
	char *page = slab->pages ? slab->pages(bytes) : pages_alloc(bytes);

	if (!page)
		return false;
	slab->next_bytes = bytes < SLAB_LARGEST ? bytes * 2 : bytes;
	for (size_t at = bytes / slab->size * slab->size; at > 0; at -= slab->size)
		slab_give(slab, page + at - slab->size);
	return true;
}

bool slab_reserve(struct slab *slab, size_t n)
{
	while (slab->nfree < n)
		if (!grow(slab))
			return false;
	return true;
}

void *slab_take(struct slab *slab)
{
	void **one;

	if (!slab_reserve(slab, 1))
		return NULL;
	one = slab->free;
	slab->free = *one;
	slab->nfree--;
	return one;
}

void slab_give(struct slab *slab, void *one)
{
	*(void **)one = slab->free;
	slab->free = one;
	slab->nfree++;
}

void slab_forget(struct slab *slab)
{
	slab->free = NULL;
	slab->nfree = 0;
}
