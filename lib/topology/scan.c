/* SPDX-License-Identifier: MIT */
/* Words, numbers and sizes of a description's text. What they mean may not come in here. */
#include "topology/scan.h"

#include <string.h>

/* No node has more than 4 PiB, so that sums do not overflow. */
#define SIZE_MOST (1ULL << 52)

bool scan_fail(struct scan *scan, const char *at, const char *why)
{
	if (!scan->why) {
		scan->why = why;
		scan->at = at;
	}
	return false;
}

void scan_blanks(struct scan *scan)
{
	while (*scan->s == ' ' || *scan->s == '\t' || *scan->s == '\r')
		scan->s++;
}

bool scan_at_end(const struct scan *scan)
{
	return *scan->s == '\0' || *scan->s == '\n';
}

bool scan_next_line(struct scan *scan)
{
	scan->s += strcspn(scan->s, "\n");
	if (*scan->s == '\0')
		return false;
	scan->line_start = ++scan->s;
	scan->line++;
	return *scan->s != '\0';
}

bool scan_take(struct scan *scan, const char *text)
{
	size_t n = strlen(text);

	if (strncmp(scan->s, text, n) != 0)
		return false;
	scan->s += n;
	return true;
}

bool scan_take_word(struct scan *scan, const char *word)
{
	const char *start = scan->s;

	if (!scan_take(scan, word))
		return false;
	if ((*scan->s >= 'a' && *scan->s <= 'z') || (*scan->s >= 'A' && *scan->s <= 'Z')) {
		scan->s = start;
		return false;
	}
	return true;
}

/* Digits; what is more than `most` stays so. False if there are none. */
static bool digits(struct scan *scan, unsigned long long most, unsigned long long *n)
{
	const char *start = scan->s;

	*n = 0;
	for (; *scan->s >= '0' && *scan->s <= '9'; scan->s++)
		if (*n <= most)
			*n = *n * 10 + (unsigned long long)(*scan->s - '0');
	return scan->s > start;
}

bool scan_number(struct scan *scan, unsigned long least, unsigned long most, const char *why,
		 unsigned long *n)
{
	const char *start = scan->s;
	unsigned long long wide;

	if (!digits(scan, most, &wide) || wide < least || wide > most)
		return scan_fail(scan, start, why);
	*n = (unsigned long)wide;
	return true;
}

bool scan_size(struct scan *scan, long long *bytes)
{
	static const char suffixes[] = "KMGT";
	const char *start = scan->s, *suffix;
	unsigned long long n;

	if (!digits(scan, SIZE_MOST, &n))
		return scan_fail(scan, start, "a memory size must follow");
	suffix = *scan->s ? strchr(suffixes, *scan->s) : NULL;
	for (long i = -1; suffix && i < suffix - suffixes && n <= SIZE_MOST; i++)
		n *= 1024;
	if (n > SIZE_MOST)
		return scan_fail(scan, start, "the memory is too large");
	scan->s += suffix != NULL;
	*bytes = (long long)n;
	return true;
}
