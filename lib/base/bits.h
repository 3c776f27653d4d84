/* SPDX-License-Identifier: MIT */
/*
 * Sets of small numbers kept as bits in an array of unsigned long, the form that the kernel's
 * node and CPU masks and struct bitmask share: bit n is bit (n % BITS_PER_LONG) of word
 * (n / BITS_PER_LONG). Everything works a word at a time.
 *
 * `nbits` says how many bits of an array count. The bits of its last word above that are
 * padding: never read as members and never changed, unless a function says otherwise.
 */
#ifndef MYNUMA_BASE_BITS_H
#define MYNUMA_BASE_BITS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define BITS_PER_LONG (sizeof(unsigned long) * CHAR_BIT)

/* Words that hold nbits bits; right for every nbits, the largest included. */
static inline size_t bits_words(size_t nbits)
{
	return nbits / BITS_PER_LONG + (nbits % BITS_PER_LONG != 0);
}

/* The bits of the last word that count; all ones where the word is full. */
static inline unsigned long bits_last_word(size_t nbits)
{
	return ~0UL >> (-nbits % BITS_PER_LONG);
}

/* The bits of word `w` that count in an array of nbits bits. */
static inline unsigned long bits_word_mask(size_t nbits, size_t w)
{
	return w == nbits / BITS_PER_LONG ? bits_last_word(nbits) : ~0UL;
}

static inline bool bits_test(const unsigned long *words, size_t n)
{
	return (words[n / BITS_PER_LONG] >> (n % BITS_PER_LONG)) & 1;
}

static inline void bits_set(unsigned long *words, size_t n)
{
	words[n / BITS_PER_LONG] |= 1UL << (n % BITS_PER_LONG);
}

static inline void bits_clear(unsigned long *words, size_t n)
{
	words[n / BITS_PER_LONG] &= ~(1UL << (n % BITS_PER_LONG));
}

/* Clears whole words, padding included. */
static inline void bits_zero(unsigned long *words, size_t nbits)
{
	for (size_t w = 0; w < bits_words(nbits); w++)
		words[w] = 0;
}

/* Makes every bit `value`; padding keeps its value. */
static inline void bits_fill(unsigned long *words, size_t nbits, bool value)
{
	size_t full = nbits / BITS_PER_LONG;

	for (size_t w = 0; w < full; w++)
		words[w] = value ? ~0UL : 0;
	if (nbits % BITS_PER_LONG) {
		unsigned long last = bits_last_word(nbits);

		words[full] = value ? words[full] | last : words[full] & ~last;
	}
}

static inline size_t bits_weight(const unsigned long *words, size_t nbits)
{
	size_t weight = 0;

	for (size_t w = 0; w < bits_words(nbits); w++)
		weight += (size_t)__builtin_popcountl(words[w] & bits_word_mask(nbits, w));
	return weight;
}

/* The lowest member that is at least `from`; nbits when there is none. */
static inline size_t bits_next(const unsigned long *words, size_t nbits, size_t from)
{
	if (from >= nbits)
		return nbits;

	size_t w = from / BITS_PER_LONG;
	unsigned long word = words[w] & (~0UL << (from % BITS_PER_LONG));

	for (;;) {
		word &= bits_word_mask(nbits, w);
		if (word)
			return w * BITS_PER_LONG + (size_t)__builtin_ctzl(word);
		if (++w == bits_words(nbits))
			return nbits;
		word = words[w];
	}
}

/* for (bits_each(n, words, nbits)): every member n (size_t) in ascending order. */
#define bits_each(n, words, nbits)                                                                 \
	size_t n = bits_next(words, nbits, 0);                                                     \
	n < (nbits);                                                                               \
	n = bits_next(words, nbits, n + 1)

static inline bool bits_empty(const unsigned long *words, size_t nbits)
{
	return bits_next(words, nbits, 0) == nbits;
}

/* The highest member; nbits when there is none. */
static inline size_t bits_highest(const unsigned long *words, size_t nbits)
{
	for (size_t w = bits_words(nbits); w-- > 0;) {
		unsigned long word = words[w] & bits_word_mask(nbits, w);

		if (word)
			return w * BITS_PER_LONG + BITS_PER_LONG - 1 - (size_t)__builtin_clzl(word);
	}
	return nbits;
}

/* The same members; what one array is too short to hold counts as absent from it. */
static inline bool bits_equal(const unsigned long *a, size_t abits, const unsigned long *b,
			      size_t bbits)
{
	size_t aw = bits_words(abits), bw = bits_words(bbits);

	for (size_t w = 0; w < aw || w < bw; w++) {
		unsigned long x = w < aw ? a[w] & bits_word_mask(abits, w) : 0;
		unsigned long y = w < bw ? b[w] & bits_word_mask(bbits, w) : 0;

		if (x != y)
			return false;
	}
	return true;
}

/*
 * Copies the members that fit; the rest of `to` becomes empty. Writes whole words, so the padding
 * of `to` is cleared. The arrays may be the same one.
 */
static inline void bits_copy(unsigned long *to, size_t tobits, const unsigned long *from,
			     size_t frombits)
{
	size_t fw = bits_words(frombits);

	for (size_t w = 0; w < bits_words(tobits); w++) {
		unsigned long word = w < fw ? from[w] & bits_word_mask(frombits, w) : 0;

		to[w] = word & bits_word_mask(tobits, w);
	}
}

/* Adds the members of `from` that fit into `to`. */
static inline void bits_or(unsigned long *to, size_t tobits, const unsigned long *from,
			   size_t frombits)
{
	size_t fw = bits_words(frombits);

	for (size_t w = 0; w < bits_words(tobits) && w < fw; w++)
		to[w] |= from[w] & bits_word_mask(frombits, w) & bits_word_mask(tobits, w);
}

/* Whether the two have a member in common. */
static inline bool bits_intersect(const unsigned long *a, size_t abits, const unsigned long *b,
				  size_t bbits)
{
	size_t aw = bits_words(abits), bw = bits_words(bbits);

	for (size_t w = 0; w < aw && w < bw; w++)
		if (a[w] & b[w] & bits_word_mask(abits, w) & bits_word_mask(bbits, w))
			return true;
	return false;
}

#endif
