/* SPDX-License-Identifier: MIT */
/*
 * The operations as raw system calls: no state, no lock, no allocation. Here, so that a call that
 * goes to the kernel has no other call on its way there.
 */
#ifndef MYNUMA_BACKEND_NATIVE_H
#define MYNUMA_BACKEND_NATIVE_H

#include "sys/call.h"

static inline long native_get_mempolicy(int *mode, unsigned long *nodemask, unsigned long maxnode,
					void *addr, unsigned long flags)
{
	return sys_call(__NR_get_mempolicy, mode, nodemask, maxnode, addr, flags);
}

static inline long native_set_mempolicy(int mode, const unsigned long *nodemask,
					unsigned long maxnode)
{
	return sys_call(__NR_set_mempolicy, mode, nodemask, maxnode);
}

static inline long native_mbind(void *addr, unsigned long len, unsigned long mode,
				const unsigned long *nodemask, unsigned long maxnode,
				unsigned flags)
{
	return sys_call(__NR_mbind, addr, len, mode, nodemask, maxnode, flags);
}

static inline long native_migrate_pages(int pid, unsigned long maxnode,
					const unsigned long *old_nodes,
					const unsigned long *new_nodes)
{
	return sys_call(__NR_migrate_pages, pid, maxnode, old_nodes, new_nodes);
}

static inline long native_move_pages(int pid, unsigned long count, void **pages, const int *nodes,
				     int *status, int flags)
{
	return sys_call(__NR_move_pages, pid, count, pages, nodes, status, flags);
}

static inline long native_set_mempolicy_home_node(unsigned long start, unsigned long len,
						  unsigned long home_node, unsigned long flags)
{
	return sys_call(__NR_set_mempolicy_home_node, start, len, home_node, flags);
}

#endif
