/* SPDX-License-Identifier: MIT */
/*
 * No descriptor to be had: what needs a file says so, the rest works, and afterwards all is well.
 */
#include "badinput/everything.h"
#include "harness.h"
#include "unit/fixture.h"

#include <sys/resource.h>

static int last_warning, warnings;

void numa_error(char *where)
{
	(void)where;
}

void numa_warn(int num, char *fmt, ...)
{
	(void)fmt;
	last_warning = num;
	warnings++;
}

static void limit(rlim_t n)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = n;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Nothing was asked before the table was full. */
static void what_needs_a_file_says_emfile(void *arg)
{
	unsigned long words[64];
	struct bitmask cpus = {.size = 8 * sizeof(words), .maskp = words};
	long long left = 77;

	(void)arg;
	limit(0);
	errno = 0;
	CHECK_EQ(numa_node_to_cpus(0, &cpus), -1);
	CHECK_EQ(errno, EMFILE);
	CHECK_EQ(last_warning, 3);
	CHECK_EQ(numa_bitmask_weight(&cpus), numa_num_possible_cpus());
	CHECK_EQ(numa_node_size64(0, &left), -1);
	CHECK_EQ(errno, EMFILE);
	CHECK_EQ(left, 0);
	CHECK_EQ(numa_distance(0, 0), 0);
	CHECK_EQ(last_warning, 7);
	CHECK_EQ(numa_node_of_cpu(0), -1);
	CHECK_EQ(errno, EINVAL);
	everything();
	/* None of it was remembered. */
	limit(64);
	CHECK_EQ(numa_node_to_cpus(0, &cpus), 0);
	CHECK(numa_node_size64(0, &left) > 0);
	CHECK_EQ(numa_distance(0, 0), 10);
	CHECK_EQ(numa_node_of_cpu(0), 0);
	fflush(stdout);
	_exit(tap_failures != 0);
}

static void what_is_known_needs_no_file(void *arg)
{
	struct bitmask *cpus = numa_allocate_cpumask(), *mask;

	(void)arg;
	numa_node_to_cpus(0, cpus);
	numa_distance(0, 0);
	numa_node_of_cpu(0);
	warnings = 0;
	limit(0);
	CHECK_EQ(numa_node_to_cpus(0, cpus), 0);
	CHECK_EQ(numa_distance(0, 0), 10);
	CHECK_EQ(numa_node_of_cpu(0), 0);
	CHECK_EQ(numa_run_on_node(0), 0);
	CHECK_EQ(numa_run_on_node_mask(numa_all_nodes_ptr), 0);
	mask = numa_parse_nodestring("all");
	CHECK(mask && numa_bitmask_equal(mask, numa_all_nodes_ptr));
	CHECK_EQ(warnings, 0);
	fflush(stdout);
	_exit(tap_failures != 0);
}

/* The snapshot itself: the table is full when the library's constructor runs. */
__attribute__((constructor(101))) static void before_the_library(void)
{
	if (getenv("MYNUMA_TEST_FULL_TABLE"))
		limit(0);
}

static void started_without_descriptors(void)
{
	CHECK_EQ(numa_max_node(), 0);
	CHECK_EQ(numa_num_configured_nodes(), 1);
	CHECK(numa_num_task_cpus() > 0);
	CHECK(numa_bitmask_weight(numa_all_nodes_ptr) > 0);
	everything();
	CHECK_EQ(numa_max_node(), 0);
}

static void emfile(void)
{
	CHECK_EQ(fixture_child(what_needs_a_file_says_emfile, NULL), 0);
}

static void known(void)
{
	CHECK_EQ(fixture_child(what_is_known_needs_no_file, NULL), 0);
}

int main(int argc, char **argv)
{
	static const struct fixture_node nodes[] = {{0, "3\n", 1000}};
	bool good;

	if (getenv("MYNUMA_TEST_FULL_TABLE")) {
		RUN(started_without_descriptors);
		return tap_failed_cases;
	}
	if (argc > 1) {
		tap_cases = 1;
		tap_run("what_needs_a_file_says_emfile", emfile);
		tap_run("what_is_known_needs_no_file", known);
		return tap_done();
	}
	fixture_machine(fixture_root(), nodes, 1, "00000000,00000001", "3", "0-1");
	setenv("MYNUMA_TEST_FULL_TABLE", "1", 1);
	good = fixture_run(argv[0], "run");
	unsetenv("MYNUMA_TEST_FULL_TABLE");
	return !(fixture_run(argv[0], "run") && good);
}
