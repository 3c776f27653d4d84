/* SPDX-License-Identifier: MIT */
/*
 * Description: a program from the days of libnuma's first interface: its references to the fourteen
 * functions that changed bind to libnuma_1.1, because they say so (VERSIONED) or because they carry
 * no version at all. Argument: part of the name of the library that must have answered.
 */
#include <dlfcn.h>
#include <numa.h>
#include <numaif.h>
#include "harness.h"

#ifdef VERSIONED
#define FIRST(type, name, args)                                                                    \
	__asm__(".symver first_" #name ", numa_" #name "@libnuma_1.1");                            \
	extern type first_##name args
#else
#define FIRST(type, name, args) extern type first_##name args __asm__("numa_" #name)
#endif

/* clang-format off */
FIRST(void *, alloc_interleaved_subset, (size_t size, const nodemask_t *mask));
FIRST(void, bind, (const nodemask_t *mask));
FIRST(nodemask_t, get_interleave_mask, (void));
FIRST(nodemask_t, get_membind, (void));
FIRST(nodemask_t, get_run_node_mask, (void));
FIRST(void, interleave_memory, (void *mem, size_t size, const nodemask_t *mask));
FIRST(int, node_to_cpus, (int node, unsigned long *buffer, int bytes));
FIRST(int, parse_bitmap, (char *line, unsigned long *mask, int cpus));
FIRST(int, run_on_node_mask, (const nodemask_t *mask));
FIRST(int, sched_getaffinity, (pid_t pid, unsigned bytes, const unsigned long *mask));
FIRST(int, sched_setaffinity, (pid_t pid, unsigned bytes, const unsigned long *mask));
FIRST(void, set_interleave_mask, (nodemask_t *mask));
FIRST(void, set_membind, (const nodemask_t *mask));
FIRST(void, tonodemask_memory, (void *mem, size_t size, const nodemask_t *mask));
/* clang-format on */

static const char *library;

/* What a mask should be here: not empty, and no node that the machine does not have. */
static int is_some_of_all_nodes(const nodemask_t *mask)
{
	unsigned long any = 0, beyond = 0;
	size_t i;

	for (i = 0; i < sizeof(mask->n) / sizeof(mask->n[0]); i++) {
		any |= mask->n[i];
		beyond |= mask->n[i] & ~numa_all_nodes.n[i];
	}
	return any && !beyond;
}

static int mode_of(void *addr)
{
	int mode = -1;

	get_mempolicy(&mode, NULL, 0, addr, addr ? MPOL_F_ADDR : 0);
	return mode;
}

static void the_library_is_the_one_meant(void)
{
	Dl_info info;
	void *function = dlvsym(RTLD_DEFAULT, "numa_bind", "libnuma_1.1");

	REQUIRE(function);
	REQUIRE(dladdr(function, &info));
	DIAG("%s", info.dli_fname);
	CHECK(strstr(info.dli_fname, library));
}

static void the_only_version_of_a_function_is_found(void)
{
	CHECK_EQ(numa_available(), 0);
	CHECK(numa_max_possible_node() >= numa_max_node());
	CHECK(numa_max_node() >= 0);
}

static void node_to_cpus_counts_bytes(void)
{
	unsigned long buffer[1024], any = 0;
	int node;
	size_t i;

	errno = 0;
	CHECK_EQ(first_node_to_cpus(0, buffer, 1), -1);
	CHECK_EQ(errno, ERANGE);
	errno = 0;
	CHECK_EQ(first_node_to_cpus(-1, buffer, sizeof(buffer)), -1);
	CHECK_EQ(errno, ERANGE);
	for (node = 0; node <= numa_max_node(); node++) {
		memset(buffer, 0, sizeof(buffer));
		if (first_node_to_cpus(node, buffer, sizeof(buffer)) == 0)
			for (i = 0; i < 1024; i++)
				any |= buffer[i];
	}
	CHECK(any);
}

/* Also where the buffer does not end with a word. */
static void node_to_cpus_fills_the_buffer(void)
{
	unsigned long buffer[1024];
	const unsigned char *bytes = (const unsigned char *)buffer;
	size_t size;

	for (size = sizeof(buffer) - sizeof(long); size < sizeof(buffer); size++) {
		memset(buffer, 0xa5, sizeof(buffer));
		CHECK_EQ(first_node_to_cpus(0, buffer, (int)size), 0);
		CHECK_EQ(bytes[size - 1], 0);
		CHECK_EQ(bytes[size], 0xa5);
	}
}

static void affinity_counts_bytes(void)
{
	unsigned long before[1024] = {0}, now[1024] = {0};
	nodemask_t nodes;

	CHECK_EQ(first_sched_getaffinity(0, 1, before), -1);
	CHECK(first_sched_getaffinity(0, sizeof(before), before) > 0);
	CHECK_EQ(first_run_on_node_mask(&numa_all_nodes), 0);
	nodes = first_get_run_node_mask();
	CHECK(is_some_of_all_nodes(&nodes));
	CHECK_EQ(first_sched_setaffinity(0, sizeof(before), before), 0);
	CHECK(first_sched_getaffinity(0, sizeof(now), now) > 0);
	CHECK(memcmp(before, now, sizeof(now)) == 0);
}

static void the_policy_of_the_thread_is_a_nodemask(void)
{
	nodemask_t nodes, all = numa_all_nodes;

	first_set_interleave_mask(&all);
	CHECK_EQ(mode_of(NULL), MPOL_INTERLEAVE);
	nodes = first_get_interleave_mask();
	CHECK(is_some_of_all_nodes(&nodes));
	first_set_membind(&all);
	CHECK_EQ(mode_of(NULL), MPOL_BIND);
	nodes = first_get_membind();
	CHECK(is_some_of_all_nodes(&nodes));
	first_set_interleave_mask(&numa_no_nodes);
	CHECK_EQ(mode_of(NULL), MPOL_DEFAULT);
	nodes = first_get_interleave_mask();
	CHECK(memcmp(&nodes, &numa_no_nodes, sizeof(nodes)) == 0);
	first_bind(&all);
	CHECK_EQ(mode_of(NULL), MPOL_BIND);
	numa_set_localalloc();
	nodes = first_get_membind();
	CHECK(memcmp(&nodes, &all, sizeof(nodes)) == 0);
	CHECK(memcmp(&numa_all_nodes, &all, sizeof(all)) == 0);
}

static void the_policy_of_memory_is_a_nodemask(void)
{
	size_t size = 4 * (size_t)numa_pagesize();
	void *mem = first_alloc_interleaved_subset(size, &numa_all_nodes);

	REQUIRE(mem);
	CHECK_EQ(mode_of(mem), MPOL_INTERLEAVE);
	first_tonodemask_memory(mem, size, &numa_all_nodes);
	CHECK_EQ(mode_of(mem), MPOL_BIND);
	first_interleave_memory(mem, size, &numa_all_nodes);
	CHECK_EQ(mode_of(mem), MPOL_INTERLEAVE);
	numa_free(mem, size);
}

static void parse_bitmap_fills_the_words_given(void)
{
	unsigned long mask[4] = {0};
	char line[] = "00000001,00000003\n", none[] = "3";

	CHECK_EQ(first_parse_bitmap(line, mask, 64), 0);
	CHECK_EQ(mask[0] & 0xffffffff, 3);
	CHECK_EQ(sizeof(long) == 8 ? mask[0] >> 16 >> 16 : mask[1], 1);
	CHECK_EQ(first_parse_bitmap(none, mask, 64), -1);
}

int main(int argc, char **argv)
{
	library = argc > 1 ? argv[1] : "libnuma";
	RUN(the_library_is_the_one_meant);
	RUN(the_only_version_of_a_function_is_found);
	RUN(node_to_cpus_counts_bytes);
	RUN(node_to_cpus_fills_the_buffer);
	RUN(affinity_counts_bytes);
	RUN(the_policy_of_the_thread_is_a_nodemask);
	RUN(the_policy_of_memory_is_a_nodemask);
	RUN(parse_bitmap_fills_the_words_given);
	return tap_done();
}
