/* SPDX-License-Identifier: MIT */
/*
 * The calls about policies: get_mempolicy, set_mempolicy, mbind, set_mempolicy_home_node. Each
 * is an entry, which checks arguments in the kernel's order and goes to and from the caller's
 * memory, over a do_ function, which means it.
 */
#include <errno.h>

#include "emul/call.h"
#include "emul/emul.h"
#include "emul/process.h"
#include "emul/abi.h"
#include "emul/vma.h"

#define GET_FLAGS (MPOL_F_NODE | MPOL_F_ADDR | MPOL_F_MEMS_ALLOWED)
#define MBIND_FLAGS (MPOL_MF_STRICT | MPOL_MF_MOVE | MPOL_MF_MOVE_ALL)

static uintptr_t page_of(const struct emul_machine *machine, uintptr_t addr)
{
	return addr & ~(uintptr_t)(machine->page_size - 1);
}

/* ---- get_mempolicy ---- */

struct answer {
	int mode;
	struct nodemask nodes;
};

static void tell(struct answer *answer, const struct mempolicy *policy, int release)
{
	answer->mode = policy ? mempolicy_word(policy) : MPOL_DEFAULT;
	if (policy)
		answer->nodes = *mempolicy_mask(policy, release);
	else
		nodemask_clear(&answer->nodes);
}

/*
 * Brings the page at an address in, as reading it would. A page of its own that is there is
 * found whatever the mapping says, if the processor can read it; reading it as the mapping
 * allows would copy a page that a fork has shared. -EFAULT when there is none to be had.
 */
static int fault_in(struct call *call, uintptr_t addr)
{
	uintptr_t page = page_of(call->view.machine, addr);
	enum page_state state = presence_of(&call->presence, page);
	struct mapping mapping;

	if (state <= PAGE_ZERO)
		return user_touch(addr);
	if (state == PAGE_COMMON && mapping_of(page, &mapping) && mapping.kind == MAPPING_DEVICE)
		return -EFAULT;
	return user_peek(addr);
}

/* The node of a page that is there; the zero page has one node for everybody. */
static int node_at(struct call *call, uintptr_t page)
{
	const struct emul_machine *machine = call->view.machine;

	if (machine->memory_nodes == 1 || presence_of(&call->presence, page) == PAGE_ZERO)
		return nodemask_first(&machine->memory);
	return pages_node(&call->view, page);
}

static const struct mempolicy *policy_at(struct call *call, uintptr_t page)
{
	size_t page_size = call->view.machine->page_size;

	if (!vma_policy(page) && !objects_known())
		return NULL;
	binding_of(page, page_size, &call->binding);
	return binding_policy(&call->binding, page, page_size);
}

static void do_get_policy_at(const struct emul_machine *machine, uintptr_t page,
			     struct answer *answer)
{
	struct call call;

	if (!emul_ranges_known() && !objects_known()) {
		tell(answer, NULL, machine->release);
		return;
	}
	call_begin(&call, machine, false);
	tell(answer, policy_at(&call, page), machine->release);
	call_end(&call);
}

static int do_get_node_at(const struct emul_machine *machine, uintptr_t addr, struct answer *answer)
{
	struct call call;
	int err;

	call_open(&call, machine, true);
	err = fault_in(&call, addr);
	if (!err) {
		emul_lock(&call.guard);
		tell(answer, policy_at(&call, page_of(machine, addr)), machine->release);
		answer->mode = node_at(&call, page_of(machine, addr));
		emul_unlock(&call.guard);
	}
	call_close(&call);
	return err;
}

static int do_get_addr(const struct emul_machine *machine, uintptr_t addr, bool node,
		       struct answer *answer)
{
	uintptr_t page = page_of(machine, addr);

	if (!mapped_whole(page, page + machine->page_size))
		return -EFAULT;
	if (node)
		return do_get_node_at(machine, addr, answer);
	do_get_policy_at(machine, page, answer);
	return 0;
}

static int do_get_task(const struct emul_machine *machine, bool node, struct answer *answer)
{
	const struct mempolicy *policy;
	struct mempolicy own;
	struct emul_guard guard;
	int err = 0;

	if (!node && task_peek(&own)) {
		tell(answer, &own, machine->release);
		return 0;
	}
	emul_lock(&guard);
	policy = task_policy();
	if (node && !mempolicy_interleaves(policy))
		err = -EINVAL;
	tell(answer, policy, machine->release);
	if (node && !err)
		answer->mode = task_next_turn();
	emul_unlock(&guard);
	return err;
}

