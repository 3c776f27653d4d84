/* SPDX-License-Identifier: MIT */
/*
 * The interface of libnuma, version 2: NUMA policy of threads and memory.
 *
 * Words. A node is a part of the machine with memory, CPUs or both; nodes and CPUs have numbers,
 * not necessarily without holes. "Allowed" are those that the calling process could use when the
 * library was loaded (its cpuset), "existing" are those of the running system, "possible" are the
 * numbers that the kernel could ever use. Sizes are in bytes unless said otherwise.
 *
 * Ownership. A function that returns a struct bitmask *, other than the operators that return
 * their argument, returns a new mask: release it with numa_bitmask_free(). Null means that memory
 * ran out (ENOMEM) or what the function says. Masks that are passed in stay the caller's.
 *
 * Errors. Where a function returns void, or a value that cannot say "failed", numa_error() is told
 * of a failure and errno keeps its reason. A function that sets something and returns void leaves
 * errno as it was when it succeeds: who sets errno to 0 first can tell the two apart. EPERM and
 * ENOSYS can come from every policy function: a sandbox or the kernel refuses the call. A null mask
 * is the empty mask where a policy is set.
 *
 * Threads. Every function may be called from any thread at any time.
 *
 * Since. Where no release is named, every libnuma that is in use today has the function.
 *
 * Each function has a manual page with an example, in section 3mynuma; numa(3mynuma) lists them.
 */
#ifndef _NUMA_H
#define _NUMA_H 1

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* The version of the programming interface; libnuma 1 did not define it. */
#define LIBNUMA_API_VERSION 2

/* The number of nodes in a nodemask_t. Part of the binary interface: exported objects have it. */
#if defined(__x86_64__) || defined(__i386__)
#define NUMA_NUM_NODES 128
#else
#define NUMA_NUM_NODES 2048
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* A cast that neither language's warnings object to. Not for programs; undefined at the end. */
#ifdef __cplusplus
#define NUMA_CAST_(type, value) static_cast<type>(value)
#else
#define NUMA_CAST_(type, value) ((type)(value))
#endif
#define NUMA_BITS_PER_LONG_ (8 * NUMA_CAST_(unsigned int, sizeof(unsigned long)))

/*
 * A set of nodes of fixed size, from libnuma's first interface. Bit b of n[w] is node
 * w * W + b, with W the bits in an unsigned long; so in struct bitmask.
 */
typedef struct {
	unsigned long n[NUMA_NUM_NODES / (sizeof(unsigned long) * 8)];
} nodemask_t;

/*
 * A set of nodes or CPUs of any size. A program may set one up itself over storage of its own,
 * whole unsigned longs, but may not pass such a one to numa_bitmask_free().
 */
struct bitmask {
	unsigned long size;   /* in bits */
	unsigned long *maskp; /* enough unsigned longs for them */
};

/* --- Is there NUMA, and how the library reports -------------------------------------------- */

/*
 * Returns 0 if the policy functions work on this system, else -1; call it first. errno is that of
 * the system call behind it: ENOSYS or EPERM with -1.
 */
extern int numa_available(void);

/*
 * Called by the library when a system call fails: where names it, errno says why. The library's
 * own prints both to stderr and keeps errno; if numa_exit_on_error is set it exits with status 1.
 * A program may define its own, which is then called instead.
 */
extern void numa_error(char *where);

/*
 * Called by the library for what is odd but not fatal: num is the kind, fmt and the rest are as in
 * printf(). The library's own prints a kind once a process to stderr and keeps errno; if
 * numa_exit_on_warn is set it then exits with status 1. A program may define its own, which is then
 * called instead, each time.
 */
extern void numa_warn(int num, char *fmt, ...);

/* The program sets it: not 0 makes the library's numa_error() exit. Initially 0. */
extern int numa_exit_on_error;

/*
 * The program sets it: not 0 makes the library's numa_warn() exit. Initially 0. libnuma before
 * 2.0.17 had it but did not look at it.
 */
extern int numa_exit_on_warn;

/*
 * The program sets it: not 0 makes an allocation return null when its policy cannot be set; 0, the
 * initial value, returns the memory without the policy. After libnuma 2.0.19.
 */
extern int numa_fail_alloc_on_error;

