/* SPDX-License-Identifier: MIT */
/*
 * Writes all that the public functions say about the machine below MYNUMA_ROOT, in a form that
 * does not depend on the machine it runs on. Warnings and errors stand where they came, each one
 * of them.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "numa.h"
#include "unit/fixture.h"

void numa_error(char *where)
{
	printf("  error: %s: %s\n", where, strerror(errno));
}

void numa_warn(int num, char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	text[strcspn(text, "\n")] = '\0';
	printf("  warning %d: %s\n", num, text);
}

static void show_mask(const char *name, const struct bitmask *mask)
{
	printf("%s %s\n", name, mask ? fixture_list(mask->maskp, mask->size) : "null");
}

static const char *error_name(int err)
{
	static const struct {
		int err;
		const char *name;
	} names[] = {{0, "0"},		 {EINVAL, "EINVAL"}, {ENOENT, "ENOENT"},
		     {ERANGE, "ERANGE"}, {EISDIR, "EISDIR"}, {ENOTDIR, "ENOTDIR"},
		     {ENOMEM, "ENOMEM"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].err == err)
			return names[i].name;
	return strerror(err);
}

static void show_counts(void)
{
	printf("max_node %d\n", numa_max_node());
	printf("possible_nodes %d max %d\n", numa_num_possible_nodes(), numa_max_possible_node());
	printf("configured nodes %d cpus %d\n", numa_num_configured_nodes(),
	       numa_num_configured_cpus());
	printf("task nodes %d %d cpus %d %d\n", numa_num_task_nodes(), numa_num_thread_nodes(),
	       numa_num_task_cpus(), numa_num_thread_cpus());
	show_mask("allowed_nodes", numa_all_nodes_ptr);
	show_mask("existing_nodes", numa_nodes_ptr);
	show_mask("no_nodes", numa_no_nodes_ptr);
	show_mask("allowed_cpus", numa_all_cpus_ptr);
	printf("v1 %s\n", fixture_list(numa_all_nodes.n, 128));
}

/* The CPUs, or "all" for the mask of all ones that says nothing is known. */
static void show_node(int node)
{
	struct bitmask *cpus = numa_allocate_cpumask();
	long long size, left = 77;
	int ret;

	errno = 0;
	ret = numa_node_to_cpus(node, cpus);
	printf("node %d cpus %d %s %s\n", node, ret, ret ? error_name(errno) : "-",
	       numa_bitmask_weight(cpus) == cpus->size ? "all"
						       : fixture_list(cpus->maskp, cpus->size));
	errno = 0;
	size = numa_node_size64(node, &left);
	printf("node %d size %lld free %lld %s\n", node, size, left,
	       size < 0 ? error_name(errno) : "-");
	numa_bitmask_free(cpus);
}

/* Runs of CPUs that have the same node. */
static void show_cpus(int n)
{
	for (int cpu = -1; cpu < n;) {
		int node = numa_node_of_cpu(cpu), last = cpu;

		while (last + 1 < n && numa_node_of_cpu(last + 1) == node)
			last++;
		printf("cpu %d..%d node %d\n", cpu, last, node);
		cpu = last + 1;
	}
}

static void show_distances(int from, int n)
{
	int *row = calloc((size_t)n, sizeof(*row));

	for (int to = 0; row && to < n; to++)
		row[to] = numa_distance(from, to);
	printf("distance %d:", from);
	for (int to = 0; row && to < n;) {
		int times = 1;

		while (to + times < n && row[to + times] == row[to])
			times++;
		if (times > 1)
			printf(" %dx%d", row[to], times);
		else
			printf(" %d", row[to]);
		to += times;
	}
	putchar('\n');
	free(row);
}

static void show_strings(void)
{
	static const char *const texts[] = {"",	   "all", "!all", "0",	"+1",
					    "0-3", "!0",  "1023", "5,2"};
	static const struct {
		const char *name;
		struct bitmask *(*parse)(const char *s);
	} parsers[] = {{"nodes", numa_parse_nodestring},
		       {"nodes_all", numa_parse_nodestring_all},
		       {"cpus", numa_parse_cpustring},
		       {"cpus_all", numa_parse_cpustring_all}};

	for (size_t p = 0; p < 4; p++)
		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
			struct bitmask *mask = parsers[p].parse(texts[i]);

			printf("%s \"%s\" ", parsers[p].name, texts[i]);
			show_mask("->", mask);
			numa_bitmask_free(mask);
		}
}

int main(int argc, char **argv)
{
	int max = numa_max_node(), cpus = argc > 1 ? atoi(argv[1]) : numa_num_configured_cpus();

	show_counts();
	for (int node = -1; node <= max + 1; node++)
		show_node(node);
	show_cpus(cpus + 2);
	for (int node = -1; node <= max + 1; node++)
		show_distances(node, max + 2);
	show_strings();
	return 0;
}
