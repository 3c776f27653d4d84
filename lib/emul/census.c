/* SPDX-License-Identifier: MIT */
/* Walking through all mappings, the policies in each, and the pages in each of those. */
#include "emul/census.h"

#include <errno.h>
#include <string.h>

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

static void walk(struct call *call, struct mappings *maps, struct census_part *part,
		 void (*each)(const struct census_part *part, void *arg), void *arg)
{
	struct mapping mapping = {0};

	while (mappings_next(maps, mapping.end, &mapping)) {
		uintptr_t at = mapping.start;

		if (mapping.kind == MAPPING_DEVICE || mapping.kind == MAPPING_KERNEL)
			continue;
		while (at < mapping.end) {
			struct vma_part same = vma_part(at, mapping.end);

			part->start = same.start;
			part->end = same.end;
			part->policy = same.policy ? &same.policy->policy : task_policy();
			count(call, part);
			each(part, arg);
			at = same.end;
		}
	}
}

int emul_census(void (*each)(const struct census_part *part, void *arg), void *arg, bool *guessed)
{
	struct census_part *part = pages_alloc(sizeof(*part));
	struct mappings maps;
	struct call call;
	int err;

	if (!part)
		return -ENOMEM;
	err = mappings_open(&maps);
	if (!err) {
		call_begin(&call, emul_machine(), true);
		*guessed = call.presence.source == PRESENCE_NONE;
		walk(&call, &maps, part, each, arg);
		call_end(&call);
		mappings_close(&maps);
	}
	pages_free(part, sizeof(*part));
	return err;
}
