/* SPDX-License-Identifier: MIT */
/* A futex where there is one, else a lock that yields; signals and fork as lock.h promises. */
#include "emul/lock.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "emul/arena.h"
#include "emul/emul.h"
#include "emul/tls.h"
#include "sys/call.h"

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

static bool is_gone(unsigned id)
{
	return sys_call(__NR_tgkill, getpid(), id, 0) == -ESRCH;
}

static void wait_for_change(unsigned seen)
{
	if (sys_call(__NR_futex, &word, FUTEX_WAIT_PRIVATE, seen, NULL) == -ENOSYS)
		sys_call(__NR_sched_yield);
}

/* Taken from an owner that is no thread of this process. */
static bool take_over(unsigned seen, unsigned id)
{
	if (!is_gone(seen & ~WAITED) || !atomic_compare_exchange_strong(&word, &seen, id))
		return false;
	emul_forget();
	return true;
}

static void acquire(unsigned id)
{
	unsigned seen = 0;

	if (atomic_compare_exchange_strong(&word, &seen, id))
		return;
	for (;;) {
		/* Whoever waited once leaves the bit set: others may be waiting too. */
		seen = 0;
		if (atomic_compare_exchange_strong(&word, &seen, id | WAITED))
			return;
		if (take_over(seen, id))
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
