/* SPDX-License-Identifier: MIT */
/* numa_node_to_cpu_update(): CPU maps are read once, and all of them once more after an update. */
#include "harness.h"
#include "unit/fixture.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/bits.h"
#include "numa.h"
#include "topology/topology.h"

static int warnings, errors;

void numa_warn(int num, char *fmt, ...)
{
	(void)num;
	(void)fmt;
	__atomic_add_fetch(&warnings, 1, __ATOMIC_RELAXED);
}

void numa_error(char *where)
{
	(void)where;
	__atomic_add_fetch(&errors, 1, __ATOMIC_RELAXED);
}

static const char *root;

/* Replaces the map of a node in one step. */
static void set_map(int node, const char *map)
{
	char new[8192], name[8192];

	fixture_put(root, map, "new-map");
	snprintf(new, sizeof(new), "%s/new-map", root);
	snprintf(name, sizeof(name), "%s/sys/devices/system/node/node%d/cpumap", root, node);
	if (rename(new, name) < 0)
		fixture_fail(name);
}

static void remove_map(int node)
{
	char name[8192];

	snprintf(name, sizeof(name), "%s/sys/devices/system/node/node%d/cpumap", root, node);
	unlink(name);
}

static const char *cpus_of(int node)
{
	struct bitmask *cpus = numa_bitmask_alloc(64);
	int ret = numa_node_to_cpus(node, cpus);
	const char *text = ret ? "failed" : fixture_list(cpus->maskp, cpus->size);

	numa_bitmask_free(cpus);
	return text;
}

static void maps(const char *a, const char *b, const char *c, const char *d)
{
	set_map(0, a);
	set_map(1, b);
	set_map(2, c);
	set_map(3, d);
	numa_node_to_cpu_update();
}

static void start(void)
{
	maps("03\n", "0c\n", "30\n", "c0\n");
}

static void a_map_is_read_once(void)
{
	start();
	CHECK_STR(cpus_of(1), "{2-3}");
	CHECK_EQ(numa_node_of_cpu(2), 1);
	set_map(1, "f0\n");
	CHECK_STR(cpus_of(1), "{2-3}");
	CHECK_EQ(numa_node_of_cpu(2), 1);
	remove_map(1);
	CHECK_STR(cpus_of(1), "{2-3}");
	/* one that was not asked for is read now */
	start();
	set_map(2, "80\n");
	CHECK_STR(cpus_of(2), "{7}");
}

static void after_an_update_every_node_is_read_again(void)
{
	start();
	for (int node = 0; node < 4; node++)
		cpus_of(node);
	maps("c0\n", "30\n", "0c\n", "03\n");
	CHECK_STR(cpus_of(3), "{0-1}");
	CHECK_STR(cpus_of(2), "{2-3}");
	CHECK_STR(cpus_of(1), "{4-5}");
	CHECK_STR(cpus_of(0), "{6-7}");
	set_map(0, "1\n");
	CHECK_STR(cpus_of(0), "{6-7}");
}