/* --- Sets of nodes and CPUs ---------------------------------------------------------------- */

/*
 * A new mask of n bits, all 0. Null with ENOMEM, or EINVAL if n is 0; numa_error() is told.
 */
extern struct bitmask *numa_bitmask_alloc(unsigned int n);

/* A new empty mask with a bit for every possible node, or CPU. Null with ENOMEM. */
extern struct bitmask *numa_allocate_nodemask(void);
extern struct bitmask *numa_allocate_cpumask(void);

/* Releases a mask that the library returned; null is allowed. */
extern void numa_bitmask_free(struct bitmask *mask);

/* Set, clear all bits of mask, or bit n; a bit outside the mask is ignored. Return mask. */
extern struct bitmask *numa_bitmask_setall(struct bitmask *mask);
extern struct bitmask *numa_bitmask_clearall(struct bitmask *mask);
extern struct bitmask *numa_bitmask_setbit(struct bitmask *mask, unsigned int n);
extern struct bitmask *numa_bitmask_clearbit(struct bitmask *mask, unsigned int n);

/* Returns 1 if bit n is set, else 0; 0 also for a bit outside the mask. */
extern int numa_bitmask_isbitset(const struct bitmask *mask, unsigned int n);

/* Returns the size of the storage in bytes: whole unsigned longs. */
extern unsigned int numa_bitmask_nbytes(struct bitmask *mask);

/* Returns the number of bits set. */
extern unsigned int numa_bitmask_weight(const struct bitmask *mask);

/* Returns 1 if the same bits are set, else 0. The sizes may differ. */
extern int numa_bitmask_equal(const struct bitmask *a, const struct bitmask *b);

/* Copy the bits that fit; the rest of the destination becomes 0. */
extern void copy_bitmask_to_bitmask(struct bitmask *from, struct bitmask *to);
extern void copy_bitmask_to_nodemask(struct bitmask *from, nodemask_t *to);
extern void copy_nodemask_to_bitmask(nodemask_t *from, struct bitmask *to);

/*
 * Reads a set as sysfs writes it: groups of 8 hexadecimal digits with commas between, the highest
 * group first, a newline at the end; a newline alone is the empty set. Returns 0, or -1 if the text
 * is not that or names bits outside the words of the mask; those that are only outside its size are
 * left out. errno says nothing. libnuma exports this function without declaring it.
 */
extern int numa_parse_bitmap(char *line, struct bitmask *mask);

/*
 * Read a set of nodes or CPUs as people write it: "0,2-3", "all", "" (the empty set), "+0-1"
 * (counted among the allowed), "!0" (all but); nodes also by device: "netdev:eth0",
 * "file:/path", "ip:host", "block:sda", "pci:00:02.0". Without _all only allowed nodes or CPUs
 * may be named, and a node that has been allowed since load; with it all existing ones.
 * Return a new mask with all possible bits, or null if the text is wrong; numa_warn() is told what
 * is wrong, errno says nothing. Null with EINVAL if string is null. The _all functions since 2.0.8.
 */
extern struct bitmask *numa_parse_nodestring(const char *string);
extern struct bitmask *numa_parse_nodestring_all(const char *string);
extern struct bitmask *numa_parse_cpustring(const char *string);
extern struct bitmask *numa_parse_cpustring_all(const char *string);

/* --- What machine is this ------------------------------------------------------------------ */

/*
 * Sets that the library owns: not to be freed or replaced. Each is null before the library's
 * constructor ran.
 */
extern struct bitmask *numa_all_nodes_ptr; /* allowed nodes */
extern struct bitmask *numa_no_nodes_ptr;  /* no node */
extern struct bitmask *numa_all_cpus_ptr;  /* allowed CPUs */
extern struct bitmask *numa_nodes_ptr;	   /* existing nodes */

/* The same for the first interface: existing nodes below NUMA_NUM_NODES, and no node. */
extern nodemask_t numa_all_nodes;
extern nodemask_t numa_no_nodes;

/* The highest existing node, and the highest possible node. */
extern int numa_max_node(void);
extern int numa_max_possible_node(void);

/* The number of possible, and of existing nodes. */
extern int numa_num_possible_nodes(void);
extern int numa_num_configured_nodes(void);

