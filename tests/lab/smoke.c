// SPDX-License-Identifier: MIT
/*
 * The kernel's own answers where they are easily got wrong: how node masks go in and out, and
 * get_mempolicy's checks; on a kernel without NUMA, that all six calls are ENOSYS.
 * Built static, 64 and 32 bit, and run inside the lab's machines; it uses no library.
 * The program says what machine it found; the truth to compare with is /sys.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../harness.h"

#ifndef SYS_set_mempolicy_home_node
#define SYS_set_mempolicy_home_node 450
#endif

enum { MODE_DEFAULT, MODE_PREFERRED, MODE_BIND, MODE_INTERLEAVE };
enum { GET_NODE = 1, GET_ADDR = 2, GET_MEMS_ALLOWED = 4 };

#define PAGE 4096u
#define MASK_BYTES (2u * PAGE)
#define GUARD 0x5a

static unsigned int nr_node_ids;
static uint64_t memory[16]; /* nodes with memory, as /sys says */

/* Two pages for masks; what lies behind them is not mapped. */
static unsigned char *mask;

static long get(int *mode, void *nodemask, unsigned long maxnode, void *addr, unsigned long flags)
{
	return syscall(SYS_get_mempolicy, mode, nodemask, maxnode, addr, flags) < 0 ? -errno : 0;
}

static long set(int mode, const void *nodemask, unsigned long maxnode)
{
	return syscall(SYS_set_mempolicy, mode, nodemask, maxnode) < 0 ? -errno : 0;
}

/* The nodes of a file in /sys/devices/system/node; the highest of them + 1, 0 if there is no such file. */
static unsigned int read_nodes(const char *name, uint64_t *nodes)
{
	char path[128];
	unsigned int from, to, end = 0;
	FILE *file;
	int c;

	snprintf(path, sizeof(path), "/sys/devices/system/node/%s", name);
	file = fopen(path, "r");
	if (!file)
		return 0;
	while (fscanf(file, "%u", &from) == 1) {
		to = from;
		c = getc(file);
		if (c == '-') {
			if (fscanf(file, "%u", &to) != 1)
				break;
			c = getc(file);
		}
		for (; nodes && from <= to && from < 1024; from++)
			nodes[from / 64] |= UINT64_C(1) << from % 64;
		end = to + 1;
		if (c != ',')
			break;
	}
	fclose(file);
	return end;
}

static bool in_memory(unsigned int node)
{
	return memory[node / 64] >> node % 64 & 1;
}

static unsigned int first_memory_node(void)
{
	unsigned int node = 0;

	while (!in_memory(node))
		node++;
	return node;
}

static void fill_guard(void)
{
	memset(mask, GUARD, MASK_BYTES);
}

/* How many bytes from the start of the mask were written. */
static size_t written(void)
{
	size_t n = MASK_BYTES;

	while (n && mask[n - 1] == GUARD)
		n--;
	return n;
}

/*
 * How many bytes get_mempolicy writes: maxnode - 1 bits in whole 64-bit words. For a 32-bit program, as long
 * as these are not more than the machine's possible nodes, maxnode bits in whole 32-bit words; that is more if
 * maxnode - 1 is a multiple of 64 (one node, maxnode 1: 4 bytes; 64 nodes, maxnode 65: 12 bytes).
 */
static size_t output_bytes(unsigned int maxnode)
{
	size_t bits = (maxnode - 1 + 63) / 64 * 64;

	if (sizeof(long) == 4 && bits <= nr_node_ids)
		return (maxnode + 31) / 32 * 4;
	return bits / 8;
}

static bool mask_bit(unsigned int node)
{
	return mask[node / 8] >> node % 8 & 1;
}

static void mems_allowed_is_the_nodes_with_memory(void)
{
	int mode = 77;

	fill_guard();
	REQUIRE(get(&mode, mask, 1024 + 1, NULL, GET_MEMS_ALLOWED) == 0);
	CHECK_EQ(mode, 0);
	CHECK_EQ(written(), 1024 / 8);
	for (unsigned int node = 0; node < 1024; node++)
		if (mask_bit(node) != in_memory(node))
			DIAG("node %u: %d, /sys %d", node, mask_bit(node), in_memory(node));
	CHECK(memcmp(mask, memory, 1024 / 8) == 0);
	CHECK_EQ(get(NULL, NULL, 0, (void *)-1, GET_MEMS_ALLOWED), 0);
	CHECK_EQ(get(NULL, NULL, 0, NULL, GET_MEMS_ALLOWED | GET_NODE), -EINVAL);
	CHECK_EQ(get(NULL, NULL, 0, NULL, GET_MEMS_ALLOWED | GET_ADDR), -EINVAL);
}

