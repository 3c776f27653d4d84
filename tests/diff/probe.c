/* SPDX-License-Identifier: MIT */
/*
 * The probe's frame: options, the groups, and the fork that gives a case a process of its own.
 *
 *	probe --lib PATH [--name MACHINE] [--root DIR] [PREFIX...]
 *				runs the groups (or those that begin so)
 *	probe --list		the groups
 *	probe --functions	every function of the interface, as the cases name them
 *	probe --shape		what this machine is, as far as results depend on it
 *
 * --root puts DIR/sys over /sys and DIR/proc over /proc in a mount namespace of the probe's own,
 * so that any library sees the machine described there.
 */
#include "probe.h"

#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PLAIN = 1,    /* runs with the library loaded, on any machine */
	UNLOADED = 2, /* loads the library itself, case by case */
	REAL = 4,     /* its answers come from the kernel alone: once, without --root */
	FAKED = 8,    /* needs --root */
	HOOKS = 16,   /* only in the program that defines the overridable functions */
};

static const struct group {
	const char *name;
	void (*run)(void);
	int where;
} groups[] = {
	{"symbols", group_symbols, PLAIN | REAL},
	{"bitmask", group_bitmask, PLAIN | REAL},
	{"copy", group_copy, PLAIN | REAL},
	{"bitmap", group_bitmap, PLAIN | REAL},
	{"string", group_string, PLAIN},
	{"random", group_string_random, PLAIN},
	{"io", group_io, PLAIN},
	{"policy", group_policy, PLAIN | REAL},
	{"getters", group_getters, PLAIN | REAL},
	{"range", group_range, PLAIN | REAL},
	{"alloc", group_alloc, PLAIN | REAL},
	{"migrate", group_migrate, PLAIN | REAL},
	{"affinity", group_affinity, PLAIN},
	{"topology", group_topology, PLAIN},
	{"update", group_update, PLAIN | FAKED},
	{"report", group_report, PLAIN | REAL},
	{"v1", group_v1, PLAIN},
	{"thread", group_thread, PLAIN | REAL},
	{"wrappers", group_wrappers, PLAIN | REAL},
	{"load", group_load, UNLOADED},
	{"hooks", group_hooks, UNLOADED | HOOKS},
	{"kernel", group_hooked_kernel, UNLOADED | HOOKS},
};

const char *lib_path, *root_dir;
static const char *machine = "real", *group_name = "";

/* What a child leaves for its parent: how far it came. */
static struct {
	int done;
	char key[8192];
} * shared;

static char line[1 << 16];
static size_t line_len;
static int in_child, real_stderr = 2;

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vdprintf(real_stderr, fmt, ap);
	va_end(ap);
	dprintf(real_stderr, "\n");
	_exit(3);
}

void out(const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line + line_len, sizeof(line) - line_len, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(line) - line_len)
		die("%s: line too long", shared->key);
	line_len += (size_t)n;
}

/* Text with what would break a line written as an escape. */
void out_text(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '\n')
			out("\\n");
		else if (c < ' ' || c > '~' || c == '\\')
			out("\\x%02x", c);
		else
			out("%c", c);
	}
}

void out_errno(void)
{
	int e = errno;

	out(" errno=%d", e);
}

static void flush_stderr(void)
{
	char buf[8192];
	struct stat st;
	ssize_t n;

	if (fstat(2, &st) || !st.st_size)
		return;
	n = pread(2, buf, sizeof(buf), 0);
	if (n > 0) {
		out(" | stderr=");
		out_text(buf, (size_t)n);
	}
	if (ftruncate(2, 0) || lseek(2, 0, SEEK_SET))
		die("stderr: %m");
}

static void flush_line(void)
{
	struct {
		const char *s;
		size_t n;
	} part[] = {{shared->key, strlen(shared->key)}, {" ->", 3}, {line, line_len}, {"\n", 1}};

	flush_stderr();
	part[2].n = line_len;
	for (size_t i = 0; i < ARRAY_SIZE(part); i++)
		if (fwrite(part[i].s, 1, part[i].n, stdout) != part[i].n)
			die("stdout: %m");
	fflush(stdout);
	line_len = 0;
}

static void wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) != pid)
		;
	if (shared->done)
		return;
	line_len = 0;
	if (WIFSIGNALED(status))
		out(" died of signal %d", WTERMSIG(status));
	else
		out(" exit status %d", WEXITSTATUS(status));
	flush_line();
}

