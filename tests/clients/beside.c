/* SPDX-License-Identifier: MIT */
/*
 * A program linked against the real libnuma, with libmynuma preloaded: both libraries in one
 * process, sharing the exported variables. argv: the paths of the two libraries.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../harness.h"
#include "numa.h"

static const char *our_path, *real_path;

static int mapped(const char *path)
{
	char line[4096];
	int found = 0;
	FILE *f = fopen("/proc/self/maps", "r");

	while (f && !found && fgets(line, sizeof(line), f))
		found = strstr(line, path) != NULL;
	if (f)
		fclose(f);
	return found;
}

static void both_libraries_are_loaded(void)
{
	CHECK(mapped(our_path));
	CHECK(mapped(real_path));
}

static void there_is_one_set_of_variables(void)
{
	CHECK(dlsym(RTLD_DEFAULT, "numa_all_nodes_ptr") == (void *)&numa_all_nodes_ptr);
	CHECK(dlsym(RTLD_DEFAULT, "numa_no_nodes_ptr") == (void *)&numa_no_nodes_ptr);
	CHECK(dlsym(RTLD_DEFAULT, "numa_exit_on_error") == (void *)&numa_exit_on_error);
}

static void the_variables_are_right(void)
{
	REQUIRE(numa_all_nodes_ptr && numa_no_nodes_ptr && numa_all_cpus_ptr && numa_nodes_ptr);
	CHECK_EQ(numa_bitmask_weight(numa_all_nodes_ptr), numa_num_task_nodes());
	CHECK_EQ(numa_bitmask_weight(numa_no_nodes_ptr), 0);
	CHECK_EQ(numa_bitmask_weight(numa_all_cpus_ptr), numa_num_task_cpus());
	CHECK_EQ(numa_bitmask_weight(numa_nodes_ptr), numa_num_configured_nodes());
	CHECK_EQ(numa_all_nodes_ptr->size, numa_num_possible_nodes());
}

static void calls_work(void)
{
	struct bitmask *mask;
	char *area;

	CHECK_EQ(numa_available(), 0);
	mask = numa_parse_nodestring("all");
	REQUIRE(mask);
	CHECK(numa_bitmask_equal(mask, numa_all_nodes_ptr));
	area = numa_alloc_interleaved_subset(65536, mask);
	REQUIRE(area);
	memset(area, 1, 65536);
	numa_free(area, 65536);
	numa_bitmask_free(mask);
	mask = numa_get_membind();
	REQUIRE(mask);
	CHECK(numa_bitmask_equal(mask, numa_all_nodes_ptr));
	numa_bitmask_free(mask);
}

static void masks_of_one_library_serve_the_other(void)
{
	void *real = dlopen(real_path, RTLD_NOW | RTLD_NOLOAD);
	struct bitmask *(*real_parse)(const char *);
	struct bitmask *(*real_alloc)(unsigned int);
	void (*real_free)(struct bitmask *);
	struct bitmask *mask;

	REQUIRE(real);
	*(void **)&real_parse = dlvsym(real, "numa_parse_nodestring", "libnuma_1.2");
	*(void **)&real_alloc = dlvsym(real, "numa_bitmask_alloc", "libnuma_1.2");
	*(void **)&real_free = dlvsym(real, "numa_bitmask_free", "libnuma_1.2");
	REQUIRE(real_parse && real_alloc && real_free);
	CHECK((void *)real_free != dlsym(RTLD_DEFAULT, "numa_bitmask_free"));

	mask = real_parse("0");
	REQUIRE(mask);
	CHECK(numa_bitmask_isbitset(mask, 0));
	numa_bitmask_free(mask);
	mask = real_alloc(100);
	numa_bitmask_setall(mask);
	CHECK_EQ(numa_bitmask_weight(mask), 100);
	numa_bitmask_free(mask);
	mask = numa_bitmask_alloc(100);
	real_free(mask);
	dlclose(real);
}

static void *in_a_thread(void *arg)
{
	calls_work();
	return arg;
}

static void calls_work_in_a_thread(void)
{
	pthread_t thread;

	REQUIRE(pthread_create(&thread, NULL, in_a_thread, NULL) == 0);
	pthread_join(thread, NULL);
}

/* The executable's own handlers and destructors run before those of the libraries. */
static void check_at_the_end(const char *where)
{
	struct bitmask *mask = numa_get_mems_allowed();

	if (!numa_all_nodes_ptr || !mask || !numa_bitmask_equal(mask, numa_all_nodes_ptr)) {
		fprintf(stderr, "the variables are gone: %s\n", where);
		_Exit(1);
	}
	numa_bitmask_free(mask);
}

static void at_exit(void)
{
	check_at_the_end("atexit");
}

__attribute__((destructor)) static void at_fini(void)
{
	check_at_the_end("destructor");
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 99;
	our_path = argv[1];
	real_path = argv[2];
	atexit(at_exit);
	RUN(both_libraries_are_loaded);
	RUN(there_is_one_set_of_variables);
	RUN(the_variables_are_right);
	RUN(calls_work);
	RUN(masks_of_one_library_serve_the_other);
	RUN(calls_work_in_a_thread);
	return tap_done();
}
