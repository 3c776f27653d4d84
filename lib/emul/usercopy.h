/* SPDX-License-Identifier: MIT */
/*
 * The caller's memory, reached as a kernel reaches it: a bad pointer is -EFAULT, never a crash.
 * Any address may be given. Safe in signal handlers; errno stays; no descriptor outlives a call.
 *
 * A read or write may fault a page in and so may wait (for a file, for userfaultfd's owner):
 * never call this with the emulation's lock held.
 */
#ifndef MYNUMA_EMUL_USERCOPY_H
#define MYNUMA_EMUL_USERCOPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 0 or -EFAULT. What comes before the first bad page may have been copied all the same. */
int user_read(void *to, uintptr_t from, size_t len);
int user_write(uintptr_t to, const void *from, size_t len);

/*
 * Stores an int as one instruction does: when its end cannot be written nothing is. 0 or
 * -EFAULT.
 */
int user_put(uintptr_t to, int value);

/*
 * Writes that are gathered, so that they cost one system call, and happen in the order of their
 * additions, at the latest in user_writes_end(). Begin with {0}; what is added stays as it is until
 * the end. 0 or -EFAULT, after which nothing more is written. `frame` may be the address of a stack
 * frame near the caller's: what is in one page with it is written without asking the system.
 */
#define USER_WRITES 4U
struct user_writes {
	const void *frame;
	unsigned n;
	struct user_piece {
		uintptr_t to;
		const void *from;
		size_t len;
	} piece[USER_WRITES];
};
int user_writes_add(struct user_writes *writes, uintptr_t to, const void *from, size_t len);
int user_writes_zero(struct user_writes *writes, uintptr_t to, size_t len);
int user_writes_put(struct user_writes *writes, uintptr_t to, const int *value); /* as user_put() */
int user_writes_end(struct user_writes *writes);

/*
 * Reads the byte at an address for its effect, a page where there was none. user_touch() goes by
 * what the mapping allows (where the system has a call for that), user_peek() by what the
 * processor lets the program do. 0 or -EFAULT.
 */
int user_touch(uintptr_t addr);
int user_peek(uintptr_t addr);

/*
 * Whether all of a range is 0, if its protection forbids reading too where the system can tell
 * (/proc/self/mem on Linux); what cannot be read is not 0. A page that a fork has shared stays
 * shared, which user_read() would give the process a copy of.
 */
bool user_is_zero(uintptr_t from, size_t len);

#endif
