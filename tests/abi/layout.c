/* SPDX-License-Identifier: MIT */
/*
 * Description: the sizes, offsets and macro values of the public headers, one "name value" a line.
 * Compiled against our headers and against libnuma's; a macro that a header lacks gives no line.
 * Status 1 if a value is not what the interface has on this architecture.
 */
#include <numa.h>
#include <numaif.h>
#include <stdio.h>

#define LONG_BITS (8 * sizeof(long))

#if defined(__x86_64__) || defined(__i386__)
#define NODES 128
#else
#define NODES 2048
#endif

static int wrong;

static void value(const char *name, unsigned long got, unsigned long want)
{
	printf("%s %lu\n", name, got);
	if (got != want) {
		fprintf(stderr, "%s is %lu, should be %lu\n", name, got, want);
		wrong = 1;
	}
}

#define VALUE(expression, want) value(#expression, (unsigned long)(expression), want)

/* These are macros that programs test with #ifdef, so a header with enumerators would not do. */
static void macros(void)
{
	VALUE(LIBNUMA_API_VERSION, 2);
	VALUE(NUMA_NUM_NODES, NODES);
#ifdef MPOL_DEFAULT
	VALUE(MPOL_DEFAULT, 0);
#endif
#ifdef MPOL_PREFERRED
	VALUE(MPOL_PREFERRED, 1);
#endif
#ifdef MPOL_BIND
	VALUE(MPOL_BIND, 2);
#endif
#ifdef MPOL_INTERLEAVE
	VALUE(MPOL_INTERLEAVE, 3);
#endif
#ifdef MPOL_LOCAL
	VALUE(MPOL_LOCAL, 4);
#endif
#ifdef MPOL_PREFERRED_MANY
	VALUE(MPOL_PREFERRED_MANY, 5);
#endif
#ifdef MPOL_WEIGHTED_INTERLEAVE
	VALUE(MPOL_WEIGHTED_INTERLEAVE, 6);
#endif
#ifdef MPOL_F_NUMA_BALANCING
	VALUE(MPOL_F_NUMA_BALANCING, 8192);
#endif
#ifdef MPOL_F_RELATIVE_NODES
	VALUE(MPOL_F_RELATIVE_NODES, 16384);
#endif
#ifdef MPOL_F_STATIC_NODES
	VALUE(MPOL_F_STATIC_NODES, 32768);
#endif
#ifdef MPOL_F_NODE
	VALUE(MPOL_F_NODE, 1);
#endif
#ifdef MPOL_F_ADDR
	VALUE(MPOL_F_ADDR, 2);
#endif
#ifdef MPOL_F_MEMS_ALLOWED
	VALUE(MPOL_F_MEMS_ALLOWED, 4);
#endif
#ifdef MPOL_MF_STRICT
	VALUE(MPOL_MF_STRICT, 1);
#endif
#ifdef MPOL_MF_MOVE
	VALUE(MPOL_MF_MOVE, 2);
#endif
#ifdef MPOL_MF_MOVE_ALL
	VALUE(MPOL_MF_MOVE_ALL, 4);
#endif
	/* One more with each mode: not among the lines, older headers have less. */
	if (MPOL_MAX > 7)
		wrong = 1;
#ifdef LAYOUT_OURS
	if (MPOL_MAX != 7)
		wrong = 1;
#endif
}

static void types(void)
{
	struct bitmask mask;
	nodemask_t nodes;

	VALUE(sizeof(nodemask_t), NODES / 8);
	VALUE(_Alignof(nodemask_t), sizeof(long));
	VALUE(sizeof(nodes.n), NODES / 8);
	VALUE(sizeof(nodes.n[0]), sizeof(long));
	VALUE(offsetof(nodemask_t, n), 0);
	VALUE(sizeof(nodes.n) / sizeof(nodes.n[0]), NODES / LONG_BITS);
	VALUE(sizeof(struct bitmask), 2 * sizeof(long));
	VALUE(_Alignof(struct bitmask), sizeof(long));
	VALUE(offsetof(struct bitmask, size), 0);
	VALUE(sizeof(mask.size), sizeof(long));
	VALUE(offsetof(struct bitmask, maskp), sizeof(long));
	VALUE(sizeof(mask.maskp), sizeof(void *));
	VALUE(sizeof(numa_all_nodes), NODES / 8);
	VALUE(sizeof(numa_no_nodes), NODES / 8);
	VALUE(sizeof(numa_exit_on_error), 4);
	VALUE(sizeof(numa_exit_on_warn), 4);
	VALUE(sizeof(numa_all_nodes_ptr), sizeof(void *));
	VALUE((mask.size = 0, mask.size - 1 > mask.size), 1); /* unsigned */
	VALUE((nodes.n[0] = 0, nodes.n[0] - 1 > nodes.n[0]), 1);
}

int main(void)
{
	macros();
	types();
	return wrong;
}
