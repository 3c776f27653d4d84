/* SPDX-License-Identifier: MIT */
/*
 * The emulation's one lock. It guards everything that changes: range policies, page nodes, the
 * threads' policies, the slabs.
 *
 * All signals are blocked while it is held, so a signal handler may take it whatever it
 * interrupted. With it held nothing may wait for other threads: no access to the caller's
 * memory, no libc function that locks or is a cancellation point.
 *
 * fork() waits for it, by way of pthread_atfork(), so a child finds the state whole. A process
 * made by a raw clone() while another thread held it finds it held by nobody alive; then the
 * state starts anew, empty.
 */
#ifndef MYNUMA_EMUL_LOCK_H
#define MYNUMA_EMUL_LOCK_H

#include <signal.h>

struct emul_guard {
	sigset_t signals; /* to be put back */
};

void emul_lock(struct emul_guard *guard);
void emul_unlock(const struct emul_guard *guard);

/* Provided by state.c: called with the lock held in place of a dead owner. */
void emul_forget(void);

#endif
