/* SPDX-License-Identifier: MIT */
/*
 * struct bitmask: making, changing, comparing and copying. What a bit means may not come in here.
 */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/masktext.h"
#include "sys/smallfile.h"

struct bitmask *mask_try_new(unsigned nbits)
{
	struct bitmask *mask = malloc(sizeof(*mask));

	if (!mask)
		return NULL;
	mask->size = nbits;
	mask->maskp = calloc(bits_words(nbits), sizeof(unsigned long));
	if (!mask->maskp) {
		free(mask);
		return NULL;
	}
	return mask;
}

static struct bitmask *no_mask(int err, char *why)
{
	errno = err;
	numa_error(why);
	errno = err;
	return NULL;
}

struct bitmask *mask_new(unsigned nbits)
{
	struct bitmask *mask;

	if (nbits == 0)
		return no_mask(EINVAL, "request to allocate mask for invalid number");
	mask = mask_try_new(nbits);
	return mask ? mask : no_mask(ENOMEM, "Out of memory allocating bitmask");
}

void mask_free(struct bitmask *mask)
{
	if (!mask || (uintptr_t)mask - (uintptr_t)own_masks < sizeof(own_masks))
		return;
	free(mask->maskp);
	free(mask);
}

struct bitmask *mask_new_copy(unsigned nbits, const unsigned long *from, size_t frombits)
{
	struct bitmask *mask = mask_new(nbits);

	if (mask)
		bits_copy(mask->maskp, nbits, from, frombits);
	return mask;
}

struct bitmask *mask_new_nodes(void)
{
	return mask_new(topo_get()->node_bits);
}

unsigned guessed_cpu_bits(const struct topology *t)
{
	numa_warn(WARN_MAX_CPU, "Unable to determine max cpu (sched_getaffinity: %s); guessing...",
		  strerror(t->cpu_bits_errno));
	return t->cpu_bits;
}

struct bitmask *mask_new_cpus(void)
{
	return mask_new(cpu_mask_bits());
}

bool scratch_init(struct scratch *s, size_t nbits)
{
	s->mask.size = nbits;
	s->mask.maskp = s->small;
	if (nbits <= sizeof(s->small) * CHAR_BIT) {
		bits_zero(s->small, nbits);
		return true;
	}
	s->mask.maskp = pages_alloc(bits_words(nbits) * sizeof(long));
	if (!s->mask.maskp)
		errno = ENOMEM;
	return s->mask.maskp;
}

void scratch_free(struct scratch *s)
{
	if (s->mask.maskp != s->small)
		pages_free(s->mask.maskp, bits_words(s->mask.size) * sizeof(long));
}

int parse_bitmap(const char *line, unsigned long *words, size_t nbits)
{
	struct scratch s;
	bool lost, good;

	/*
	 * Without its newline a line may have been cut. An empty one has always been the empty
	 * mask. Bits above the mask but in its last word are dropped, further ones are an error, on
	 * which the mask stays as it was.
	 */
	if (!line || !strchr(line, '\n') || !scratch_init(&s, bits_words(nbits) * BITS_PER_LONG))
		return -1;
	good = *line == '\n' || (mask_parse_hex(line, s.mask.maskp, s.mask.size, &lost) && !lost);
	if (good)
		bits_copy(words, nbits, s.mask.maskp, s.mask.size);
	scratch_free(&s);
	return good ? 0 : -1;
}

struct bitmask *numa_bitmask_alloc(unsigned int n)
{
	return mask_new(n);
}

void numa_bitmask_free(struct bitmask *bmp)
{
	mask_free(bmp);
}

struct bitmask *numa_allocate_nodemask(void)
{
	return mask_new_nodes();
}

struct bitmask *numa_allocate_cpumask(void)
{
	return mask_new_cpus();
}

struct bitmask *numa_bitmask_setall(struct bitmask *bmp)
{
	bits_fill(bmp->maskp, bmp->size, true);
	return bmp;
}

struct bitmask *numa_bitmask_clearall(struct bitmask *bmp)
{
	bits_fill(bmp->maskp, bmp->size, false);
	return bmp;
}

struct bitmask *numa_bitmask_setbit(struct bitmask *bmp, unsigned int n)
{
	if (n < bmp->size)
		bits_set(bmp->maskp, n);
	return bmp;
}

struct bitmask *numa_bitmask_clearbit(struct bitmask *bmp, unsigned int n)
{
	if (n < bmp->size)
		bits_clear(bmp->maskp, n);
	return bmp;
}

int numa_bitmask_isbitset(const struct bitmask *bmp, unsigned int n)
{
	if (unlikely(n >= bmp->size))
		return 0;
	return bits_test(bmp->maskp, n);
}

unsigned int numa_bitmask_nbytes(struct bitmask *bmp)
{
	return (unsigned)(bits_words(bmp->size) * sizeof(long));
}

unsigned int numa_bitmask_weight(const struct bitmask *bmp)
{
	return (unsigned)bits_weight(bmp->maskp, bmp->size);
}

int numa_bitmask_equal(const struct bitmask *a, const struct bitmask *b)
{
	return bits_equal(a->maskp, a->size, b->maskp, b->size);
}

void copy_bitmask_to_bitmask(struct bitmask *from, struct bitmask *to)
{
	/* The usual case, with nothing to cut off. */
	if (likely(from->size == to->size && from->size % BITS_PER_LONG == 0))
		memmove(to->maskp, from->maskp, from->size / CHAR_BIT);
	else
		bits_copy(to->maskp, to->size, from->maskp, from->size);
}

void copy_bitmask_to_nodemask(struct bitmask *from, nodemask_t *to)
{
	bits_copy(to->n, NUMA_NUM_NODES, from->maskp, from->size);
}

void copy_nodemask_to_bitmask(nodemask_t *from, struct bitmask *to)
{
	bits_copy(to->maskp, to->size, from->n, NUMA_NUM_NODES);
}

int numa_parse_bitmap(char *line, struct bitmask *mask)
{
	return parse_bitmap(line, mask->maskp, mask->size);
}
