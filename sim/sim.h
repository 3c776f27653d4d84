/* SPDX-License-Identifier: MIT */
/*
 * What a simulated machine needs beyond libnuma's own calls: functions of libc that this library
 * has under libc's names, so that a program into which it is preloaded calls them here. Only what
 * has to do with the machine is answered; all else goes on to the next library's function, or to
 * the kernel where libc's does nothing more.
 *
 * A function here is as async-signal-safe as libc's, allocates nothing on the heap, works before
 * constructors have run and is a cancellation point only where libc's is.
 */
#ifndef MYNUMA_SIM_SIM_H
#define MYNUMA_SIM_SIM_H

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* A function that takes the place of libc's. */
#define INTERPOSED __attribute__((visibility("default"), used))

/* ---- start.c ---- */

/*
 * Before anything is asked of or told to the machine: takes over what the program before exec()
 * has left, once. Costs a load afterwards.
 */
void sim_begin(void);

/* The next function of that name, looked up the first time. */
void *sim_next(_Atomic(void *) *found, const char *name);

/*
 * NEXT(name)(args) calls libc's function in whose place one stands here; before that, at the top of
 * the file, HAS_NEXT(name).
 */
#define HAS_NEXT(name) static _Atomic(void *) next_##name
#define NEXT(name) ((__typeof__(&(name)))sim_next(&next_##name, #name))

/* The value of NAME in an environment; NULL if there is none. */
const char *sim_getenv(char *const *env, const char *name);

/* ---- carry.c ---- */

/*
 * The calling thread's policy and affinity as text, for another program; "" when it has neither.
 * And the calling thread has from now on what such a text says, which nobody may have spoilt.
 */
#define SIM_CARRY_BYTES 3328
void sim_carry(char text[SIM_CARRY_BYTES]);
void sim_take(const char *text);

/* ---- exec.c ---- */

/* An environment with the machine in it, in memory that the calling thread uses again. */
char *const *sim_environment(char *const *env);

/* Gives that memory back; the thread ends. */
void sim_environment_done(void);

/* ---- calls that several files have to do with; -errno ---- */

long sim_mmap(void *addr, size_t len, int prot, int flags, int fd, long long offset);
long sim_munmap(void *addr, size_t len);
long sim_mremap(void *addr, size_t old_len, size_t new_len, int flags, void *new_addr);
long sim_madvise(void *addr, size_t len, int advice);
long sim_brk(void *end);

/* The calling thread is alone in a new process. */
void sim_forked(void);

/* -errno becomes errno. */
static inline long sim_result(long ret)
{
	if (ret >= 0 || ret < -4095)
		return ret;
	errno = (int)-ret;
	return -1;
}

#endif
