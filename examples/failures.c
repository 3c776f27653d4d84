/* SPDX-License-Identifier: MIT */
/*
 * Handling failures: the program's own numa_error() hears them, nothing is printed, and memory that
 * cannot be put where it should be is not given out.
 */
#include <errno.h>
#include <numa.h>
#include <stdio.h>

static _Thread_local const char *failed_call;

/* The library calls this one instead of its own. */
void numa_error(char *where)
{
	failed_call = where;
}

int main(void)
{
	int nowhere = numa_max_possible_node();
	void *mem;

	if (numa_available() < 0)
		return 1;
	if (nowhere == numa_max_node())
		return 0; /* a machine that is full of nodes */
	numa_fail_alloc_on_error = 1;
	errno = 0;
	mem = numa_alloc_onnode(4096, nowhere);
	printf("memory: %s, call: %s, %s\n", mem ? "yes" : "no", failed_call ? failed_call : "none",
	       errno == EINVAL ? "EINVAL" : "another errno");
	return mem || !failed_call || errno != EINVAL;
}
