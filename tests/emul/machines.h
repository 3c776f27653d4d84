/* SPDX-License-Identifier: MIT */
/* Machines for the tests, and short ways to write node sets. */
#ifndef TESTS_EMUL_MACHINES_H
#define TESTS_EMUL_MACHINES_H

#include <stdarg.h>
#include <string.h>

#include "emul/machine.h"

#define END (-1)

/* The set of the nodes listed; END ends the list. */
static inline struct nodemask nodes(int first, ...)
{
	struct nodemask mask;
	va_list args;

	nodemask_clear(&mask);
	va_start(args, first);
	for (int node = first; node != END; node = va_arg(args, int))
		nodemask_add(&mask, (unsigned)node);
	va_end(args);
	return mask;
}

#define NODES(...) nodes(__VA_ARGS__, END)
#define NO_NODES nodes(END)

/* The node of the CPU that all threads are on. */
static int machine_cpu_node;

static inline int machine_local(const struct emul_machine *machine)
{
	(void)machine;
	return machine_cpu_node;
}

/* Nodes in a line: 10 to oneself, 20 to the next, 5 more for each further. */
static inline int line_distance(const void *ctx, int from, int to)
{
	int apart = from < to ? to - from : from - to;

	(void)ctx;
	return apart ? 15 + 5 * apart : 10;
}

/*
 * A machine of `n` nodes in a line, those in `bare` without memory. It is the process's from now
 * on.
 */
static inline struct emul_machine *use_machine(unsigned n, struct nodemask bare)
{
	static struct emul_machine machine;

	memset(&machine, 0, sizeof(machine));
	machine.node_ids = n;
	for (unsigned node = 0; node < n; node++) {
		nodemask_add(&machine.online, node);
		if (!nodemask_has(&bare, (long)node))
			nodemask_add(&machine.memory, node);
	}
	machine.local_node = machine_local;
	machine_cpu_node = 0;
	if (emul_machine_complete(&machine, line_distance, NULL) < 0)
		return NULL;
	emul_machine_set(&machine);
	return &machine;
}

#endif
