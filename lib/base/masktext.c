/* SPDX-License-Identifier: MIT */
/* Reading the kernel's mask texts. */
#include "base/masktext.h"

#include <limits.h>

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

static const char *line_end(const char *s)
{
	while (!is_end(*s))
		s++;
	return s;
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

bool mask_parse_hex(const char *s, unsigned long *words, size_t nbits, bool *lost)
{
	bool unasked = false;
	const char *p;
	size_t group = 0, digits = 0;

	lost = lost ? lost : &unasked;
	*lost = false;
	bits_zero(words, nbits);
	s = skip_blanks(s);
	p = line_end(s);
	if (p == s)
		return false;
	/* From the right, where bit 0 is; a group may be shorter than its eight digits. */
	while (p > s) {
		int value = hex_digit(*--p);

		if (*p == ',') {
			if (!digits)
				return false;
			group++;
			digits = 0;
			continue;
		}
		if (value < 0 || digits == 8)
			return false;
		for (size_t b = 0; b < 4; b++)
			if (value >> b & 1)
				add_bit(words, nbits, group * 32 + digits * 4 + b, lost);
		digits++;
	}
	return digits > 0;
}

size_t mask_hex_digits(const char *s)
{
	size_t digits = 0;

	for (s = skip_blanks(s); !is_end(*s); s++)
		digits += hex_digit(*s) >= 0;
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
		for (size_t n = first; n <= last && n < nbits; n++)
			bits_set(words, n);
		if (s < end && (*s++ != ',' || s == end))
			return false;
	}
	return true;
}
