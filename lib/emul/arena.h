/* SPDX-License-Identifier: MIT */
/*
 * Memory that a process and its later children by fork() share, at the same addresses, for what
 * belongs to none of them alone: the state of shared memory objects.
 *
 * A lock of its own guards it, taken inside the emulation's. Whoever dies with it held leaves the
 * arena empty: what is in it may be half-made. Nothing outside may keep a pointer into it over an
 * unlock.
 */
#ifndef MYNUMA_EMUL_ARENA_H
#define MYNUMA_EMUL_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Nothing until there is an arena. */
void arena_lock(void);
void arena_unlock(void);

/*
 * Makes the arena, unless there is one. From then on the lock counts: call with the emulation's
 * lock held, and it is held when this returns true. False when there is no memory for it.
 */
bool arena_make(void);

/* As arena_make(), for a thread that will not unlock: the lock is not held then. */
void arena_make_for_children(void);

/* ARENA_ROOT bytes, zeroed when the arena is made or has been emptied; NULL without an arena. */
#define ARENA_ROOT (16UL << 10)
void *arena_root(void);

/* Pages of it, of any contents; NULL when it is full. Never given back. */
void *arena_pages(size_t bytes);

/* Whether an address is in it. */
bool arena_has(uintptr_t addr);

#endif
