/* SPDX-License-Identifier: MIT */
/*
 * Threads' policies, and a copy of the main thread's for new threads. A thread's own memory is
 * scarce, so it holds only a pointer to a shared policy; of a thread that has ended nothing remains
 * but that it is counted as a holder.
 */
#include "emul/task.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "emul/abi.h"
#include "emul/policyset.h"
#include "emul/tls.h"
#include "sys/call.h"

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
static EMUL_TLS signed char main_thread; /* 1, or -1; 0: not asked */
static EMUL_TLS struct task self;
static struct task main_task = {.known = true, .prev = NO_TURN_YET};

static bool is_main_thread(void)
{
	if (!main_thread)
		main_thread = sys_call(__NR_gettid) == getpid() ? 1 : -1;
	return main_thread > 0;
}

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

static struct task *own(void)
{
	if (!self.known)
		copy(&self, &main_task);
	return &self;
}

static const struct mempolicy none = {.mode = MPOL_DEFAULT, .home = -1};

bool task_peek(struct mempolicy *policy)
{
	const struct shared_policy *shared;
	unsigned before;

	if (!self.known)
		return false;
	do {
		before = *(volatile unsigned *)&changes;
		atomic_signal_fence(memory_order_seq_cst);
		shared = self.policy;
		*policy = shared ? shared->policy : none;
		atomic_signal_fence(memory_order_seq_cst);
	} while (before != *(volatile unsigned *)&changes);
	return true;
}

const struct mempolicy *task_policy(void)
{
	const struct shared_policy *shared = own()->policy;

	return shared ? &shared->policy : &none;
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
		new.policy = policyset_get(&task->policy);
		if (!new.policy)
			return -ENOMEM;
	}
	copy(&self, &new);
	if (is_main_thread())
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
	main_thread = 1;
	copy(&main_task, own());
}
