/* SPDX-License-Identifier: MIT */
/* The table of the kernel's own calls. */
#include "backend/backend.h"

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

static void native_leaves_cpu(void)
{
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
	.leaves_cpu = native_leaves_cpu,
};
