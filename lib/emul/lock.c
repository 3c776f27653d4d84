/* SPDX-License-Identifier: MIT */
/*
 * A futex where there is one, else a lock that yields; signals and fork as lock.h promises.
 *
 * A child by vfork() shares its parent's memory and so the lock, and is another process; one by a
 * raw clone() has a copy, in which whoever held the lock is not there. A page that the kernel wipes
 * in copies (Linux 4.14) tells the two apart.
 */
#include "emul/lock.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "emul/arena.h"
#include "emul/emul.h"
#include "emul/tls.h"
#include "sys/call.h"
#include "sys/smallfile.h"

#ifndef __NR_futex
#define __NR_futex SYS_NONE
#endif

/* The word is 0, or the owner's thread id, with this bit when somebody waits. */
#define WAITED 0x80000000U

static _Atomic unsigned word;
static struct emul_guard fork_guard;
static EMUL_TLS bool forking; /* this thread is between prepare and parent or child */

static unsigned own_id(void)
{
	return (unsigned)sys_call(__NR_gettid);
}

static void wait_for_change(unsigned seen)
{
	if (sys_call(__NR_futex, &word, FUTEX_WAIT_PRIVATE, seen, NULL) == -ENOSYS)
		sys_call(__NR_sched_yield);
}

/* From an owner that is there no more; others may be waiting. */
static bool take_over(unsigned seen, unsigned id)
{
	if (!atomic_compare_exchange_strong(&word, &seen, id | WAITED))
		return false;
	emul_forget();
	return true;
}

/* ---- copies of the memory ---- */

#define NO_ADVICE 0x7fffffff

typedef _Atomic int original; /* 1; 0 in a copy in which nobody has taken the lock yet */

/* Where the system cannot wipe a page. */
static original never_wiped = 1;

/* An emulator of processors that accepts any advice follows none. */
static bool will_be_wiped(void *page, size_t size)
{
	return sys_call(__NR_madvise, page, size, NO_ADVICE) < 0 &&
	       sys_call(__NR_madvise, page, size, MADV_WIPEONFORK) == 0;
}

static original *make_original(void)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	original *page = pages_alloc(size);

	if (page && !will_be_wiped((void *)page, size)) {
		pages_free(page, size);
		page = NULL;
	}
	if (page)
		atomic_store(page, 1);
	return page;
}

/* The place that is wiped in copies, or else never_wiped. */
static original *get_original(void)
{
	static original *_Atomic kept;
	original *page = atomic_load(&kept), *made;

	if (page)
		return page;
	made = make_original();
	if (!made)
		made = &never_wiped;
	if (atomic_compare_exchange_strong(&kept, &page, made))
		return made;
	if (made != &never_wiped)
		pages_free(made, (size_t)sysconf(_SC_PAGESIZE));
	return page;
}

/*
 * Nobody takes the lock before this is done, so in a copy what is seen first is from the time
 * before. True: the caller has got it from an owner that was left behind.
 */
static bool take_in_copy(unsigned id)
{
	original *is_original = get_original();
	unsigned seen = atomic_load(&word), left = seen & ~WAITED;

	if (atomic_load(is_original) || atomic_exchange(is_original, 1) || !left)
		return false;
	while ((seen & ~WAITED) == left) {
		if (take_over(seen, id))
			return true;
		seen = atomic_load(&word);
	}
	return false;
}

/*
 * In memory that is no copy only a child of vfork() can have died with the lock; where that is not
 * known the owner is looked for in this process.
 */
static bool owner_is_gone(unsigned seen)
{
	unsigned id = seen & ~WAITED;

	if (get_original() == &never_wiped)
		return sys_call(__NR_tgkill, getpid(), id, 0) == -ESRCH;
	return sys_call(__NR_tkill, id, 0) == -ESRCH;
}

/* ---- the lock ---- */

static void acquire(unsigned id)
{
	unsigned seen = 0;

	if (take_in_copy(id) || atomic_compare_exchange_strong(&word, &seen, id))
		return;
	for (;;) {
		/* Whoever waited once leaves the bit set: others may be waiting too. */
		seen = 0;
		if (atomic_compare_exchange_strong(&word, &seen, id | WAITED))
			return;
		if (owner_is_gone(seen) && take_over(seen, id))
			return;
		if (!(seen & WAITED) &&
		    !atomic_compare_exchange_strong(&word, &seen, seen | WAITED))
			continue;
		wait_for_change(seen | WAITED);
	}
}

static void release(void)
{
	if (atomic_exchange(&word, 0) & WAITED)
		sys_call(__NR_futex, &word, FUTEX_WAKE_PRIVATE, 1);
}

static void block_signals(sigset_t *old)
{
	sigset_t all;

	sigfillset(&all);
	/* Not libc's: that leaves out the signals it uses itself, of which one cancels threads. */
	sys_call(__NR_rt_sigprocmask, SIG_SETMASK, &all, old, SIGSET_BYTES);
}

static void unblock_signals(const sigset_t *old)
{
	sys_call(__NR_rt_sigprocmask, SIG_SETMASK, old, NULL, SIGSET_BYTES);
}

static void before_fork(void)
{
	sigset_t old;

	block_signals(&old);
	acquire(own_id());
	fork_guard.signals = old;
	forking = true;
	arena_make_for_children();
}

static void after_fork_in_parent(void)
{
	struct emul_guard guard = fork_guard;

	forking = false;
	release();
	unblock_signals(&guard.signals);
}

static void after_fork_in_child(void)
{
	atomic_store(&word, own_id());
	emul_forked();
	after_fork_in_parent();
}

/* Once a process. Not at load time: most processes never need the emulation. */
static void register_fork_handlers(void)
{
	static atomic_flag done = ATOMIC_FLAG_INIT;

	if (!atomic_flag_test_and_set(&done))
		pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

void emul_lock(struct emul_guard *guard)
{
	if (!forking) { /* other libraries' fork handlers may call us */
		register_fork_handlers();
		block_signals(&guard->signals);
		acquire(own_id());
	}
	arena_lock();
}

void emul_unlock(const struct emul_guard *guard)
{
	arena_unlock();
	if (forking)
		return;
	release();
	unblock_signals(&guard->signals);
}
