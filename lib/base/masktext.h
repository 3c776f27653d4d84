/* SPDX-License-Identifier: MIT */
/*
 * The two ways in which the kernel writes a mask as text: hex groups of 32 bits, most significant
 * first ("00000000,00000003"), and lists ("0,2-3"). Pure: no errno, no allocation.
 */
#ifndef MYNUMA_BASE_MASKTEXT_H
#define MYNUMA_BASE_MASKTEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Hex groups up to the end of the line (a newline or NUL) into words[], overwritten whole. White
 * space before them is skipped. Bits that do not fit are only counted: *lost says whether one of
 * them was set (NULL: not asked). Returns false if the text is something else, or nothing.
 */
bool mask_parse_hex(const char *s, unsigned long *words, size_t nbits, bool *lost);

/* A list, likewise; white space may follow it. An empty line is the empty set. */
bool mask_parse_list(const char *s, unsigned long *words, size_t nbits, bool *lost);

/* How many hex digits stand before the end of the line: the size of the mask is four times that. */
size_t mask_hex_digits(const char *s);

#endif
