/* SPDX-License-Identifier: MIT */
/*
 * Description: the policy of a shared memory object belongs to the object, by page, through every
 * mapping of it and in children; where its pages are, too.
 */
#include "backend/backend.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "emul/abi.h"
#include "emul/emul.h"
#include "emul/lock.h"
#include "emul/mappings.h"
#include "emul/objects.h"
#include "emul/presence.h"
#include "emul/process.h"
#include "harness.h"
#include "machines.h"

#define OPS backend_emulated_ops
#define ALL_BITS (EMUL_NODES + 1)
#define PAGES 12

static size_t ps;

/* ---- short forms ---- */

static bool begin(void)
{
	struct nodemask none = NO_NODES;

	ps = (size_t)sysconf(_SC_PAGESIZE);
	return use_machine(4, NO_NODES) &&
	       OPS.set_mempolicy(MPOL_DEFAULT, none.bits, ALL_BITS) == 0;
}

/* An object without a name, and a mapping of all its pages. */
static int new_object(char **first)
{
	char path[] = "/dev/shm/mynuma-objects-XXXXXX";
	int fd = memfd_create("mynuma-objects", 0);

	if (fd < 0) {
		fd = mkstemp(path);
		unlink(path);
	}
	*first = MAP_FAILED;
	if (fd >= 0 && ftruncate(fd, (off_t)(PAGES * ps)) == 0)
		*first = mmap(NULL, PAGES * ps, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return *first == MAP_FAILED ? -1 : fd;
}

static char *map_again(int fd, int flags)
{
	char *p = mmap(NULL, PAGES * ps, PROT_READ | PROT_WRITE, flags, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void unmap(char *p)
{
	emul_unmapped(p, PAGES * ps);
	munmap(p, PAGES * ps);
}

/* An object, a shared mapping of it and another one. */
static int two_mappings(int flags, char **a, char **b)
{
	int fd = new_object(a);

	*b = fd < 0 ? NULL : map_again(fd, flags);
	return *b ? fd : -1;
}

static void give_up(int fd, char *a, char *b)
{
	close(fd);
	unmap(a);
	unmap(b);
}

static long bind_flags(char *p, int first, int n, int mode, struct nodemask mask, unsigned flags)
{
	return OPS.mbind(p + first * (long)ps, (size_t)n * ps, (unsigned)mode, mask.bits, ALL_BITS,
			 flags);
}

static long bind_pages(char *p, int first, int n, int mode, struct nodemask mask)
{
	return bind_flags(p, first, n, mode, mask, 0);
}

/* The policies of the pages as a word: b3 is MPOL_BIND to node 3, - none. */
static const char *policies(const char *p)
{
	static char text[PAGES * 2 + 1];
	size_t len = 0;

	for (int i = 0; i < PAGES; i++) {
		struct nodemask mask = NO_NODES;
		int mode = -1;

		CHECK_EQ(OPS.get_mempolicy(&mode, mask.bits, ALL_BITS,
					   (void *)(uintptr_t)(p + (size_t)i * ps), MPOL_F_ADDR),
			 0);
		text[len++] = "-pbilmw?"[mode & 7];
		if (!nodemask_empty(&mask))
			text[len++] = (char)('0' + nodemask_first(&mask));
	}
	text[len] = '\0';
	return text;
}

static int node_of(char *p, int page)
{
	void *address = p + page * (long)ps;
	int status = 12345;

	CHECK_EQ(OPS.move_pages(0, 1, &address, NULL, &status, 0), 0);
	return status;
}

static void touch(char *p, int first, int n)
{
	for (int i = first; i < first + n; i++)
		*(volatile char *)(p + i * (long)ps) = 1;
}

static bool runs_in_child(void (*run)(char *p), char *p)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		int before = tap_failures;

		run(p);
		fflush(stdout);
		_exit(tap_failures != before);
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* ---- policies ---- */

static void a_policy_is_seen_through_every_mapping(void)
{
	char *a, *b;
	int fd;

	REQUIRE(begin());
	fd = two_mappings(MAP_SHARED, &a, &b);
	REQUIRE(fd >= 0);
	CHECK_EQ(bind_pages(a, 2, 2, MPOL_BIND, NODES(1)), 0);
	CHECK_STR(policies(b), "--b1b1--------");
	CHECK_EQ(bind_pages(b, 3, 2, MPOL_PREFERRED, NODES(2)), 0);
	CHECK_STR(policies(a), "--b1p2p2-------");
	close(fd);
	unmap(a);
	CHECK_STR(policies(b), "--b1p2p2-------");
	unmap(b);
}

static void it_goes_by_the_page_of_the_object(void)
{
	char *a, *b;
	int fd;

	REQUIRE(begin());
	fd = new_object(&a);
	b = mmap(NULL, PAGES * ps, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)(2 * ps));
	REQUIRE(a && b != MAP_FAILED);
	CHECK_EQ(bind_pages(a, 4, 1, MPOL_BIND, NODES(3)), 0);
	CHECK_STR(policies(b), "--b3---------");
	CHECK_EQ(bind_pages(b, 0, 1, MPOL_LOCAL, NO_NODES), 0);
	CHECK_STR(policies(a), "--l-b3-------");
	give_up(fd, a, b);
}

static void it_outlives_its_mappings(void)
{
	char *a;
	int fd;

	REQUIRE(begin());
	fd = new_object(&a);
	REQUIRE(fd >= 0);
	CHECK_EQ(bind_pages(a, 0, 3, MPOL_BIND, NODES(2)), 0);
	unmap(a);
	a = map_again(fd, MAP_SHARED);
	REQUIRE(a);
	CHECK_STR(policies(a), "b2b2b2---------");
	close(fd);
	unmap(a);
}

static void a_private_mapping_changes_the_object_too(void)
{
	char *a, *b;
	int fd;

	REQUIRE(begin());
	fd = two_mappings(MAP_PRIVATE, &a, &b);
	REQUIRE(fd >= 0);
	CHECK_EQ(bind_pages(b, 1, 1, MPOL_BIND, NODES(3)), 0);
	CHECK_STR(policies(a), "-b3----------");
	give_up(fd, a, b);
}

static void a_call_is_compared_with_what_was_set_through_the_same_mapping(void)
{
	char *a, *b;
	int fd;

	REQUIRE(begin());
	fd = two_mappings(MAP_SHARED, &a, &b);
	REQUIRE(fd >= 0);
	CHECK_EQ(bind_pages(a, 0, PAGES, MPOL_BIND, NODES(1)), 0);
	/* The other mapping has no policy, so this is none for it. */
	CHECK_EQ(bind_pages(b, 0, PAGES, MPOL_DEFAULT, NO_NODES), 0);
	CHECK_STR(policies(a), "b1b1b1b1b1b1b1b1b1b1b1b1");
	CHECK_EQ(bind_pages(b, 0, PAGES, MPOL_BIND, NODES(2)), 0);
	CHECK_EQ(bind_pages(a, 0, PAGES, MPOL_BIND, NODES(1)), 0);
	CHECK_STR(policies(a), "b2b2b2b2b2b2b2b2b2b2b2b2");
	CHECK_EQ(bind_pages(a, 0, PAGES, MPOL_BIND, NODES(3)), 0);
	CHECK_STR(policies(b), "b3b3b3b3b3b3b3b3b3b3b3b3");
	give_up(fd, a, b);
}

static void what_a_part_becomes_one_with_is_set_as_well(void)
{
	char *a, *b;
	int fd;

	REQUIRE(begin());
	fd = two_mappings(MAP_SHARED, &a, &b);
	REQUIRE(fd >= 0);
	CHECK_EQ(bind_pages(a, 2, 2, MPOL_BIND, NODES(1)), 0);
	CHECK_EQ(bind_pages(b, 0, PAGES, MPOL_BIND, NODES(2)), 0);
	CHECK_EQ(bind_pages(a, 4, 2, MPOL_BIND, NODES(1)), 0);
	CHECK_STR(policies(a), "b2b2b1b1b1b1b2b2b2b2b2b2");
	give_up(fd, a, b);
}

static void a_forgotten_mapping_is_not_compared_with(void)
{
	char *a, *b;
	int fd;

	REQUIRE(begin());
	fd = new_object(&a);
	REQUIRE(fd >= 0);
	CHECK_EQ(bind_pages(a, 0, PAGES, MPOL_BIND, NODES(1)), 0);
	close(fd);
	/* Nobody tells the emulation that another object is there now. */
	fd = new_object(&b);
	REQUIRE(fd >= 0);
	b = mmap(a, PAGES * ps, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
	REQUIRE(a == b);
	CHECK_STR(policies(b), "------------");
	CHECK_EQ(bind_pages(b, 0, PAGES, MPOL_BIND, NODES(1)), 0);
	CHECK_STR(policies(b), "b1b1b1b1b1b1b1b1b1b1b1b1");
	close(fd);
	unmap(b);
}

static void a_home_node_needs_a_policy_set_through_the_same_mapping(void)
{
	char *a, *b;
	int fd;

	REQUIRE(begin());
	fd = two_mappings(MAP_SHARED, &a, &b);
	REQUIRE(fd >= 0);
	CHECK_EQ(bind_pages(a, 0, PAGES, MPOL_BIND, NODES(1, 2)), 0);
	CHECK_EQ(OPS.set_mempolicy_home_node((uintptr_t)b, PAGES * ps, 3, 0), -ENOENT);
	CHECK_EQ(OPS.set_mempolicy_home_node((uintptr_t)a, PAGES * ps, 3, 0), 0);
	touch(b, 0, 1);
	CHECK_EQ(node_of(b, 0), 2);
	give_up(fd, a, b);
}

static void a_second_mapping_by_mremap_has_the_firsts_policy(void)
{
	char *a, *b;
	int fd;

	REQUIRE(begin());
	fd = new_object(&a);
	REQUIRE(fd >= 0);
	CHECK_EQ(bind_pages(a, 0, PAGES, MPOL_BIND, NODES(1)), 0);
	b = mremap(a, 0, PAGES * ps, MREMAP_MAYMOVE);
	if (b == MAP_FAILED)
		SKIP("an emulator of processors that does not know this mremap()");
	emul_moved(a, 0, b, PAGES * ps);
	CHECK_EQ(bind_pages(a, 0, PAGES, MPOL_BIND, NODES(2)), 0);
	CHECK_EQ(bind_pages(b, 0, PAGES, MPOL_BIND, NODES(1)), 0);
	CHECK_STR(policies(b), "b2b2b2b2b2b2b2b2b2b2b2b2");
	give_up(fd, a, b);
}

/* ---- sorts ---- */

/* A segment that is attached twice, or not ((char *)-1); false: there is no System V memory. */
static bool new_segment(char **a, char **b)
{
	int id = shmget(IPC_PRIVATE, PAGES * ps, 0600);

	if (id < 0)
		return false;
	*a = shmat(id, NULL, 0);
	*b = shmat(id, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	return true;
}

static void detach(char *p)
{
	emul_unmapped(p, PAGES * ps);
	shmdt(p);
}

static void a_segment_is_an_object(void)
{
	char *a, *b;

	REQUIRE(begin());
	if (!new_segment(&a, &b))
		SKIP("no System V shared memory");
	REQUIRE(a != (char *)-1 && b != (char *)-1);
	CHECK_EQ(bind_pages(a, 7, 1, MPOL_INTERLEAVE, NODES(2, 3)), 0);
	CHECK_STR(policies(b), "-------i2----");
	/* No mapping of a segment ends in another: a whole one takes no neighbour along, a part does. */
	CHECK_EQ(bind_pages(b, 7, 1, MPOL_BIND, NODES(1)), 0);
	CHECK_EQ(bind_pages(a, 8, 4, MPOL_INTERLEAVE, NODES(2, 3)), 0);
	CHECK_STR(policies(b), "-------b1i2i2i2i2");
	CHECK_EQ(bind_pages(a, 6, 1, MPOL_INTERLEAVE, NODES(2, 3)), 0);
	CHECK_STR(policies(b), "------i2i2i2i2i2i2");
	detach(a);
	detach(b);
}

/*
 * What a policy cut off stays apart, also when its neighbour has its policy again; then only a part
 * of it goes to a neighbour, and on old kernels not even that.
 */
static void a_segment_stays_in_parts(void)
{
	struct emul_machine *machine;
	char *a, *b;

	for (int release = 601; release <= 614; release += 13) {
		machine = use_machine(4, NO_NODES);
		REQUIRE(machine);
		machine->release = release;
		if (!new_segment(&a, &b))
			SKIP("no System V shared memory");
		REQUIRE(a != (char *)-1 && b != (char *)-1);
		CHECK_EQ(bind_pages(a, 0, 4, MPOL_BIND, NODES(1)), 0);
		CHECK_EQ(bind_pages(a, 5, 7, MPOL_BIND, NODES(2)), 0);
		CHECK_EQ(bind_pages(b, 1, 1, MPOL_BIND, NODES(3)), 0);
		CHECK_EQ(bind_pages(a, 4, 2, MPOL_BIND, NODES(1)), 0);
		CHECK_STR(policies(b), "b1b3b1b1b1b1b2b2b2b2b2b2");
		CHECK_EQ(bind_pages(b, 4, 1, MPOL_BIND, NODES(3)), 0);
		CHECK_EQ(bind_pages(a, 6, 1, MPOL_BIND, NODES(1)), 0);
		CHECK_STR(policies(b),
			  release < 604 ? "b1b3b1b1b3b1b1b2b2b2b2b2" : "b1b3b1b1b1b1b1b2b2b2b2b2");
		detach(a);
		detach(b);
	}
}

static void another_objects_policy_is_another(void)
{
	char *a, *b;
	int fd, other;

	REQUIRE(begin());
	fd = new_object(&a);
	other = new_object(&b);
	REQUIRE(fd >= 0 && other >= 0);
	CHECK_EQ(bind_pages(a, 0, PAGES, MPOL_BIND, NODES(1)), 0);
	CHECK_STR(policies(b), "------------");
	close(fd);
	close(other);
	unmap(a);
	unmap(b);
}

/* A file on disk where there is one to be had; the program itself is on one or is not written. */
static void an_ordinary_files_policy_is_the_mappings(void)
{
	int fd = open("/proc/self/exe", O_RDONLY);
	char *a, *b;

	REQUIRE(begin());
	REQUIRE(fd >= 0);
	a = map_again(fd, MAP_PRIVATE);
	b = map_again(fd, MAP_PRIVATE);
	REQUIRE(a && b);
	CHECK_EQ(bind_pages(a, 0, 1, MPOL_BIND, NODES(1)), 0);
	CHECK_STR(policies(a), "b1-----------");
	CHECK_STR(policies(b), "------------");
	give_up(fd, a, b);
}

/* ---- pages ---- */

static void pages_are_where_the_objects_policy_puts_them(void)
{
	char *a, *b;
	int fd;

	REQUIRE(begin());
	fd = two_mappings(MAP_SHARED, &a, &b);
	REQUIRE(fd >= 0);
	CHECK_EQ(bind_pages(a, 0, 2, MPOL_BIND, NODES(1)), 0);
	touch(b, 0, 3);
	CHECK_EQ(node_of(b, 0), 1);
	CHECK_EQ(node_of(b, 2), 0);
	/* A page of the object stays where it is, also if it came by another mapping. */
	CHECK_EQ(bind_pages(a, 0, PAGES, MPOL_BIND, NODES(3)), 0);
	CHECK_EQ(node_of(b, 1), 1);
	touch(b, 3, 1);
	CHECK_EQ(node_of(b, 3), 3);
	touch(a, 0, 4);
	CHECK_EQ(node_of(a, 1), 1);
	CHECK_EQ(node_of(a, 3), 3);
	give_up(fd, a, b);
}

static void pages_outlive_their_mapping(void)
{
	char *a;
	int fd;

	REQUIRE(begin());
	fd = new_object(&a);
	REQUIRE(fd >= 0);
	touch(a, 0, 2);
	CHECK_EQ(bind_pages(a, 0, PAGES, MPOL_BIND, NODES(2)), 0);
	unmap(a);
	a = map_again(fd, MAP_SHARED);
	REQUIRE(a);
	touch(a, 0, 3);
	CHECK_EQ(node_of(a, 0), 0);
	CHECK_EQ(node_of(a, 2), 2);
	/* Not so when they are discarded; emulators of processors only say that they did it. */
	if (madvise(a, ps, MADV_REMOVE) == 0) {
		emul_discarded(a, ps);
		if (*a == 0)
			CHECK_EQ(node_of(a, 0), 2);
	}
	close(fd);
	unmap(a);
}

static void interleaving_goes_by_inode_and_page(void)
{
	struct mapping mapping;
	char *a;
	int fd;

	REQUIRE(begin());
	fd = new_object(&a);
	REQUIRE(fd >= 0 && mapping_of((uintptr_t)a, &mapping));
	CHECK_EQ(bind_pages(a, 0, PAGES, MPOL_INTERLEAVE, NODES(0, 1, 3)), 0);
	touch(a, 0, PAGES);
	for (int i = 0; i < PAGES; i++) {
		static const int node[] = {0, 1, 3};

		CHECK_EQ(node_of(a, i), node[((uintptr_t)mapping.inode + (unsigned)i) % 3]);
	}
	close(fd);
	unmap(a);
}

/* Where mbind() puts page i of a mapping whose interleaving is by that number and more. */
static int moved_to(uint64_t number, int i)
{
	static const int node[] = {1, 2, 3};

	return node[(number + (unsigned)i) % 3];
}

/*
 * Pages that mbind() moves are not interleaved as new ones: older kernels leave the inode's number out,
 * and later ones add to all of a call's what belongs to the first.
 */
static void moved_pages_interleave_by_the_first(void)
{
	enum { HALF = PAGES / 2 };
	struct emul_machine *machine;
	struct mapping mapping;
	char *a, *b;
	int fd;

	for (int release = 606; release <= 607; release++) {
		for (int object_first = 0; object_first <= 1; object_first++) {
			machine = use_machine(4, NO_NODES);
			REQUIRE(machine);
			machine->release = release;
			fd = new_object(&a);
			REQUIRE(fd >= 0);
			b = object_first ? a + HALF * ps : a;
			emul_unmapped(b, HALF * ps);
			REQUIRE(mmap(b, HALF * ps, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == b);
			touch(a, 0, PAGES);
			REQUIRE(mapping_of((uintptr_t)a + (object_first ? 0 : HALF) * ps,
					   &mapping));
			CHECK_EQ(bind_flags(a, 0, PAGES, MPOL_INTERLEAVE, NODES(1, 2, 3),
					    MPOL_MF_MOVE),
				 0);
			for (int i = 0; i < PAGES; i++) {
				bool of_object = (i < HALF) == object_first;
				uint64_t number = of_object ? 0 : (uintptr_t)a / ps;

				if (release < 607) /* counted in 32 bits */
					number = (uint32_t)number;

				if (release >= 607 && object_first)
					number += mapping.inode;
				CHECK_EQ(node_of(a, i), moved_to(number, i));
			}
			close(fd);
			unmap(a);
		}
	}
}

/*
 * The first page that moves has a policy of the object's, which the call leaves: it was set by way of
 * another mapping. As that does not interleave, later kernels leave the page's index out for all.
 */
static void moved_pages_interleave_without_the_index_of_a_first_that_does_not(void)
{
	struct nodemask mask = NODES(1, 2, 3), none = NO_NODES;
	struct emul_machine *machine;
	struct mapping mapping;
	char *a, *b;
	int fd;

	for (int release = 606; release <= 607; release++) {
		machine = use_machine(4, NO_NODES);
		REQUIRE(machine);
		machine->release = release;
		fd = two_mappings(MAP_SHARED, &a, &b);
		REQUIRE(fd >= 0 && mapping_of((uintptr_t)a, &mapping));
		CHECK_EQ(bind_pages(b, 2, 1, MPOL_BIND, NODES(0)), 0);
		CHECK_EQ(OPS.set_mempolicy(MPOL_INTERLEAVE, mask.bits, ALL_BITS), 0);
		touch(a, 0, PAGES);
		CHECK_EQ(node_of(a, 2), 0);
		CHECK_EQ(bind_flags(a, 2, PAGES - 2, MPOL_DEFAULT, none, MPOL_MF_MOVE), 0);
		for (int i = 2; i < PAGES; i++) {
			uint64_t number = release < 607 ? 0 : mapping.inode - 2;

			CHECK_EQ(node_of(a, i), release < 607 && i == 2 ? 0 : moved_to(number, i));
		}
		CHECK_EQ(OPS.set_mempolicy(MPOL_DEFAULT, none.bits, ALL_BITS), 0);
		give_up(fd, a, b);
	}
}

static void a_page_moves_for_all_its_mappings(void)
{
	static const int three = 3;
	char *a, *b;
	int fd, status = -1;
	void *page;

	REQUIRE(begin());
	fd = two_mappings(MAP_SHARED, &a, &b);
	REQUIRE(fd >= 0);
	touch(a, 0, 1);
	page = a;
	CHECK_EQ(OPS.move_pages(0, 1, &page, &three, &status, MPOL_MF_MOVE), 0);
	CHECK_EQ(status, 3);
	touch(b, 0, 1);
	CHECK_EQ(node_of(b, 0), 3);
	CHECK_EQ(bind_flags(b, 0, 1, MPOL_BIND, NODES(3), MPOL_MF_STRICT), 0);
	CHECK_EQ(bind_flags(b, 0, 1, MPOL_BIND, NODES(1), MPOL_MF_STRICT), -EIO);
	give_up(fd, a, b);
}

static void a_page_of_two_mappings_moves_once(void)
{
	struct nodemask from = NODES(0, 1), to = NODES(1, 2);
	int fd, where = process_may_nice() ? 1 : 0; /* else a page that is mapped twice stays */
	char *a, *b;

	REQUIRE(begin());
	fd = two_mappings(MAP_SHARED, &a, &b);
	REQUIRE(fd >= 0);
	touch(a, 0, 1);
	touch(b, 0, 1);
	CHECK_EQ(node_of(a, 0), 0);
	CHECK_EQ(OPS.migrate_pages(0, ALL_BITS, from.bits, to.bits), 0);
	CHECK_EQ(node_of(a, 0), where);
	CHECK_EQ(node_of(b, 0), where);
	give_up(fd, a, b);
}

/* A kernel that has taken hold of a page fails to do so for its second mapping in the range. */
static void a_page_twice_in_a_range_is_a_failure(void)
{
	char *a, *b;
	int fd;

	for (unsigned n = 1; n <= 4; n += 3) {
		REQUIRE(begin() && use_machine(n, NO_NODES));
		if (!process_may_nice())
			SKIP("not allowed to move pages of several mappings");
		fd = new_object(&a);
		REQUIRE(fd >= 0);
		emul_unmapped(a + PAGES / 2 * ps, PAGES / 2 * ps);
		b = mmap(a + PAGES / 2 * ps, ps, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
			 0);
		REQUIRE(b != MAP_FAILED);
		touch(a, 0, 2);
		touch(b, 0, 1);
		CHECK_EQ(bind_flags(a, 0, PAGES, MPOL_LOCAL, NO_NODES, MPOL_MF_MOVE_ALL), 0);
		CHECK_EQ(bind_flags(a, 0, PAGES, MPOL_LOCAL, NO_NODES,
				    MPOL_MF_MOVE | MPOL_MF_STRICT),
			 0);
		CHECK_EQ(bind_flags(a, 0, PAGES / 2, MPOL_LOCAL, NO_NODES,
				    MPOL_MF_MOVE_ALL | MPOL_MF_STRICT),
			 0);
		CHECK_EQ(bind_flags(a, 0, PAGES, MPOL_BIND, NODES(0),
				    MPOL_MF_MOVE_ALL | MPOL_MF_STRICT),
			 0);
		CHECK_EQ(bind_flags(a, 0, PAGES, MPOL_LOCAL, NO_NODES,
				    MPOL_MF_MOVE_ALL | MPOL_MF_STRICT),
			 -EIO);
		/* It is done all the same. */
		CHECK_STR(policies(a), "llllllllllll");
		if (n > 1) {
			CHECK_EQ(bind_flags(a, 0, PAGES, MPOL_BIND, NODES(2),
					    MPOL_MF_MOVE_ALL | MPOL_MF_STRICT),
				 -EIO);
			CHECK_EQ(node_of(a, 0), 2);
			CHECK_EQ(node_of(b, 0), 2);
		}
		close(fd);
		unmap(a);
	}
}

static bool copies_are_told(void)
{
	struct presence presence;

	presence_open(&presence, ps);
	presence_close(&presence);
	return presence.source < PRESENCE_MINCORE;
}

static void a_copied_page_was_there_before(void)
{
	struct nodemask mask = NODES(2), none = NO_NODES;
	char *a, *b;
	int fd;

	REQUIRE(begin());
	if (!copies_are_told())
		SKIP("nothing tells a copy from the page here");
	fd = two_mappings(MAP_PRIVATE, &a, &b);
	REQUIRE(fd >= 0);
	unmap(a);
	CHECK_EQ(OPS.set_mempolicy(MPOL_BIND, mask.bits, ALL_BITS), 0);
	touch(b, 0, 2);
	CHECK_EQ(node_of(b, 0), 2);
	CHECK_EQ(OPS.set_mempolicy(MPOL_DEFAULT, none.bits, ALL_BITS), 0);
	a = map_again(fd, MAP_SHARED);
	REQUIRE(a);
	touch(a, 0, 3);
	CHECK_EQ(node_of(a, 0), 2);
	CHECK_EQ(node_of(a, 1), 2);
	CHECK_EQ(node_of(a, 2), 0);
	give_up(fd, a, b);
}

static void a_copy_of_a_page_is_another_page(void)
{
	char *a, *b;
	int fd;

	REQUIRE(begin());
	if (!copies_are_told())
		SKIP("nothing tells a copy from the page here");
	fd = two_mappings(MAP_PRIVATE, &a, &b);
	REQUIRE(fd >= 0);
	touch(a, 0, 1);
	CHECK_EQ(node_of(a, 0), 0);
	CHECK_EQ(bind_pages(a, 0, 1, MPOL_BIND, NODES(2)), 0);
	touch(b, 0, 1);
	CHECK_EQ(node_of(a, 0), 0);
	CHECK_EQ(node_of(b, 0), 2);
	give_up(fd, a, b);
}

/* ---- processes ---- */

static void bind_first_page(char *p)
{
	CHECK_EQ(bind_pages(p, 0, 1, MPOL_BIND, NODES(3)), 0);
	touch(p, 0, 1);
	CHECK_EQ(node_of(p, 0), 3);
}

static void parent_sees_what_its_child_does(char *p)
{
	CHECK(runs_in_child(bind_first_page, p));
	CHECK_STR(policies(p), "b3-----------");
	/* Nor does a page move when the policy changes here. */
	CHECK_EQ(bind_pages(p, 0, 1, MPOL_BIND, NODES(1)), 0);
	touch(p, 0, 1);
	CHECK_EQ(node_of(p, 0), 3);
	unmap(p);
}

static void children_and_parents_share_an_object(void)
{
	char *a;
	int fd;

	REQUIRE(begin());
	fd = new_object(&a);
	REQUIRE(fd >= 0);
	close(fd);
	parent_sees_what_its_child_does(a);
	a = mmap(NULL, PAGES * ps, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(a != MAP_FAILED);
	parent_sees_what_its_child_does(a);
}

static void bind_private(char *p)
{
	CHECK_EQ(bind_pages(p, 0, 1, MPOL_BIND, NODES(3)), 0);
}

static void private_memory_is_not_shared_with_children(void)
{
	char *a;

	REQUIRE(begin());
	a = mmap(NULL, PAGES * ps, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(a != MAP_FAILED);
	CHECK(runs_in_child(bind_private, a));
	CHECK_STR(policies(a), "------------");
	unmap(a);
}

/* Many processes at the same object, and some of them are killed on the way. */
static void work_until_killed(char *p)
{
	for (unsigned i = 0;; i++)
		bind_pages(p, (int)(i % PAGES), 1, i % 2 ? MPOL_BIND : MPOL_INTERLEAVE,
			   NODES(1, 2));
}

static void a_killed_process_locks_nobody_out(void)
{
	size_t size;
	void *head;
	char *a;
	int fd, good = 0;

	if (syscall(SYS_get_robust_list, 0, &head, &size) < 0)
		SKIP("an emulator of processors without robust locks");
	REQUIRE(begin());
	fd = new_object(&a);
	REQUIRE(fd >= 0);
	CHECK_EQ(bind_pages(a, 0, 1, MPOL_BIND, NODES(1)), 0);
	for (int i = 0; i < 30; i++) {
		pid_t child[2];

		for (int k = 0; k < 2; k++) {
			child[k] = fork();
			if (child[k] == 0)
				work_until_killed(a);
		}
		usleep(2000);
		for (int k = 0; k < 2; k++) {
			kill(child[k], SIGKILL);
			waitpid(child[k], NULL, 0);
		}
		good += bind_pages(a, 0, 1, MPOL_BIND, NODES((unsigned)i % 4)) == 0;
	}
	CHECK_EQ(good, 30);
	CHECK_EQ(bind_pages(a, 0, PAGES, MPOL_BIND, NODES(3)), 0);
	close(fd);
	unmap(a);
}

/* No call tells that an object is gone; memory for those that are known runs out at some time. */
static void room_is_made_for_new_objects(void)
{
	struct emul_guard guard;
	char *a, *b;
	int fd;

	REQUIRE(begin());
	fd = new_object(&a);
	REQUIRE(fd >= 0);
	CHECK_EQ(bind_pages(a, 0, 1, MPOL_BIND, NODES(1)), 0);
	emul_lock(&guard);
	for (uint64_t inode = 1; object_get(UINT64_MAX, inode); inode++)
		continue;
	emul_unlock(&guard);
	b = mmap(NULL, PAGES * ps, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(b != MAP_FAILED);
	CHECK_EQ(bind_pages(b, 0, 2, MPOL_BIND, NODES(2)), 0);
	CHECK_STR(policies(b), "b2b2----------");
	CHECK_STR(policies(a), "b1-----------");
	unmap(b);
	/* One that can be mapped again is kept. */
	unmap(a);
	emul_lock(&guard);
	for (uint64_t inode = 1; object_get(UINT64_MAX, inode); inode++)
		continue;
	emul_unlock(&guard);
	a = map_again(fd, MAP_SHARED);
	b = mmap(NULL, PAGES * ps, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(a && b != MAP_FAILED);
	CHECK_EQ(bind_pages(b, 0, 1, MPOL_BIND, NODES(3)), 0);
	CHECK_STR(policies(a), "b1-----------");
	give_up(fd, a, b);
}

int main(void)
{
	RUN(a_policy_is_seen_through_every_mapping);
	RUN(it_goes_by_the_page_of_the_object);
	RUN(it_outlives_its_mappings);
	RUN(a_private_mapping_changes_the_object_too);
	RUN(a_call_is_compared_with_what_was_set_through_the_same_mapping);
	RUN(what_a_part_becomes_one_with_is_set_as_well);
	RUN(a_forgotten_mapping_is_not_compared_with);
	RUN(a_home_node_needs_a_policy_set_through_the_same_mapping);
	RUN(a_second_mapping_by_mremap_has_the_firsts_policy);
	RUN(a_segment_is_an_object);
	RUN(a_segment_stays_in_parts);
	RUN(another_objects_policy_is_another);
	RUN(an_ordinary_files_policy_is_the_mappings);
	RUN(pages_are_where_the_objects_policy_puts_them);
	RUN(pages_outlive_their_mapping);
	RUN(interleaving_goes_by_inode_and_page);
	RUN(moved_pages_interleave_by_the_first);
	RUN(moved_pages_interleave_without_the_index_of_a_first_that_does_not);
	RUN(a_page_moves_for_all_its_mappings);
	RUN(a_page_of_two_mappings_moves_once);
	RUN(a_page_twice_in_a_range_is_a_failure);
	RUN(a_copied_page_was_there_before);
	RUN(a_copy_of_a_page_is_another_page);
	RUN(children_and_parents_share_an_object);
	RUN(private_memory_is_not_shared_with_children);
	RUN(a_killed_process_locks_nobody_out);
	RUN(room_is_made_for_new_objects);
	return tap_done();
}
