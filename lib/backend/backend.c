/* SPDX-License-Identifier: MIT */
/*
 * Which set of operations answers: chosen at the first call, once, and without any effect on the
 * process. How an operation works may not come in here.
 */
#include "backend/backend.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "backend/trace.h"
#include "sys/complain.h"
#include "topology/topology.h"

static const struct backend_ops first_ops;

/*
 * Starts with operations that choose, so that no later call has to ask whether a choice was made.
 */
_Atomic(const struct backend_ops *) backend_current = &first_ops;
atomic_bool backend_is_native;

/*
 * The calls without which there is no policy, each with arguments that change nothing and whose
 * answer is known. The first answer that is another one is the kernel's or a sandbox's refusal:
 * -ENOSYS, -EPERM. 0 when there is none.
 */
static long native_refusal(void)
{
	long ret = backend_native_ops.get_mempolicy(NULL, NULL, 0, NULL, 0);

	if (ret != 0)
		return ret;
	ret = backend_native_ops.set_mempolicy(-1, NULL, 0);
	if (ret != -EINVAL)
		return ret;
	return backend_native_ops.mbind(NULL, 0, 0, NULL, 0, 0);
}

/*
 * A kernel without the calls is emulated. So is one behind a sandbox that refuses them, if there is
 * at most one node: then the emulation's answers are the kernel's. With several nodes they would be
 * wrong, so the refusal is told as it is.
 */
static const struct backend_ops *choose_by_kernel(void)
{
	long refusal = native_refusal();

	if (refusal == 0)
		return &backend_native_ops;
	if (refusal == -ENOSYS || topo_get()->nodes == 1)
		return &backend_emulated_ops;
	return &backend_native_ops;
}

static void complain_of(const char *value)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;

	if (!atomic_flag_test_and_set(&told))
		complain("MYNUMA_BACKEND=", value,
			 ": it can be auto, native or emulated; the variable is ignored", NULL);
}

static const struct backend_ops *choose(void)
{
	const char *wanted = secure_getenv("MYNUMA_BACKEND");
	bool native = wanted && strcmp(wanted, "native") == 0;
	bool emulated = wanted && strcmp(wanted, "emulated") == 0;

	if (wanted && *wanted && !native && !emulated && strcmp(wanted, "auto") != 0)
		complain_of(wanted);
	/* Only the emulation can have the nodes of a description. */
	if (emulated || topo_is_synthetic())
		return &backend_emulated_ops;
	return native ? &backend_native_ops : choose_by_kernel();
}

/* Chooses once; threads that come at the same time agree on the first choice. */
static const struct backend_ops *chosen(void)
{
	const struct backend_ops *expected = &first_ops, *ops;

	ops = backend();
	if (ops != &first_ops)
		return ops;
	ops = trace_ops(choose());
	if (!atomic_compare_exchange_strong(&backend_current, &expected, ops))
		ops = expected;
	/* Not so where they are traced: then they are the tracer's. */
	atomic_store(&backend_is_native, ops == &backend_native_ops);
	return ops;
}

bool backend_is_emulated(void)
{
	return trace_inner(chosen()) == &backend_emulated_ops;
}

static long first_get_mempolicy(int *mode, unsigned long *nodemask, unsigned long maxnode,
				void *addr, unsigned long flags)
{
	return chosen()->get_mempolicy(mode, nodemask, maxnode, addr, flags);
}

static long first_set_mempolicy(int mode, const unsigned long *nodemask, unsigned long maxnode)
{
	return chosen()->set_mempolicy(mode, nodemask, maxnode);
}

static long first_mbind(void *addr, unsigned long len, unsigned long mode,
			const unsigned long *nodemask, unsigned long maxnode, unsigned flags)
{
	return chosen()->mbind(addr, len, mode, nodemask, maxnode, flags);
}

static long first_migrate_pages(int pid, unsigned long maxnode, const unsigned long *old_nodes,
				const unsigned long *new_nodes)
{
	return chosen()->migrate_pages(pid, maxnode, old_nodes, new_nodes);
}

static long first_move_pages(int pid, unsigned long count, void **pages, const int *nodes,
			     int *status, int flags)
{
	return chosen()->move_pages(pid, count, pages, nodes, status, flags);
}

static long first_set_mempolicy_home_node(unsigned long start, unsigned long len,
					  unsigned long home_node, unsigned long flags)
{
	return chosen()->set_mempolicy_home_node(start, len, home_node, flags);
}

/*
 * Before a call was made there is nothing that the news could change, and no reason to choose;
 * only of a described machine the emulation may know by other ways.
 */

static void first_unmapped(void *addr, size_t len)
{
	if (topo_is_synthetic())
		chosen()->unmapped(addr, len);
}

static void first_moved(void *old_addr, size_t old_len, void *new_addr, size_t new_len)
{
	if (topo_is_synthetic())
		chosen()->moved(old_addr, old_len, new_addr, new_len);
}

static void first_leaves_cpu(void)
{
}

static const struct backend_ops first_ops = {
	.get_mempolicy = first_get_mempolicy,
	.set_mempolicy = first_set_mempolicy,
	.mbind = first_mbind,
	.migrate_pages = first_migrate_pages,
	.move_pages = first_move_pages,
	.set_mempolicy_home_node = first_set_mempolicy_home_node,
	.unmapped = first_unmapped,
	.moved = first_moved,
	.leaves_cpu = first_leaves_cpu,
};
