/* SPDX-License-Identifier: MIT */
/*
 * Description: the six calls on an emulated machine of four nodes, case by case as kernels
 * answered.
 */
#include "backend/backend.h"

#include <limits.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "emul/emul.h"
#include "emul/presence.h"
#include "harness.h"
#include "machines.h"
#include "zeropage.h"
#include "emul/abi.h"

#define OPS backend_emulated_ops
#define PAGES 8
#define RESERVED 60
#define ALL_BITS (EMUL_NODES + 1)

static size_t ps;
static char *arena; /* PAGES pages; what follows is not mapped */
static struct emul_machine *machine;

/* ---- short forms ---- */

static long set(int mode, struct nodemask mask)
{
	return OPS.set_mempolicy(mode, mask.bits, ALL_BITS);
}

static long bind_pages(int first, int n, int mode, struct nodemask mask, unsigned flags)
{
	return OPS.mbind(arena + first * (long)ps, (size_t)n * ps, (unsigned)mode, mask.bits,
			 ALL_BITS, flags);
}

static long move(int count, const int *page, const int *to, int *status, int flags)
{
	void *pages[PAGES * 2];

	for (int i = 0; i < count; i++)
		pages[i] = arena + page[i] * (long)ps;
	return OPS.move_pages(0, (unsigned long)count, pages, to, status, flags);
}

/* The node of a page of the arena, or what a query says. */
static int node_of(int page)
{
	int status = 12345;

	CHECK_EQ(move(1, &page, NULL, &status, 0), 0);
	return status;
}

static void touch(int first, int n)
{
	for (int i = first; i < first + n; i++)
		arena[i * (long)ps] = 1;
}

/*
 * Pages of the arena as a word: "0123" is page 0 on node 0 and so on; - is one that is not
 * there.
 */
static const char *where(int first, int n)
{
	static char text[PAGES + 1];

	for (int i = 0; i < n; i++) {
		int node = node_of(first + i);

		text[i] = node >= 0 ? (char)('0' + node) : '-';
	}
	text[n] = '\0';
	return text;
}

/* Whether this system tells the zero page, and pages that must not be accessed, from others. */
static bool pages_are_known_well(void)
{
	struct presence presence;

	presence_open(&presence, ps);
	presence_close(&presence);
	return presence.source < PRESENCE_MINCORE;
}

static void check_policy(int page, int mode, struct nodemask expected)
{
	struct nodemask got = NO_NODES;
	int got_mode = -1;
	long err = OPS.get_mempolicy(&got_mode, got.bits, ALL_BITS,
				     page < 0 ? NULL : arena + page * (long)ps,
				     page < 0 ? 0 : MPOL_F_ADDR);

	CHECK_EQ(err, 0);
	CHECK_EQ(got_mode, mode);
	CHECK(nodemask_equal(&got, &expected));
}

/*
 * A new machine, arena and policy for each case. The arena lies in a range that nothing else
 * gets, and begins on a multiple of 12 pages, since an interleaved page's node follows from its
 * address.
 */
static bool start(struct nodemask bare)
{
	static char *reserved;
	uintptr_t first;

	ps = (size_t)sysconf(_SC_PAGESIZE);
	reserved = mmap(reserved, RESERVED * ps, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | (reserved ? MAP_FIXED : 0), -1, 0);
	machine = use_machine(4, bare); /* not earlier: it might get the page after the arena */
	emul_unmapped(reserved, RESERVED * ps);
	first = ((uintptr_t)reserved / ps / 12 + 2) * 12;
	arena = mmap((char *)(first * ps), PAGES * ps, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	madvise(arena, PAGES * ps, MADV_NOHUGEPAGE);
	munmap(arena + PAGES * ps, ps);
	return machine && set(MPOL_DEFAULT, NO_NODES) == 0;
}

/* ---- masks in ---- */

/*
 * How much of the caller's mask counts: a node and a maxnode, on a machine whose nodes are 0 to
 * 3.
 */
static void maxnode_is_one_too_large(void)
{
	static const struct {
		unsigned long maxnode;
		int node, err;
	} rows[] = {
		{5, 3, 0},
		{4, 3, -EINVAL},
		{2, 0, 0},
		{2, 1, -EINVAL},
		{1, 0, -EINVAL},
		{1024, 3, 0},
		{1025, 3, 0},
		{1026, 3, 0},
		{32769, 3, 0},
		{32770, 3, -EINVAL},
		{ULONG_MAX, 3, -EINVAL},
		{0, 3, -EINVAL},
	};
	unsigned long mask[32768 / BITS_PER_LONG + 1] = {0};

	REQUIRE(start(NO_NODES));
	if (ps != 4096)
		SKIP("the numbers are for pages of 4096 bytes");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mask[0] = 1UL << rows[i].node;
		CHECK_EQ(OPS.set_mempolicy(MPOL_BIND, mask, rows[i].maxnode), rows[i].err);
	}
	CHECK_EQ(OPS.set_mempolicy(MPOL_DEFAULT, mask, 0), -EINVAL);
	CHECK_EQ(OPS.set_mempolicy(MPOL_DEFAULT, NULL, 0), 0);
	CHECK_EQ(OPS.set_mempolicy(MPOL_DEFAULT, NULL, ULONG_MAX), 0);
}

static void bits_that_no_node_can_have_are_refused(void)
{
	static const struct {
		unsigned long maxnode;
		unsigned bit;
		int err;
	} rows[] = {
		{1100, 1024, -EINVAL}, {1100, 1098, -EINVAL}, {1100, 1151, -EINVAL},
		{1100, 1152, 0},       {1025, 1024, 0},	      {1026, 1024, -EINVAL},
		{1100, 1023, 0},
	};

	REQUIRE(start(NO_NODES));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned long mask[2048 / BITS_PER_LONG] = {1};

		bits_set(mask, rows[i].bit);
		CHECK_EQ(OPS.set_mempolicy(MPOL_BIND, mask, rows[i].maxnode), rows[i].err);
	}
}

