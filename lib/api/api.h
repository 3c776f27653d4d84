/* SPDX-License-Identifier: MIT */
/*
 * What the files of this folder share, grouped by the file that defines it. What the public headers
 * declare leaves the shared object; everything else stays inside.
 *
 * A function of this folder that needs another one calls what stands here and not its public name,
 * so that it is not a program's function of that name that answers. The exceptions are meant: the
 * system call wrappers, numa_error() and numa_warn() are called as exported, so that a program that
 * defines its own is heard.
 */
#ifndef MYNUMA_API_API_H
#define MYNUMA_API_API_H

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)
#include "numa.h"
#include "numaif.h"
#pragma GCC visibility pop

#include "base/bits.h"
#include "base/compiler.h"
#include "topology/topology.h"

/*
 * The numbers of numa_warn(): part of the interface, since a program's own numa_warn() sees them.
 */
enum {
	WARN_MEMINFO = 2,
	WARN_NO_SYSFS = 3,
	WARN_CPUMAP = 4,
	WARN_MAX_CPU = 5,
	WARN_NODE = 6,
	WARN_DISTANCE = 7,
	WARN_CPU_STRING = 9,
	WARN_NODE_STRING = 10,
	WARN_STAT = 11,
	WARN_SYSFS_DEVICE = 13,
	WARN_BLOCK_DEVICE = 15,
	WARN_NET_FAMILY = 16,
	WARN_ROUTE = 17,
	WARN_ROUTE_REPLY = 18,
	WARN_RESOLVE = 19,
	WARN_INTERFACE = 20,
	WARN_PCI = 23,
	WARN_NODE_UNKNOWN = 25,
	WARN_NODE_UNREADABLE = 26,
	WARN_CHARACTERS = 28,
};

/* init.c */

/*
 * The exported masks as the program sees them now (it may have changed them), or the snapshot's
 * while there is none: before the constructor, after another library's destructor.
 */
struct bitmask allowed_nodes(void);
struct bitmask allowed_cpus(void);
struct bitmask existing_nodes(void);

/* The masks that the variables have at load, unless they had some already: no heap memory. */
#define OWN_MASKS 4
extern HIDDEN struct bitmask own_masks[OWN_MASKS];

/* bitmask.c */

/* As numa_bitmask_alloc() and numa_bitmask_free(). */
struct bitmask *mask_new(unsigned nbits);
/* As mask_new(), but tells nobody when memory runs out, and nbits is not 0. */
struct bitmask *mask_try_new(unsigned nbits);
void mask_free(struct bitmask *mask);
/* A new mask of nbits bits with the members of `from` that fit. */
struct bitmask *mask_new_copy(unsigned nbits, const unsigned long *from, size_t frombits);
/* New masks of the sizes of numa_allocate_nodemask() and numa_allocate_cpumask(). */
struct bitmask *mask_new_nodes(void);
struct bitmask *mask_new_cpus(void);
/* numa_parse_bitmap() into nbits bits. */
int parse_bitmap(const char *line, unsigned long *words, size_t nbits);
/* The bits of a CPU mask; warns once if they had to be guessed. */
COLD unsigned guessed_cpu_bits(const struct topology *t);
static inline unsigned cpu_mask_bits(void)
{
	const struct topology *t = topo_get();
	unsigned bits = t->sure_bits;

	return likely(bits) ? bits : guessed_cpu_bits(t);
}

/*
 * A mask for the time of a call: on the stack where it is small, else in pages of its own, which
 * spares small thread stacks and the heap.
 */
struct scratch {
	struct bitmask mask;
	unsigned long small[8192 / BITS_PER_LONG];
};

/* An empty mask of nbits bits. False with errno ENOMEM; scratch_free() is then not needed. */
bool scratch_init(struct scratch *s, size_t nbits);
void scratch_free(struct scratch *s);

/* wrappers.c */

/*
 * Whether programs that call the wrappers get ours: not so when the program, or another copy of
 * this library that was loaded earlier, has its own set_mempolicy_home_node().
 */
bool wrappers_are_ours(void);

/* init.c */

/*
 * The nodes that the kernel allows at this moment, for a call that fails with those of load time.
 * False, and then scratch_free() is not needed, if it does not tell, or if the program has changed
 * numa_all_nodes_ptr: then it knows better. errno stays.
 */
bool allowed_nodes_now(struct scratch *s);

/* policy.c */

/*
 * The one place of the maxnode rule: the kernel counts one bit less than it is told, so a mask of n
 * bits is passed as n + 1. A null mask is the empty one.
 */
struct nodes_arg {
	const unsigned long *words;
	unsigned long maxnode;
};
struct nodes_arg nodes_arg(const struct bitmask *mask);

/* The mode that numa_set_bind_policy() chose for this thread. */
int bind_mode(void);
/* The flags of each mbind() in this thread: MPOL_MF_STRICT after numa_set_strict(). */
unsigned mbind_flags(void);

/* The mode without its flags. */
int mode_of(int mode_word);

/*
 * The calling thread's policy into *mode (whole word) and nodes, of at least
 * numa_num_possible_nodes() bits. On failure tells numa_error(), gives MPOL_DEFAULT and no nodes,
 * and returns false.
 */
bool thread_policy(int *mode, struct bitmask *nodes);

/* Sets the thread's policy and tells numa_error() of a failure. */
void set_thread_policy(int mode, const struct bitmask *nodes);

/* memory.c */

/* Sets the policy of a range and tells numa_error() of a failure. 0 or -1 with errno. */
int bind_range(void *mem, size_t size, int mode, const struct bitmask *nodes);
/* New pages with a policy; see numa_alloc_onnode() for what happens if the policy cannot be set. */
void *alloc_bound(size_t size, int mode, const struct bitmask *nodes);

/* affinity.c */

/* As numa_run_on_node_mask(). */
int run_on_node_mask(const struct bitmask *nodes);

/*
 * sched_setaffinity(2) and sched_getaffinity(2) as the kernel has them: lengths in bytes, -1 and
 * errno.
 */
int set_affinity(pid_t pid, size_t bytes, const unsigned long *cpus);
int get_affinity(pid_t pid, size_t bytes, unsigned long *cpus);

/* Which nodes may be run on. */
typedef bool node_filter(int node);
/*
 * The union of the CPUs of the nodes in `nodes` that pass the filter (NULL: all). Warns of those
 * that do not and of those whose CPUs cannot be read.
 */
void cpus_of_nodes(const struct bitmask *nodes, node_filter *filter, struct bitmask *cpus);
/*
 * The nodes that pass the filter and own a CPU this thread may run on; none if that cannot be
 * known.
 */
void nodes_of_affinity(node_filter *filter, struct bitmask *nodes);

/* info.c */

/*
 * The CPUs of a node into words[]: what numa_node_to_cpus() and its old twin share, warnings
 * included. 0, or -1 with errno and every bit set; ERANGE, with nothing changed, for a node above
 * the highest.
 */
int node_cpus(int node, unsigned long *words, size_t nbits);

/* ioaffinity.c */

/*
 * The nodes of a device: "netdev:eth0" and its like. 1 when `name` has no such form, 0 when nodes
 * (added to *nodes) are known, -1 when they are not and numa_warn() was told why.
 */
int device_nodes(const char *name, struct bitmask *nodes);

#endif
