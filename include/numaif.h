/* SPDX-License-Identifier: MIT */
/*
 * The kernel's NUMA memory policy calls, as C functions.
 *
 * Each function passes its arguments to the system call of the same name. On failure it returns -1
 * and sets errno; on success it leaves errno alone. All of them may be called in a signal handler.
 * A program may define its own function of one of these names; the library then uses the first
 * five for its own work too.
 *
 * A node mask is an array of unsigned long: node n is bit n % W of word n / W, where W is the
 * number of bits in an unsigned long. "maxnode" says how much of it counts, and the kernel looks
 * at the first maxnode - 1 bits only: pass the number of bits plus one. Where a mask is read, a
 * null pointer is the empty mask; a maxnode of 0 without a null pointer is EINVAL.
 *
 * Each function has a manual page with an example, in section 2mynuma.
 *
 * <linux/mempolicy.h> gives the same names to enumerators: include it before this file, not after.
 */
#ifndef NUMAIF_H
#define NUMAIF_H 1

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The policy of the calling thread (flags 0: *mode and nmask, either may be null), of the address
 * (MPOL_F_ADDR), the node an address or the next interleaved page is on (MPOL_F_NODE, in *mode),
 * or the nodes that the thread may use (MPOL_F_MEMS_ALLOWED, in nmask). A maxnode smaller than the
 * number of nodes the kernel can have is refused when nmask is given. addr must be null without
 * MPOL_F_ADDR.
 * Returns 0, or -1 with EFAULT, EINVAL, ENOSYS (no NUMA in this kernel), or EPERM (a sandbox).
 * Linux 2.6.7.
 */
extern long get_mempolicy(int *mode, unsigned long *nmask, unsigned long maxnode, void *addr,
			  unsigned flags);

/*
 * Sets the policy by which the calling thread gets new pages: one of the MPOL_ modes below,
 * possibly with an MPOL_F_ mode flag, and the nodes it is about. Children inherit it.
 * Returns 0, or -1 with EFAULT, EINVAL, ENOMEM, ENOSYS or EPERM. Linux 2.6.7.
 */
extern long set_mempolicy(int mode, const unsigned long *nmask, unsigned long maxnode);

/*
 * Sets the policy of the pages in [start, start + len), start on a page boundary and len rounded
 * up to pages. It counts for pages that are not there yet; the MPOL_MF_ flags say what to do with
 * those that are.
 * Returns 0, or -1 with EFAULT (also: a part is not mapped), EINVAL, EIO (misplaced pages and
 * MPOL_MF_STRICT), ENOMEM, ENOSYS or EPERM (also: MPOL_MF_MOVE_ALL without CAP_SYS_NICE).
 * Linux 2.6.7.
 */
extern long mbind(void *start, unsigned long len, int mode, const unsigned long *nmask,
		  unsigned long maxnode, unsigned flags);

/*
 * Moves the pages that process pid (0: the caller) has on the nodes "from" to the nodes "to".
 * Returns the number of pages that could not be moved, or -1 with EFAULT, EINVAL, ENOMEM, ENOSYS,
 * EPERM or ESRCH. Linux 2.6.16.
 */
extern long migrate_pages(int pid, unsigned long maxnode, const unsigned long *from,
			  const unsigned long *to);

/*
 * Moves single pages of process pid (0: the caller): the page at pages[i] goes to node nodes[i].
 * With a null nodes nothing moves. status[i] receives the node that the page is on, or a negative
 * errno value. All three arrays are the caller's and have count elements. flags is MPOL_MF_MOVE or
 * MPOL_MF_MOVE_ALL.
 * Returns 0, a positive number of pages not moved (Linux 4.17 and later), or -1 with EACCES,
 * EFAULT, EINVAL, ENODEV, ENOMEM, ENOSYS, EPERM or ESRCH. Linux 2.6.18.
 */
extern long move_pages(int pid, unsigned long count, void **pages, const int *nodes, int *status,
		       int flags);

/*
 * Names the node to take pages from first within [start, start + len), a range to which mbind()
 * has given the policy MPOL_BIND or MPOL_PREFERRED_MANY. start is on a page boundary; flag is 0.
 * Returns 0, or -1 with EINVAL, ENOENT (no part has a policy), ENOMEM, ENOSYS, EOPNOTSUPP
 * (a part has another mode) or EPERM.
 * Linux 5.17; declared by libnuma since 2.0.18, but exported by libmynuma only.
 */
extern int set_mempolicy_home_node(void *start, unsigned long len, int home_node, int flag);

/* Modes. The later ones need the kernel named; older kernels refuse them with EINVAL. */
#define MPOL_DEFAULT 0		   /* the thread's policy for a range, local for a thread */
#define MPOL_PREFERRED 1	   /* the node given, else near it */
#define MPOL_BIND 2		   /* only the nodes given */
#define MPOL_INTERLEAVE 3	   /* page by page over the nodes given */
#define MPOL_LOCAL 4		   /* the node of the CPU that needs the page; Linux 3.8 */
#define MPOL_PREFERRED_MANY 5	   /* the nodes given, else near them; Linux 5.15 */
#define MPOL_WEIGHTED_INTERLEAVE 6 /* as INTERLEAVE, by the nodes' weights; Linux 6.9 */
#define MPOL_MAX 7		   /* one more than the highest mode that this file knows */

/* Flags in the mode of set_mempolicy() and mbind(). */
#define MPOL_F_NUMA_BALANCING (1 << 13) /* let the kernel migrate pages; Linux 5.12 */
#define MPOL_F_RELATIVE_NODES (1 << 14) /* nodes count within the allowed ones; Linux 2.6.26 */
#define MPOL_F_STATIC_NODES (1 << 15)	/* nodes stay when the allowed ones change; 2.6.26 */

/* Spelled as in <linux/mempolicy.h>, or including both would be a warning. */
/* clang-format off */
/* Flags of get_mempolicy(). */
#define MPOL_F_NODE (1<<0)	   /* answer with a node, not with a mode */
#define MPOL_F_ADDR (1<<1)	   /* ask about the address */
#define MPOL_F_MEMS_ALLOWED (1<<2) /* answer with the allowed nodes; Linux 2.6.24 */

/* Flags of mbind() and move_pages(). */
#define MPOL_MF_STRICT (1<<0)	/* mbind(): fail where a page is on a wrong node */
#define MPOL_MF_MOVE (1<<1)	/* move pages that only this process uses */
#define MPOL_MF_MOVE_ALL (1<<2) /* move shared pages too; needs CAP_SYS_NICE */
/* clang-format on */

#ifdef __cplusplus
}
#endif

#endif