static void whole_longs_are_read(void)
{
	char *end;

	REQUIRE(start(NO_NODES));
	end = arena + PAGES * ps;
	memset(end - 256, 0, 256);
	memset(end - 256, 0x01, 1);
	memset(end - sizeof(long), 0x01, sizeof(long));
	CHECK_EQ(OPS.set_mempolicy(MPOL_BIND, (void *)(end - sizeof(long)), 5), 0);
	CHECK_EQ(OPS.set_mempolicy(MPOL_BIND, (void *)(end - 4), sizeof(long) == 8 ? 5 : 34),
		 -EFAULT);
	CHECK_EQ(OPS.set_mempolicy(MPOL_BIND, (void *)(end - 8), 66), -EFAULT);
	/* What lies above 1024 comes first: not there is EFAULT before the rest is looked at. */
	CHECK_EQ(OPS.set_mempolicy(MPOL_BIND, (void *)(end - 256), 4000), -EFAULT);
}

/* ---- masks out ---- */

/* What a 64-bit kernel answers to a program of 64 bits, or else to one of 32. */
#define WIDE (ULONG_MAX > 0xffffffffU)

static void masks_are_written_in_steps_of_64_bits(void)
{
	static const struct {
		unsigned ids;
		unsigned long maxnode;
		int err;
		size_t written;
	} rows[] = {
		{4, 3, -EINVAL, 0},
		{4, 4, 0, 8},
		{4, 65, 0, 8},
		{4, 66, 0, 16},
		{4, 1025, 0, 128},
		{65, 64, -EINVAL, 0},
		{65, 65, 0, WIDE ? 8 : 12},
		{65, 66, 0, 16},
		{64, 65, 0, WIDE ? 8 : 12},
		{128, 129, 0, WIDE ? 16 : 20},
		{1, 1, 0, WIDE ? 0 : 4},
		{1, 2, 0, 8},
		{1, 0, -EINVAL, 0},
		{4, 32769, 0, 4096},
		{4, ULONG_MAX, WIDE ? 0 : -EINVAL, 0},
		{4, ULONG_MAX - 61, WIDE ? 0 : -EINVAL, 0},
		{4, 32770, -EINVAL, 0},
	};
	static unsigned char mask[8192];

	REQUIRE(start(NO_NODES));
	if (ps != 4096)
		SKIP("the numbers are for pages of 4096 bytes");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t written = 0;
		int mode = 77;

		machine->node_ids = rows[i].ids;
		memset(mask, 0xff, sizeof(mask));
		CHECK_EQ(OPS.get_mempolicy(&mode, (void *)mask, rows[i].maxnode, NULL, 0),
			 rows[i].err);
		while (written < sizeof(mask) && mask[written] == 0)
			written++;
		CHECK_EQ(written, rows[i].written);
		/* A mask that is too long is found last, after the mode was stored. */
		CHECK_EQ(mode, rows[i].err && rows[i].maxnode < 100 ? 77 : MPOL_DEFAULT);
	}
}

static void the_mode_is_stored_before_the_mask_fails(void)
{
	int mode = 77;

	REQUIRE(start(NO_NODES));
	CHECK_EQ(set(MPOL_BIND, NODES(1)), 0);
	CHECK_EQ(OPS.get_mempolicy(&mode, (void *)8, ALL_BITS, NULL, 0), -EFAULT);
	CHECK_EQ(mode, MPOL_BIND);
	CHECK_EQ(OPS.get_mempolicy((int *)8, NULL, 0, NULL, 0), -EFAULT);
	CHECK_EQ(OPS.get_mempolicy(NULL, NULL, 0, NULL, 0), 0);
}

/* ---- get_mempolicy ---- */

static void get_checks_in_this_order(void)
{
	struct nodemask mask;
	char *gone;

	REQUIRE(start(NO_NODES));
	gone = arena + PAGES * ps;
	/* maxnode before flags, flags before address */
	CHECK_EQ(OPS.get_mempolicy(NULL, mask.bits, 3, gone, MPOL_F_ADDR), -EINVAL);
	for (unsigned bit = 3; bit < sizeof(long) * 8; bit++)
		CHECK_EQ(OPS.get_mempolicy(NULL, NULL, 0, NULL, 1UL << bit), -EINVAL);
	CHECK_EQ(OPS.get_mempolicy(NULL, NULL, 0, NULL, MPOL_F_MEMS_ALLOWED | MPOL_F_NODE),
		 -EINVAL);
	CHECK_EQ(OPS.get_mempolicy(NULL, NULL, 0, gone, MPOL_F_MEMS_ALLOWED | MPOL_F_ADDR),
		 -EINVAL);
	CHECK_EQ(OPS.get_mempolicy(NULL, NULL, 0, gone, MPOL_F_MEMS_ALLOWED), 0);
	CHECK_EQ(OPS.get_mempolicy(NULL, NULL, 0, gone, MPOL_F_ADDR), -EFAULT);
	CHECK_EQ(OPS.get_mempolicy(NULL, NULL, 0, NULL, MPOL_F_ADDR), -EFAULT);
	CHECK_EQ(OPS.get_mempolicy(NULL, NULL, 0, (void *)UINTPTR_MAX, MPOL_F_ADDR), -EFAULT);
	CHECK_EQ(OPS.get_mempolicy(NULL, NULL, 0, arena, 0), -EINVAL);
	CHECK_EQ(OPS.get_mempolicy(NULL, NULL, 0, arena + 1, MPOL_F_ADDR), 0);
	CHECK_EQ(OPS.get_mempolicy(NULL, NULL, 0, NULL, MPOL_F_NODE), -EINVAL);
	CHECK_EQ(OPS.get_mempolicy(NULL, NULL, 0, arena, MPOL_F_NODE), -EINVAL);
}

static void allowed_nodes_have_memory(void)
{
	struct nodemask mask = NO_NODES, expected = NODES(0, 2, 3);
	int mode = 77;

	REQUIRE(start(NODES(1)));
	CHECK_EQ(OPS.get_mempolicy(&mode, mask.bits, ALL_BITS, NULL, MPOL_F_MEMS_ALLOWED), 0);
	CHECK_EQ(mode, 0);
	CHECK(nodemask_equal(&mask, &expected));
}

static void a_range_without_policy_is_default_whatever_the_thread_has(void)
{
	REQUIRE(start(NO_NODES));
	CHECK_EQ(set(MPOL_BIND, NODES(3)), 0);
	check_policy(0, MPOL_DEFAULT, NO_NODES);
	check_policy(-1, MPOL_BIND, NODES(3));
}

