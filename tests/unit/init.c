/* SPDX-License-Identifier: MIT */
/*
 * The exported variables: right before main(), the program's to write to, and not needed
 * afterwards.
 */
#include "harness.h"
#include "unit/kernel.h"

#include <sched.h>

static int errors;

void numa_error(char *where)
{
	(void)where;
	errors++;
}

static const char *list(const struct bitmask *mask)
{
	return mask ? fixture_list(mask->maskp, mask->size) : "(null)";
}

/* errno before the library's constructor, where some libc has left something, and after it. */
static int errno_before, errno_at_main;

__attribute__((constructor(101))) static void before_the_library(void)
{
	errno_before = errno;
}

/* Nodes 0, 2, 5 of which 2, 5 are allowed, 8 CPUs of which 2-6 are allowed. */

static void variables_tell_the_machine(void)
{
	CHECK_EQ(errno_at_main, errno_before);
	CHECK_STR(list(numa_all_nodes_ptr), "{2,5}");
	CHECK_STR(list(numa_nodes_ptr), "{0,2,5}");
	CHECK_STR(list(numa_no_nodes_ptr), "{}");
	CHECK_STR(list(numa_all_cpus_ptr), "{2-6}");
	CHECK_EQ(numa_all_nodes_ptr->size, 64);
	CHECK_EQ(numa_nodes_ptr->size, 64);
	CHECK_EQ(numa_no_nodes_ptr->size, 64);
	CHECK_EQ(numa_all_cpus_ptr->size, numa_num_possible_cpus());
	/* the real numbers, not 0-2 */
	CHECK_STR(fixture_list(numa_all_nodes.n, NUMA_NUM_NODES), "{0,2,5}");
	CHECK_STR(fixture_list(numa_no_nodes.n, NUMA_NUM_NODES), "{}");
	CHECK_EQ(numa_exit_on_error, 0);
	CHECK_EQ(numa_exit_on_warn, 0);
	CHECK_EQ(numa_fail_alloc_on_error, 0);
}

static void nothing_else_was_done_at_load(void)
{
	int open_files = 0;

	for (int fd = 3; fd < 64; fd++)
		open_files += fcntl(fd, F_GETFD) >= 0;
	CHECK_EQ(open_files, 0);
	if (kernel_first_node() >= 0)
		CHECK_STR(kernel_policy_text(NULL), "0 {}");
}

static void check_parse(const char *text, const char *want)
{
	struct bitmask *mask = numa_parse_nodestring(text);

	CHECK_STR(list(mask), want);
	numa_bitmask_free(mask);
}

/* libnuma reads them each time, and programs know it. */
static void what_the_program_writes_is_heard(void)
{
	struct bitmask *saved = numa_allocate_nodemask(), *run, *cpus;

	copy_bitmask_to_bitmask(numa_all_nodes_ptr, saved);
	check_parse("all", "{2,5}");
	numa_bitmask_setbit(numa_all_nodes_ptr, 0);
	check_parse("all", "{0,2,5}");
	check_parse("0", "{0}");
	numa_bitmask_clearbit(numa_all_nodes_ptr, 5);
	check_parse("+1", "{2}");
	run = numa_get_run_node_mask();
	CHECK(run && !numa_bitmask_isbitset(run, 5));
	numa_bitmask_free(run);
	numa_bitmask_setbit(numa_nodes_ptr, 7);
	check_parse("!0", "{2,5,7}");
	numa_bitmask_clearbit(numa_nodes_ptr, 7);
	numa_bitmask_clearbit(numa_all_cpus_ptr, 3);
	cpus = numa_parse_cpustring("all");
	CHECK_STR(list(cpus), "{2,4-6}");
	numa_bitmask_free(cpus);
	numa_bitmask_setbit(numa_all_cpus_ptr, 3);
	/* What is counted was counted at load. */
	CHECK_EQ(numa_num_task_nodes(), 2);
	CHECK_EQ(numa_num_configured_nodes(), 3);
	CHECK_EQ(numa_max_node(), 5);
	copy_bitmask_to_bitmask(saved, numa_all_nodes_ptr);
	numa_bitmask_free(saved);
}

/* A program may put masks of other sizes there, or of none. */
static void masks_of_other_sizes(void)
{
	struct bitmask *saved[3] = {numa_all_nodes_ptr, numa_nodes_ptr, numa_all_cpus_ptr};
	struct bitmask none = {0};

	for (int i = 0; i < 2; i++) {
		struct bitmask *mask = i ? numa_bitmask_setall(numa_bitmask_alloc(5000)) : &none;
		struct bitmask *got;

		numa_all_nodes_ptr = numa_nodes_ptr = numa_all_cpus_ptr = mask;
		check_parse("all", i ? "{0-63}" : "{}");
		check_parse("!all", "{}");
		got = numa_parse_nodestring("4999");
		CHECK(!got || numa_bitmask_weight(got) == 0);
		numa_bitmask_free(got);
		numa_bitmask_free(numa_get_run_node_mask());
		got = numa_get_membind();
		CHECK(got && got->size == 64);
		numa_bitmask_free(got);
		numa_free(numa_alloc_interleaved(4096), 4096);
		numa_all_nodes_ptr = saved[0];
		numa_nodes_ptr = saved[1];
		numa_all_cpus_ptr = saved[2];
		if (i)
			numa_bitmask_free(mask);
	}
}

