/* SPDX-License-Identifier: MIT */
/*
 * The exported variables and what happens at load: they are right before main() begins, and nothing
 * else is done. At exit nothing is done either, unless MYNUMA_WHERE asks for a report: the library
 * stays in the process once loaded (it is linked with -z nodelete), so threads that still run while
 * the process exits lose nothing.
 *
 * When the library is preloaded into a program for libnuma, that library is loaded as well and both
 * share these variables. Its constructor sets them before ours does, its destructor frees the masks
 * and clears the pointers. Hence masks that are there, from the heap, are filled anew in place, and
 * nothing in here relies on them. Where there are none, ours are no heap memory, which a program
 * that does not use it would have to set up; who frees one all the same frees nothing.
 */
#include <errno.h>
#include <string.h>

#include "api/api.h"
#include "backend/where.h"

nodemask_t numa_all_nodes;
nodemask_t numa_no_nodes;
int numa_exit_on_error;
int numa_exit_on_warn;
int numa_fail_alloc_on_error;
struct bitmask *numa_all_nodes_ptr;
struct bitmask *numa_no_nodes_ptr;
struct bitmask *numa_all_cpus_ptr;
struct bitmask *numa_nodes_ptr;

/* A mask over the snapshot's words, for the rare time without the variable; nobody writes to it. */
static struct bitmask over(const unsigned long *words, unsigned nbits)
{
	struct bitmask mask = {.size = nbits};

	memcpy(&mask.maskp, &words, sizeof(words));
	return mask;
}

struct bitmask allowed_nodes(void)
{
	const struct topology *t;

	if (likely(numa_all_nodes_ptr))
		return *numa_all_nodes_ptr;
	t = topo_get();
	return over(t->allowed_nodes, t->node_bits);
}

bool allowed_nodes_now(struct scratch *s)
{
	const struct topology *t = topo_get();
	struct bitmask nodes = allowed_nodes();
	int saved = errno;
	bool known;

	if (!bits_equal(nodes.maskp, nodes.size, t->allowed_nodes, t->node_bits) ||
	    !scratch_init(s, t->node_bits))
		return false;
	known = topo_allowed_nodes(s->mask.maskp);
	errno = saved;
	if (!known)
		scratch_free(s);
	return known;
}

struct bitmask allowed_cpus(void)
{
	const struct topology *t;

	if (likely(numa_all_cpus_ptr))
		return *numa_all_cpus_ptr;
	t = topo_get();
	return over(t->allowed_cpus, t->cpu_bits);
}

struct bitmask existing_nodes(void)
{
	const struct topology *t;

	if (likely(numa_nodes_ptr))
		return *numa_nodes_ptr;
	t = topo_get();
	return over(t->existing, t->node_bits);
}

struct bitmask own_masks[OWN_MASKS];

/* A mask outside of the heap, zeroed; NULL when memory ran out. */
static struct bitmask *own_mask(struct bitmask *mask, unsigned nbits)
{
	mask->size = nbits;
	mask->maskp = topo_alloc(bits_words(nbits) * sizeof(long));
	return mask->maskp ? mask : NULL;
}

/*
 * Gives the variable a mask with these members: its own, or else the one given, or else one from
 * the heap in place of one of another size. Without memory it keeps what it had.
 */
static void publish(struct bitmask **var, struct bitmask *own, unsigned nbits,
		    const unsigned long *words, size_t bits)
{
	struct bitmask *mask = *var;

	if (!mask || mask->size != nbits) {
		mask = mask ? mask_try_new(nbits) : own_mask(own, nbits);
		if (!mask)
			return;
		mask_free(*var);
		*var = mask;
	}
	bits_copy(mask->maskp, nbits, words, bits);
}

__attribute__((constructor)) static void at_load(void)
{
	const struct topology *t = topo_get();
	int saved = errno;

	publish(&numa_all_nodes_ptr, &own_masks[0], t->node_bits, t->allowed_nodes, t->node_bits);
	publish(&numa_nodes_ptr, &own_masks[1], t->node_bits, t->existing, t->node_bits);
	publish(&numa_all_cpus_ptr, &own_masks[2], t->cpu_bits, t->allowed_cpus, t->cpu_bits);
	publish(&numa_no_nodes_ptr, &own_masks[3], t->node_bits, NULL, 0);
	bits_copy(numa_all_nodes.n, NUMA_NUM_NODES, t->existing, t->node_bits);
	errno = saved;
}

__attribute__((destructor)) static void at_exit(void)
{
	if (wrappers_are_ours())
		where_report();
}

int numa_available(void)
{
	if (get_mempolicy(NULL, NULL, 0, NULL, 0) < 0 && (errno == ENOSYS || errno == EPERM))
		return -1;
	return 0;
}