static void the_turn_of_interleaving(void)
{
	int next = -1;

	REQUIRE(start(NO_NODES));
	CHECK_EQ(set(MPOL_INTERLEAVE | MPOL_F_STATIC_NODES, NODES(2, 3)), 0);
	CHECK_EQ(OPS.get_mempolicy(&next, NULL, 0, NULL, MPOL_F_NODE), 0);
	CHECK_EQ(next, 2);
	CHECK_EQ(set(MPOL_WEIGHTED_INTERLEAVE, NODES(1, 3)), 0);
	CHECK_EQ(OPS.get_mempolicy(&next, NULL, 0, NULL, MPOL_F_NODE), 0);
	CHECK_EQ(next, 1);
	CHECK_EQ(set(MPOL_BIND, NODES(1, 3)), 0);
	CHECK_EQ(OPS.get_mempolicy(&next, NULL, 0, NULL, MPOL_F_NODE), -EINVAL);
}

/*
 * What NODE|ADDR says of a page, by the mapping's protection and whether the page was written or
 * read before: with the zero page, and where reading gives a page of one's own.
 */
static void the_node_of_an_address_faults_the_page_in(void)
{
	static const struct {
		int prot;
		char before;   /* r, w or nothing */
		int zero, own; /* the node, or -errno */
	} rows[] = {
		{PROT_READ | PROT_WRITE, 0, 0, 2},
		{PROT_READ | PROT_WRITE, 'r', 0, 2},
		{PROT_READ | PROT_WRITE, 'w', 2, 2},
		{PROT_READ, 0, 0, 2},
		{PROT_READ, 'w', 2, 2},
		{PROT_NONE, 0, -EFAULT, -EFAULT},
		{PROT_NONE, 'w', -EFAULT, -EFAULT},
#if defined(__x86_64__) || defined(__i386__)
		{PROT_WRITE, 0, -EFAULT, -EFAULT},
		{PROT_WRITE, 'r', -EFAULT, 2},
		{PROT_WRITE, 'w', 2, 2},
#endif
	};
	bool gives_zero_page = reads_give_zero_page();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int expected = gives_zero_page ? rows[i].zero : rows[i].own;
		int node = -1;

		REQUIRE(start(NO_NODES));
		if (!pages_are_known_well())
			SKIP("only mincore() tells of pages here");
		CHECK_EQ(bind_pages(0, 1, MPOL_BIND, NODES(2), 0), 0);
		if (rows[i].before == 'r')
			(void)*(volatile char *)arena;
		else if (rows[i].before)
			*arena = 1;
		mprotect(arena, ps, rows[i].prot);
		CHECK_EQ(OPS.get_mempolicy(&node, NULL, 0, arena + 5, MPOL_F_NODE | MPOL_F_ADDR),
			 expected < 0 ? expected : 0);
		if (expected >= 0)
			CHECK_EQ(node, expected);
		CHECK_EQ(OPS.get_mempolicy(&node, NULL, 0, arena, MPOL_F_ADDR), 0);
		CHECK_EQ(node, MPOL_BIND);
	}
}

/* ---- set_mempolicy ---- */

static void bad_modes_beat_bad_pointers_beat_empty_masks(void)
{
	unsigned long *bad = (unsigned long *)8;
	int both = MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES;

	REQUIRE(start(NO_NODES));
	CHECK_EQ(OPS.set_mempolicy(MPOL_BIND | both, bad, 5), -EINVAL);
	CHECK_EQ(OPS.set_mempolicy(99, bad, 5), -EINVAL);
	CHECK_EQ(OPS.set_mempolicy(MPOL_LOCAL | MPOL_F_NUMA_BALANCING, bad, 5), -EINVAL);
	CHECK_EQ(OPS.set_mempolicy(MPOL_LOCAL | MPOL_F_STATIC_NODES, bad, 5), -EFAULT);
	CHECK_EQ(OPS.set_mempolicy(MPOL_LOCAL, bad, 1), 0);
	CHECK_EQ(OPS.set_mempolicy(-1, NULL, 0), -EINVAL);
}

static void an_error_leaves_the_old_policy(void)
{
	REQUIRE(start(NO_NODES));
	CHECK_EQ(set(MPOL_BIND, NODES(2)), 0);
	CHECK_EQ(set(MPOL_BIND, NODES(9)), -EINVAL);
	CHECK_EQ(set(MPOL_INTERLEAVE, NO_NODES), -EINVAL);
	check_policy(-1, MPOL_BIND, NODES(2));
}

static void pages_stay_where_the_old_policy_put_them(void)
{
	REQUIRE(start(NO_NODES));
	CHECK_EQ(set(MPOL_BIND, NODES(1)), 0);
	touch(0, 2);
	CHECK_EQ(set(MPOL_BIND, NODES(3)), 0);
	touch(2, 1);
	CHECK_EQ(set(MPOL_INTERLEAVE, NODES(0, 1, 2, 3)), 0);
	touch(3, 5);
	CHECK_EQ(set(MPOL_DEFAULT, NO_NODES), 0);
	CHECK_STR(where(0, 8), "11330123");
}

/* ---- mbind ---- */

static void mbind_checks_in_this_order(void)
{
	unsigned long *bad = (unsigned long *)8;
	struct nodemask one = NODES(1);
	void *gone;

	REQUIRE(start(NO_NODES));
	gone = arena + PAGES * ps;
	CHECK_EQ(OPS.mbind(arena + 1, 0, MPOL_BIND, bad, 5, ~0U), -EFAULT);
	CHECK_EQ(OPS.mbind(arena + 1, 0, 99, bad, 5, ~0U), -EINVAL);
	CHECK_EQ(OPS.mbind(arena, 0, MPOL_BIND, one.bits, 5, 8), -EINVAL);
	CHECK_EQ(OPS.mbind(arena + 1, 0, MPOL_BIND, one.bits, 5, 0), -EINVAL);
	CHECK_EQ(OPS.mbind(gone, 0, MPOL_BIND, NULL, 0, 0), 0);
	CHECK_EQ(OPS.mbind(gone, 0, MPOL_DEFAULT, one.bits, 5, 0), 0);
	CHECK_EQ(OPS.mbind(NULL, 0, 0, NULL, 0, 0), 0);
	/* A program of 32 bits sees no length wrap, and beyond its memory is a hole. */
	CHECK_EQ(OPS.mbind(arena, ULONG_MAX, MPOL_BIND, one.bits, 5, 0), WIDE ? 0 : -EFAULT);
	CHECK_EQ(OPS.mbind(arena, ULONG_MAX - ps + 2, MPOL_BIND, one.bits, 5, 0),
		 WIDE ? 0 : -EFAULT);
	CHECK_EQ(OPS.mbind(arena, ULONG_MAX - ps + 1, MPOL_BIND, one.bits, 5, 0),
		 WIDE ? -EINVAL : -EFAULT);
	CHECK_EQ(OPS.mbind((void *)(0 - ps), ps, MPOL_BIND, one.bits, 5, 0),
		 WIDE ? -EINVAL : -EFAULT);
	check_policy(0, MPOL_DEFAULT, NO_NODES);
	CHECK_EQ(OPS.mbind(gone, ps, MPOL_BIND, NULL, 0, 0), -EINVAL);
	CHECK_EQ(OPS.mbind(gone, ps, MPOL_BIND, NODES(9).bits, 64, 0), -EINVAL);
	CHECK_EQ(OPS.mbind(gone, ps, MPOL_BIND, one.bits, 5, 0), -EFAULT);
	CHECK_EQ(OPS.mbind(arena, 1, MPOL_BIND, one.bits, 5, 0), 0);
	check_policy(0, MPOL_BIND, NODES(1));
	check_policy(1, MPOL_DEFAULT, NO_NODES);
#if ULONG_MAX > 0xffffffffU
	CHECK_EQ(OPS.mbind(arena, ps, (1UL << 32) | MPOL_BIND, one.bits, 5, 0), 0);
#endif
}

