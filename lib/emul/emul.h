/* SPDX-License-Identifier: MIT */
/*
 * The emulation of a NUMA kernel's memory policy calls, as the rest of the library sees it: the
 * calls, with the contract of backend/backend.h, and what a library or a simulator that
 * intercepts more than these calls can tell it.
 */
#ifndef MYNUMA_EMUL_EMUL_H
#define MYNUMA_EMUL_EMUL_H

#include <stdbool.h>
#include <stddef.h>

long emul_get_mempolicy(int *mode, unsigned long *nodemask, unsigned long maxnode, void *addr,
			unsigned long flags);
long emul_set_mempolicy(int mode, const unsigned long *nodemask, unsigned long maxnode);
long emul_mbind(void *addr, unsigned long len, unsigned long mode, const unsigned long *nodemask,
		unsigned long maxnode, unsigned flags);
long emul_migrate_pages(int pid, unsigned long maxnode, const unsigned long *old_nodes,
			const unsigned long *new_nodes);
long emul_move_pages(int pid, unsigned long count, void **pages, const int *nodes, int *status,
		     int flags);
long emul_set_mempolicy_home_node(unsigned long start, unsigned long len, unsigned long home_node,
				  unsigned long flags);

/*
 * What happened to address ranges, told after it succeeded (or before, for unmapping: another
 * thread may get the range at once). Lengths are rounded up to pages. Without being told the
 * emulation keeps a policy until it notices.
 */
void emul_unmapped(void *addr, size_t len); /* munmap(), or a new mapping in its place */
void emul_moved(void *old_addr, size_t old_len, void *new_addr, size_t new_len); /* mremap() */
void emul_left(void *old_addr, void *new_addr, size_t len); /* MREMAP_DONTUNMAP, after that */
void emul_discarded(void *addr, size_t len);		    /* MADV_DONTNEED, MADV_REMOVE */

/*
 * Whether anything is known of any range. If not, there is no need to tell the above; asking costs
 * a load.
 */
bool emul_ranges_known(void);

/*
 * Settles where all pages of the process are, by the policy and the CPU of the calling thread.
 * For who is about to move the thread to another CPU.
 */
void emul_settle(void);

/*
 * A thread's policy and its place in interleaving, to be handed to a thread or a program that it
 * starts. 0 or -ENOMEM.
 */
struct emul_task;
void emul_task_get(struct emul_task *task);
int emul_task_set(const struct emul_task *task);

/*
 * As emul_task_get() without the lock, for a thread that has had emul_task_set(): only it changes
 * what it has. A vfork()ed child can do this while another thread of its parent holds the lock.
 */
void emul_task_peek(struct emul_task *task);

/* The calling thread is the only one of a new process; fork() and pthread_atfork() tell by
 * themselves. */
void emul_forked(void);

#endif
