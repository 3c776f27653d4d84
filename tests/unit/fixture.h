/* SPDX-License-Identifier: MIT */
/*
 * What tests need beside the harness: machines in a temporary directory for MYNUMA_ROOT, masks as
 * text, what was written to stderr, and a second run of the same program. The library takes its
 * snapshot before main(), hence a machine is made by one run and looked at by another:
 *
 *	int main(int argc, char **argv)
 *	{
 *		if (argc > 1)
 *			return the_tests(argv[1]);
 *		fixture_machine(fixture_root(), nodes, n, "3", "f", "0-3");
 *		return fixture_run(argv[0], "name");
 *	}
 */
#ifndef TESTS_UNIT_FIXTURE_H
#define TESTS_UNIT_FIXTURE_H

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIXTURE __attribute__((unused)) static

struct fixture_node {
	int id;
	const char *cpumap; /* as sysfs has it; NULL: no such file */
	long kb;
};

static char fixture_dir[4096];
static pid_t fixture_owner;

static inline void fixture_fail(const char *what)
{
	perror(what);
	_exit(99);
}

static int fixture_remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

static void fixture_remove(void)
{
	if (getpid() == fixture_owner)
		nftw(fixture_dir, fixture_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A new empty directory, the same for the life of the program, removed at its end. */
FIXTURE const char *fixture_root(void)
{
	const char *tmp = getenv("TMPDIR");

	if (fixture_owner == getpid())
		return fixture_dir;
	snprintf(fixture_dir, sizeof(fixture_dir), "%s/mynuma-test-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(fixture_dir))
		fixture_fail(fixture_dir);
	fixture_owner = getpid();
	atexit(fixture_remove);
	return fixture_dir;
}

/* Writes a file below `root` whose name is made of fmt, with the directories above it. */
__attribute__((unused, format(printf, 3, 4))) static void
fixture_put(const char *root, const char *text, const char *fmt, ...)
{
	char path[8192];
	size_t len = strlen(root);
	va_list args;
	int fd;

	memcpy(path, root, len);
	path[len++] = '/';
	va_start(args, fmt);
	vsnprintf(path + len, sizeof(path) - len, fmt, args);
	va_end(args);
	for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0777);
		*slash = '/';
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		fixture_fail(path);
	close(fd);
}

/*
 * A machine as the kernel describes it: nodes in ascending order; mems_allowed and cpus_allowed as
 * in /proc/self/status; possible CPUs as a list. Distances are 10 to itself, 20 + the difference
 * else.
 */
FIXTURE void fixture_machine(const char *root, const struct fixture_node *nodes, size_t n,
			     const char *mems_allowed, const char *cpus_allowed,
			     const char *possible)
{
	char text[65536];

	for (size_t i = 0; i < n; i++) {
		int id = nodes[i].id;
		int len = 0;

		if (nodes[i].cpumap)
			fixture_put(root, nodes[i].cpumap, "sys/devices/system/node/node%d/cpumap",
				    id);
		snprintf(text, sizeof(text), "Node %d MemTotal: %ld kB\nNode %d MemFree: %ld kB\n",
			 id, nodes[i].kb, id, nodes[i].kb / 2);
		fixture_put(root, text, "sys/devices/system/node/node%d/meminfo", id);
		for (size_t j = 0; j < n; j++)
			len += snprintf(text + len, sizeof(text) - (size_t)len, "%d%s",
					i == j ? 10 : 20 + abs(id - nodes[j].id),
					j + 1 < n ? " " : "\n");
		fixture_put(root, text, "sys/devices/system/node/node%d/distance", id);
	}
	snprintf(text, sizeof(text), "%s\n", possible);
	fixture_put(root, text, "sys/devices/system/cpu/possible");
	if (mems_allowed) {
		snprintf(text, sizeof(text), "Name:\ttest\nCpus_allowed:\t%s\nMems_allowed:\t%s\n",
			 cpus_allowed, mems_allowed);
		fixture_put(root, text, "proc/self/status");
	}
}

/* Runs fn(arg) in a forked child. Its exit status, or 128 + the signal. */
FIXTURE int fixture_child(void (*fn)(void *), void *arg)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		fixture_fail("fork");
	if (pid == 0) {
		fixture_owner = 0;
		fn(arg);
		fflush(NULL);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void fixture_exec(void *program_and_arg)
{
	const char *const *words = program_and_arg;

	setenv("MYNUMA_ROOT", fixture_dir, 1);
	execl(words[0], words[0], words[1], (char *)NULL);
	fixture_fail(words[0]);
}

/* Runs the program itself with this argument below fixture_root(). True if it exits with 0. */
FIXTURE bool fixture_run(const char *program, const char *arg)
{
	const char *words[] = {program, arg};

	fixture_root();
	return fixture_child(fixture_exec, words) == 0;
}

/* A mask as "{0,2-3}", in one of four buffers that take turns. */
FIXTURE const char *fixture_list(const unsigned long *words, size_t nbits)
{
	static __thread char ring[4][16384];
	static __thread unsigned turn;
	char *s = ring[turn++ % 4];
	const size_t w = sizeof(long) * 8;
	size_t len = 0;

	s[len++] = '{';
	for (size_t n = 0; n < nbits; n++) {
		size_t last = n;

		if (!(words[n / w] >> (n % w) & 1))
			continue;
		while (last + 1 < nbits && (words[(last + 1) / w] >> ((last + 1) % w) & 1))
			last++;
		if (len > sizeof(ring[0]) - 64)
			break;
		len += (size_t)sprintf(s + len, len > 1 ? ",%zu" : "%zu", n);
		if (last > n)
			len += (size_t)sprintf(s + len, "-%zu", last);
		n = last;
	}
	s[len++] = '}';
	s[len] = '\0';
	return s;
}

/* What fn(arg) writes to stderr, up to a buffer's size; the buffer is static. */
FIXTURE const char *fixture_stderr(void (*fn)(void *), void *arg)
{
	static char text[65536];
	char name[] = "/tmp/mynuma-stderr-XXXXXX";
	int file = mkstemp(name), saved = dup(2);
	ssize_t n;

	if (file < 0 || saved < 0)
		fixture_fail("fixture_stderr");
	unlink(name);
	fflush(stderr);
	dup2(file, 2);
	fn(arg);
	fflush(stderr);
	dup2(saved, 2);
	close(saved);
	n = pread(file, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(file);
	return text;
}

#endif