static void holes_are_refused_but_by_default(void)
{
	static const int hole[] = {0, 3, 7};

	for (size_t i = 0; i < 3; i++) {
		REQUIRE(start(NO_NODES));
		CHECK_EQ(bind_pages(0, 8, MPOL_BIND, NODES(2), 0), 0);
		emul_unmapped(arena + hole[i] * (long)ps, ps);
		munmap(arena + hole[i] * (long)ps, ps);
		CHECK_EQ(bind_pages(0, 8, MPOL_BIND, NODES(1), 0), -EFAULT);
		CHECK_EQ(bind_pages(0, 8, MPOL_LOCAL, NO_NODES, 0), -EFAULT);
		CHECK_EQ(bind_pages(0, 8, MPOL_PREFERRED, NO_NODES, 0), -EFAULT);
		check_policy(1, MPOL_BIND, NODES(2));
		CHECK_EQ(bind_pages(0, 8, MPOL_DEFAULT, NO_NODES, 0), 0);
		check_policy(1, MPOL_DEFAULT, NO_NODES);
		CHECK_EQ(bind_pages(hole[i], 1, MPOL_DEFAULT, NO_NODES, 0), -EFAULT);
	}
}

/* Mapping by mapping: first whether a hole follows, then whether pages are misplaced. */
static void misplaced_pages_before_a_hole_are_found_first(void)
{
	static const struct {
		int touched, err;
	} rows[] = {{0, -EIO}, {2, -EIO}, {3, -EFAULT}, {4, -EFAULT}, {6, -EFAULT}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		REQUIRE(start(NO_NODES));
		CHECK_EQ(bind_pages(0, 3, MPOL_BIND, NODES(0), 0), 0);
		touch(rows[i].touched, 1);
		munmap(arena + 5 * ps, ps);
		CHECK_EQ(bind_pages(0, 8, MPOL_LOCAL, NO_NODES, MPOL_MF_STRICT), rows[i].err);
		CHECK_EQ(bind_pages(0, 8, MPOL_LOCAL, NO_NODES, MPOL_MF_STRICT | MPOL_MF_MOVE),
			 -EFAULT);
	}
}

/*
 * A page on node 2 (the range was BIND{2}), then a binding with flags: the answer, the mode that
 * is then in force, and where the page is.
 */
static void strict_and_move(void)
{
	const struct {
		int mode;
		struct nodemask mask;
		unsigned flags;
		int err, mode_after, node;
	} rows[] = {
		{MPOL_BIND, NODES(1), 0, 0, MPOL_BIND, 2},
		{MPOL_BIND, NODES(1), MPOL_MF_STRICT, -EIO, MPOL_PREFERRED, 2},
		{MPOL_BIND, NODES(1, 2), MPOL_MF_STRICT, 0, MPOL_BIND, 2},
		{MPOL_BIND, NODES(1), MPOL_MF_MOVE, 0, MPOL_BIND, 1},
		{MPOL_BIND, NODES(1), MPOL_MF_STRICT | MPOL_MF_MOVE, 0, MPOL_BIND, 1},
		{MPOL_BIND, NODES(1, 9), MPOL_MF_MOVE, 0, MPOL_BIND, 1},
		{MPOL_INTERLEAVE, NODES(0, 2), MPOL_MF_MOVE, 0, MPOL_INTERLEAVE, 2},
		{MPOL_PREFERRED, NODES(1, 2), MPOL_MF_MOVE | MPOL_MF_STRICT, 0, MPOL_PREFERRED, 2},
		{MPOL_PREFERRED, NODES(1, 3), MPOL_MF_MOVE, 0, MPOL_PREFERRED, 1},
		{MPOL_LOCAL, NO_NODES, MPOL_MF_STRICT, -EIO, MPOL_PREFERRED, 2},
		{MPOL_LOCAL, NO_NODES, MPOL_MF_MOVE, 0, MPOL_LOCAL, 0},
		{MPOL_DEFAULT, NO_NODES, MPOL_MF_STRICT, 0, MPOL_DEFAULT, 2},
		{MPOL_DEFAULT, NO_NODES, MPOL_MF_MOVE, 0, MPOL_DEFAULT, 3},
		{MPOL_BIND | MPOL_F_RELATIVE_NODES, NODES(6), MPOL_MF_STRICT, -EIO, MPOL_PREFERRED,
		 2},
		{MPOL_BIND | MPOL_F_RELATIVE_NODES, NODES(6), MPOL_MF_MOVE, 0,
		 MPOL_BIND | MPOL_F_RELATIVE_NODES, 2},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int mode = -1;

		REQUIRE(start(NO_NODES));
		CHECK_EQ(set(MPOL_BIND, NODES(3)), 0);
		CHECK_EQ(bind_pages(0, 4, MPOL_PREFERRED, NODES(2), 0), 0);
		touch(1, 1);
		CHECK_EQ(bind_pages(0, 4, rows[i].mode, rows[i].mask, rows[i].flags), rows[i].err);
		CHECK_EQ(OPS.get_mempolicy(&mode, NULL, 0, arena, MPOL_F_ADDR), 0);
		CHECK_EQ(mode, rows[i].mode_after);
		CHECK_EQ(node_of(1), rows[i].node);
		CHECK_EQ(node_of(0), -ENOENT);
	}
}

