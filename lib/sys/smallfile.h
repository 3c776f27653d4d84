/* SPDX-License-Identifier: MIT */
/*
 * The small text files of /sys and /proc, read without stdio, without the heap and without touching
 * errno. No descriptor outlives a call.
 */
#ifndef MYNUMA_SYS_SMALLFILE_H
#define MYNUMA_SYS_SMALLFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The text of a file. Usually in the built-in buffer; a long one in pages of its own. */
struct text {
	char *s;    /* NUL-terminated; never NULL after text_read(), whatever its result */
	size_t len; /* without that NUL */
	size_t cap;
	char small[2048];
};

/*
 * Reads a file until it ends, or until the line that starts with `last` is complete ("" is the
 * first line; NULL, read it all), because each further read would cost a system call.
 * Returns 0 or -errno. Call text_free() in both cases.
 */
int text_read(struct text *t, const char *path, const char *last);
void text_free(struct text *t);

/* What follows `key` at the start of a line of the text, or NULL. */
const char *text_field(const struct text *t, const char *key);

/*
 * Calls each(name, arg) for every entry of a directory, "." and ".." too. Returns 0 or -errno; then
 * some entries may have been seen.
 */
int dir_each(const char *path, void (*each)(const char *name, void *arg), void *arg);

/*
 * Reads `size` bytes at an offset through a descriptor that has no other user. Returns how many, or
 * -errno.
 */
long file_read_at(int fd, void *buf, size_t size, uint64_t offset);

/*
 * A descriptor of a file of /proc/self, as "maps", or -errno. Where the main thread has ended such
 * a file is not there, or tells of nothing; then it is asked of the calling thread.
 * own_file_reopen() does that after an answer without sense: false if it was so already, or cannot
 * be.
 */
long own_file_open(const char *name, bool *by_thread);
bool own_file_reopen(const char *name, int *fd, bool *by_thread);

/* Joins the parts, which NULL ends, into buf; false if they do not fit. */
bool path_join(char *buf, size_t size, ...) __attribute__((sentinel));

/* The decimal digits of n, in buf. */
#define NUMBER_DIGITS 24
const char *number_text(char buf[NUMBER_DIGITS], unsigned long n);

/* Anonymous memory, zeroed; NULL when there is none. For what must not use the heap. */
void *pages_alloc(size_t size);
/* The same, shared with children by fork(), and counted only when it is used. */
void *pages_alloc_shared(size_t size);
void pages_free(void *p, size_t size);

#endif
