/* SPDX-License-Identifier: MIT */
/* What the subcommands have in common; common.h has the contract. */
#include "tools/common.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/simulate.h"

static const char *command_name = "";
static char **command_line;

void common_start(const char *command, char **argv)
{
	static char title[32];

	command_name = command;
	command_line = argv;
	/* getopt() begins its messages with the name of what it takes for the program. */
	snprintf(title, sizeof(title), "mynuma %s", command);
	argv[1] = title;
}

/* What a user gave may hold what is no text; it may not spoil the line. */
static void vmessage(const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		return;
	for (char *at = text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 127)
			*at = '?';
	fflush(stdout);
	fprintf(stderr, "mynuma%s%s: %s\n", *command_name ? " " : "", command_name, text);
	free(text);
}

void message(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vmessage(format, args);
	va_end(args);
}

int usage(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vmessage(format, args);
	va_end(args);
	return usage_hint();
}

int usage_hint(void)
{
	fprintf(stderr, "See mynuma %s --help\n", command_name);
	return STATUS_USAGE;
}

int finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	message("writing failed: %s", strerror(errno));
	return STATUS_FAILED;
}

void *allocate(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size);

	if (!p) {
		message("there is not enough memory");
		exit(STATUS_FAILED);
	}
	return p;
}

/* Descriptions */

/* A whole file as text; NULL with errno. */
static char *read_text(const char *path)
{
	size_t len = 0, room = 1 << 16, n;
	char *text = allocate(room, 1);
	FILE *file = fopen(path, "re");

	while (file && len < (16 << 20) && (n = fread(text + len, 1, room - len - 1, file)) > 0) {
		len += n;
		if (len + 1 == room) {
			text = realloc(text, room *= 2);
			if (!text)
				break;
		}
	}
	if (file && text && !ferror(file)) {
		text[len] = '\0';
		fclose(file);
		if (strlen(text) == len && len < (16 << 20))
			return text;
		errno = EINVAL;
	} else if (file) {
		int err = errno;

		fclose(file);
		errno = err;
	}
	free(text);
	return NULL;
}

static unsigned host_cpus(void)
{
	size_t size = CPU_ALLOC_SIZE(DESCRIPTION_CPUS);
	cpu_set_t *set = allocate(1, size);
	int n = sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : 1;

	free(set);
	return (unsigned)n;
}

