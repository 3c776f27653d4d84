/* SPDX-License-Identifier: MIT */
/* Walking through all mappings, the policies in each, and the pages in each of those. */
#include "emul/census.h"

#include <errno.h>
#include <string.h>

#include "emul/binding.h"
#include "emul/call.h"
#include "emul/vma.h"
#include "sys/smallfile.h"

static void count(struct call *call, struct census_part *part)
{
	const struct emul_machine *machine = call->view.machine;
	uintptr_t run = part->start, run_end, at = part->start;

	memset(part->pages, 0, sizeof(part->pages));
	while (at < part->end && presence_next(&call->presence, at, part->end, &run, &run_end)) {
		for (at = run; at < run_end; at += machine->page_size) {
			int node = machine->memory_nodes == 1 ? nodemask_first(&machine->memory)
							      : pages_node(&call->view, at);

			part->pages[node]++;
		}
	}
}

/* The addresses from `at` on that go by the same policy; an object's is found page by page. */
static struct policy_part part_of(const struct binding *b, uintptr_t at, size_t page_size)
{
	struct policy_part part = {.start = at, .end = at};

	if (!b->object)
		return vma_part(at, b->end);
	part.policy = binding_policy(b, at, page_size);
	do
		part.end += page_size;
	while (part.end < b->end && binding_policy(b, part.end, page_size) == part.policy);
	return part;
}

static void walk(struct call *call, struct bindings *bindings, struct census_part *part,
		 void (*each)(const struct census_part *part, void *arg), void *arg)
{
	size_t page_size = call->view.machine->page_size;
	struct binding b = {0};

	while (bindings_next(bindings, b.end, &b)) {
		uintptr_t at = b.start;

		if (b.kind == MAPPING_DEVICE || b.kind == MAPPING_KERNEL)
			continue;
		while (at < b.end) {
			struct policy_part equal = part_of(&b, at, page_size);

			part->start = equal.start;
			part->end = equal.end;
			part->policy = equal.policy ? equal.policy : task_policy();
			count(call, part);
			each(part, arg);
			at = equal.end;
		}
	}
}

int emul_census(void (*each)(const struct census_part *part, void *arg), void *arg, bool *guessed)
{
	struct census_part *part = pages_alloc(sizeof(*part));
	const struct emul_machine *machine = emul_machine();
	struct bindings bindings;
	struct call call;
	int err;

	if (!part)
		return -ENOMEM;
	call_begin(&call, machine, true);
	*guessed = call.presence.source == PRESENCE_NONE;
	err = bindings_open(&bindings, machine->page_size);
	if (!err) {
		walk(&call, &bindings, part, each, arg);
		bindings_close(&bindings);
	}
	call_end(&call);
	pages_free(part, sizeof(*part));
	return err;
}