/* The number of possible CPUs (the kernel's mask; since 2.0.8), and of CPUs in this machine. */
extern int numa_num_possible_cpus(void);
extern int numa_num_configured_cpus(void);

/* The number of allowed CPUs and nodes; the two names of each mean the same. */
extern int numa_num_task_cpus(void);
extern int numa_num_task_nodes(void);
extern int numa_num_thread_cpus(void);
extern int numa_num_thread_nodes(void);

/*
 * The nodes that the process may use now: a new mask. On failure numa_error() is told and the mask
 * is empty.
 */
extern struct bitmask *numa_get_mems_allowed(void);

/*
 * The memory of a node in bytes; *freep, if not null, becomes the free part of it. -1 if the node
 * does not exist or its numbers cannot be read, with *freep 0; errno is that of opening the file.
 * A node without memory has 0.
 */
extern long numa_node_size(int node, long *freep);
extern long long numa_node_size64(int node, long long *freep);

/* The size of a page in bytes. */
extern int numa_pagesize(void);

/*
 * The distance between two nodes as the firmware tells it: 10 from a node to itself, more for
 * others. 0 if it is not known or a node does not exist.
 */
extern int numa_distance(int node1, int node2);

/*
 * Sets cpus to the CPUs of a node. Returns 0, or -1 with ERANGE (no such number), ENOENT or
 * another reason why the system does not tell (cpus then has every bit set), or EINVAL (a CPU of
 * the node does not fit into cpus, which then has those that do; numa_error() is told).
 * The answer is remembered until numa_node_to_cpu_update().
 */
extern int numa_node_to_cpus(int node, struct bitmask *cpus);

/*
 * Forgets what numa_node_to_cpus() remembers: CPUs came or went. All nodes are read again when they
 * are next asked for.
 */
extern void numa_node_to_cpu_update(void);

/* The node of a CPU, or -1 with EINVAL if no node has it. */
extern int numa_node_of_cpu(int cpu);

/* --- Where threads run --------------------------------------------------------------------- */

/*
 * Lets the calling thread run on the CPUs of one node only, or of all nodes with -1. Returns 0,
 * or -1 with EINVAL (no such number, or no CPU to run on), ERANGE or ENOENT (no such node).
 */
extern int numa_run_on_node(int node);

/*
 * Let the calling thread run on the CPUs of the nodes in mask only. Nodes that are not allowed, or
 * with _all those that do not exist, are left out with a warning. Return 0, or -1 with the
 * reason, such as EINVAL (no CPU left), which numa_error() is told. The _all function since 2.0.9.
 */
extern int numa_run_on_node_mask(struct bitmask *mask);
extern int numa_run_on_node_mask_all(struct bitmask *mask);

/* The allowed nodes with a CPU on which the calling thread may run: a new mask. */
extern struct bitmask *numa_get_run_node_mask(void);

/*
 * The CPUs on which thread pid (0: the caller) may run. get returns the number of bytes written,
 * or -1 with EINVAL (mask too small) or ESRCH; set returns 0, or -1 with EINVAL (no usable CPU),
 * EPERM or ESRCH.
 */
extern int numa_sched_getaffinity(pid_t pid, struct bitmask *mask);
extern int numa_sched_setaffinity(pid_t pid, struct bitmask *mask);

/* --- The policy of the calling thread ------------------------------------------------------ */

/* Both run on the nodes in mask and take memory only there. numa_error() is told of failures. */
extern void numa_bind(struct bitmask *mask);

/*
 * Take memory only from the nodes in mask (EINVAL: empty, or none allowed). The balancing one,
 * since 2.0.15, lets the kernel migrate pages among them (Linux 5.12; before, it is
 * numa_set_membind()).
 */
extern void numa_set_membind(struct bitmask *mask);
extern void numa_set_membind_balancing(struct bitmask *mask);

/* The nodes memory is bound to: a new mask; all allowed nodes when it is not bound. */
extern struct bitmask *numa_get_membind(void);

/*
 * Take memory page by page from the nodes in mask in turn; an empty mask sets the default policy.
 * The weighted one takes as many pages from each as the system says
 * (/sys/kernel/mm/mempolicy/weighted_interleave); Linux 6.9, since 2.0.19.
 */
