/* SPDX-License-Identifier: MIT */
/* Reading the kernel's mask texts. */
#include "base/masktext.h"

#include <endian.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "base/bits.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_end(char c)
{
	return c == '\0' || c == '\n';
}

static const char *skip_blanks(const char *s)
{
	while (is_blank(*s))
		s++;
	return s;
}

/* Not isxdigit(): no locale, and a char may be negative. */
static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static void add_bit(unsigned long *words, size_t nbits, size_t n, bool *lost)
{
	if (n < nbits)
		bits_set(words, n);
	else
		*lost = true;
}

static const char *end_of_line(const char *s)
{
	return strchrnul(s, '\n');
}

/* The end of the line without the white space before it. */
static const char *text_end(const char *s)
{
	const char *end = s;

	while (!is_end(*s))
		if (!is_blank(*s++))
			end = s;
	return end;
}

/* A byte in each of eight. */
#define EIGHT(byte) (0x0101010101010101ULL * (byte))

/*
 * Eight hex digits at once, a byte each. False if one is something else. Letters differ from
 * digits in bit 6; without their case they are 9 below their value.
 */
static bool eight_digits(const char *s, uint32_t *value)
{
	uint64_t c, letters, low;

	memcpy(&c, s, sizeof(c));
	*value = 0;
	if (c == EIGHT('0'))
		return true;
	c = be64toh(c);
	letters = c >> 6 & EIGHT(1);
	low = c & EIGHT(0x0f);
	/* '0' to '?', and '@' to 'O' or '`' to 'o'; not above '9' or 'F'; not '@' or '`'. */
	if ((c & ~(letters << 5) & EIGHT(0xf0)) != EIGHT(0x30) + (letters << 4) ||
	    ((low + EIGHT(6) + 3 * letters) & EIGHT(0x10)) || (~(low + EIGHT(0x0f)) >> 4 & letters))
		return false;
	low += 9 * letters;
	low = (low | low >> 4) & 0x00ff00ff00ff00ffULL;
	low = (low | low >> 8) & 0x0000ffff0000ffffULL;
	*value = (uint32_t)(low | low >> 16);
	return true;
}

static void add_bits(unsigned long *words, size_t nbits, size_t at, uint32_t value, bool *lost)
{
	if (at + 32 <= nbits) {
		words[at / BITS_PER_LONG] |= (unsigned long)value << at % BITS_PER_LONG;
		return;
	}
	for (; value; value &= value - 1)
		add_bit(words, nbits, at + (size_t)__builtin_ctz(value), lost);
}

/* A group of up to eight digits that ends before *end, where *end then is. False if it is none. */
static bool parse_group(const char *start, const char **end, uint32_t *value)
{
	const char *p = *end;

	if (p - start >= 8 && eight_digits(p - 8, value)) {
		*end = p - 8;
		return true;
	}
	*value = 0;
	while (p > start && p[-1] != ',') {
		int digit = hex_digit(p[-1]);

		if (digit < 0 || *end - p == 8)
			return false;
		*value |= (uint32_t)digit << 4 * (*end - p);
		p--;
	}
	if (p == *end)
		return false;
	*end = p;
	return true;
}

bool mask_parse_hex(const char *s, unsigned long *words, size_t nbits, bool *lost)
{
	bool unasked = false;
	uint32_t value;
	const char *p;

	lost = lost ? lost : &unasked;
	*lost = false;
	bits_zero(words, nbits);
	s = skip_blanks(s);
	p = end_of_line(s);
	/* From the right, where bit 0 is; a group may be shorter than its eight digits. */
	for (size_t at = 0;; at += 32) {
		if (!parse_group(s, &p, &value))
			return false;
		add_bits(words, nbits, at, value, lost);
		if (p == s)
			return true;
		if (*--p != ',')
			return false;
	}
}

size_t mask_hex_digits(const char *s)
{
	const char *end = end_of_line(s);
	size_t digits = 0;
	uint32_t value;

	while (s < end) {
		bool eight = *s != ',' && end - s >= 8 && eight_digits(s, &value);

		digits += eight ? 8 : hex_digit(*s) >= 0;
		s += eight ? 8 : 1;
	}
	return digits;
}

/* A decimal number; UINT_MAX for one that is too large. False if there is none. */
static bool parse_number(const char **s, unsigned *n)
{
	const char *p = *s;
	unsigned long long value = 0;

	for (; *p >= '0' && *p <= '9'; p++)
		if (value <= UINT_MAX)
			value = value * 10 + (unsigned long long)(*p - '0');
	if (p == *s)
		return false;
	*s = p;
	*n = value <= UINT_MAX ? (unsigned)value : UINT_MAX;
	return true;
}

bool mask_parse_list(const char *s, unsigned long *words, size_t nbits, bool *lost)
{
	bool unasked = false;
	const char *end;

	lost = lost ? lost : &unasked;
	*lost = false;
	bits_zero(words, nbits);
	s = skip_blanks(s);
	end = text_end(s);
	while (s < end) {
		unsigned first, last;

		if (!parse_number(&s, &first))
			return false;
		last = first;
		if (*s == '-') {
			s++;
			if (!parse_number(&s, &last) || last < first)
				return false;
		}
		*lost = *lost || last >= nbits;
		bits_set_range(words, first, last < nbits ? (size_t)last + 1 : nbits);
		if (s < end && (*s++ != ',' || s == end))
			return false;
	}
	return true;
}
