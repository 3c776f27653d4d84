/* SPDX-License-Identifier: MIT */
/* Moving pages and processes between nodes, and the home node of a range. */
#include <errno.h>
#include <stdatomic.h>

#include "api/api.h"

int numa_move_pages(int pid, unsigned long count, void **pages, const int *nodes, int *status,
		    int flags)
{
	return (int)move_pages(pid, count, pages, nodes, status, flags);
}

/* The kernel takes one size for both masks, so both are made as long as its own. */
int numa_migrate_pages(int pid, struct bitmask *from, struct bitmask *to)
{
	static const struct bitmask none;
	unsigned nbits = topo_get()->node_bits;
	struct scratch f, t;
	int ret = -1;

	from = from ? from : (struct bitmask *)&none;
	to = to ? to : (struct bitmask *)&none;
	if (!scratch_init(&f, nbits))
		return -1;
	if (scratch_init(&t, nbits)) {
		bits_copy(f.mask.maskp, nbits, from->maskp, from->size);
		bits_copy(t.mask.maskp, nbits, to->maskp, to->size);
		ret = (int)migrate_pages(pid, nbits + 1, f.mask.maskp, t.mask.maskp);
		scratch_free(&t);
	}
	scratch_free(&f);
	return ret;
}

/* With a bad flag, a kernel that has the call says EINVAL and does nothing. Asked once. */
static atomic_int home_node_known; /* 0: not asked, 1: no, 2: yes */

COLD static int ask_for_home_node(void)
{
	int saved = errno;
	int answer = set_mempolicy_home_node(NULL, 0, 0, 1) < 0 && errno == EINVAL ? 2 : 1;

	atomic_store_explicit(&home_node_known, answer, memory_order_relaxed);
	errno = saved;
	return answer;
}

int numa_has_home_node(void)
{
	int answer = atomic_load_explicit(&home_node_known, memory_order_relaxed);

	return (likely(answer) ? answer : ask_for_home_node()) == 2;
}

int numa_set_mempolicy_home_node(void *start, unsigned long len, int home_node, int flags)
{
	int err;

	if (set_mempolicy_home_node(start, len, home_node, flags) == 0)
		return 0;
	err = errno;
	numa_error("set_mempolicy_home_node");
	errno = err;
	return -1;
}