extern void numa_set_interleave_mask(struct bitmask *mask);
extern void numa_set_weighted_interleave_mask(struct bitmask *mask);

/*
 * The nodes of such a policy: a new mask, empty when the policy is another. The weighted one came
 * after 2.0.19.
 */
extern struct bitmask *numa_get_interleave_mask(void);
extern struct bitmask *numa_get_weighted_interleave_mask(void);

/* The node of the next interleaved page; 0 if the policy is another, without a word. */
extern int numa_get_interleave_node(void);

/* Take memory from this node first; from the local one if node is no possible node, such as -1. */
extern void numa_set_preferred(int node);

/* Take memory from the node on which the thread runs. */
extern void numa_set_localalloc(void);

/*
 * The preferred node, that is, the lowest in the thread's policy. Without one, numa_preferred()
 * returns 0 and numa_preferred_err(), which came after libnuma 2.0.19, returns -1.
 */
extern int numa_preferred(void);
extern int numa_preferred_err(void);

/*
 * Take memory from the nodes in mask first (Linux 5.15). Where the kernel cannot prefer several,
 * numa_warn() is told and the lowest node of mask is preferred. Since 2.0.15.
 */
extern void numa_set_preferred_many(struct bitmask *mask);

/* The nodes of the thread's policy: a new mask. Since 2.0.15. */
extern struct bitmask *numa_preferred_many(void);

/* Returns 1 if the kernel can prefer several nodes, else 0. Since 2.0.15. */
extern int numa_has_preferred_many(void);

/*
 * For the calling thread: do numa_alloc_onnode(), numa_tonode_memory() and numa_tonodemask_memory()
 * take memory only from the nodes given (strict not 0, initially so), or there first?
 */
extern void numa_set_bind_policy(int strict);

/*
 * For the calling thread: flag not 0 makes the library's policies on memory fail with EIO where
 * pages are on other nodes already. Initially 0.
 */
extern void numa_set_strict(int flag);

/* --- Memory with a policy ------------------------------------------------------------------ */

/*
 * Allocate size bytes, rounded up to pages, zeroed and on a page boundary; release with
 * numa_free() and the same size. Null with EINVAL if size is 0, with ENOMEM if there is no room.
 * If the policy cannot be set, numa_error() is told and numa_fail_alloc_on_error decides. Pages
 * come from their nodes when they are first written, except those of numa_alloc().
 */

/* By the thread's policy; the pages are taken at once. */
extern void *numa_alloc(size_t size);

/* From the node on which the thread runs; from one node (see numa_set_bind_policy()). */
extern void *numa_alloc_local(size_t size);
extern void *numa_alloc_onnode(size_t size, int node);

/* Interleaved over all allowed nodes, or over the nodes in mask. */
extern void *numa_alloc_interleaved(size_t size);
extern void *numa_alloc_interleaved_subset(size_t size, struct bitmask *mask);

/*
 * Interleaved by weight (Linux 6.9; EINVAL before, see numa_fail_alloc_on_error), over all allowed
 * nodes or over the nodes in mask. After libnuma 2.0.19.
 */
extern void *numa_alloc_weighted_interleaved(size_t size);
extern void *numa_alloc_weighted_interleaved_subset(size_t size, struct bitmask *mask);

/*
 * Changes the size of such memory, with its contents and policy; it may move. Returns where it is
 * now, or null, and the old memory stays, with EFAULT, EINVAL (new_size is 0 or, by some kernels,
 * beyond all bounds; old_addr is not on a page boundary) or ENOMEM.
 */
extern void *numa_realloc(void *old_addr, size_t old_size, size_t new_size);

/*
 * Releases such memory: mem as one of these functions returned it, size as it was asked for. A null
 * mem is allowed. Failures are not told.
 */
extern void numa_free(void *mem, size_t size);

/*
 * Set the policy of [mem, mem + size), mem on a page boundary: interleaved, interleaved by weight
 * (Linux 6.9; after libnuma 2.0.19), from one node, from the nodes in mask, from the node of the
 * thread that needs the page. It counts for pages that are not there yet. numa_error() is told of
 * EFAULT (not mapped), EINVAL, EIO (see numa_set_strict()) and ENOMEM.
 */