static void a_fresh_process_has_no_policy(void)
{
	int mode = 77;

	fill_guard();
	REQUIRE(get(&mode, mask, 1024 + 1, NULL, 0) == 0);
	CHECK_EQ(mode, MODE_DEFAULT);
	CHECK_EQ(written(), 1024 / 8);
	for (unsigned int i = 0; i < 1024 / 8; i++)
		CHECK_EQ(mask[i], 0);
}

static void output_is_rounded_to_64_bits(void)
{
	static const unsigned int more[] = {0,	 1,    63,   64,   65,	 66,  128,
					    129, 1023, 1024, 1025, 1100, 4097};

	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		unsigned int maxnode = nr_node_ids + more[i];

		fill_guard();
		CHECK_EQ(get(NULL, mask, maxnode, NULL, GET_MEMS_ALLOWED), 0);
		CHECK_EQ(written(), output_bytes(maxnode));
	}
}

static void node_64_needs_maxnode_66(void)
{
	if (nr_node_ids < 65)
		return;
	fill_guard();
	CHECK_EQ(get(NULL, mask, 66, NULL, GET_MEMS_ALLOWED), nr_node_ids > 66 ? -EINVAL : 0);
	CHECK_EQ(written(), nr_node_ids > 66 ? 0 : 16);
	fill_guard();
	CHECK_EQ(get(NULL, mask, nr_node_ids, NULL, GET_MEMS_ALLOWED), 0);
	CHECK_EQ(written(), output_bytes(nr_node_ids));
	if (nr_node_ids == 65)
		CHECK(sizeof(long) == 4 ? mask[8] == 1 : mask[8] == GUARD); /* node 64 is lost */
}

static void too_small_a_mask_is_the_first_error(void)
{
	int mode = 77;

	for (unsigned int maxnode = 0; maxnode < nr_node_ids; maxnode++)
		CHECK_EQ(get(&mode, mask, maxnode, NULL, 0), -EINVAL);
	CHECK_EQ(get(&mode, (void *)1, nr_node_ids - 1, (void *)1, 0), -EINVAL);
	CHECK_EQ(mode, 77);
	CHECK_EQ(get(NULL, NULL, 0, NULL, 0), 0);
}

static void the_largest_output_is_a_page(void)
{
	int mode = 77;

	fill_guard();
	CHECK_EQ(get(&mode, mask, 8 * PAGE + 1, NULL, 0), 0);
	CHECK_EQ(written(), PAGE);
	CHECK_EQ(mode, 0);
	mode = 77;
	fill_guard();
	CHECK_EQ(get(&mode, mask, 8 * PAGE + 2, NULL, 0), -EINVAL);
	CHECK_EQ(written(), 0);
	CHECK_EQ(mode, 0); /* stored before the mask was looked at */
}

static void an_unwritable_mask_is_efault_after_the_mode(void)
{
	int mode = 77;

	CHECK_EQ(get(&mode, mask + MASK_BYTES, 1024 + 1, NULL, 0), -EFAULT);
	CHECK_EQ(mode, 0);
	CHECK_EQ(get((int *)(void *)(mask + MASK_BYTES), NULL, 0, NULL, 0), -EFAULT);
	/* The tail beyond the machine's nodes is cleared first: when that fails the head is untouched. */
	fill_guard();
	CHECK_EQ(get(NULL, mask + MASK_BYTES - 128, 1024 + 1 + 64, NULL, GET_MEMS_ALLOWED),
		 -EFAULT);
	CHECK_EQ(mask[MASK_BYTES - 128], GUARD);
}