static void zero_pages_are_not_misplaced(void)
{
	REQUIRE(start(NO_NODES));
	if (!pages_are_known_well())
		SKIP("only mincore() tells of pages here");
	(void)*(volatile char *)arena;
	if (reads_give_zero_page()) {
		CHECK_EQ(bind_pages(0, 1, MPOL_BIND, NODES(3), MPOL_MF_STRICT), 0);
		touch(0, 1);
		CHECK_EQ(node_of(0), 3);
	} else {
		CHECK_EQ(bind_pages(0, 1, MPOL_BIND, NODES(3), MPOL_MF_STRICT), -EIO);
		CHECK_EQ(node_of(0), 0);
	}
}

static void a_page_that_was_seen_gone_comes_back_as_a_new_one(void)
{
	REQUIRE(start(NO_NODES));
	touch(0, 2);
	CHECK_EQ(bind_pages(0, 2, MPOL_BIND, NODES(3), MPOL_MF_MOVE), 0);
	CHECK_EQ(bind_pages(0, 2, MPOL_BIND, NODES(2), 0), 0);
	CHECK_STR(where(0, 2), "33");
	madvise(arena, ps, MADV_DONTNEED);
	CHECK_EQ(node_of(0), -ENOENT);
	touch(0, 2);
	CHECK_STR(where(0, 2), "23");
}

static void moved_pages_go_where_new_ones_would(void)
{
	REQUIRE(start(NO_NODES));
	touch(0, 8);
	CHECK_EQ(bind_pages(0, 8, MPOL_INTERLEAVE, NODES(1, 2, 3), MPOL_MF_MOVE), 0);
	CHECK_STR(where(0, 8), "12312312");
	machine_cpu_node = 3;
	CHECK_EQ(bind_pages(0, 8, MPOL_BIND, NODES(0, 1), MPOL_MF_MOVE), 0);
	CHECK_STR(where(0, 8), "11111111");
}

static void the_middle_of_a_range_has_its_own_policy(void)
{
	REQUIRE(start(NO_NODES));
	CHECK_EQ(bind_pages(0, 8, MPOL_BIND, NODES(1), 0), 0);
	CHECK_EQ(bind_pages(3, 2, MPOL_INTERLEAVE, NODES(0, 2), 0), 0);
	touch(0, 8);
	CHECK_STR(where(0, 8), "11120111");
	check_policy(2, MPOL_BIND, NODES(1));
	check_policy(3, MPOL_INTERLEAVE, NODES(0, 2));
	check_policy(5, MPOL_BIND, NODES(1));
}

/* ---- what happens to ranges ---- */

