/* SPDX-License-Identifier: MIT */
/*
 * Threads' policies, and a copy of the main thread's for new threads. A thread's own memory is
 * scarce, so it holds only a pointer to a shared policy; of a thread that has ended nothing remains
 * but that it is counted as a holder.
 */
#include "emul/task.h"

#include <errno.h>
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

static EMUL_TLS struct task self;
static struct task main_task = {.known = true, .prev = NO_TURN_YET};

static bool is_main_thread(void)
{
	return sys_call(__NR_gettid) == getpid();
}

static void copy(struct task *to, const struct task *from)
{
	struct shared_policy *old = to->policy;

	if (from->policy)
		policyset_hold(from->policy);
	*to = *from;
	if (old)
		policyset_drop(old);
}

static struct task *own(void)
{
	if (!self.known)
		copy(&self, &main_task);
	return &self;
}

const struct mempolicy *task_policy(void)
{
	static const struct mempolicy none = {.mode = MPOL_DEFAULT, .home = -1};
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
		new.policy = policyset_get(&policies_of_process, &task->policy);
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
	copy(&main_task, own());
}