static void the_node_of_a_cpu_follows(void)
{
	start();
	CHECK_EQ(numa_node_of_cpu(0), 0);
	CHECK_EQ(numa_node_of_cpu(7), 3);
	maps("c0\n", "30\n", "0c\n", "02\n");
	CHECK_EQ(numa_node_of_cpu(0), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(numa_node_of_cpu(1), 3);
	CHECK_EQ(numa_node_of_cpu(7), 0);
	/* A CPU of two nodes is the lower one's. */
	maps("1\n", "3\n", "7\n", "f\n");
	CHECK_EQ(numa_node_of_cpu(0), 0);
	CHECK_EQ(numa_node_of_cpu(1), 1);
	CHECK_EQ(numa_node_of_cpu(2), 2);
	CHECK_EQ(numa_node_of_cpu(3), 3);
}

/* As sysfs has it when CPUs 2 and 3 are unplugged, and plugged in again. */
static void unplug(bool away)
{
	fixture_put(root, away ? "0-1,4-7\n" : "0-7\n", "sys/devices/system/cpu/online");
	set_map(1, away ? "00\n" : "0c\n");
}

static void unplugged_cpus_are_of_no_node(void)
{
	struct bitmask *before = numa_bitmask_alloc(64), *after = numa_bitmask_alloc(64);
	unsigned possible = (unsigned)numa_num_possible_cpus();
	int configured = numa_num_configured_cpus();

	start();
	CHECK_EQ(numa_node_to_cpus(1, before), 0);
	unplug(true);
	CHECK_EQ(numa_node_of_cpu(2), 1);
	numa_node_to_cpu_update();
	CHECK_EQ(numa_node_to_cpus(1, after), 0);
	CHECK_STR(fixture_list(after->maskp, after->size), "{}");
	for (int cpu = 2; cpu < 4; cpu++) {
		errno = 0;
		CHECK_EQ(numa_node_of_cpu(cpu), -1);
		CHECK_EQ(errno, EINVAL);
	}
	CHECK_EQ(numa_node_of_cpu(1), 0);
	CHECK_EQ(numa_node_of_cpu(4), 2);
	/* What there could be stays; so do the answers that a program holds, and it can free them. */
	CHECK_EQ(numa_num_possible_cpus(), possible);
	CHECK_EQ(numa_num_configured_cpus(), configured);
	CHECK_STR(fixture_list(before->maskp, before->size), "{2-3}");
	numa_bitmask_free(before);
	numa_bitmask_free(after);
	unplug(false);
	numa_node_to_cpu_update();
	CHECK_STR(cpus_of(1), "{2-3}");
	CHECK_EQ(numa_node_of_cpu(3), 1);
}

static void a_failure_is_not_remembered(void)
{
	start();
	cpus_of(1);
	remove_map(1);
	numa_node_to_cpu_update();
	warnings = 0;
	for (int i = 0; i < 3; i++) {
		struct bitmask *cpus = numa_bitmask_alloc(64);

		errno = 0;
		CHECK_EQ(numa_node_to_cpus(1, cpus), -1);
		CHECK_EQ(errno, ENOENT);
		CHECK_EQ(numa_bitmask_weight(cpus), 64);
		numa_bitmask_free(cpus);
	}
	CHECK_EQ(warnings, 3);
	/* the other nodes and their CPUs are there all the same */
	CHECK_STR(cpus_of(0), "{0-1}");
	CHECK_EQ(numa_node_of_cpu(0), 0);
	CHECK_EQ(numa_node_of_cpu(7), 3);
	CHECK_EQ(numa_node_of_cpu(2), -1);
	set_map(1, "nonsense\n");
	CHECK_STR(cpus_of(1), "failed");
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(numa_node_of_cpu(2), -1);
	set_map(1, "08\n");
	CHECK_STR(cpus_of(1), "{3}");
	CHECK_EQ(numa_node_of_cpu(3), 1);
}

static void masks_that_fit_and_masks_that_do_not(void)
{
	struct bitmask *mask;

	start();
	for (int i = 0; i < 2; i++) { /* the first time and from memory */
		mask = numa_bitmask_alloc(4);
		CHECK_EQ(numa_node_to_cpus(1, mask), 0); /* all its CPUs are below 4 */
		CHECK_STR(fixture_list(mask->maskp, mask->size), "{2-3}");
		numa_bitmask_free(mask);
		mask = numa_bitmask_alloc(3);
		errors = 0;
		errno = 0;
		CHECK_EQ(numa_node_to_cpus(1, mask), -1);
		CHECK_EQ(errno, EINVAL);
		CHECK_EQ(errors, 1);
		numa_bitmask_free(mask);
		mask = numa_bitmask_setall(numa_bitmask_alloc(5000));
		CHECK_EQ(numa_node_to_cpus(1, mask), 0);
		CHECK_STR(fixture_list(mask->maskp, mask->size), "{2-3}");
		numa_bitmask_free(mask);
	}
}

/* CPUs beyond what the running kernel's masks hold. */
static void maps_longer_than_the_kernels_masks(void)
{
	static char map[90000];
	struct bitmask *mask = numa_bitmask_alloc(100000);
	size_t len = (size_t)sprintf(map, "1");

	for (int group = 0; group < 2500; group++) /* bit 80000 */
		len += (size_t)sprintf(map + len, ",0000000%d", group == 2499);
	strcpy(map + len, "\n");
	start();
	set_map(3, map);
	numa_node_to_cpu_update();
	CHECK_EQ(numa_node_to_cpus(3, mask), 0);
	CHECK_STR(fixture_list(mask->maskp, mask->size), "{0,80000}");
	CHECK_EQ(numa_node_of_cpu(80000), 3);
	CHECK_EQ(numa_node_of_cpu(79999), -1);
	CHECK_EQ(numa_node_of_cpu(0), 0);
	numa_bitmask_free(mask);
	start();
	CHECK_EQ(numa_node_of_cpu(80000), -1);
}

static long pages_mapped(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long pages = -1;

	if (!f || fscanf(f, "%ld", &pages) != 1)
		pages = -1;
	if (f)
		fclose(f);
	return pages;
}

/* What says the same is the same: a program that updates for ever does not grow for it. */
static void updates_without_a_change_take_no_memory(void)
{
	unsigned long cpus[1];
	long before;

	start();
	numa_node_of_cpu(0);
	before = pages_mapped();
	for (int i = 0; i < 1500; i++) {
		numa_node_to_cpu_update();
		for (int node = 0; node < 4; node++)
			CHECK_EQ(topo_node_cpus(node, cpus, 64), 0);
		CHECK_EQ(numa_node_of_cpu(5), 2);
	}
#ifndef UNDER_THREAD_SANITIZER /* which maps memory as it likes */
	CHECK_EQ(pages_mapped(), before);
#else
	(void)before;
#endif
}

/*
 * Threads ask while the maps change from one machine to the other and back: each answer is one or
 * the other's. Rounds are counted, not timed.
 */

#ifndef ROUNDS
#define ROUNDS 150
#endif

static atomic_int rounds, wrong;

static void *changer(void *arg)
{
	(void)arg;
	for (int i = 0; i < ROUNDS; i++) {
		if (i % 2)
			maps("03\n", "0c\n", "30\n", "c0\n");
		else
			maps("c0\n", "30\n", "0c\n", "03\n");
		atomic_fetch_add(&rounds, 1);
	}
	return NULL;
}

static void *asker(void *arg)
{
	unsigned node = (unsigned)(size_t)arg % 4;
	const unsigned long a = 3UL << 2 * node, b = 3UL << 2 * (3 - node);

	while (atomic_load(&rounds) < ROUNDS)
		for (int i = 0; i < 20; i++) {
			unsigned long words[2] = {0};
			struct bitmask mask = {.size = 128, .maskp = words};
			int of;

			if (numa_node_to_cpus((int)node, &mask) || (words[0] != a && words[0] != b))
				atomic_fetch_add(&wrong, 1);
			/* Half a change may be seen, so any node; never one that is not there. */
			of = numa_node_of_cpu((int)(2 * node));
			if (of < -1 || of > 3)
				atomic_fetch_add(&wrong, 1);
			if (node == 3)
				numa_node_to_cpu_update();
		}
	return NULL;
}

static void many_threads_and_changes(void)
{
	pthread_t threads[9];

	start();
	pthread_create(&threads[8], NULL, changer, NULL);
	for (size_t i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, asker, (void *)i);
	for (int i = 0; i < 9; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(wrong, 0);
	/* The last update counts for everybody. */
	for (int node = 0; node < 4; node++) {
		unsigned long words[1] = {0};
		struct bitmask mask = {.size = 64, .maskp = words};

		CHECK_EQ(numa_node_to_cpus(node, &mask), 0);
		CHECK_EQ(words[0], 3UL << 2 * node);
		CHECK_EQ(numa_node_of_cpu(2 * node), node);
	}
}

/*
 * CPUs of one node come and go while threads ask for theirs: each is of that node or of none, and those of the
 * others never change.
 */
static void *plugger(void *arg)
{
	(void)arg;
	for (int i = 0; i < ROUNDS; i++) {
		unplug(i % 2 == 0);
		numa_node_to_cpu_update();
		atomic_fetch_add(&rounds, 1);
	}
	return NULL;
}

static void *watcher(void *arg)
{
	(void)arg;
	while (atomic_load(&rounds) < ROUNDS) {
		int of = numa_node_of_cpu(2);

		if ((of != -1 && of != 1) || numa_node_of_cpu(1) != 0 || numa_node_of_cpu(4) != 2)
			atomic_fetch_add(&wrong, 1);
	}
	return NULL;
}

static void threads_ask_while_cpus_are_unplugged(void)
{
	pthread_t threads[5];

	start();
	rounds = wrong = 0;
	pthread_create(&threads[4], NULL, plugger, NULL);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, watcher, NULL);
	for (int i = 0; i < 5; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(wrong, 0);
	CHECK_EQ(numa_node_of_cpu(2), ROUNDS % 2 ? -1 : 1);
	unplug(false);
	numa_node_to_cpu_update();
}

int main(int argc, char **argv)
{
	static const struct fixture_node nodes[] = {
		{0, "03\n", 1}, {1, "0c\n", 1}, {2, "30\n", 1}, {3, "c0\n", 1}};

	if (argc < 2) {
		fixture_machine(fixture_root(), nodes, 4, "00000000,0000000f", "ff", "0-7");
		return !fixture_run(argv[0], "run");
	}
	root = getenv("MYNUMA_ROOT");
	RUN(a_map_is_read_once);
	RUN(after_an_update_every_node_is_read_again);
	RUN(the_node_of_a_cpu_follows);
	RUN(unplugged_cpus_are_of_no_node);
	RUN(a_failure_is_not_remembered);
	RUN(masks_that_fit_and_masks_that_do_not);
	RUN(maps_longer_than_the_kernels_masks);
	RUN(updates_without_a_change_take_no_memory);
	RUN(many_threads_and_changes);
	RUN(threads_ask_while_cpus_are_unplugged);
	return tap_done();
}
