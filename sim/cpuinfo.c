/* SPDX-License-Identifier: MIT */
/*
 * /proc/cpuinfo: for each CPU the block of a real one, with the numbers of the machine. LLVM's
 * OpenMP ends a program that finds fewer CPUs there than it may use.
 */
#include "sim/cpuinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "sys/smallfile.h"
#include "topology/topology.h"

#define CPUS_MAX 8192
#define NODES_MAX 1024

struct place {
	int cpu, node, core, cores;
};

static bool is_block(const char *at)
{
	return strncmp(at, "processor", 9) == 0 && strchr("\t :", at[9]) && at[9];
}

/* Behind the empty line that ends a block, or the end of the text. */
static const char *block_end(const char *at)
{
	const char *end = strstr(at, "\n\n");

	return end ? end + 2 : at + strlen(at);
}

/* What a line says of the place; -1: nothing. */
static int number_of(const char *line, size_t len, const struct place *place)
{
	const struct {
		const char *key;
		int number;
	} lines[] = {
		{"processor", place->cpu},	{"physical id", place->node},
		{"siblings", place->cores},	{"core id", place->core},
		{"cpu cores", place->cores},	{"apicid", place->cpu},
		{"initial apicid", place->cpu},
	};
	size_t key = strcspn(line, "\t:");

	for (size_t i = 0; key < len && i < sizeof(lines) / sizeof(lines[0]); i++)
		if (strlen(lines[i].key) == key && memcmp(line, lines[i].key, key) == 0)
			return lines[i].number;
	return -1;
}

static void put_block(FILE *to, const char *at, const char *end, const struct place *place)
{
	while (at < end) {
		size_t len = strcspn(at, "\n"), colon = strcspn(at, ":");
		int number = number_of(at, len, place);

		if (number >= 0 && colon < len)
			fprintf(to, "%.*s: %d\n", (int)colon, at, number);
		else
			fprintf(to, "%.*s\n", (int)len, at);
		at += len + (at[len] == '\n');
	}
}

/* The real blocks in turn, and what stands behind them. */
static void put_blocks(FILE *to, const char *text)
{
	static unsigned long cpus[CPUS_MAX / BITS_PER_LONG];
	static int cores[NODES_MAX], next[NODES_MAX];
	const struct topology *t = topo_get();
	size_t nbits = t->cpu_bits < CPUS_MAX ? t->cpu_bits : CPUS_MAX;
	const char *at = text, *tail = text;

	bits_copy(cpus, CPUS_MAX, t->allowed_cpus, nbits);
	for (bits_each(cpu, cpus, nbits))
		cores[topo_cpu_node((int)cpu) & (NODES_MAX - 1)]++;
	while (is_block(tail))
		tail = block_end(tail);
	for (bits_each(cpu, cpus, nbits)) {
		int node = topo_cpu_node((int)cpu) & (NODES_MAX - 1);
		struct place place = {(int)cpu, node, next[node]++, cores[node]};

		put_block(to, at, block_end(at), &place);
		at = block_end(at);
		if (!is_block(at))
			at = text;
	}
	fputs(tail, to);
}

int cpuinfo_write(int dir, const char *name)
{
	struct text text;
	FILE *to;
	int fd, err = 0;

	if (text_read(&text, "/proc/cpuinfo", NULL) < 0 || !is_block(text.s)) {
		text_free(&text);
		return 0;
	}
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0444);
	to = fd < 0 ? NULL : fdopen(fd, "w");
	if (to) {
		put_blocks(to, text.s);
		err = ferror(to) ? -EIO : 0;
		err = fclose(to) ? -errno : err;
	} else {
		err = -errno;
		if (fd >= 0)
			close(fd);
	}
	text_free(&text);
	return err;
}