int case_begin(int forked, int present, const char *fmt, ...)
{
	va_list ap;
	int n;
	pid_t pid;

	if (in_child && forked)
		die("%s: a case within a case", shared->key);
	n = snprintf(shared->key, sizeof(shared->key), "%s %s ", machine, group_name);
	va_start(ap, fmt);
	vsnprintf(shared->key + n, sizeof(shared->key) - (size_t)n, fmt, ap);
	va_end(ap);
	line_len = 0;
	shared->done = 0;
	if (!present) {
		out(" absent");
		flush_line();
		return 0;
	}
	if (!forked)
		return 1;
	pid = fork();
	if (pid < 0)
		die("fork: %m");
	if (pid) {
		wait_for(pid);
		return 0;
	}
	in_child = 1;
	alarm(20);
	return 1;
}

void guards_check(void);

int case_end(void)
{
	guards_check();
	flush_line();
	shared->done = 1;
	if (in_child)
		_exit(0);
	return 0;
}

static void fake_machine(void)
{
	static const char *const dirs[] = {"sys", "proc"};
	char from[4096], to[16];

	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		die("private mount namespace: %m");
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		snprintf(from, sizeof(from), "%s/%s", root_dir, dirs[i]);
		snprintf(to, sizeof(to), "/%s", dirs[i]);
		if (mount(from, to, NULL, MS_BIND, NULL))
			die("bind %s: %m", from);
	}
}

static int wanted(const struct group *g, char **prefixes)
{
	if ((g->where & REAL) && root_dir)
		return 0;
	if ((g->where & FAKED) && !root_dir)
		return 0;
	if (((g->where & HOOKS) != 0) != (hooks_present != 0))
		return 0;
	if (!*prefixes)
		return 1;
	for (; *prefixes; prefixes++)
		if (!strncmp(g->name, *prefixes, strlen(*prefixes)))
			return 1;
	return 0;
}

static void run_groups(int where, char **prefixes)
{
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		if (!(groups[i].where & where) || !wanted(&groups[i], prefixes))
			continue;
		group_name = groups[i].name;
		groups[i].run();
	}
}

/* The groups that share one loaded library, in a process that may die at the loading. */
static void run_loaded(char **prefixes)
{
	pid_t pid;

	snprintf(shared->key, sizeof(shared->key), "%s loading", machine);
	shared->done = 0;
	pid = fork();
	if (pid < 0)
		die("fork: %m");
	if (pid) {
		wait_for(pid);
		return;
	}
	lib_open(lib_path);
	flush_line();
	run_groups(PLAIN, prefixes);
	shared->done = 1;
	_exit(0);
}

static void quiet_stderr(void)
{
	int fd = memfd_create("stderr", 0);

	real_stderr = dup(2);
	if (fd < 0 || real_stderr < 0 || dup2(fd, 2) != 2)
		die("stderr: %m");
	close(fd);
}

int main(int argc, char **argv)
{
	int i;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED)
		die("mmap: %m");
	machine_read();
	for (i = 1; i < argc && !strncmp(argv[i], "--", 2); i++) {
		if (!strcmp(argv[i], "--list")) {
			for (size_t g = 0; g < ARRAY_SIZE(groups); g++)
				puts(groups[g].name);
			return 0;
		}
		if (!strcmp(argv[i], "--functions")) {
			lib_list();
			return 0;
		}
		if (!strcmp(argv[i], "--shape")) {
			printf("%ld cpus, masks of %zu cpus and %zu nodes, modes to %d\n",
			       sysconf(_SC_NPROCESSORS_CONF), kernel_cpus, kernel_nodes,
			       raw_set_policy(6, "0") ? 5 : 6);
			return 0;
		}
		if (i + 1 == argc)
			break;
		if (!strcmp(argv[i], "--lib"))
			lib_path = argv[++i];
		else if (!strcmp(argv[i], "--root"))
			root_dir = argv[++i];
		else if (!strcmp(argv[i], "--name"))
			machine = argv[++i];
		else
			break;
	}
	if (!lib_path || (i < argc && argv[i][0] == '-'))
		die("usage: probe --lib PATH [--name MACHINE] [--root DIR] [GROUP-PREFIX...]");
	if (root_dir)
		fake_machine();
	quiet_stderr();
	if (!hooks_present)
		run_loaded(argv + i);
	run_groups(UNLOADED, argv + i);
	return 0;
}
