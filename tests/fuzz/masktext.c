/* SPDX-License-Identifier: MIT */
/*
 * Both mask texts against readers that are as simple as can be, and numa_parse_bitmap(). The first
 * byte chooses the size of the mask.
 */
#include "fuzz/fuzz.h"

#include "base/bits.h"
#include "base/masktext.h"
#include "numa.h"

int numa_parse_bitmap(char *line, struct bitmask *mask);

void numa_error(char *where)
{
	(void)where;
}

void numa_warn(int num, char *fmt, ...)
{
	(void)num;
	(void)fmt;
}

#define BITS 512
#define MARK 0x5a5a5a5a5a5a5a5aULL

/* One word more than the mask has, to see that it stays. */
struct guarded {
	unsigned long words[BITS / BITS_PER_LONG + 1];
};

static void prepare(struct guarded *g, size_t nbits)
{
	memset(g, 0, sizeof(*g));
	g->words[bits_words(nbits)] = (unsigned long)MARK;
}

static void check_mark(const struct guarded *g, size_t nbits)
{
	MUST(g->words[bits_words(nbits)] == (unsigned long)MARK);
}

static int hex_value(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;

	if (c >= '0' && c <= '9')
		return c - '0';
	return at && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) ? (int)(at - digits) : -1;
}

/* Digits and commas only, from the end: what any text of the kernel's own looks like. */
static bool read_plain_hex(const char *s, size_t len, bool *bit, size_t nbits, bool *lost)
{
	size_t at = 0, digits = 0;

	for (size_t i = 0; i < len; i++) {
		size_t group = 0;

		while (i < len && hex_value(s[i]) >= 0) {
			group++;
			i++;
		}
		if (group != 8 || (i < len && s[i] != ','))
			return false;
		if (i + 1 == len)
			return false;
		digits += group;
	}
	if (!digits)
		return false;
	*lost = false;
	for (size_t i = len; i-- > 0;) {
		int value = hex_value(s[i]);

		if (value < 0)
			continue;
		for (int b = 0; b < 4; b++, at++) {
			if (!(value >> b & 1))
				continue;
			if (at < nbits)
				bit[at] = true;
			else
				*lost = true;
		}
	}
	return true;
}

static void compare(const bool *bit, const struct guarded *g, size_t nbits)
{
	for (size_t n = 0; n < nbits; n++)
		MUST(bits_test(g->words, n) == bit[n]);
}

static void check_hex(const char *s, size_t nbits)
{
	bool bit[BITS] = {false}, lost_plain = false, lost = false, good;
	struct guarded g;

	prepare(&g, nbits);
	good = mask_parse_hex(s, g.words, nbits, &lost);
	check_mark(&g, nbits);
	if (read_plain_hex(s, strcspn(s, "\n"), bit, nbits, &lost_plain)) {
		MUST(good);
		MUST(lost == lost_plain);
		compare(bit, &g, nbits);
	}
	MUST(mask_hex_digits(s) <= strlen(s));
}

/* Numbers and ranges of at most 6 digits, ascending or not; empty is the empty set. */
static bool read_plain_list(const char *s, size_t len, bool *bit, size_t nbits, bool *lost)
{
	size_t i = 0;

	*lost = false;
	while (i < len) {
		unsigned long n[2] = {0, 0};
		int which = 0;

		for (;;) {
			size_t digits = 0;

			for (; i < len && s[i] >= '0' && s[i] <= '9'; i++, digits++)
				n[which] = n[which] * 10 + (unsigned long)(s[i] - '0');
			if (digits == 0 || digits > 6)
				return false;
			if (which == 1 || i == len || s[i] != '-')
				break;
			i++;
			which = 1;
		}
		n[1] = which ? n[1] : n[0];
		if (n[1] < n[0])
			return false;
		for (unsigned long k = n[0]; k <= n[1]; k++) {
			if (k < nbits)
				bit[k] = true;
			else
				*lost = true;
		}
		if (i == len)
			return true;
		if (s[i++] != ',' || i == len)
			return false;
	}
	return true;
}

static void check_list(const char *s, size_t nbits)
{
	bool bit[BITS] = {false}, lost_plain = false, lost = false, good;
	struct guarded g;

	prepare(&g, nbits);
	good = mask_parse_list(s, g.words, nbits, &lost);
	check_mark(&g, nbits);
	if (read_plain_list(s, strcspn(s, "\n"), bit, nbits, &lost_plain)) {
		MUST(good);
		MUST(lost == lost_plain);
		compare(bit, &g, nbits);
	}
}

static void check_public(char *s, size_t nbits)
{
	struct bitmask *mask = numa_bitmask_alloc((unsigned)nbits);

	MUST(mask);
	numa_parse_bitmap(s, mask);
	MUST(mask->size == nbits);
	numa_bitmask_free(mask);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct supply in = {data, size};
	size_t nbits = 1 + 2 * supply_byte(&in) % BITS;
	char *s = text_of(in.data, in.left);

	check_hex(s, nbits);
	check_list(s, nbits);
	check_public(s, nbits);
	free(s);
	return 0;
}