extern void numa_interleave_memory(void *mem, size_t size, struct bitmask *mask);
extern void numa_weighted_interleave_memory(void *mem, size_t size, struct bitmask *mask);
extern void numa_tonode_memory(void *start, size_t size, int node);
extern void numa_tonodemask_memory(void *mem, size_t size, struct bitmask *mask);
extern void numa_setlocal_memory(void *start, size_t size);

/*
 * Makes all pages of [start, start + size) be there now, on the nodes that their policy says. What
 * is in them stays; start need not be on a page boundary. The memory must be writable.
 */
extern void numa_police_memory(void *start, size_t size);

/*
 * Names the node to take pages from first in a range that has the policy MPOL_BIND or
 * MPOL_PREFERRED_MANY. flags is 0. Returns 0, or -1 with EINVAL, ENOENT (no policy), EOPNOTSUPP
 * (another policy) or ENOSYS (before Linux 5.17), and numa_error() is told. Since 2.0.18.
 */
extern int numa_set_mempolicy_home_node(void *start, unsigned long len, int home_node, int flags);

/* Returns 1 if the kernel has that, else 0. Since 2.0.18. */
extern int numa_has_home_node(void);

/* --- Moving memory ------------------------------------------------------------------------- */

/*
 * Moves the pages that process pid (0: the caller) has on the nodes "from" to the nodes "to".
 * Returns the number of pages that could not be moved, or -1 with EINVAL, ENOMEM, EPERM (also: the
 * process is another user's) or ESRCH.
 */
extern int numa_migrate_pages(int pid, struct bitmask *from, struct bitmask *to);

/* The system call move_pages(); see numaif.h, which also has the flags. */
extern int numa_move_pages(int pid, unsigned long count, void **pages, const int *nodes,
			   int *status, int flags);

/* --- Inline -------------------------------------------------------------------------------- */

/* Other names of numa_bitmask_free(). */
static inline void numa_free_nodemask(struct bitmask *mask)
{
	numa_bitmask_free(mask);
}

static inline void numa_free_cpumask(struct bitmask *mask)
{
	numa_bitmask_free(mask);
}

/*
 * A mask of the given number of bits over words of the caller. Not for programs. It must not be
 * written through where the words are const.
 */
static inline struct bitmask numa_overlay_(const unsigned long *words, unsigned long bits)
{
	struct bitmask mask;

	mask.size = bits;
#ifdef __cplusplus
	mask.maskp = const_cast<unsigned long *>(words);
#else
	mask.maskp = (unsigned long *)words;
#endif
	return mask;
}

/* Clears a mask of the first interface: all NUMA_NUM_NODES bits. */
static inline void nodemask_zero(nodemask_t *mask)
{
	struct bitmask over = numa_overlay_(mask->n, NUMA_NUM_NODES);

	numa_bitmask_clearall(&over);
}

/* Returns 1 if the same nodes are set, else 0. */
static inline int nodemask_equal(const nodemask_t *a, const nodemask_t *b)
{
	struct bitmask over_a = numa_overlay_(a->n, NUMA_NUM_NODES);
	struct bitmask over_b = numa_overlay_(b->n, NUMA_NUM_NODES);

	return numa_bitmask_equal(&over_a, &over_b);
}

/*
 * The functions of libnuma's first interface, under names of their own; numacompat1.h gives them
 * the old names. Each is the function of the same name without _compat, on nodemask_t, or on a
 * buffer whose length is in bytes. Those that return a nodemask_t return an empty one if memory
 * runs out.
 */
static inline void nodemask_zero_compat(nodemask_t *mask)
{
	nodemask_zero(mask);
}

static inline int nodemask_equal_compat(const nodemask_t *a, const nodemask_t *b)
{
	return nodemask_equal(a, b);
}

/* Set, clear a node. The node is not checked: it must be at least 0 and below NUMA_NUM_NODES. */
static inline void nodemask_set_compat(nodemask_t *mask, int node)
{
	unsigned int bit = NUMA_CAST_(unsigned int, node);

	mask->n[bit / NUMA_BITS_PER_LONG_] |= 1UL << (bit % NUMA_BITS_PER_LONG_);
}

