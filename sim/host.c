/* SPDX-License-Identifier: MIT */
/* The kernel, asked past whatever is preloaded. */
#include "sim/host.h"

#include <stdio.h>

#include "base/bits.h"
#include "sys/call.h"

#define CPUS_MAX 8192

void host_cpus_list(char *list, size_t size)
{
	unsigned long cpus[CPUS_MAX / BITS_PER_LONG] = {0};
	const char *comma = "";
	size_t at = 0;

	if (sys_call(__NR_sched_getaffinity, 0, sizeof(cpus), cpus) <= 0)
		bits_set(cpus, 0);
	for (size_t n = bits_next(cpus, CPUS_MAX, 0); n < CPUS_MAX && at + 16 < size;
	     n = bits_next(cpus, CPUS_MAX, n)) {
		size_t first = n++;

		while (n < CPUS_MAX && bits_test(cpus, n))
			n++;
		at += (size_t)snprintf(list + at, size - at, "%s%zu", comma, first);
		if (n - 1 > first)
			at += (size_t)snprintf(list + at, size - at, "-%zu", n - 1);
		comma = ",";
	}
}
