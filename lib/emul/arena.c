/* SPDX-License-Identifier: MIT */
/*
 * One shared anonymous mapping, reserved whole since what one process adds later the other would
 * not see; it costs what is used of it. The lock is a robust mutex of the C library: only the
 * kernel knows for certain, in whatever pid namespace, that an owner has died.
 */
#include "emul/arena.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "sys/smallfile.h"

#if UINTPTR_MAX > 0xffffffffU
#define ARENA_LARGEST (64UL << 20)
#else
#define ARENA_LARGEST (4UL << 20)
#endif
#define ARENA_SMALLEST (256UL << 10)

struct arena {
	size_t size, used;
	pthread_mutex_t lock;
	_Alignas(64) char root[ARENA_ROOT];
};

/* Asked for without the lock too. */
static struct arena *_Atomic arena;

static void empty(void)
{
	memset(arena->root, 0, sizeof(arena->root));
	arena->used = sizeof(*arena);
}

void arena_lock(void)
{
	if (arena && pthread_mutex_lock(&arena->lock) == EOWNERDEAD) {
		empty();
		pthread_mutex_consistent(&arena->lock);
	}
}

void arena_unlock(void)
{
	if (arena)
		pthread_mutex_unlock(&arena->lock);
}

static bool init_lock(pthread_mutex_t *lock, int robustness)
{
	pthread_mutexattr_t attr;
	bool good;

	if (pthread_mutexattr_init(&attr) != 0)
		return false;
	good = pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED) == 0 &&
	       pthread_mutexattr_setrobust(&attr, robustness) == 0 &&
	       pthread_mutex_init(lock, &attr) == 0;
	pthread_mutexattr_destroy(&attr);
	return good;
}

static void make(void)
{
	size_t size = ARENA_LARGEST;
	struct arena *new = pages_alloc_shared(size);

	while (!new &&size > ARENA_SMALLEST) {
		size /= 2;
		new = pages_alloc_shared(size);
	}
	if (!new)
		return;
	new->size = size;
	/* Where nothing tells of an owner's death, one that is killed leaves the lock taken. */
	if (!init_lock(&new->lock, PTHREAD_MUTEX_ROBUST) &&
	    !init_lock(&new->lock, PTHREAD_MUTEX_STALLED)) {
		pages_free(new, size);
		return;
	}
	arena = new;
	empty();
}

bool arena_make(void)
{
	if (arena)
		return true;
	make();
	arena_lock();
	return arena;
}

void arena_make_for_children(void)
{
	if (!arena)
		make();
}

void *arena_root(void)
{
	return arena ? arena->root : NULL;
}

void *arena_pages(size_t bytes)
{
	char *pages;

	if (!arena || bytes > arena->size - arena->used)
		return NULL;
	pages = (char *)arena + arena->used;
	arena->used += (bytes + 63) / 64 * 64;
	if (arena->used > arena->size)
		arena->used = arena->size;
	return pages;
}

bool arena_has(uintptr_t addr)
{
	return arena && addr - (uintptr_t)arena < arena->size;
}