static void policies_die_with_their_mapping(void)
{
	REQUIRE(start(NO_NODES));
	CHECK_EQ(bind_pages(0, 8, MPOL_BIND, NODES(1), 0), 0);
	touch(0, 8);
	emul_unmapped(arena + 2 * ps, 2 * ps);
	mmap(arena + 2 * ps, 2 * ps, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	check_policy(2, MPOL_DEFAULT, NO_NODES);
	check_policy(4, MPOL_BIND, NODES(1));
	touch(2, 2);
	CHECK_STR(where(0, 8), "11001111");
}

static void a_page_that_went_unnoticed_is_placed_anew(void)
{
	REQUIRE(start(NO_NODES));
	CHECK_EQ(bind_pages(0, 2, MPOL_BIND, NODES(1), 0), 0);
	touch(0, 2);
	CHECK_STR(where(0, 2), "11");
	madvise(arena, 2 * ps, MADV_DONTNEED);
	CHECK_EQ(bind_pages(0, 2, MPOL_BIND, NODES(3), 0), 0);
	touch(0, 2);
	CHECK_STR(where(0, 2), "33");
}

static void discarded_pages_are_placed_anew(void)
{
	REQUIRE(start(NO_NODES));
	touch(0, 2);
	CHECK_STR(where(0, 2), "00");
	machine_cpu_node = 2;
	madvise(arena, ps, MADV_DONTNEED);
	emul_discarded(arena, ps);
	touch(0, 2);
	CHECK_STR(where(0, 2), "20");
}

/*
 * A mapping that was written keeps counting where it came from; one that was not starts to count
 * anew.
 */
static void mremap_takes_policies_and_pages_along(void)
{
	for (int written = 0; written < 2; written++) {
		char *to;

		REQUIRE(start(NO_NODES));
		CHECK_EQ(bind_pages(0, 6, MPOL_INTERLEAVE, NODES(0, 1, 2), 0), 0);
		if (written)
			touch(0, 4);
		to = arena - 11 * ps; /* not a multiple of three */
		to = mremap(arena, 6 * ps, 8 * ps, MREMAP_MAYMOVE | MREMAP_FIXED, to);
		REQUIRE(to != MAP_FAILED);
		emul_moved(arena, 6 * ps, to, 8 * ps);
		mmap(arena, 6 * ps, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		     -1, 0);
		check_policy(0, MPOL_DEFAULT, NO_NODES);
		arena = to;
		touch(0, 8);
		CHECK_STR(where(0, 8), written ? "01201201" : "12012012");
		check_policy(7, MPOL_INTERLEAVE, NODES(0, 1, 2));
	}
}

static void mremap_in_place(void)
{
	REQUIRE(start(NO_NODES));
	CHECK_EQ(bind_pages(0, 8, MPOL_BIND, NODES(1), 0), 0);
	touch(0, 8);
	CHECK_STR(where(0, 8), "11111111");
	REQUIRE(mremap(arena, 8 * ps, 4 * ps, 0) == arena);
	emul_moved(arena, 8 * ps, arena, 4 * ps);
	REQUIRE(mremap(arena, 4 * ps, 6 * ps, 0) == arena);
	emul_moved(arena, 4 * ps, arena, 6 * ps);
	check_policy(5, MPOL_BIND, NODES(1));
	CHECK_STR(where(0, 8), "1111----");
	mmap(arena + 6 * ps, 2 * ps, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	check_policy(6, MPOL_DEFAULT, NO_NODES);
}

/* ---- set_mempolicy_home_node ---- */

static long home(int first, int n, unsigned long node)
{
	return OPS.set_mempolicy_home_node((uintptr_t)arena + (size_t)first * ps, (size_t)n * ps,
					   node, 0);
}

static void home_node_checks_in_this_order(void)
{
	uintptr_t addr;

	REQUIRE(start(NODES(1)));
	addr = (uintptr_t)arena;
	CHECK_EQ(OPS.set_mempolicy_home_node(addr + 1, 0, 0, 0), -EINVAL);
	CHECK_EQ(OPS.set_mempolicy_home_node(addr, 0, 0, 1), -EINVAL);
	CHECK_EQ(OPS.set_mempolicy_home_node(addr, 0, 4, 0), -EINVAL);
	CHECK_EQ(OPS.set_mempolicy_home_node(addr, 0, 1024, 0), -EINVAL);
	CHECK_EQ(OPS.set_mempolicy_home_node(0, 0, ULONG_MAX, 0), -EINVAL);
	CHECK_EQ(OPS.set_mempolicy_home_node(addr, 0, 1, 0), 0);
	CHECK_EQ(OPS.set_mempolicy_home_node(addr, ULONG_MAX, 0, 0), WIDE ? 0 : -ENOENT);
	CHECK_EQ(OPS.set_mempolicy_home_node(addr, ULONG_MAX - ps, 0, 0), WIDE ? -EINVAL : -ENOENT);
#if ULONG_MAX > 0xffffffffU
	CHECK_EQ(OPS.set_mempolicy_home_node(addr, 0, (1UL << 32) | 1, 0), -EINVAL);
	CHECK_EQ(OPS.set_mempolicy_home_node(addr, 0, 0, 1UL << 32), -EINVAL);
#endif
}

static void a_home_node_needs_bind_or_preferred_many(void)
{
	REQUIRE(start(NO_NODES));
	CHECK_EQ(set(MPOL_BIND, NODES(1)), 0);
	CHECK_EQ(home(0, 8, 3), -ENOENT);
	CHECK_EQ(home(100, 8, 3), -ENOENT);
	CHECK_EQ(bind_pages(2, 1, MPOL_BIND, NODES(1, 2), 0), 0);
	CHECK_EQ(home(0, 8, 3), 0);
	CHECK_EQ(bind_pages(4, 1, MPOL_INTERLEAVE, NODES(1, 2), 0), 0);
	CHECK_EQ(bind_pages(5, 1, MPOL_BIND, NODES(1, 2), 0), 0);
	CHECK_EQ(home(2, 4, 0), -EOPNOTSUPP);
	touch(2, 1);
	touch(5, 1);
	machine_cpu_node = 3;
	CHECK_EQ(node_of(2), 1); /* home 0 was set before the error */
	CHECK_EQ(node_of(5), 2);
	CHECK_EQ(bind_pages(2, 1, MPOL_BIND, NODES(1, 2), 0), 0);
	madvise(arena + 2 * ps, ps, MADV_DONTNEED);
	emul_discarded(arena + 2 * ps, ps);
	touch(2, 1);
	CHECK_EQ(node_of(2), 2); /* binding again drops it */
}

/* ---- migrate_pages ---- */

static void migration_pairs_nodes_by_rank(void)
{
	const struct {
		struct nodemask from, to;
		const char *after;
	} rows[] = {
		{NODES(2), NODES(1), "0113"},
		{NODES(1, 2), NODES(0, 3), "0033"},
		{NODES(0, 1), NODES(2, 3), "2323"},
		{NODES(0, 1, 2, 3), NODES(0), "0000"},
		{NODES(0), NODES(0, 1, 2, 3), "0123"},
		{NODES(0, 1, 2, 3), NODES(1, 2, 3), "1123"},
		{NODES(0, 1), NODES(1, 2), "1223"},
		{NODES(1, 2), NODES(0, 1), "0013"},
		{NODES(0, 1, 2, 3), NODES(0, 2), "0222"},
		{NODES(0, 1), NODES(1), "1123"},
		{NODES(0, 3), NODES(1, 2), "1122"},
		{NODES(9), NODES(1), "0123"},
		{NO_NODES, NODES(1), "0123"},
		{NODES(2), NODES(1, 9), "0113"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		REQUIRE(start(NO_NODES));
		CHECK_EQ(bind_pages(0, 4, MPOL_INTERLEAVE, NODES(0, 1, 2, 3), 0), 0);
		touch(0, 4);
		if (geteuid() != 0 && nodemask_has(&rows[i].to, 9))
			continue;
		CHECK_EQ(OPS.migrate_pages(0, ALL_BITS, rows[i].from.bits, rows[i].to.bits), 0);
		CHECK_STR(where(0, 4), rows[i].after);
		check_policy(0, MPOL_INTERLEAVE, NODES(0, 1, 2, 3));
	}
}

static void migration_checks_in_this_order(void)
{
	struct nodemask one = NODES(1), none = NO_NODES, bare = NODES(1), absent = NODES(9);
	unsigned long *bad = (unsigned long *)8;

	REQUIRE(start(NODES(1)));
	CHECK_EQ(OPS.migrate_pages(-5, 5, bad, one.bits), -EFAULT);
	CHECK_EQ(OPS.migrate_pages(-5, 5, one.bits, bad), -EFAULT);
	CHECK_EQ(OPS.migrate_pages(-5, 5, one.bits, none.bits), -ESRCH);
	CHECK_EQ(OPS.migrate_pages(99999999, 5, one.bits, none.bits), -ESRCH);
	CHECK_EQ(OPS.migrate_pages(0, 0, NULL, NULL), -EINVAL);
	CHECK_EQ(OPS.migrate_pages(0, ALL_BITS, one.bits, none.bits), -EINVAL);
	CHECK_EQ(OPS.migrate_pages(0, ALL_BITS, one.bits, bare.bits), geteuid() ? -EPERM : -EINVAL);
	CHECK_EQ(OPS.migrate_pages(0, ALL_BITS, one.bits, absent.bits),
		 geteuid() ? -EPERM : -EINVAL);
	CHECK_EQ(OPS.migrate_pages(getpid(), ALL_BITS, one.bits, NODES(0).bits), 0);
}

/* ---- move_pages ---- */

static void moving_checks_in_this_order(void)
{
	REQUIRE(start(NO_NODES));
	CHECK_EQ(OPS.move_pages(-5, 0, NULL, NULL, NULL, MPOL_MF_STRICT), -EINVAL);
	CHECK_EQ(OPS.move_pages(-5, 0, NULL, NULL, NULL, 0), -ESRCH);
	CHECK_EQ(OPS.move_pages(99999999, 0, NULL, NULL, NULL, 0), -ESRCH);
	CHECK_EQ(OPS.move_pages(0, 0, NULL, NULL, NULL, 0), 0);
	CHECK_EQ(OPS.move_pages(0, 1, NULL, NULL, NULL, 0), -EFAULT);
	CHECK_EQ(OPS.move_pages(0, ULONG_MAX, (void **)8, NULL, NULL, 0), -EFAULT);
}

static void what_a_query_says(void)
{
	void *pages[6];
	int status[6];

	REQUIRE(start(NO_NODES));
	if (!pages_are_known_well())
		SKIP("only mincore() tells of pages here");
	touch(1, 1);
	(void)*(volatile char *)(arena + 2 * ps);
	touch(3, 1);
	mprotect(arena + 3 * ps, ps, PROT_NONE);
	pages[0] = arena;
	pages[1] = arena + ps + 123;
	pages[2] = arena + 2 * ps;
	pages[3] = arena + 3 * ps;
	pages[4] = NULL;
	pages[5] = (void *)(UINTPTR_MAX - 4095);
	CHECK_EQ(OPS.move_pages(0, 6, pages, NULL, status, 0), 0);
	CHECK_EQ(status[0], -ENOENT);
	CHECK_EQ(status[1], 0);
	CHECK_EQ(status[2], reads_give_zero_page() ? -EFAULT : 0);
	CHECK_EQ(status[3], 0);
	CHECK_EQ(status[4], -EFAULT);
	CHECK_EQ(status[5], -EFAULT);
	machine->release = 601;
	CHECK_EQ(OPS.move_pages(0, 6, pages, NULL, status, 0), 0);
	CHECK_EQ(status[0], -EFAULT);
	CHECK_EQ(status[3], -ENOENT);
}

/*
 * Sixteen at a time: earlier groups are complete, a group whose pointers cannot be read writes
 * nothing.
 */
static void queries_go_by_sixteen(void)
{
	void **pages;
	int status[40];

	REQUIRE(start(NO_NODES));
	pages = (void **)(void *)(arena + PAGES * ps) - 20;
	for (int i = 0; i < 20; i++)
		pages[i] = arena + (PAGES - 1) * ps;
	memset(status, 0x77, sizeof(status));
	CHECK_EQ(OPS.move_pages(0, 40, pages, NULL, status, 0), -EFAULT);
	CHECK_EQ(status[15], 0);
	CHECK_EQ(status[16], 0x77777777);
}

/* Each case moves pages of which all are on node 2, of an arena whose page 7 was never touched. */
static void moving_answers(void)
{
	static const struct {
		int n, page[8], to[8];
		long err;
		int status[8];
		const char *after;
	} rows[] = {
#define U 999 /* not written */
		{4, {0, 1, 2, 3}, {1, 1, 0, 3}, 0, {1, 1, 0, 3}, "1103222-"},
		{4, {0, 1, 2, 3}, {2, 2, 1, 2}, 0, {2, 2, 1, 2}, "2212222-"},
		{3, {0, 7, 1}, {1, 1, 1}, 0, {1, -ENOENT, 1}, "1122222-"},
		{3, {0, 8, 1}, {1, 1, 1}, 0, {1, -EFAULT, 1}, "1122222-"},
		{4, {0, 1, 2, 3}, {1, 1, 99, 1}, -ENODEV, {1, 1, U, U}, "1122222-"},
		{4, {0, 1, 2, 3}, {1, 1, -1, 1}, -ENODEV, {1, 1, U, U}, "1122222-"},
		{4, {0, 1, 2, 3}, {1, 1, 1024, 1}, -ENODEV, {1, 1, U, U}, "1122222-"},
		{2, {0, 1}, {99, 1}, -ENODEV, {U, U}, "2222222-"},
		{3, {0, 0, 1}, {1, 1, 1}, 0, {1, -EBUSY, 1}, "1122222-"},
		{3, {0, 0, 1}, {1, 3, 1}, 0, {1, 3, 1}, "3122222-"},
		{3, {0, 0, 1}, {2, 1, 1}, 0, {2, 1, 1}, "1122222-"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int status[8] = {U, U, U, U, U, U, U, U};

		REQUIRE(start(NO_NODES));
		CHECK_EQ(bind_pages(0, 8, MPOL_BIND, NODES(2), 0), 0);
		touch(0, 7);
		CHECK_EQ(move(rows[i].n, rows[i].page, rows[i].to, status, MPOL_MF_MOVE),
			 rows[i].err);
		for (int n = 0; n < rows[i].n; n++)
			CHECK_EQ(status[n], rows[i].status[n]);
		CHECK_STR(where(0, 8), rows[i].after);
		check_policy(0, MPOL_BIND, NODES(2));
	}
}

static void flags_0_moves_too(void)
{
	static const int page[] = {0}, to[] = {3};
	int status;

	REQUIRE(start(NO_NODES));
	touch(0, 1);
	CHECK_EQ(move(1, page, to, &status, 0), 0);
	CHECK_STR(where(0, 1), "3");
}

static void memoryless_and_forbidden_targets(void)
{
	static const int page[] = {0}, bare[] = {1}, forbidden[] = {3};
	int status;

	REQUIRE(start(NODES(1)));
	machine->allowed = NODES(0, 2);
	touch(0, 1);
	CHECK_EQ(move(1, page, bare, &status, MPOL_MF_MOVE), -ENODEV);
	CHECK_EQ(move(1, page, forbidden, &status, MPOL_MF_MOVE), -EACCES);
}

static void pages_move_although_statuses_cannot_be_written(void)
{
	void *page;
	int to = 3;

	REQUIRE(start(NO_NODES));
	touch(0, 1);
	page = arena;
	CHECK_EQ(OPS.move_pages(0, 1, &page, &to, NULL, MPOL_MF_MOVE), -EFAULT);
	CHECK_STR(where(0, 1), "3");
}

/* After fork a page belongs to both; only MOVE_ALL moves it. */
static void pages_shared_by_fork_stay(void)
{
	static const int page[] = {0}, to[] = {3};
	int wstatus, status = 0, failures = tap_failures;
	pid_t pid;

	REQUIRE(start(NO_NODES));
	if (!pages_are_known_well())
		SKIP("only mincore() tells of pages here");
	touch(0, 2);
	CHECK_STR(where(0, 2), "00");
	pid = fork();
	if (pid == 0) {
		tap_failures = 0;
		CHECK_EQ(move(1, page, to, &status, MPOL_MF_MOVE), 0);
		CHECK_EQ(status, -EACCES);
		CHECK_EQ(bind_pages(0, 2, MPOL_BIND, NODES(3), MPOL_MF_MOVE | MPOL_MF_STRICT), 0);
		CHECK_STR(where(0, 2), "00");
		CHECK_EQ(bind_pages(0, 2, MPOL_BIND, NODES(1), MPOL_MF_STRICT), -EIO);
		if (geteuid() == 0) {
			CHECK_EQ(move(1, page, to, &status, MPOL_MF_MOVE_ALL), 0);
			CHECK_EQ(status, 3);
		}
		fflush(stdout);
		_exit(tap_failures);
	}
	waitpid(pid, &wstatus, 0);
	tap_failures = failures + (wstatus != 0);
	CHECK_STR(where(0, 2), "00");
	check_policy(0, MPOL_DEFAULT, NO_NODES);
}

/* A kernel needs none for these calls. */
static void pages_are_there_without_a_descriptor(void)
{
	static const int page[] = {0}, to_3[] = {3};
	struct rlimit before, none;
	int status = 12345;

	REQUIRE(start(NO_NODES));
	CHECK_EQ(bind_pages(0, 4, MPOL_BIND, NODES(1), 0), 0);
	touch(0, 4);
	CHECK_STR(where(0, 4), "1111");
	REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
	none = before;
	none.rlim_cur = 0;
	REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
	CHECK_STR(where(0, 4), "1111");
	CHECK_EQ(bind_pages(1, 1, MPOL_BIND, NODES(2), 0), 0);
	CHECK_STR(where(0, 4), "1111");
	CHECK_EQ(bind_pages(2, 1, MPOL_BIND, NODES(2), MPOL_MF_STRICT), -EIO);
	CHECK_EQ(bind_pages(2, 1, MPOL_BIND, NODES(2), MPOL_MF_MOVE), 0);
	CHECK_EQ(move(1, page, to_3, &status, MPOL_MF_MOVE), 0);
	CHECK_EQ(status, 3);
	CHECK_STR(where(0, 4), "3121");
	setrlimit(RLIMIT_NOFILE, &before);
	CHECK_STR(where(0, 4), "3121");
}

/* ---- one node: the machine of most users ---- */

static void a_machine_of_one_node(void)
{
	static const int page[] = {0, 1}, to_1[] = {1, 1}, to_0[] = {0, 0};
	struct nodemask mask = NO_NODES;
	int status[2];

	REQUIRE(start(NO_NODES));
	machine = use_machine(1, NO_NODES);
	CHECK_EQ(set(MPOL_BIND, NODES(0)), 0);
	CHECK_EQ(set(MPOL_BIND, NODES(1)), -EINVAL);
	CHECK_EQ(set(MPOL_PREFERRED_MANY, NODES(0, 1)), 0);
	CHECK_EQ(set(MPOL_BIND | MPOL_F_RELATIVE_NODES, NODES(77)), 0);
	CHECK_EQ(OPS.get_mempolicy(NULL, mask.bits, 1, NULL, 0), 0);
	touch(0, 1);
	CHECK_EQ(move(2, page, NULL, status, 0), 0);
	CHECK_EQ(status[0], 0);
	CHECK_EQ(status[1], -ENOENT);
	CHECK_EQ(move(2, page, to_1, status, MPOL_MF_MOVE), -ENODEV);
	CHECK_EQ(move(2, page, to_0, status, MPOL_MF_MOVE), 0);
	CHECK_EQ(home(0, 1, 1), -EINVAL);
	CHECK_EQ(OPS.migrate_pages(0, 5, NODES(1).bits, NODES(0).bits), 0);
	CHECK_EQ(bind_pages(0, 2, MPOL_LOCAL, NO_NODES, MPOL_MF_STRICT), -EIO);
	CHECK_EQ(bind_pages(0, 2, MPOL_LOCAL, NO_NODES, MPOL_MF_STRICT | MPOL_MF_MOVE), 0);
	CHECK_EQ(bind_pages(0, 2, MPOL_BIND, NODES(0), MPOL_MF_STRICT), 0);
}

int main(void)
{
	RUN(maxnode_is_one_too_large);
	RUN(bits_that_no_node_can_have_are_refused);
	RUN(whole_longs_are_read);
	RUN(masks_are_written_in_steps_of_64_bits);
	RUN(the_mode_is_stored_before_the_mask_fails);
	RUN(get_checks_in_this_order);
	RUN(allowed_nodes_have_memory);
	RUN(a_range_without_policy_is_default_whatever_the_thread_has);
	RUN(the_turn_of_interleaving);
	RUN(the_node_of_an_address_faults_the_page_in);
	RUN(bad_modes_beat_bad_pointers_beat_empty_masks);
	RUN(an_error_leaves_the_old_policy);
	RUN(pages_stay_where_the_old_policy_put_them);
	RUN(mbind_checks_in_this_order);
	RUN(holes_are_refused_but_by_default);
	RUN(misplaced_pages_before_a_hole_are_found_first);
	RUN(strict_and_move);
	RUN(zero_pages_are_not_misplaced);
	RUN(a_page_that_was_seen_gone_comes_back_as_a_new_one);
	RUN(moved_pages_go_where_new_ones_would);
	RUN(the_middle_of_a_range_has_its_own_policy);
	RUN(policies_die_with_their_mapping);
	RUN(a_page_that_went_unnoticed_is_placed_anew);
	RUN(discarded_pages_are_placed_anew);
	RUN(mremap_takes_policies_and_pages_along);
	RUN(mremap_in_place);
	RUN(home_node_checks_in_this_order);
	RUN(a_home_node_needs_bind_or_preferred_many);
	RUN(migration_pairs_nodes_by_rank);
	RUN(migration_checks_in_this_order);
	RUN(moving_checks_in_this_order);
	RUN(what_a_query_says);
	RUN(queries_go_by_sixteen);
	RUN(moving_answers);
	RUN(flags_0_moves_too);
	RUN(memoryless_and_forbidden_targets);
	RUN(pages_move_although_statuses_cannot_be_written);
	RUN(pages_shared_by_fork_stay);
	RUN(pages_are_there_without_a_descriptor);
	RUN(a_machine_of_one_node);
	return tap_done();
}