static inline void nodemask_clr_compat(nodemask_t *mask, int node)
{
	unsigned int bit = NUMA_CAST_(unsigned int, node);

	mask->n[bit / NUMA_BITS_PER_LONG_] &= ~(1UL << (bit % NUMA_BITS_PER_LONG_));
}

/* Returns 1 if the node is set, else 0; 0 also for a number outside the mask. */
static inline int nodemask_isset_compat(const nodemask_t *mask, int node)
{
	unsigned int bit = NUMA_CAST_(unsigned int, node);

	if (bit >= NUMA_NUM_NODES)
		return 0;
	return (mask->n[bit / NUMA_BITS_PER_LONG_] >> (bit % NUMA_BITS_PER_LONG_) & 1) != 0;
}

/* The nodemask_t of a mask that a function returned, which is released. Not for programs. */
static inline nodemask_t numa_to_nodemask_(struct bitmask *mask)
{
	nodemask_t nodes;

	if (mask)
		copy_bitmask_to_nodemask(mask, &nodes);
	else
		nodemask_zero(&nodes);
	numa_bitmask_free(mask);
	return nodes;
}

static inline void numa_set_interleave_mask_compat(nodemask_t *mask)
{
	struct bitmask over = numa_overlay_(mask->n, NUMA_NUM_NODES);

	numa_set_interleave_mask(&over);
}

static inline nodemask_t numa_get_interleave_mask_compat(void)
{
	return numa_to_nodemask_(numa_get_interleave_mask());
}

static inline void numa_bind_compat(nodemask_t *mask)
{
	struct bitmask *nodes = numa_allocate_nodemask();

	if (!nodes)
		return;
	copy_nodemask_to_bitmask(mask, nodes);
	numa_bind(nodes);
	numa_bitmask_free(nodes);
}

static inline void numa_set_membind_compat(nodemask_t *mask)
{
	struct bitmask over = numa_overlay_(mask->n, NUMA_NUM_NODES);

	numa_set_membind(&over);
}

static inline nodemask_t numa_get_membind_compat(void)
{
	return numa_to_nodemask_(numa_get_membind());
}

static inline void *numa_alloc_interleaved_subset_compat(size_t size, const nodemask_t *mask)
{
	struct bitmask over = numa_overlay_(mask->n, NUMA_NUM_NODES);

	return numa_alloc_interleaved_subset(size, &over);
}

static inline int numa_run_on_node_mask_compat(const nodemask_t *mask)
{
	struct bitmask over = numa_overlay_(mask->n, NUMA_NUM_NODES);

	return numa_run_on_node_mask(&over);
}

static inline nodemask_t numa_get_run_node_mask_compat(void)
{
	return numa_to_nodemask_(numa_get_run_node_mask());
}

static inline void numa_interleave_memory_compat(void *mem, size_t size, const nodemask_t *mask)
{
	struct bitmask over = numa_overlay_(mask->n, NUMA_NUM_NODES);

	numa_interleave_memory(mem, size, &over);
}

static inline void numa_tonodemask_memory_compat(void *mem, size_t size, const nodemask_t *mask)
{
	struct bitmask over = numa_overlay_(mask->n, NUMA_NUM_NODES);

	numa_tonodemask_memory(mem, size, &over);
}

static inline int numa_sched_getaffinity_compat(pid_t pid, unsigned len, unsigned long *mask)
{
	struct bitmask over = numa_overlay_(mask, NUMA_CAST_(unsigned long, len) * 8);

	return numa_sched_getaffinity(pid, &over);
}

static inline int numa_sched_setaffinity_compat(pid_t pid, unsigned len, unsigned long *mask)
{
	struct bitmask over = numa_overlay_(mask, NUMA_CAST_(unsigned long, len) * 8);

	return numa_sched_setaffinity(pid, &over);
}

static inline int numa_node_to_cpus_compat(int node, unsigned long *buffer, int buffer_len)
{
	struct bitmask over = numa_overlay_(buffer, NUMA_CAST_(unsigned long, buffer_len) * 8);

	return numa_node_to_cpus(node, &over);
}

#undef NUMA_BITS_PER_LONG_
#undef NUMA_CAST_

#ifdef NUMA_VERSION1_COMPATIBILITY
#include <numacompat1.h>
#endif

#ifdef __cplusplus
}
#endif

#endif
