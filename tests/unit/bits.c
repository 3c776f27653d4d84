/* SPDX-License-Identifier: MIT */
/*
 * base/bits.h against a model that keeps a bool a bit, with every pattern of padding, at every
 * size near a word's border.
 */
#include "harness.h"

#include <stdint.h>

#include "base/bits.h"

#define MAX 200
#define WORDS (MAX / BITS_PER_LONG + 2)

static const size_t sizes[] = {0,  1,  2,  3,	7,   8,	  31,  32,  33,	 62,  63,  64,
			       65, 66, 95, 126, 127, 128, 129, 130, 190, 191, 192, 193};

static unsigned long seed = 1;

static unsigned long rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

struct set {
	unsigned long words[WORDS];
	bool in[MAX];
	size_t nbits;
};

enum pattern { EMPTY, FULL, FIRST, LAST, SPARSE, DENSE, PATTERNS };

/* A set with junk in the padding and in the word behind. */
static void make(struct set *s, size_t nbits, enum pattern pattern)
{
	s->nbits = nbits;
	for (size_t w = 0; w < WORDS; w++)
		s->words[w] = rnd();
	for (size_t n = 0; n < nbits; n++) {
		bool in = pattern == FULL || (pattern == FIRST && n == 0) ||
			  (pattern == LAST && n == nbits - 1) ||
			  (pattern == SPARSE && rnd() % 40 == 0) ||
			  (pattern == DENSE && rnd() % 40);

		s->in[n] = in;
		if (in)
			s->words[n / BITS_PER_LONG] |= 1UL << n % BITS_PER_LONG;
		else
			s->words[n / BITS_PER_LONG] &= ~(1UL << n % BITS_PER_LONG);
	}
}

static bool has(const struct set *s, size_t n)
{
	return n < s->nbits && s->in[n];
}

static bool raw(const struct set *s, size_t n)
{
	return s->words[n / BITS_PER_LONG] >> n % BITS_PER_LONG & 1;
}