static void get_checks_its_flags_and_address(void)
{
	unsigned char *page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned char *hole = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int mode = 77;

	REQUIRE(page != MAP_FAILED && hole != MAP_FAILED);
	munmap(hole, PAGE);
	CHECK_EQ(get(&mode, NULL, 0, NULL, 8), -EINVAL);
	if (sizeof(long) == 8)
		CHECK_EQ(get(&mode, NULL, 0, NULL, (unsigned long)(UINT64_C(1) << 32)), -EINVAL);
	CHECK_EQ(get(&mode, NULL, 0, page, 0), -EINVAL);
	CHECK_EQ(get(&mode, NULL, 0, page, GET_NODE), -EINVAL);
	CHECK_EQ(get(&mode, NULL, 0, NULL, GET_NODE), -EINVAL);
	CHECK_EQ(get(&mode, NULL, 0, NULL, GET_ADDR), -EFAULT);
	CHECK_EQ(get(&mode, NULL, 0, hole, GET_ADDR), -EFAULT);
	CHECK_EQ(get(&mode, NULL, 0, (void *)-1, GET_ADDR), -EFAULT);
	CHECK_EQ(mode, 77);
	CHECK_EQ(get(&mode, NULL, 0, page + 1, GET_ADDR), 0);
	CHECK_EQ(mode, MODE_DEFAULT);
	CHECK_EQ(get(&mode, NULL, 0, page, GET_ADDR | GET_NODE), -EFAULT);
	REQUIRE(mprotect(page, PAGE, PROT_READ | PROT_WRITE) == 0);
	page[0] = 1;
	CHECK_EQ(get(&mode, NULL, 0, page, GET_ADDR | GET_NODE), 0);
	CHECK((unsigned int)mode < 1024 && in_memory((unsigned int)mode));
	munmap(page, PAGE);
}

static void interleave_tells_its_next_node(void)
{
	int mode = 77;

	REQUIRE(set(MODE_INTERLEAVE, memory, 1024 + 1) == 0);
	fill_guard();
	CHECK_EQ(get(&mode, mask, 1024 + 1, NULL, GET_NODE), 0);
	CHECK_EQ(mode, (int)first_memory_node());
	CHECK(memcmp(mask, memory, 1024 / 8) == 0);
	CHECK_EQ(get(&mode, mask, 1024 + 1, NULL, 0), 0);
	CHECK_EQ(mode, MODE_INTERLEAVE);
	CHECK_EQ(set(MODE_DEFAULT, NULL, 0), 0);
}

static void a_null_mask_goes_with_any_maxnode(void)
{
	CHECK_EQ(set(MODE_DEFAULT, NULL, 0), 0);
	CHECK_EQ(set(MODE_DEFAULT, NULL, ULONG_MAX), 0);
	CHECK_EQ(set(MODE_DEFAULT, (void *)1, 1),
		 0); /* an empty mask; the pointer is not looked at */
	CHECK_EQ(set(MODE_DEFAULT, mask, 0), -EINVAL); /* counts as ULONG_MAX bits */
	CHECK_EQ(set(MODE_BIND, NULL, 0), -EINVAL);
	CHECK_EQ(set(MODE_PREFERRED, NULL, 0), 0);
	CHECK_EQ(set(MODE_DEFAULT, NULL, 0), 0);
}

static void input_has_one_bit_less_than_maxnode(void)
{
	unsigned int node = first_memory_node();

	memset(mask, 0, MASK_BYTES);
	mask[node / 8] = (unsigned char)(1u << node % 8);
	CHECK_EQ(set(MODE_BIND, mask, node + 2), 0);
	CHECK_EQ(set(MODE_BIND, mask, node + 1), -EINVAL); /* bind to nothing */
	/* Nodes that do not exist are dropped, those above the kernel's limit are not. */
	mask[1023 / 8] |= 0x80;
	CHECK_EQ(set(MODE_BIND, mask, 1024 + 1), nr_node_ids < 1024 ? 0 : -EINVAL);
	mask[1024 / 8] = 1;
	CHECK_EQ(set(MODE_BIND, mask, 1024 + 1), 0);
	CHECK_EQ(set(MODE_BIND, mask, 1024 + 2), -EINVAL);
	mask[1024 / 8] = 0;
	/* The top word is looked at whole. */
	mask[1151 / 8] = 0x80;
	CHECK_EQ(set(MODE_BIND, mask, 1100), -EINVAL);
	mask[1151 / 8] = 0;
	mask[1152 / 8] = 1;
	CHECK_EQ(set(MODE_BIND, mask, 1100), 0);
	mask[1152 / 8] = 0;
	CHECK_EQ(set(MODE_BIND, mask, 8 * PAGE + 1), 0);
	CHECK_EQ(set(MODE_BIND, mask, 8 * PAGE + 2), -EINVAL);
	CHECK_EQ(set(MODE_BIND, (void *)1, 8 * PAGE + 2), -EINVAL);
	CHECK_EQ(set(MODE_DEFAULT, NULL, 0), 0);
}

