/* SPDX-License-Identifier: MIT */
/*
 * caller WHAT ...: a program that makes NUMA calls for the tests of mynuma trace and mynuma where.
 *
 *	each		each of the six calls once, with arguments that succeed on two nodes
 *	wrong		calls that fail, bad pointers among them
 *	threads N M	N threads make M calls each
 *	child		a child process makes a call, and then its parent
 *	memory		4 MiB on node 1, 4 MiB interleaved, 1 MiB moved to node 0, then exit
 *	shared		4 MiB of shared memory, the first half on node 1, the second on node 0
 *	weighted	4 MiB interleaved by weight
 *	raw		4 MiB on node 1, by calls past the library; then the number of CPUs
 *	signal		the same as memory, but ends by a signal
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "numa.h"
#include "numaif.h"

#define BITS (8 * sizeof(unsigned long) + 1)

static const unsigned long node0 = 1, node1 = 2, both = 3;

static char *map(size_t size)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		exit(1);
	return p;
}

static void each(void)
{
	char *p = map(1 << 16);
	void *pages[2] = {p, p + 4096};
	int to[2] = {1, 0}, status[2] = {0, 0}, mode = 0;
	unsigned long mask = 0;

	set_mempolicy(MPOL_BIND | MPOL_F_STATIC_NODES, &both, BITS);
	get_mempolicy(&mode, &mask, BITS, NULL, 0);
	mbind(p, 1 << 16, MPOL_BIND, &node1, BITS, MPOL_MF_STRICT | MPOL_MF_MOVE);
	set_mempolicy_home_node(p, 1 << 16, 1, 0);
	p[0] = 1;
	get_mempolicy(&mode, NULL, 0, p, MPOL_F_NODE | MPOL_F_ADDR);
	move_pages(0, 2, pages, to, status, MPOL_MF_MOVE);
	migrate_pages(0, BITS, &node0, &node1);
	set_mempolicy(MPOL_DEFAULT, NULL, 0);
}

static void wrong(void)
{
	const unsigned long *bad = (const void *)16;

	set_mempolicy(MPOL_BIND, bad, BITS);
	set_mempolicy(77, NULL, 0);
	mbind((void *)1, 4096, MPOL_INTERLEAVE, &both, BITS, 64);
	get_mempolicy(NULL, NULL, 0, NULL, MPOL_F_ADDR);
	move_pages(0, 1, (void **)(size_t)16, NULL, (int *)(size_t)16, 0);
	migrate_pages(-5, BITS, &node0, &node1);
	set_mempolicy_home_node(NULL, 4096, 9999, 0);
}

static void *calls(void *arg)
{
	for (int i = *(const int *)arg; i > 0; i--)
		set_mempolicy(MPOL_PREFERRED, &node1, BITS);
	return NULL;
}

static void threads(int n, int m)
{
	pthread_t thread[64];

	for (int i = 0; i < n && i < 64; i++)
		if (pthread_create(&thread[i], NULL, calls, &m) != 0)
			exit(1);
	for (int i = 0; i < n && i < 64; i++)
		pthread_join(thread[i], NULL);
}

static void child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		set_mempolicy(MPOL_PREFERRED, &node0, BITS);
		exit(0);
	}
	waitpid(pid, NULL, 0);
	set_mempolicy(MPOL_PREFERRED, &node1, BITS);
}

static void memory(void)
{
	size_t size = 4 << 20, part = 1 << 20;
	/* In one mapping, so that the three parts lie side by side. */
	char *p = map(2 * size + part);

	mbind(p, size, MPOL_BIND, &node1, BITS, 0);
	mbind(p + size, size, MPOL_INTERLEAVE, &both, BITS, 0);
	mbind(p + 2 * size, part, MPOL_BIND, &node1, BITS, 0);
	memset(p, 1, 2 * size + part);
	mbind(p + 2 * size, part, MPOL_BIND, &node0, BITS, MPOL_MF_MOVE);
}

static void shared(void)
{
	size_t half = 2 << 20;
	char *p = mmap(NULL, 2 * half, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mbind(p, half, MPOL_BIND, &node1, BITS, 0) < 0 ||
	    mbind(p + half, half, MPOL_BIND, &node0, BITS, 0) < 0)
		exit(1);
	memset(p, 1, 2 * half);
}

static void weighted(void)
{
	size_t size = 4 << 20;
	char *p = map(size);

	if (mbind(p, size, MPOL_WEIGHTED_INTERLEAVE, &both, BITS, 0) < 0)
		exit(1);
	memset(p, 1, size);
}

static void raw(void)
{
	size_t size = 4 << 20;
	char *p = map(size);

	if (syscall(SYS_mbind, p, size, MPOL_BIND, &node1, BITS, 0) < 0)
		exit(1);
	memset(p, 1, size);
	printf("%ld\n", sysconf(_SC_NPROCESSORS_ONLN));
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "each") == 0)
		each();
	else if (strcmp(what, "wrong") == 0)
		wrong();
	else if (strcmp(what, "threads") == 0 && argc == 4)
		threads(atoi(argv[2]), atoi(argv[3]));
	else if (strcmp(what, "child") == 0)
		child();
	else if (strcmp(what, "memory") == 0)
		memory();
	else if (strcmp(what, "shared") == 0)
		shared();
	else if (strcmp(what, "weighted") == 0)
		weighted();
	else if (strcmp(what, "raw") == 0)
		raw();
	else if (strcmp(what, "status") == 0)
		return 42;
	else if (strcmp(what, "signal") == 0) {
		memory();
		raise(SIGKILL);
	} else
		return 2;
	return 0;
}
