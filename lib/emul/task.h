/* SPDX-License-Identifier: MIT */
/*
 * What each thread has: its policy and the place where its interleaving is. Kept in the thread
 * itself, so a thread's end frees it and fork() copies it. Call with the emulation's lock held.
 *
 * A thread starts with what the process's main thread has when the new one is first heard of. A
 * kernel would give it what its creator had; who intercepts the creation of threads can do so with
 * emul_task_get() and emul_task_set().
 */
#ifndef MYNUMA_EMUL_TASK_H
#define MYNUMA_EMUL_TASK_H

#include "emul/mempolicy.h"

/* What a thread has, for handing it on. */
struct emul_task {
	struct mempolicy policy;
	int prev;	 /* node that had the last turn */
	unsigned credit; /* turns it still has, for weighted interleave */
};

/* The calling thread's policy; MPOL_DEFAULT when it has none. Valid until it changes. */
const struct mempolicy *task_policy(void);

/*
 * The same into *policy, and the only function here that needs no lock: what a thread holds nobody
 * else takes away. False when the thread has not been heard of yet.
 */
bool task_peek(struct mempolicy *policy);

/* A new policy; interleaving starts at the lowest node. 0 or -ENOMEM. */
int task_set_policy(const struct mempolicy *policy);

/* The node whose turn is next; the policy interleaves. */
int task_next_turn(void);

/* What the calling thread has, and that it has from now on what `task` says: 0 or -ENOMEM. */
void task_save(struct emul_task *task);
int task_become(const struct emul_task *task);

/* The calling thread is now the main thread of a new process. */
void task_forked(void);

#endif