static void input_is_read_in_whole_longs(void)
{
	unsigned char *end = mask + MASK_BYTES;
	unsigned int bits = 8 * sizeof(long);

	memset(mask, 0, MASK_BYTES);
	CHECK_EQ(set(MODE_DEFAULT, end - sizeof(long), 5), 0);
	CHECK_EQ(set(MODE_DEFAULT, end - sizeof(long), bits + 1), 0);
	CHECK_EQ(set(MODE_DEFAULT, end - sizeof(long), bits + 2), -EFAULT);
	CHECK_EQ(set(MODE_DEFAULT, end - sizeof(long) / 2, 5), -EFAULT);
	CHECK_EQ(set(MODE_DEFAULT, end, 2), -EFAULT);
	CHECK_EQ(set(-1, end, 2), -EINVAL); /* the mode is looked at first */
}

static void without_numa_all_six_calls_are_enosys(void)
{
	unsigned int cpu, node = 77;

	CHECK_EQ(get(NULL, NULL, 0, NULL, 0), -ENOSYS);
	CHECK_EQ(get((int *)1, (void *)1, 0, (void *)1, 99), -ENOSYS);
	CHECK_EQ(set(MODE_DEFAULT, NULL, 0), -ENOSYS);
	CHECK_EQ(set(-1, (void *)1, 5), -ENOSYS);
	CHECK_EQ(syscall(SYS_mbind, 0, 0, 0, NULL, 0, 0) < 0 ? errno : 0, ENOSYS);
	CHECK_EQ(syscall(SYS_migrate_pages, 0, 0, NULL, NULL) < 0 ? errno : 0, ENOSYS);
	CHECK_EQ(syscall(SYS_move_pages, 0, 0, NULL, NULL, NULL, 0) < 0 ? errno : 0, ENOSYS);
	CHECK_EQ(syscall(SYS_set_mempolicy_home_node, 0, 0, 0, 1) < 0 ? errno : 0, ENOSYS);
	CHECK_EQ(syscall(SYS_getcpu, &cpu, &node, NULL), 0);
	CHECK_EQ(node, 0);
	CHECK(access("/sys/devices/system/node", F_OK) != 0);
	CHECK(access("/proc/self/numa_maps", F_OK) != 0);
}

static void with_numa_all_six_calls_answer(void)
{
	CHECK_EQ(get(NULL, NULL, 0, NULL, 0), 0);
	CHECK_EQ(set(-1, NULL, 0), -EINVAL);
	CHECK_EQ(syscall(SYS_mbind, 0, 0, 0, NULL, 0, 0) < 0 ? errno : 0, 0);
	CHECK_EQ(syscall(SYS_migrate_pages, 0, 0, NULL, NULL) < 0 ? errno : 0, EINVAL);
	CHECK_EQ(syscall(SYS_move_pages, 0, 0, NULL, NULL, NULL, 0) < 0 ? errno : 0, 0);
	CHECK_EQ(syscall(SYS_set_mempolicy_home_node, 0, 0, 0, 1) < 0 ? errno : 0, EINVAL);
}

int main(void)
{
	mask = mmap(NULL, MASK_BYTES + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0);
	if (mask == MAP_FAILED || munmap(mask + MASK_BYTES, PAGE) != 0)
		return 99;
	nr_node_ids = read_nodes("possible", NULL);
	read_nodes("has_memory", memory);
	printf("# %u-bit program, %u possible nodes, nodes 0-63 with memory: %#llx\n",
	       (unsigned int)(8 * sizeof(long)), nr_node_ids, (unsigned long long)memory[0]);
	if (!nr_node_ids) {
		RUN(without_numa_all_six_calls_are_enosys);
		return tap_done();
	}
	RUN(with_numa_all_six_calls_answer);
	RUN(a_fresh_process_has_no_policy);
	RUN(mems_allowed_is_the_nodes_with_memory);
	RUN(output_is_rounded_to_64_bits);
	RUN(node_64_needs_maxnode_66);
	RUN(too_small_a_mask_is_the_first_error);
	RUN(the_largest_output_is_a_page);
	RUN(an_unwritable_mask_is_efault_after_the_mode);
	RUN(get_checks_its_flags_and_address);
	RUN(interleave_tells_its_next_node);
	RUN(a_null_mask_goes_with_any_maxnode);
	RUN(input_has_one_bit_less_than_maxnode);
	RUN(input_is_read_in_whole_longs);
	return tap_done();
}
