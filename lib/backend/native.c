/* SPDX-License-Identifier: MIT */
/* The operations as raw system calls: no state, no lock, no allocation. */
#include "backend/backend.h"

#include "sys/call.h"

static long native_get_mempolicy(int *mode, unsigned long *nodemask, unsigned long maxnode,
				 void *addr, unsigned long flags)
{
	return sys_call(__NR_get_mempolicy, mode, nodemask, maxnode, addr, flags);
}

static long native_set_mempolicy(int mode, const unsigned long *nodemask, unsigned long maxnode)
{
	return sys_call(__NR_set_mempolicy, mode, nodemask, maxnode);
}

static long native_mbind(void *addr, unsigned long len, unsigned long mode,
			 const unsigned long *nodemask, unsigned long maxnode, unsigned flags)
{
	return sys_call(__NR_mbind, addr, len, mode, nodemask, maxnode, flags);
}

static long native_migrate_pages(int pid, unsigned long maxnode, const unsigned long *old_nodes,
				 const unsigned long *new_nodes)
{
	return sys_call(__NR_migrate_pages, pid, maxnode, old_nodes, new_nodes);
}

static long native_move_pages(int pid, unsigned long count, void **pages, const int *nodes,
			      int *status, int flags)
{
	return sys_call(__NR_move_pages, pid, count, pages, nodes, status, flags);
}

static long native_set_mempolicy_home_node(unsigned long start, unsigned long len,
					   unsigned long home_node, unsigned long flags)
{
	return sys_call(__NR_set_mempolicy_home_node, start, len, home_node, flags);
}

static void native_unmapped(void *addr, size_t len)
{
	(void)addr;
	(void)len;
}

static void native_moved(void *old_addr, size_t old_len, void *new_addr, size_t new_len)
{
	(void)old_addr;
	(void)old_len;
	(void)new_addr;
	(void)new_len;
}

const struct backend_ops backend_native_ops = {
	.get_mempolicy = native_get_mempolicy,
	.set_mempolicy = native_set_mempolicy,
	.mbind = native_mbind,
	.migrate_pages = native_migrate_pages,
	.move_pages = native_move_pages,
	.set_mempolicy_home_node = native_set_mempolicy_home_node,
	.unmapped = native_unmapped,
	.moved = native_moved,
};
