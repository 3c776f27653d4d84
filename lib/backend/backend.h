/* SPDX-License-Identifier: MIT */
/*
 * The only door to the kernel's NUMA policy calls.
 *
 * The contract of every operation: the arguments are those of the system call of the same name, in
 * its order and with its meaning; so are the effects. The result is 0 or a positive number as that
 * call returns it, or -errno. errno itself is not touched. A pointer of the caller that cannot be
 * read or written gives -EFAULT, also from the emulation. Every operation may be called from any
 * thread, from a signal handler, before the library's constructor has run and after its destructor
 * has.
 *
 * Two sets of operations keep this contract: native.c, which asks the kernel, and the emulation,
 * which answers as a NUMA kernel would. Nothing outside this folder knows which one is in use. It
 * is chosen at the first call, once, without any effect on the process, and is the same ever after.
 */
#ifndef MYNUMA_BACKEND_BACKEND_H
#define MYNUMA_BACKEND_BACKEND_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "backend/native.h"
#include "base/compiler.h"

struct backend_ops {
	long (*get_mempolicy)(int *mode, unsigned long *nodemask, unsigned long maxnode, void *addr,
			      unsigned long flags);
	long (*set_mempolicy)(int mode, const unsigned long *nodemask, unsigned long maxnode);
	long (*mbind)(void *addr, unsigned long len, unsigned long mode,
		      const unsigned long *nodemask, unsigned long maxnode, unsigned flags);
	long (*migrate_pages)(int pid, unsigned long maxnode, const unsigned long *old_nodes,
			      const unsigned long *new_nodes);
	long (*move_pages)(int pid, unsigned long count, void **pages, const int *nodes,
			   int *status, int flags);
	long (*set_mempolicy_home_node)(unsigned long start, unsigned long len,
					unsigned long home_node, unsigned long flags);

	/*
	 * Not calls, but news of what the library does: of munmap() and of moving a thread to other
	 * CPUs before it happens, of mremap() afterwards. A kernel knows already.
	 */
	void (*unmapped)(void *addr, size_t len);
	void (*moved)(void *old_addr, size_t old_len, void *new_addr, size_t new_len);
	void (*leaves_cpu)(void);
};

/* The kernel's own calls. */
extern HIDDEN const struct backend_ops backend_native_ops;

/* The emulation of a NUMA kernel, in lib/emul. */
extern HIDDEN const struct backend_ops backend_emulated_ops;

/*
 * The operations in use. Before the first call they are such as choose and then pass the call on.
 */
extern HIDDEN _Atomic(const struct backend_ops *) backend_current;

/* Whether the emulation answers. Chooses if that has not been done. */
bool backend_is_emulated(void);

static inline const struct backend_ops *backend(void)
{
	return atomic_load_explicit(&backend_current, memory_order_acquire);
}

/* Whether those are the kernel's; false before the first call. */
extern HIDDEN atomic_bool backend_is_native;

static inline bool backend_native(void)
{
	return likely(atomic_load_explicit(&backend_is_native, memory_order_relaxed));
}

#endif
