/* SPDX-License-Identifier: MIT */
/* The description's own parser, and the kernel asked past whatever is preloaded. */
#include "sim/prepare.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/bits.h"
#include "sys/call.h"
#include "topology/synthetic.h"

#define CPUS_MAX 8192

static void host(unsigned long *cpus)
{
	bits_zero(cpus, CPUS_MAX);
	if (sys_call(__NR_sched_getaffinity, 0, CPUS_MAX / 8, cpus) <= 0)
		bits_set(cpus, 0);
}

bool prepare_check(const char *description, char *fault, size_t size)
{
	struct synthetic *machine = calloc(1, sizeof(*machine));
	unsigned long cpus[CPUS_MAX / BITS_PER_LONG];
	const char *why = "no memory";
	size_t position = 0;

	host(cpus);
	if (machine)
		why = synthetic_parse(machine, description, (unsigned)bits_weight(cpus, CPUS_MAX),
				      &position);
	free(machine);
	if (why)
		snprintf(fault, size, "%s: %s, at character %zu", description, why, position + 1);
	return !why;
}

void prepare_host_cpus(char *list, size_t size)
{
	unsigned long cpus[CPUS_MAX / BITS_PER_LONG];
	const char *comma = "";
	size_t at = 0;

	host(cpus);
	for (size_t n = bits_next(cpus, CPUS_MAX, 0); n < CPUS_MAX && at + 16 < size;
	     n = bits_next(cpus, CPUS_MAX, n)) {
		size_t first = n++;

		while (n < CPUS_MAX && bits_test(cpus, n))
			n++;
		at += (size_t)snprintf(list + at, size - at, n - 1 > first ? "%s%zu-%zu" : "%s%zu",
				       comma, first, n - 1);
		comma = ",";
	}
}
