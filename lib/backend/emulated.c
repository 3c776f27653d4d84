/* SPDX-License-Identifier: MIT */
/* The operations on the emulator. */
#include "backend/backend.h"

#include "emul/emul.h"

const struct backend_ops backend_emulated_ops = {
	.get_mempolicy = emul_get_mempolicy,
	.set_mempolicy = emul_set_mempolicy,
	.mbind = emul_mbind,
	.migrate_pages = emul_migrate_pages,
	.move_pages = emul_move_pages,
	.set_mempolicy_home_node = emul_set_mempolicy_home_node,
	.unmapped = emul_unmapped,
	.moved = emul_moved,
	.leaves_cpu = emul_settle,
};
