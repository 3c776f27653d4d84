/* SPDX-License-Identifier: MIT */
/*
 * A program that is not linked against libnuma but opens it by name and looks its symbols up by
 * version, as the JVM and .NET do; several times over. With libmynuma preloaded it then asks that
 * one too, after the real one has come and gone and taken the shared variables with it.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <string.h>

#include "../harness.h"

struct bitmask;

#define LOOK(ptr, lib, name, version)                                                              \
	do {                                                                                       \
		*(void **)&(ptr) = dlvsym(lib, name, version);                                     \
		if (!(ptr))                                                                        \
			DIAG("no %s@%s", name, version);                                           \
		REQUIRE(ptr);                                                                      \
	} while (0)

static void ask(void *lib)
{
	int (*available)(void), (*max_node)(void), (*distance)(int, int), (*node_of_cpu)(int);
	int (*configured_nodes)(void), (*node_to_cpus_v1)(int, unsigned long *, int);
	int (*node_to_cpus)(int, struct bitmask *), (*isbitset)(const struct bitmask *, unsigned);
	struct bitmask *(*parse)(const char *), *(*membind)(void), *(*cpumask)(void);
	void (*mask_free)(struct bitmask *), (*set_preferred)(int), (*localalloc)(void);
	void *(*alloc_interleaved)(size_t), *(*alloc_onnode)(size_t, int);
	void (*area_free)(void *, size_t);
	unsigned long v1_cpus[512 / sizeof(long)];
	struct bitmask *mask;
	char *area;

	LOOK(available, lib, "numa_available", "libnuma_1.1");
	LOOK(max_node, lib, "numa_max_node", "libnuma_1.1");
	LOOK(distance, lib, "numa_distance", "libnuma_1.1");
	LOOK(node_of_cpu, lib, "numa_node_of_cpu", "libnuma_1.2");
	LOOK(configured_nodes, lib, "numa_num_configured_nodes", "libnuma_1.2");
	LOOK(node_to_cpus_v1, lib, "numa_node_to_cpus", "libnuma_1.1");
	LOOK(node_to_cpus, lib, "numa_node_to_cpus", "libnuma_1.2");
	LOOK(isbitset, lib, "numa_bitmask_isbitset", "libnuma_1.2");
	LOOK(parse, lib, "numa_parse_nodestring", "libnuma_1.2");
	LOOK(membind, lib, "numa_get_membind", "libnuma_1.2");
	LOOK(cpumask, lib, "numa_allocate_cpumask", "libnuma_1.2");
	LOOK(mask_free, lib, "numa_bitmask_free", "libnuma_1.2");
	LOOK(set_preferred, lib, "numa_set_preferred", "libnuma_1.1");
	LOOK(localalloc, lib, "numa_set_localalloc", "libnuma_1.1");
	LOOK(alloc_interleaved, lib, "numa_alloc_interleaved", "libnuma_1.1");
	LOOK(alloc_onnode, lib, "numa_alloc_onnode", "libnuma_1.1");
	LOOK(area_free, lib, "numa_free", "libnuma_1.1");

	CHECK_EQ(available(), 0);
	printf("# nodes %d max %d distance %d node of cpu 0: %d\n", configured_nodes(), max_node(),
	       distance(0, 0), node_of_cpu(0));
	mask = cpumask();
	REQUIRE(mask);
	CHECK_EQ(node_to_cpus(0, mask), 0);
	CHECK(isbitset(mask, 0));
	mask_free(mask);
	memset(v1_cpus, 0, sizeof(v1_cpus));
	CHECK_EQ(node_to_cpus_v1(0, v1_cpus, sizeof(v1_cpus)), 0);
	CHECK_EQ(v1_cpus[0] & 1, 1);
	mask = parse("0");
	REQUIRE(mask);
	CHECK(isbitset(mask, 0));
	mask_free(mask);
	mask = membind();
	REQUIRE(mask);
	mask_free(mask);
	set_preferred(0);
	localalloc();
	area = alloc_onnode(4096, 0);
	REQUIRE(area);
	memset(area, 1, 4096);
	area_free(area, 4096);
	area = alloc_interleaved(8192);
	REQUIRE(area);
	memset(area, 1, 8192);
	area_free(area, 8192);
}

static void open_and_ask(int mode)
{
	void *lib = dlopen("libnuma.so.1", mode);

	if (!lib)
		DIAG("%s", dlerror());
	REQUIRE(lib);
	ask(lib);
	CHECK_EQ(dlclose(lib), 0);
}

static void opened_by_name_it_answers(void)
{
	open_and_ask(RTLD_LAZY);
}

static void opened_again_it_answers(void)
{
	open_and_ask(RTLD_NOW | RTLD_GLOBAL);
}

static void opened_with_deep_binding_it_answers(void)
{
	open_and_ask(RTLD_NOW | RTLD_DEEPBIND);
}

/* Names of an older interface must not lead to a newer function. */
static void versions_are_kept_apart(void)
{
	void *lib = dlopen("libnuma.so.1", RTLD_LAZY);

	REQUIRE(lib);
	CHECK(dlvsym(lib, "numa_node_to_cpus", "libnuma_1.1") !=
	      dlvsym(lib, "numa_node_to_cpus", "libnuma_1.2"));
	CHECK(dlvsym(lib, "numa_interleave_memory", "libnuma_1.1") !=
	      dlvsym(lib, "numa_interleave_memory", "libnuma_1.2"));
	CHECK(!dlvsym(lib, "numa_bitmask_isbitset", "libnuma_1.1"));
	CHECK(dlsym(lib, "numa_bitmask_isbitset") ==
	      dlvsym(lib, "numa_bitmask_isbitset", "libnuma_1.2"));
	dlclose(lib);
}

static void a_preloaded_one_still_answers(void)
{
	if (dlsym(RTLD_DEFAULT, "numa_available"))
		ask(RTLD_DEFAULT);
}

int main(void)
{
	RUN(opened_by_name_it_answers);
	RUN(a_preloaded_one_still_answers);
	RUN(opened_again_it_answers);
	RUN(opened_with_deep_binding_it_answers);
	RUN(versions_are_kept_apart);
	RUN(a_preloaded_one_still_answers);
	return tap_done();
}