/*
 * As when libnuma is loaded too and its destructor has run: the masks are freed and the pointers
 * null, and the program goes on.
 */
static void without_the_variables_everything_works(void)
{
	struct bitmask *mask;
	void *mem;

	numa_bitmask_free(numa_all_nodes_ptr);
	numa_bitmask_free(numa_nodes_ptr);
	numa_bitmask_free(numa_no_nodes_ptr);
	numa_bitmask_free(numa_all_cpus_ptr);
	numa_all_nodes_ptr = numa_no_nodes_ptr = numa_all_cpus_ptr = numa_nodes_ptr = NULL;

	CHECK_EQ(numa_max_node(), 5);
	CHECK_EQ(numa_num_configured_nodes(), 3);
	CHECK_EQ(numa_num_task_nodes(), 2);
	CHECK_EQ(numa_num_task_cpus(), 5);
	check_parse("all", "{2,5}");
	check_parse("!2", "{0,5}");
	mask = numa_parse_cpustring("all");
	CHECK_STR(list(mask), "{2-6}");
	numa_bitmask_free(mask);
	mask = numa_parse_cpustring_all("all");
	CHECK_STR(list(mask), "{0-7}");
	numa_bitmask_free(mask);
	mask = numa_allocate_nodemask();
	CHECK_EQ(mask->size, 64);
	CHECK_EQ(numa_node_to_cpus(2, mask), 0);
	CHECK_STR(list(mask), "{2-3}");
	numa_bitmask_free(mask);
	CHECK_EQ(numa_node_of_cpu(7), 5);
	CHECK_EQ(numa_distance(2, 5), 23);
	numa_bitmask_free(numa_get_membind());
	numa_bitmask_free(numa_get_run_node_mask());
	mem = numa_alloc_interleaved(4096);
	CHECK(mem);
	numa_free(mem, 4096);
	numa_set_localalloc();
	kernel_default_policy();
}

/* Below a root without /proc and /sys, what the process may use is what the kernel says. */
static void no_files_at_all(void)
{
	struct bitmask *cpus = numa_allocate_cpumask();
	int n = numa_num_configured_cpus(), want = 0;
	cpu_set_t set;

	CHECK_EQ(numa_max_node(), 0);
	CHECK_EQ(numa_num_configured_nodes(), 1);
	CHECK_STR(list(numa_nodes_ptr), "{0}");
	CHECK_EQ(numa_bitmask_isbitset(numa_all_nodes_ptr, 0), kernel_first_node() <= 0);
	CHECK_EQ(n, sysconf(_SC_NPROCESSORS_CONF));
	if (sched_getaffinity(0, sizeof(set), &set) == 0) {
		for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++)
			if (CPU_ISSET(cpu, &set)) {
				want++;
				CHECK(numa_bitmask_isbitset(numa_all_cpus_ptr, cpu));
			}
		CHECK_EQ(numa_num_task_cpus(), want);
	}
	CHECK_EQ(numa_node_to_cpus(0, cpus), 0);
	CHECK_EQ(numa_bitmask_weight(cpus), n);
	CHECK_EQ(numa_node_of_cpu(0), 0);
	CHECK_EQ(numa_node_of_cpu(n), -1);
	CHECK_EQ(numa_distance(0, 0), 10);
	CHECK_EQ(numa_node_size(0, NULL), -1);
	numa_bitmask_free(cpus);
}

/* A root whose paths are too long for any file. */
static void a_root_without_end(void)
{
	CHECK_EQ(numa_max_node(), 0);
	CHECK_EQ(numa_num_configured_nodes(), 1);
	CHECK(numa_num_task_cpus() > 0);
	CHECK(numa_num_task_nodes() > 0);
}

int main(int argc, char **argv)
{
	static const struct fixture_node nodes[] = {
		{0, "03\n", 1000}, {2, "0c\n", 1000}, {5, "f0\n", 1000}};
	char long_root[2000];
	bool good;

	errno_at_main = errno;
	if (argc > 1 && strcmp(argv[1], "empty") == 0) {
		RUN(no_files_at_all);
		return tap_failed_cases;
	}
	if (argc > 1 && strcmp(argv[1], "long") == 0) {
		tap_cases = 1;
		RUN(a_root_without_end);
		return tap_failed_cases;
	}
	if (argc > 1) {
		tap_cases = 2;
		RUN(variables_tell_the_machine);
		RUN(nothing_else_was_done_at_load);
		RUN(what_the_program_writes_is_heard);
		RUN(masks_of_other_sizes);
		RUN(without_the_variables_everything_works);
		return tap_done();
	}
	for (int fd = 3; fd < 64; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC); /* what the caller left open */
	good = fixture_run(argv[0], "empty");
	tap_cases = 1;
	memset(long_root, '/', sizeof(long_root) - 1);
	long_root[sizeof(long_root) - 1] = '\0';
	fflush(stdout);
	{
		int status;
		pid_t pid = fork();

		if (pid == 0) {
			setenv("MYNUMA_ROOT", long_root, 1);
			execl(argv[0], argv[0], "long", (char *)NULL);
			_exit(99);
		}
		waitpid(pid, &status, 0);
		good = good && status == 0;
	}
	fixture_machine(fixture_root(), nodes, 3, "00000000,00000024", "7c", "0-7");
	good = fixture_run(argv[0], "machine") && good;
	return !good;
}
