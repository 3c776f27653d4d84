/* SPDX-License-Identifier: MIT */
/* The running kernel asked directly, to see what the library has done. */
#ifndef TESTS_UNIT_KERNEL_H
#define TESTS_UNIT_KERNEL_H

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "numa.h"
#include "numaif.h"
#include "unit/fixture.h"

#define KERNEL_NODES 32768

struct kernel_policy {
	int mode;
	unsigned long nodes[KERNEL_NODES / 8 / sizeof(long)];
};

/* The policy of the thread, or of the page at addr. */
FIXTURE void kernel_policy(struct kernel_policy *p, const void *addr)
{
	memset(p, 0, sizeof(*p));
	if (syscall(SYS_get_mempolicy, &p->mode, p->nodes, KERNEL_NODES + 1, addr,
		    addr ? MPOL_F_ADDR : 0) != 0)
		p->mode = -errno;
}

/* It as "2 {0-1}". */
FIXTURE const char *kernel_policy_text(const void *addr)
{
	static char text[64];
	struct kernel_policy p;

	kernel_policy(&p, addr);
	snprintf(text, sizeof(text), "%d %.50s", p.mode, fixture_list(p.nodes, KERNEL_NODES));
	return text;
}

/*
 * "MODE {NODE}" in one of two buffers, to compare with that; nothing in the braces for a node < 0.
 */
FIXTURE const char *policy_text(int mode, int node)
{
	static char ring[2][64];
	static int turn;
	char *s = ring[turn++ % 2];

	if (node < 0)
		sprintf(s, "%d {}", mode);
	else
		sprintf(s, "%d {%d}", mode, node);
	return s;
}

/* The lowest node that the process may use; -1 if the kernel does not tell. */
FIXTURE int kernel_first_node(void)
{
	static unsigned long nodes[KERNEL_NODES / 8 / sizeof(long)];

	if (syscall(SYS_get_mempolicy, NULL, nodes, KERNEL_NODES + 1, NULL, MPOL_F_MEMS_ALLOWED))
		return -1;
	for (int n = 0; n < KERNEL_NODES; n++)
		if (nodes[(size_t)n / 8 / sizeof(long)] >> (size_t)n % (8 * sizeof(long)) & 1)
			return n;
	return -1;
}

/* Whether the kernel has a mode: asked by setting it, in a case that sets policies anyway. */
FIXTURE bool kernel_has_mode(int mode)
{
	return syscall(SYS_mbind, NULL, 0UL, (long)mode, NULL, 0UL, 0UL) == 0;
}

FIXTURE void kernel_default_policy(void)
{
	syscall(SYS_set_mempolicy, MPOL_DEFAULT, NULL, 0UL);
}

#endif
