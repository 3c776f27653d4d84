/* SPDX-License-Identifier: MIT */
/* Walking through all mappings, the policies in each, and the pages in each of those. */
#include "emul/census.h"

#include <errno.h>
#include <string.h>

#include "emul/binding.h"
#include "emul/call.h"
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

static void walk(struct call *call, struct bindings *bindings, struct census_part *part,
		 void (*each)(const struct census_part *part, void *arg), void *arg)
{
	size_t ps = call->view.machine->page_size;
	struct binding b = {0};

	while (bindings_next(bindings, b.end, &b)) {
		if (b.kind == MAPPING_DEVICE || b.kind == MAPPING_KERNEL)
			continue;
		for (uintptr_t at = b.start; at < b.end; at = part->end) {
			struct policy_part same = binding_part(&b, at, ps);

			part->start = same.start;
			part->end = same.end;
			part->policy = same.policy ? same.policy : task_policy();
			count(call, part);
			each(part, arg);
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
	err = bindings_open(&bindings, machine->page_size);
	if (!err) {
		call_begin(&call, machine, true);
		*guessed = call.presence.source == PRESENCE_NONE;
		walk(&call, &bindings, part, each, arg);
		call_end(&call);
		bindings_close(&bindings);
	}
	pages_free(part, sizeof(*part));
	return err;
}
