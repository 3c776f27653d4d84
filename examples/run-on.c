/* SPDX-License-Identifier: MIT */
/*
 * Runs a command on the CPUs of some nodes and with memory from these only:
 *	run-on NODES COMMAND [ARG ...]
 */
#include <numa.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct bitmask *nodes;

	if (argc < 3) {
		fprintf(stderr, "usage: %s NODES COMMAND [ARG ...]\n", argv[0]);
		return 2;
	}
	if (numa_available() < 0) {
		perror("no NUMA here");
		return 1;
	}
	nodes = numa_parse_nodestring(argv[1]);
	if (!nodes)
		return 1; /* a warning said why */
	numa_exit_on_error = 1;
	numa_bind(nodes);
	numa_bitmask_free(nodes);
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
