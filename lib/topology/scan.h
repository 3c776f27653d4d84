/* SPDX-License-Identifier: MIT */
/*
 * Reading a text from left to right, for the parsers of descriptions. A function that finds
 * something else than it looks for records why and where, once, and returns false. Pure.
 */
#ifndef MYNUMA_TOPOLOGY_SCAN_H
#define MYNUMA_TOPOLOGY_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct scan {
	const char *s;		/* what is next; the text ends with a NUL */
	const char *line_start; /* of the line in which s stands */
	unsigned long line;
	const char *why; /* the fault, or NULL */
	const char *at;
};

/* Records a fault; always false. */
bool scan_fail(struct scan *scan, const char *at, const char *why);

/* Skips blanks (tabs and carriage returns too) within the line. */
void scan_blanks(struct scan *scan);

/* At the end of a line or of the text. */
bool scan_at_end(const struct scan *scan);

/* Goes to the next line; false at the end of the text. */
bool scan_next_line(struct scan *scan);

/* Takes a text, or, for words, one that no letter follows; false if it is not there. */
bool scan_take(struct scan *scan, const char *text);
bool scan_take_word(struct scan *scan, const char *word);

/* A decimal number from `least` to `most`; `why` is told when it is none. */
bool scan_number(struct scan *scan, unsigned long least, unsigned long most, const char *why,
		 unsigned long *n);

/* A size in bytes with K, M, G, T or nothing. */
bool scan_size(struct scan *scan, long long *bytes);

#endif
