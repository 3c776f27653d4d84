/* SPDX-License-Identifier: MIT */
/* Lines of text; line.h has the contract. */
#include "base/line.h"

#include <string.h>

#include "base/bits.h"

/* "..." and the newline always fit. */
#define ROOM (LINE_SIZE - 4)

static void line_bytes(struct line *line, const char *s, size_t n)
{
	if (line->full)
		return;
	if (n > ROOM - line->len) {
		s = "...";
		n = 3;
		line->full = true;
	}
	memcpy(line->s + line->len, s, n);
	line->len += n;
}

void line_text(struct line *line, const char *s)
{
	line_bytes(line, s, strlen(s));
}

static void line_unsigned(struct line *line, unsigned long long n, unsigned base, int digits)
{
	char text[24], *s = text + sizeof(text);

	do
		*--s = "0123456789abcdef"[n % base];
	while ((n /= base) || text + sizeof(text) - s < digits);
	line_bytes(line, s, (size_t)(text + sizeof(text) - s));
}

void line_number(struct line *line, long long n)
{
	if (n < 0)
		line_bytes(line, "-", 1);
	line_unsigned(line, n < 0 ? -(unsigned long long)n : (unsigned long long)n, 10, 1);
}

void line_padded(struct line *line, unsigned long n, int digits)
{
	line_unsigned(line, n, 10, digits);
}

void line_hex(struct line *line, uintptr_t n)
{
	line_bytes(line, "0x", 2);
	line_unsigned(line, n, 16, 1);
}

void line_address(struct line *line, uintptr_t n)
{
	line_unsigned(line, n, 16, 1);
}

void line_list(struct line *line, const unsigned long *words, size_t nbits)
{
	const char *comma = "";

	for (bits_each(first, words, nbits)) {
		size_t last = first;

		while (last + 1 < nbits && bits_test(words, last + 1))
			last++;
		line_text(line, comma);
		line_number(line, (long long)first);
		if (last > first) {
			line_bytes(line, "-", 1);
			line_number(line, (long long)last);
		}
		comma = ",";
		first = last;
	}
}

void line_end(struct line *line)
{
	line->s[line->len++] = '\n';
}
