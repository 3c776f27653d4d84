/* SPDX-License-Identifier: MIT */
/*
 * The calling thread's policy, and what numa_set_bind_policy() and numa_set_strict() keep for the
 * thread. Policies of memory ranges are memory.c's.
 */
#include <errno.h>
#include <stdatomic.h>

#include "api/api.h"
#include "emul/tls.h"

/* Per thread, as in libnuma; a new thread starts with neither. */
static EMUL_TLS int thread_prefers;
static EMUL_TLS unsigned thread_mbind_flags;

struct nodes_arg nodes_arg(const struct bitmask *mask)
{
	if (!mask)
		return (struct nodes_arg){NULL, 0};
	return (struct nodes_arg){mask->maskp, mask->size + 1};
}

int mode_of(int mode_word)
{
	return mode_word & ~(MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES | MPOL_F_NUMA_BALANCING);
}

bool thread_policy(int *mode, struct bitmask *nodes)
{
	*mode = MPOL_DEFAULT;
	if (get_mempolicy(mode, nodes->maskp, nodes->size + 1, NULL, 0) == 0)
		return true;
	numa_error("get_mempolicy");
	*mode = MPOL_DEFAULT;
	bits_zero(nodes->maskp, nodes->size);
	return false;
}

static long try_thread_policy(int mode, const struct bitmask *nodes)
{
	struct nodes_arg arg = nodes_arg(nodes);

	return set_mempolicy(mode, arg.words, arg.maxnode);
}

/* errno says why, whatever a program's numa_error() did to it. */
static void tell_of_failure(void)
{
	int err = errno;

	numa_error("set_mempolicy");
	errno = err;
}

void set_thread_policy(int mode, const struct bitmask *nodes)
{
	if (try_thread_policy(mode, nodes) < 0)
		tell_of_failure();
}

static bool mask_is_empty(const struct bitmask *mask)
{
	return !mask || bits_empty(mask->maskp, mask->size);
}

void numa_set_localalloc(void)
{
	set_thread_policy(MPOL_LOCAL, NULL);
}

/* An empty mask switches interleaving off. */
void numa_set_interleave_mask(struct bitmask *mask)
{
	set_thread_policy(mask_is_empty(mask) ? MPOL_DEFAULT : MPOL_INTERLEAVE, mask);
}

void numa_set_weighted_interleave_mask(struct bitmask *mask)
{
	set_thread_policy(mask_is_empty(mask) ? MPOL_DEFAULT : MPOL_WEIGHTED_INTERLEAVE, mask);
}

void numa_set_membind(struct bitmask *mask)
{
	set_thread_policy(MPOL_BIND, mask);
}

void numa_set_membind_balancing(struct bitmask *mask)
{
	int saved = errno;

	if (try_thread_policy(MPOL_BIND | MPOL_F_NUMA_BALANCING, mask) == 0)
		return;
	if (errno == EINVAL) { /* a kernel before 5.12, or the mask, which the next call tells */
		errno = saved;
		set_thread_policy(MPOL_BIND, mask);
	} else {
		tell_of_failure();
	}
}

/* A node that no mask can hold, -1 for one, means local allocation. */
static void prefer(int node)
{
	struct scratch s;

	if (node < 0 || (unsigned)node >= topo_get()->node_bits) {
		set_thread_policy(MPOL_LOCAL, NULL);
		return;
	}
	if (!scratch_init(&s, (size_t)node + 1)) {
		tell_of_failure();
		return;
	}
	bits_set(s.mask.maskp, (size_t)node);
	set_thread_policy(MPOL_PREFERRED, &s.mask);
	scratch_free(&s);
}

void numa_set_preferred(int node)
{
	prefer(node);
}

/*
 * Whether the kernel knows a mode: an mbind() of nothing checks the mode and then has nothing to
 * do. Asked once; threads that ask at the same time get the same answer.
 */
static atomic_int preferred_many_known; /* 0: not asked, 1: no, 2: yes */

COLD static int ask_for_preferred_many(void)
{
	int saved = errno;
	int answer = mbind(NULL, 0, MPOL_PREFERRED_MANY, NULL, 0, 0) == 0 ? 2 : 1;

	atomic_store_explicit(&preferred_many_known, answer, memory_order_relaxed);
	errno = saved;
	return answer;
}

