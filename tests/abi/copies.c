/* SPDX-License-Identifier: MIT */
/*
 * Description: an executable at a fixed address has copies of the library's objects in its data;
 * library and program must mean the same ones. COPIES_2_2: the newest object, too.
 */
#include <dlfcn.h>
#include <numa.h>
#include <sys/wait.h>
#include <unistd.h>
#include "harness.h"

/* Runs the function in a child; its status if it exits by itself, 100 if the function returns. */
static int status_of(void (*fn)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		fn();
		_exit(100);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void an_error(void)
{
	numa_error((char *)"copies");
}

static void a_warning(void)
{
	numa_warn(1, (char *)"copies");
}

static void every_object_is_the_programs(void)
{
#define SAME(object) CHECK(dlsym(RTLD_DEFAULT, #object) == (void *)&object)
	SAME(numa_all_nodes);
	SAME(numa_no_nodes);
	SAME(numa_all_nodes_ptr);
	SAME(numa_no_nodes_ptr);
	SAME(numa_all_cpus_ptr);
	SAME(numa_nodes_ptr);
	SAME(numa_exit_on_error);
	SAME(numa_exit_on_warn);
#ifdef COPIES_2_2
	SAME(numa_fail_alloc_on_error);
#endif
}

static void the_program_sees_what_the_library_set_at_load(void)
{
	size_t i;
	unsigned long any = 0, none = 0;

	for (i = 0; i < sizeof(numa_all_nodes.n) / sizeof(numa_all_nodes.n[0]); i++) {
		any |= numa_all_nodes.n[i];
		none |= numa_no_nodes.n[i];
	}
	CHECK(any);
	CHECK(!none);
	REQUIRE(numa_all_nodes_ptr && numa_no_nodes_ptr && numa_all_cpus_ptr && numa_nodes_ptr);
	CHECK(numa_bitmask_weight(numa_all_nodes_ptr) > 0);
	CHECK_EQ(numa_bitmask_weight(numa_no_nodes_ptr), 0);
	CHECK_EQ(numa_bitmask_weight(numa_all_cpus_ptr), numa_num_task_cpus());
	CHECK_EQ(numa_bitmask_weight(numa_nodes_ptr), numa_num_configured_nodes());
	CHECK_EQ(numa_exit_on_error, 0);
	CHECK_EQ(numa_exit_on_warn, 0);
}

static void the_library_sees_what_the_program_sets(void)
{
	struct bitmask *all = numa_all_nodes_ptr;
	size_t page = (size_t)numa_pagesize();
	void *mem;

	REQUIRE(freopen("/dev/null", "w", stderr)); /* it will complain, and should */
	CHECK_EQ(status_of(an_error), 100);
	numa_exit_on_error = 1;
	CHECK_EQ(status_of(an_error), 1);
	numa_exit_on_error = 0;
	CHECK_EQ(status_of(a_warning), 100);
	numa_exit_on_warn = 1;
	CHECK_EQ(status_of(a_warning), 1);
	numa_exit_on_warn = 0;

	/* "Interleave over all nodes" now means no node, which the kernel refuses. */
	numa_all_nodes_ptr = numa_no_nodes_ptr;
	errno = 0;
	mem = numa_alloc_interleaved(page);
	CHECK(mem);
	CHECK_EQ(errno, EINVAL);
	numa_free(mem, page);
#ifdef COPIES_2_2
	numa_fail_alloc_on_error = 1;
	CHECK(!numa_alloc_interleaved(page));
	CHECK_EQ(errno, EINVAL);
	numa_fail_alloc_on_error = 0;
#endif
	numa_all_nodes_ptr = all;
}

int main(void)
{
	RUN(every_object_is_the_programs);
	RUN(the_program_sees_what_the_library_set_at_load);
	RUN(the_library_sees_what_the_program_sets);
	return tap_done();
}
