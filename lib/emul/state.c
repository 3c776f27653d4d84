/* SPDX-License-Identifier: MIT */
/* Events from outside the calls: what happens to memory, threads and the process. */
#include "emul/call.h"
#include "emul/cpus.h"
#include "emul/emul.h"
#include "emul/policyset.h"
#include "emul/ranges.h"
#include "emul/vma.h"

/* The whole pages of a range that the system has accepted. */
static bool range_of(const void *addr, size_t len, uintptr_t *start, uintptr_t *end)
{
	const struct emul_machine *machine = emul_machine();

	*start = untagged((uintptr_t)addr);
	return page_range(machine, start, len, end) == 0 && *start < *end;
}

void emul_unmapped(void *addr, size_t len)
{
	struct emul_guard guard;
	uintptr_t start, end;

	if (!range_of(addr, len, &start, &end))
		return;
	emul_lock(&guard);
	bindings_changed();
	vma_unmapped(start, end);
	pages_gone(start, end);
	emul_unlock(&guard);
}

void emul_discarded(void *addr, size_t len)
{
	uintptr_t start, end;
	struct call call;

	if (!range_of(addr, len, &start, &end))
		return;
	call_begin(&call, emul_machine(), true);
	pages_discarded(&call.view, start, end);
	call_end(&call);
}

/* Another mapping of the shared memory at `from`, with the policy that was set through that one. */
static void mapped_twice(uintptr_t from, uintptr_t to, uintptr_t to_end)
{
	const struct emul_machine *machine = emul_machine();
	struct call call;

	call_begin(&call, machine, false);
	bindings_changed();
	vma_unmapped(to, to_end);
	pages_gone(to, to_end);
	vma_copied(from, to, to_end);
	bindings_moved(to, to_end, machine->page_size);
	call_end(&call);
}

void emul_moved(void *old_addr, size_t old_len, void *new_addr, size_t new_len)
{
	const struct emul_machine *machine = emul_machine();
	uintptr_t from, from_end, to, to_end, run, run_end;
	size_t kept;
	struct call call;

	if (!range_of(new_addr, new_len, &to, &to_end))
		return;
	if (old_len == 0)
		mapped_twice(untagged((uintptr_t)old_addr), to, to_end);
	if (!range_of(old_addr, old_len, &from, &from_end))
		return;
	kept = from_end - from < to_end - to ? from_end - from : to_end - to;
	call_begin(&call, machine, true);
	bindings_changed();
	/* The mapping is at its new place already; what was settled knows where it was placed. */
	vma_moved(from, from_end - from, to, to_end - to,
		  presence_next(&call.presence, to, to_end, &run, &run_end), machine->page_size);
	if (from != to)
		pages_moved(from, to, kept);
	pages_gone(from + kept, from_end);
	pages_gone(to + kept, to_end);
	bindings_moved(to, to_end, machine->page_size);
	call_end(&call);
}

void emul_left(void *old_addr, void *new_addr, size_t len)
{
	uintptr_t from, from_end, to, to_end;
	struct emul_guard guard;

	if (!range_of(old_addr, len, &from, &from_end) || !range_of(new_addr, len, &to, &to_end))
		return;
	emul_lock(&guard);
	bindings_changed();
	vma_left(from, to, from_end - from);
	emul_unlock(&guard);
}

void emul_settle(void)
{
	const struct emul_machine *machine = emul_machine();
	struct call call;

	if (machine->memory_nodes == 1)
		return;
	call_begin(&call, machine, true);
	pages_settle_all(&call.view);
	call_end(&call);
}

void emul_task_get(struct emul_task *task)
{
	struct emul_guard guard;

	emul_lock(&guard);
	task_save(task);
	emul_unlock(&guard);
}

int emul_task_set(const struct emul_task *task)
{
	struct emul_guard guard;
	int err;

	emul_lock(&guard);
	err = task_become(task);
	emul_unlock(&guard);
	return err;
}

void emul_task_peek(struct emul_task *task)
{
	task_save(task);
}

bool emul_ranges_known(void)
{
	return ranges_used();
}

void emul_forked(void)
{
	task_forked();
	cpus_forked();
}

void emul_forget(void)
{
	vma_forget();
	pages_forget();
	policyset_forget(&policies_of_process);
	ranges_forget();
}
