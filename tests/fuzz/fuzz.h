/* SPDX-License-Identifier: MIT */
/*
 * What the fuzzing targets share. A target is a file with LLVMFuzzerTestOneInput(), which libFuzzer
 * and AFL++ both call; fuzz.sh builds and runs them. A target that finds a broken promise dies in
 * MUST(), as the sanitizers do for the rest. A source of the library whose system calls are to be
 * answered by the fuzzer is included in the target, after macros for those calls; then its object is
 * left out of the link.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(cond)                                                                                 \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #cond);         \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* The input as a supply of small values; zeroes when it is used up. */
struct supply {
	const uint8_t *data;
	size_t left;
};

static inline unsigned supply_byte(struct supply *s)
{
	if (!s->left)
		return 0;
	s->left--;
	return *s->data++;
}

static inline bool supply_more(const struct supply *s)
{
	return s->left > 0;
}

/* A string of its own, as long as it is, so that a byte read behind it is noticed. */
static inline char *text_of(const uint8_t *data, size_t size)
{
	char *s = malloc(size + 1);

	MUST(s);
	if (size)
		memcpy(s, data, size);
	s[size] = '\0';
	return s;
}

#endif