static bool has_preferred_many(void)
{
	int answer = atomic_load_explicit(&preferred_many_known, memory_order_relaxed);

	return (likely(answer) ? answer : ask_for_preferred_many()) == 2;
}

int numa_has_preferred_many(void)
{
	return has_preferred_many();
}

void numa_set_preferred_many(struct bitmask *mask)
{
	if (has_preferred_many()) {
		set_thread_policy(MPOL_PREFERRED_MANY, mask);
		return;
	}
	numa_warn(WARN_NODE_STRING,
		  "Unable to handle MANY preferred nodes. Falling back to first node\n");
	prefer(mask_is_empty(mask) ? -1 : (int)bits_next(mask->maskp, mask->size, 0));
}

void numa_bind(struct bitmask *mask)
{
	run_on_node_mask(mask);
	set_thread_policy(MPOL_BIND, mask);
}

void numa_set_bind_policy(int strict)
{
	thread_prefers = strict ? 0 : has_preferred_many() ? MPOL_PREFERRED_MANY : MPOL_PREFERRED;
}

int bind_mode(void)
{
	return thread_prefers ? thread_prefers : MPOL_BIND;
}

void numa_set_strict(int flag)
{
	thread_mbind_flags = flag ? MPOL_MF_STRICT : 0;
}

unsigned mbind_flags(void)
{
	return thread_mbind_flags;
}

/* The thread's nodes if its mode is the one asked for, else `otherwise` (NULL: none). */
static struct bitmask *nodes_of_mode(int wanted, const struct bitmask *otherwise)
{
	struct bitmask *nodes = mask_new_nodes();
	int mode;

	if (!nodes)
		return NULL;
	thread_policy(&mode, nodes);
	if (mode_of(mode) != wanted) {
		if (otherwise)
			bits_copy(nodes->maskp, nodes->size, otherwise->maskp, otherwise->size);
		else
			bits_zero(nodes->maskp, nodes->size);
	}
	return nodes;
}

struct bitmask *numa_get_interleave_mask(void)
{
	return nodes_of_mode(MPOL_INTERLEAVE, NULL);
}

struct bitmask *numa_get_weighted_interleave_mask(void)
{
	return nodes_of_mode(MPOL_WEIGHTED_INTERLEAVE, NULL);
}

struct bitmask *numa_get_membind(void)
{
	struct bitmask all = allowed_nodes();

	return nodes_of_mode(MPOL_BIND, &all);
}

/* The next node of an interleaving thread; 0 for any other. */
int numa_get_interleave_node(void)
{
	int node;

	return get_mempolicy(&node, NULL, 0, NULL, MPOL_F_NODE) == 0 ? node : 0;
}

struct bitmask *numa_get_mems_allowed(void)
{
	struct bitmask *nodes = mask_new_nodes();

	if (nodes &&
	    get_mempolicy(NULL, nodes->maskp, nodes->size + 1, NULL, MPOL_F_MEMS_ALLOWED) < 0)
		numa_error("get_mempolicy");
	return nodes;
}

/*
 * The nodes of whatever policy the thread has; a policy of one node that tells several is an error.
 */
static void preferred_nodes(struct bitmask *nodes)
{
	int mode;

	thread_policy(&mode, nodes);
	if (mode == MPOL_PREFERRED && bits_weight(nodes->maskp, nodes->size) > 1) {
		errno = EINVAL;
		numa_error("libnuma.c");
	}
}

struct bitmask *numa_preferred_many(void)
{
	struct bitmask *nodes = mask_new_nodes();

	if (nodes)
		preferred_nodes(nodes);
	return nodes;
}

/* The lowest preferred node, or -1. */
static int preferred_node(void)
{
	struct scratch s;
	size_t node;

	if (!scratch_init(&s, topo_get()->node_bits)) {
		numa_error("get_mempolicy");
		return -1;
	}
	preferred_nodes(&s.mask);
	node = bits_next(s.mask.maskp, s.mask.size, 0);
	scratch_free(&s);
	return node < s.mask.size ? (int)node : -1;
}

int numa_preferred_err(void)
{
	return preferred_node();
}

int numa_preferred(void)
{
	int node = preferred_node();

	return node < 0 ? 0 : node;
}
