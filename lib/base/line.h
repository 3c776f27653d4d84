/* SPDX-License-Identifier: MIT */
/*
 * A line of text that is put together part by part, without stdio and the heap. What does not fit
 * is left out, and the line then ends in "...". Pure.
 */
#ifndef MYNUMA_BASE_LINE_H
#define MYNUMA_BASE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_SIZE 1024

struct line {
	size_t len;
	bool full; /* nothing is added any more */
	char s[LINE_SIZE];
};

void line_text(struct line *line, const char *s);
void line_number(struct line *line, long long n);
/* At least so many digits. */
void line_padded(struct line *line, unsigned long n, int digits);
void line_hex(struct line *line, uintptr_t n);	   /* "0x7f00" */
void line_address(struct line *line, uintptr_t n); /* "7f00", as /proc has it */
/* The members of a set as "0-3,8". */
void line_list(struct line *line, const unsigned long *words, size_t nbits);
/* Adds a newline, for which there always is room. */
void line_end(struct line *line);

#endif