#define EACH_SIZE(nbits)                                                                           \
	for (size_t nbits##i = 0, nbits; nbits##i < ARRAY(sizes) && (nbits = sizes[nbits##i], 1);  \
	     nbits##i++)
#define ARRAY(a) (sizeof(a) / sizeof((a)[0]))
#define EACH_PATTERN(p) for (enum pattern p = EMPTY; p < PATTERNS; p++)

static void words_hold_all_bits_and_no_more(void)
{
	EACH_SIZE(nbits)
	{
		CHECK(bits_words(nbits) * BITS_PER_LONG >= nbits);
		CHECK(nbits == 0 ? bits_words(nbits) == 0
				 : (bits_words(nbits) - 1) * BITS_PER_LONG < nbits);
	}
	CHECK_EQ(bits_words(SIZE_MAX), SIZE_MAX / BITS_PER_LONG + 1);
}

static void asking_and_changing_one_bit(void)
{
	EACH_SIZE(nbits) EACH_PATTERN(p)
	{
		struct set s, old;

		make(&s, nbits, p);
		for (size_t n = 0; n < nbits; n++) {
			CHECK_EQ(bits_test(s.words, n), s.in[n]);
			old = s;
			bits_set(s.words, n);
			CHECK(bits_test(s.words, n));
			bits_clear(s.words, n);
			CHECK(!bits_test(s.words, n));
			if (old.in[n])
				bits_set(s.words, n);
			CHECK(memcmp(s.words, old.words, sizeof(s.words)) == 0);
		}
	}
}

static void zero_clears_padding_but_not_the_word_behind(void)
{
	EACH_SIZE(nbits)
	{
		struct set s, old;

		make(&s, nbits, DENSE);
		old = s;
		bits_zero(s.words, nbits);
		for (size_t w = 0; w < WORDS; w++)
			CHECK(s.words[w] == (w < bits_words(nbits) ? 0 : old.words[w]));
	}
}

static void fill_keeps_padding(void)
{
	EACH_SIZE(nbits) EACH_PATTERN(p) for (int value = 0; value < 2; value++)
	{
		struct set s, old;

		make(&s, nbits, p);
		old = s;
		bits_fill(s.words, nbits, value);
		for (size_t n = 0; n < WORDS * BITS_PER_LONG; n++)
			CHECK_EQ(raw(&s, n), n < nbits ? value : raw(&old, n));
	}
}

static void a_range_is_set_and_nothing_beside_it(void)
{
	for (size_t first = 0; first < WORDS * BITS_PER_LONG; first++)
		for (size_t end = 0; end <= WORDS * BITS_PER_LONG; end += 1 + first % 3) {
			struct set s, old;

			make(&s, MAX, first % 2 ? DENSE : SPARSE);
			old = s;
			bits_set_range(s.words, first, end);
			for (size_t n = 0; n < WORDS * BITS_PER_LONG; n++)
				CHECK_EQ(raw(&s, n), raw(&old, n) || (n >= first && n < end));
		}
}

static void weight_emptiness_and_highest(void)
{
	EACH_SIZE(nbits) EACH_PATTERN(p)
	{
		struct set s;
		size_t weight = 0, highest = nbits;

		make(&s, nbits, p);
		for (size_t n = 0; n < nbits; n++)
			if (s.in[n]) {
				weight++;
				highest = n;
			}
		CHECK_EQ(bits_weight(s.words, nbits), weight);
		CHECK_EQ(bits_empty(s.words, nbits), weight == 0);
		CHECK_EQ(bits_highest(s.words, nbits), highest);
	}
}

static void next_from_everywhere(void)
{
	EACH_SIZE(nbits) EACH_PATTERN(p)
	{
		struct set s;

		make(&s, nbits, p);
		for (size_t from = 0; from < nbits + 3; from++) {
			size_t want = from;

			while (want < nbits && !s.in[want])
				want++;
			CHECK_EQ(bits_next(s.words, nbits, from), want < nbits ? want : nbits);
		}
		CHECK_EQ(bits_next(s.words, nbits, SIZE_MAX), nbits);
	}
}

static void each_visits_members_in_order(void)
{
	EACH_SIZE(nbits) EACH_PATTERN(p)
	{
		struct set s;
		size_t at = 0;

		make(&s, nbits, p);
		for (bits_each(n, s.words, nbits)) {
			for (; at < n; at++)
				CHECK(!s.in[at]);
			CHECK(has(&s, n));
			at = n + 1;
		}
		for (; at < nbits; at++)
			CHECK(!s.in[at]);
	}
}

static void pairs_of_any_sizes(void)
{
	EACH_SIZE(abits) EACH_SIZE(bbits) EACH_PATTERN(p) EACH_PATTERN(q)
	{
		struct set a, b, to;
		bool equal = true, common = false;

		make(&a, abits, p);
		make(&b, bbits, q);
		for (size_t n = 0; n < MAX; n++) {
			equal &= has(&a, n) == has(&b, n);
			common |= has(&a, n) && has(&b, n);
		}
		CHECK_EQ(bits_equal(a.words, abits, b.words, bbits), equal);
		CHECK_EQ(bits_intersect(a.words, abits, b.words, bbits), common);

		to = b;
		bits_copy(to.words, bbits, a.words, abits);
		for (size_t n = 0; n < WORDS * BITS_PER_LONG; n++)
			CHECK_EQ(raw(&to, n), n < bits_words(bbits) * BITS_PER_LONG
						      ? n < bbits && has(&a, n)
						      : raw(&b, n));
		to = b;
		bits_or(to.words, bbits, a.words, abits);
		for (size_t n = 0; n < WORDS * BITS_PER_LONG; n++)
			CHECK_EQ(raw(&to, n), raw(&b, n) || (n < bbits && has(&a, n)));
	}
}

static void copying_onto_itself(void)
{
	EACH_SIZE(nbits)
	{
		struct set s;

		make(&s, nbits, DENSE);
		bits_copy(s.words, nbits, s.words, nbits);
		for (size_t n = 0; n < bits_words(nbits) * BITS_PER_LONG; n++)
			CHECK_EQ(raw(&s, n), has(&s, n));
	}
}

int main(void)
{
	RUN(words_hold_all_bits_and_no_more);
	RUN(asking_and_changing_one_bit);
	RUN(zero_clears_padding_but_not_the_word_behind);
	RUN(fill_keeps_padding);
	RUN(a_range_is_set_and_nothing_beside_it);
	RUN(weight_emptiness_and_highest);
	RUN(next_from_everywhere);
	RUN(each_visits_members_in_order);
	RUN(pairs_of_any_sizes);
	RUN(copying_onto_itself);
	return tap_done();
}
