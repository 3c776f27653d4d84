/* SPDX-License-Identifier: MIT */
/*
 * Threads' policies, and a copy of the main thread's for new threads. A thread's own memory is
 * scarce, so it holds only a pointer to a shared policy; of a thread that has ended nothing remains
 * but that it is counted as a holder.
 */
#include "emul/task.h"

#include <errno.h>
#include <linux/kcmp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "emul/abi.h"
#include "emul/policyset.h"
#include "emul/tls.h"
#include "sys/call.h"

#ifndef __NR_kcmp
#define __NR_kcmp SYS_NONE
#endif

/* Before the lowest node in every set: the highest that there can be. */
#define NO_TURN_YET (EMUL_NODES - 1)

struct task {
	bool known;
	struct shared_policy *policy; /* held; NULL is MPOL_DEFAULT */
	int prev;
	unsigned credit;
};

/* Raised at each change of `self`, which a signal handler can make in the middle of a reading. */
static EMUL_TLS unsigned changes;
static EMUL_TLS struct task self;
static struct task main_task = {.known = true, .prev = NO_TURN_YET};

/*
 * A vfork()ed child uses its parent's memory, thread-local memory too. What it changes is put back
 * when the parent comes: `before` is the parent's, `process` tells the two apart.
 */
static EMUL_TLS struct shared_policy *before; /* held */
static EMUL_TLS short before_prev = -1;	      /* -1: the child changed nothing */
static EMUL_TLS unsigned char before_credit;
static _Atomic int process;

static void copy(struct task *to, const struct task *from)
{
	struct shared_policy *old = to->policy;

	if (from->policy)
		policyset_hold(from->policy);
	*to = *from;
	if (to == &self)
		changes++;
	if (old)
		policyset_drop(old);
}

/* The process whose memory this is; the first to ask may be a child that uses its parent's. */
static int owner(void)
{
	int pid = getpid(), parent = getppid();

	return sys_call(__NR_kcmp, pid, parent, KCMP_VM, 0, 0) == 0 ? parent : pid;
}

/* Whether the caller is a child that uses its parent's memory. */
static bool is_vforked(void)
{
	int known = atomic_load(&process), none = 0;

	if (!known) {
		known = owner();
		if (!atomic_compare_exchange_strong(&process, &none, known))
			known = none;
	}
	return known != getpid();
}

static void put_back(void)
{
	struct shared_policy *changed;

	if (is_vforked())
		return;
	changed = self.policy;
	self.policy = before;
	self.prev = before_prev;
	self.credit = before_credit;
	changes++;
	before = NULL;
	before_prev = -1;
	if (changed)
		policyset_drop(changed);
}

static struct task *own(void)
{
	if (!self.known)
		copy(&self, &main_task);
	if (before_prev >= 0)
		put_back();
	return &self;
}

/* Before a change of `self`. */
static void keep_parents(void)
{
	if (before_prev >= 0 || !is_vforked())
		return;
	before = self.policy;
	before_prev = (short)self.prev;
	before_credit = (unsigned char)self.credit;
	if (before)
		policyset_hold(before);
}

static const struct mempolicy no_policy = {.mode = MPOL_DEFAULT, .home = -1};

bool task_peek(struct mempolicy *policy)
{
	const struct shared_policy *shared;
	unsigned seen;

	/* What a child of vfork() has left here is not looked at without the lock. */
	if (!self.known || before_prev >= 0)
		return false;
	do {
		seen = *(volatile unsigned *)&changes;
		atomic_signal_fence(memory_order_seq_cst);
		shared = self.policy;
		*policy = shared ? shared->policy : no_policy;
		atomic_signal_fence(memory_order_seq_cst);
	} while (seen != *(volatile unsigned *)&changes);
	return true;
}

const struct mempolicy *task_policy(void)
{
	const struct shared_policy *shared = own()->policy;

	return shared ? &shared->policy : &no_policy;
}

void task_save(struct emul_task *task)
{
	*task = (struct emul_task){
		.policy = *task_policy(),
		.prev = self.prev,
		.credit = self.credit,
	};
}

int task_become(const struct emul_task *task)
{
	struct task new = {.known = true, .prev = task->prev, .credit = task->credit};

	if (task->policy.mode != MPOL_DEFAULT) {
		new.policy = policyset_get(&policies_of_process, &task->policy);
		if (!new.policy)
			return -ENOMEM;
	}
	keep_parents();
	copy(&self, &new);
	if (sys_call(__NR_gettid) == atomic_load(&process))
		copy(&main_task, &new);
	if (new.policy)
		policyset_drop(new.policy);
	return 0;
}

int task_set_policy(const struct mempolicy *policy)
{
	struct emul_task task;

	task_save(&task);
	task.policy = *policy;
	if (mempolicy_interleaves(policy)) {
		task.prev = NO_TURN_YET;
		task.credit = 0;
	}
	return task_become(&task);
}

int task_next_turn(void)
{
	const struct mempolicy *policy = task_policy();

	if (policy->mode == MPOL_WEIGHTED_INTERLEAVE && self.credit)
		return self.prev;
	return nodemask_next_around(&policy->nodes, self.prev);
}

void task_forked(void)
{
	atomic_store(&process, getpid());
	copy(&main_task, own());
}