static int do_get_mempolicy(const struct emul_machine *machine, uintptr_t addr, unsigned long flags,
			    struct answer *answer)
{
	bool node = flags & MPOL_F_NODE;

	if (flags & MPOL_F_MEMS_ALLOWED) {
		if (flags & (MPOL_F_NODE | MPOL_F_ADDR))
			return -EINVAL;
		answer->mode = 0;
		answer->nodes = machine->allowed;
		return 0;
	}
	if (flags & MPOL_F_ADDR)
		return do_get_addr(machine, addr, node, answer);
	return addr ? -EINVAL : do_get_task(machine, node, answer);
}

/* The mode first, as the kernel does it: it is written also where the mask's length is wrong. */
static int answer_to_user(const struct emul_machine *machine, const void *frame, int *mode,
			  unsigned long *nodemask, unsigned long maxnode,
			  const struct answer *answer)
{
	struct user_writes writes = {.frame = frame};
	int err = 0, written;

	if (mode)
		err = user_writes_put(&writes, (uintptr_t)mode, &answer->mode);
	if (nodemask && !err)
		err = mask_to_user(&writes, machine, nodemask, maxnode, &answer->nodes);
	written = user_writes_end(&writes);
	return written < 0 ? written : err;
}

long emul_get_mempolicy(int *mode, unsigned long *nodemask, unsigned long maxnode, void *addr,
			unsigned long flags)
{
	const struct emul_machine *machine = emul_machine();
	struct answer answer;
	int err;

	if (nodemask && maxnode < machine->node_ids)
		return -EINVAL;
	if (flags & ~(unsigned long)GET_FLAGS)
		return -EINVAL;
	err = do_get_mempolicy(machine, untagged((uintptr_t)addr), flags, &answer);
	if (err)
		return err;
	return answer_to_user(machine, __builtin_frame_address(0), mode, nodemask, maxnode,
			      &answer);
}

/* ---- set_mempolicy ---- */

static int do_set_mempolicy(const struct emul_machine *machine, const struct mempolicy *policy)
{
	bool several = machine->memory_nodes > 1;
	struct mempolicy own;
	struct call call;
	int err = 0;

	/* Only interleaving begins anew with the policy that there is. */
	if (task_peek(&own) && mempolicy_equal(policy, &own) && !mempolicy_interleaves(policy))
		return 0;
	call_begin(&call, machine, several);
	if (several && !mempolicy_equal(policy, task_policy()))
		err = pages_settle_all(&call.view);
	if (!err)
		err = task_set_policy(policy);
	call_end(&call);
	return err;
}

long emul_set_mempolicy(int word, const unsigned long *nodemask, unsigned long maxnode)
{
	const struct emul_machine *machine = emul_machine();
	struct mempolicy policy;
	struct nodemask user;
	int mode, flags, err;

	err = mempolicy_split(word, machine->release, &mode, &flags);
	if (!err)
		err = mask_from_user(machine, &user, nodemask, maxnode);
	if (!err)
		err = mempolicy_make(&policy, mode, flags, &user, &machine->allowed);
	return err ? err : do_set_mempolicy(machine, &policy);
}

/* ---- mbind ---- */

struct request {
	uintptr_t start, end;
	struct mempolicy policy;
	struct nodemask user; /* what pages are judged by */
	unsigned flags;
};

struct moving {
	const struct request *request;
	struct pages_first first;
};

/* Pages on the caller's nodes stay. */
static bool binding_leaves(const void *ctx, int node)
{
	const struct moving *moving = ctx;

	return !nodemask_has(&moving->request->user, node);
}

static int binding_target(void *ctx, const struct pages_view *view, uintptr_t page, int node)
{
	struct moving *moving = ctx;
	const struct mempolicy *policy = &moving->request->policy;

	(void)node;
	if (policy->mode == MPOL_DEFAULT)
		policy = task_policy();
	return pages_place_moved(view, page, policy, &moving->first);
}

static int move_pages_of(struct call *call, const struct request *b)
{
	struct moving moving = {.request = b};
	struct migration migration = {
		.common = b->flags & MPOL_MF_MOVE_ALL,
		.leaves = binding_leaves,
		.target = binding_target,
		.ctx = &moving,
	};

	return pages_migrate(&call->view, b->start, b->end, &migration);
}

