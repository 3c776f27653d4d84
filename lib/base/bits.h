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
#include <string.h>

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

/* The members in the last word where that is not full, else 0. */
static inline unsigned long bits_rest(const unsigned long *words, size_t nbits)
{
	return nbits % BITS_PER_LONG ? words[nbits / BITS_PER_LONG] & bits_last_word(nbits) : 0;
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

/* Sets the bits from `first` to the one before `end`. */
static inline void bits_set_range(unsigned long *words, size_t first, size_t end)
{
	size_t w = first / BITS_PER_LONG, last = end / BITS_PER_LONG;
	unsigned long from_first = ~0UL << first % BITS_PER_LONG;

	if (first >= end)
		return;
	if (w < last) {
		words[w++] |= from_first;
		memset(words + w, 0xff, (last - w) * sizeof(long));
		from_first = ~0UL;
	}
	if (end % BITS_PER_LONG)
		words[last] |= from_first & bits_last_word(end);
}

/* Clears whole words, padding included. */
static inline void bits_zero(unsigned long *words, size_t nbits)
{
	memset(words, 0, bits_words(nbits) * sizeof(long));
}

/* Makes every bit `value`; padding keeps its value. */
static inline void bits_fill(unsigned long *words, size_t nbits, bool value)
{
	size_t full = nbits / BITS_PER_LONG;

	if (full)
		memset(words, value ? 0xff : 0, full * sizeof(long));
	if (nbits % BITS_PER_LONG) {
		unsigned long last = bits_last_word(nbits);

		words[full] = value ? words[full] | last : words[full] & ~last;
	}
}

static inline size_t bits_weight_word(unsigned long word)
{
#if defined(__POPCNT__) || defined(__aarch64__) || defined(__powerpc64__)
	return (size_t)__builtin_popcountl(word);
#else
	/* Sums in ever wider fields: without an instruction the builtin is a library call. */
	word -= word >> 1 & ~0UL / 3;
	word = (word & ~0UL / 5) + (word >> 2 & ~0UL / 5);
	word = (word + (word >> 4)) & ~0UL / 17;
	return word * (~0UL / 255) >> (BITS_PER_LONG - 8);
#endif
}

/* The full adder of every bit: a + b + c is *ones + 2 * the result. */
static inline unsigned long bits_add(unsigned long *ones, unsigned long a, unsigned long b)
{
	unsigned long half = a ^ b, carry = (a & b) | (half & *ones);

	*ones ^= half;
	return carry;
}

/* Four words are added up bit by bit before anything is counted, which is less work. */
static inline size_t bits_weight(const unsigned long *words, size_t nbits)
{
	size_t full = nbits / BITS_PER_LONG, weight = 0;
	unsigned long ones = 0, twos = 0;

	for (size_t w = 0; w < full / 4 * 4; w += 4) {
		unsigned long low = bits_add(&ones, words[w], words[w + 1]);
		unsigned long high = bits_add(&ones, words[w + 2], words[w + 3]);

		weight += 4 * bits_weight_word(bits_add(&twos, low, high));
	}
	weight += 2 * bits_weight_word(twos) + bits_weight_word(ones);
	for (size_t left = full % 4; left > 0; left--)
		weight += bits_weight_word(words[full - left]);
	return weight + bits_weight_word(bits_rest(words, nbits));
}

/* The lowest member that is at least `from`; nbits when there is none. */
static inline size_t bits_next(const unsigned long *words, size_t nbits, size_t from)
{
	size_t full = nbits / BITS_PER_LONG, w = from / BITS_PER_LONG;
	unsigned long word;

	if (from >= nbits)
		return nbits;
	word = (w < full ? words[w] : bits_rest(words, nbits)) & ~0UL << (from % BITS_PER_LONG);
	while (!word && ++w < full)
		word = words[w];
	if (!word && w == full)
		word = bits_rest(words, nbits);
	return word ? w * BITS_PER_LONG + (size_t)__builtin_ctzl(word) : nbits;
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
	size_t common = (abits < bbits ? abits : bbits) / BITS_PER_LONG;
	size_t aw = bits_words(abits), bw = bits_words(bbits);

	if (common && memcmp(a, b, common * sizeof(long)) != 0)
		return false;
	for (size_t w = common; w < aw || w < bw; w++) {
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
	size_t nbits = tobits < frombits ? tobits : frombits;
	size_t full = nbits / BITS_PER_LONG, words = bits_words(tobits);
	unsigned long rest = bits_rest(from, nbits);

	if (full)
		memmove(to, from, full * sizeof(long));
	if (full < words)
		to[full++] = rest;
	for (; full < words; full++)
		to[full] = 0;
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
	size_t nbits = abits < bbits ? abits : bbits, full = nbits / BITS_PER_LONG;

	for (size_t w = 0; w < full; w++)
		if (a[w] & b[w])
			return true;
	return nbits % BITS_PER_LONG && (a[full] & b[full] & bits_last_word(nbits));
}

#endif