/* Each program on the machine reads its file again, so what can be read but once is of no use. */
static bool read_once(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

/* The machine of a description, or NULL; what is wrong is told unless `quiet`. */
static const struct description *describe(const char *spec, bool quiet)
{
	struct description_fault fault = {0};
	struct description *d = mmap(NULL, sizeof(*d), PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *text = NULL;
	bool good;

	if (d == MAP_FAILED)
		return NULL;
	if (*spec == '@' && read_once(spec + 1)) {
		if (!quiet)
			message("%s: a pipe can be read only once; its text has to be in a file",
				spec + 1);
		return NULL;
	}
	text = *spec == '@' ? read_text(spec + 1) : strdup(spec);
	if (!text) {
		if (!quiet)
			message("%s: %s", spec + 1,
				errno == EINVAL ? "this is not a text file, or too long"
						: strerror(errno));
		return NULL;
	}
	good = description_parse(d, text, *spec == '@' ? DESCRIPTION_FILE : DESCRIPTION_GROUPS,
				 host_cpus(), &fault);
	free(text);
	if (good)
		return d;
	if (!quiet && *spec == '@')
		message("%s:%lu:%lu: %s", spec + 1, fault.line, fault.column, fault.why);
	else if (!quiet)
		message("%s: %s, at character %lu", spec, fault.why, fault.column);
	munmap(d, sizeof(*d));
	return NULL;
}

const struct description *described_machine(bool *wrong)
{
	const char *spec = getenv("MYNUMA_TOPOLOGY");
	const struct description *d = spec && *spec ? describe(spec, true) : NULL;

	*wrong = spec && *spec && !d;
	return d;
}

void drop_wrong_topology(void)
{
	bool wrong;
	const struct description *d = described_machine(&wrong);

	if (d)
		munmap((void *)(uintptr_t)d, sizeof(*d));
	if (wrong)
		unsetenv("MYNUMA_TOPOLOGY");
}

/* The same description wherever a program may go: the file by its full path. */
static char *absolute(const char *spec)
{
	char *path = *spec == '@' ? realpath(spec + 1, NULL) : NULL;
	char *full;

	if (!path)
		return strdup(spec);
	full = allocate(strlen(path) + 2, 1);
	full[0] = '@';
	strcpy(full + 1, path);
	free(path);
	return full;
}

int use_topology(const char *spec)
{
	char *full = absolute(spec);
	const char *now = getenv("MYNUMA_TOPOLOGY");
	bool same = now && full && strcmp(now, full) == 0;

	if (!describe(spec, false))
		return STATUS_USAGE;
	if (same || !full) {
		free(full);
		return full ? STATUS_GOOD : STATUS_FAILED;
	}
	setenv("MYNUMA_TOPOLOGY", full, 1);
	free(full);
	command_line[1] = (char *)command_name;
	execv("/proc/self/exe", command_line);
	execvp(command_line[0], command_line);
	message("cannot start anew: %s", strerror(errno));
	return STATUS_FAILED;
}

int use_machine(const char *spec)
{
	int status = use_topology(spec);

	return status == STATUS_GOOD ? simulate(true) : status;
}

/* Programs */

void outlive_readers(sigset_t *before)
{
	sigset_t pipe;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe, before);
}

int become_program(char **argv)
{
	int err;

	execvp(argv[0], argv);
	err = errno;
	message("%s: %s", argv[0], strerror(err));
	return err == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}

/* The process of the program that runs, for who is told to end: it is told instead. */
static volatile sig_atomic_t running;

static void pass_on(int number)
{
	if (running)
		kill((pid_t)running, number);
}

/* Unless it was ignored before. */
static void handle(int number, void (*handler)(int), struct sigaction *old)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};

	sigaction(number, NULL, old);
	if (old->sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

static int wait_for(pid_t pid)
{
	int status = 0;
	siginfo_t info;

	/* As long as it is not reaped the number is its own. */
	while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	running = 0;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int run_program(char **argv)
{
	/* The terminal sends the first two to the program, too. */
	static const int numbers[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
	enum { COUNT = sizeof(numbers) / sizeof(numbers[0]), FROM_TERMINAL = 2 };
	struct sigaction old[COUNT];
	int status = STATUS_CANNOT_RUN;
	sigset_t set, mask;
	pid_t pid;

	fflush(stdout);
	sigemptyset(&set);
	for (int i = 0; i < COUNT; i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, &mask);
	pid = fork();
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &mask, NULL);
		simulate_first();
		_exit(become_program(argv));
	}
	running = pid > 0 ? pid : 0;
	for (int i = 0; i < COUNT; i++)
		handle(numbers[i], i < FROM_TERMINAL ? SIG_IGN : pass_on, &old[i]);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (pid < 0)
		message("cannot start %s: %s", argv[0], strerror(errno));
	else
		status = wait_for(pid);
	for (int i = 0; i < COUNT; i++)
		sigaction(numbers[i], &old[i], NULL);
	return status;
}

/* Text */

void json_string(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < ' ' || c == 127)
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

const char *first_line(const char *format, ...)
{
	static char line[4096];
	char path[PATH_MAX];
	va_list args;
	FILE *file;
	bool good;

	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	file = fopen(path, "re");
	if (!file)
		return NULL;
	good = fgets(line, sizeof(line), file) != NULL;
	fclose(file);
	line[good ? strcspn(line, "\n") : 0] = '\0';
	return good ? line : NULL;
}