/* `settle` is the way that suits the range: with holes or without. */
static int apply(struct call *call, const struct request *b,
		 int (*settle)(const struct pages_view *view, uintptr_t start, uintptr_t end))
{
	bool move = b->flags & (MPOL_MF_MOVE | MPOL_MF_MOVE_ALL);
	bool strict = b->flags & MPOL_MF_STRICT;
	bool several = call->view.machine->memory_nodes > 1;
	int err = 0;

	/* Where there is one node, all pages are there and stay there: nothing to remember. */
	if (several || strict)
		err = settle(&call->view, b->start, b->end);
	if (!err && strict && !move && pages_misplaced(&call->view, b->start, b->end, &b->user))
		err = -EIO;
	if (!err)
		err = bindings_set_policy(b->start, b->end, call->view.machine, &b->policy,
					  several ? pages_settle_binding : NULL, &call->view);
	if (!err && move && (several || strict))
		err = move_pages_of(call, b);
	if (err > 0)
		err = strict ? -EIO : 0;
	return err;
}

/*
 * The answer for a range with a hole. Mapping by mapping the kernel looks first whether a hole
 * follows and then whether pages are misplaced; mappings end where policies do.
 */
static int judge_before_hole(struct call *call, const struct request *b)
{
	uintptr_t hole, last = mapping_before_hole(b->start, &hole);
	struct policy_part part;
	int err;

	if (hole == UINTPTR_MAX)
		return -EFAULT;
	for (part.end = last; part.end < hole; last = part.start)
		part = vma_part(part.end, hole);
	if (last < b->start)
		last = b->start;
	err = pages_settle(&call->view, b->start, last);
	return !err && pages_misplaced(&call->view, b->start, last, &b->user) ? -EIO : -EFAULT;
}

/* The range is not mapped all over. */
static int bind_with_holes(struct call *call, const struct request *b)
{
	bool move = b->flags & (MPOL_MF_MOVE | MPOL_MF_MOVE_ALL);

	if (b->policy.mode != MPOL_DEFAULT)
		return (b->flags & MPOL_MF_STRICT) && !move ? judge_before_hole(call, b) : -EFAULT;
	if (!mapped_partly(b->start, b->end, call->view.machine->page_size))
		return -EFAULT;
	return apply(call, b, pages_settle_sparse);
}

static int do_mbind(const struct emul_machine *machine, const struct request *b)
{
	struct call call;
	int err;

	call_begin(&call, machine, machine->memory_nodes > 1 || b->flags);
	if (mapped_whole(b->start, b->end))
		err = apply(&call, b, pages_settle);
	else
		err = bind_with_holes(&call, b);
	call_end(&call);
	return err;
}

long emul_mbind(void *addr, unsigned long len, unsigned long word, const unsigned long *nodemask,
		unsigned long maxnode, unsigned flags)
{
	const struct emul_machine *machine = emul_machine();
	struct request b = {.start = untagged((uintptr_t)addr), .flags = flags};
	int mode, mode_flags, err;

	err = mempolicy_split((int)word, machine->release, &mode, &mode_flags);
	if (!err)
		err = mask_from_user(machine, &b.user, nodemask, maxnode);
	if (err)
		return err;
	if (flags & ~(unsigned)MBIND_FLAGS)
		return -EINVAL;
	if ((flags & MPOL_MF_MOVE_ALL) && !process_may_nice())
		return -EPERM;
	if (b.start % machine->page_size)
		return -EINVAL;
	if (mode == MPOL_DEFAULT)
		b.flags &= ~(unsigned)MPOL_MF_STRICT;
	if (page_range(machine, &b.start, len, &b.end) < 0)
		return -EINVAL;
	if (b.start == b.end)
		return 0;
	err = mempolicy_make(&b.policy, mode, mode_flags, &b.user, &machine->allowed);
	return err ? err : do_mbind(machine, &b);
}

/* ---- set_mempolicy_home_node ---- */

long emul_set_mempolicy_home_node(unsigned long start, unsigned long len, unsigned long home_node,
				  unsigned long flags)
{
	const struct emul_machine *machine = emul_machine();
	uintptr_t addr = untagged(start), end;
	struct call call;
	int err = 0;

	if (addr % machine->page_size || flags)
		return -EINVAL;
	if (home_node >= EMUL_NODES || !nodemask_has(&machine->online, (long)home_node))
		return -EINVAL;
	if (page_range(machine, &addr, len, &end) < 0)
		return -EINVAL;
	if (addr == end)
		return 0;
	call_begin(&call, machine, machine->memory_nodes > 1);
	if (machine->memory_nodes > 1)
		err = pages_settle_sparse(&call.view, addr, end);
	if (!err)
		err = bindings_set_home(addr, end, machine, (int)home_node,
					machine->memory_nodes > 1 ? pages_settle_binding : NULL,
					&call.view);
	call_end(&call);
	return err;
}
