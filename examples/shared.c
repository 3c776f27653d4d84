/* SPDX-License-Identifier: MIT */
/*
 * Shared memory on a chosen node: the policy is set before anybody touches the memory, and a child's
 * first touch puts it there.
 */
#include <numa.h>
#include <numaif.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	size_t size = 1 << 20;
	int last = numa_max_node(), node = -1, status;
	int *mem;
	pid_t child;

	if (numa_available() < 0)
		return 1;
	mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED)
		return 1;
	numa_tonode_memory(mem, size, last);
	child = fork();
	if (child < 0)
		return 1;
	if (child == 0) {
		mem[0] = 1;
		get_mempolicy(&mem[1], NULL, 0, mem, MPOL_F_NODE | MPOL_F_ADDR);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child || status)
		return 1;
	node = mem[1];
	printf("the child's page is on node %d\n", node);
	return node != last;
}
