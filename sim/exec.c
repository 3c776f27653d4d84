/* SPDX-License-Identifier: MIT */
/*
 * Starting programs. The machine goes along in the environment, whichever one the program hands
 * over: a kernel would not lose its CPUs to env -i. So does what the calling thread has,
 * in MYNUMA_TASK. Who hands over a MYNUMA_TOPOLOGY of its own builds another machine and is left
 * alone.
 *
 * What is needed lies in pages that a thread keeps, since a vfork()ed child that succeeds can give
 * nothing back.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emul/tls.h"
#include "sim/sim.h"
#include "sys/call.h"
#include "sys/smallfile.h"
#include "topology/topology.h"

/* ---- what goes along ---- */

enum { TOPOLOGY, SIM, PRELOAD, PATH, TASK, NAMES };

static const char *const names[NAMES] = {
	[TOPOLOGY] = "MYNUMA_TOPOLOGY", [SIM] = "MYNUMA_SIM",	[PRELOAD] = "LD_PRELOAD",
	[PATH] = "LD_LIBRARY_PATH",	[TASK] = "MYNUMA_TASK",
};

/* As they were at the start, in memory of our own; NULL: not there. */
static struct {
	char *topology;
	char *sim;
	char *library;	 /* this one's file */
	char *directory; /* and where it lies */
} own;

static char *keep(const char *text, size_t len)
{
	char *copy = text ? pages_alloc(len + 1) : NULL;

	if (copy)
		memcpy(copy, text, len);
	return copy;
}

static void remember(void)
{
	const char *slash, *topology = getenv("MYNUMA_TOPOLOGY"), *sim = getenv("MYNUMA_SIM");
	Dl_info info;

	own.topology = keep(topology, topology ? strlen(topology) : 0);
	own.sim = keep(sim, sim ? strlen(sim) : 0);
	if (dladdr(&own, &info) == 0 || !info.dli_fname)
		return;
	slash = strrchr(info.dli_fname, '/');
	own.library = keep(info.dli_fname, strlen(info.dli_fname));
	own.directory = slash ? keep(info.dli_fname, (size_t)(slash - info.dli_fname)) : NULL;
}

/* Whether an element of a list is this one. */
static bool lists(const char *list, const char *separators, const char *wanted)
{
	size_t len = strlen(wanted);

	while (*list) {
		size_t n = strcspn(list, separators);

		if (n == len && memcmp(list, wanted, n) == 0)
			return true;
		list += n;
		list += *list != '\0';
	}
	return false;
}

/* An entry of an environment: NAME=FIRST, or NAME=FIRST:REST. */
struct entry {
	const char *first;
	const char *rest;
};

/* What has to be set in an environment so that the program runs on this machine. */
static bool additions(char *const *env, const char *task, struct entry add[NAMES])
{
	const char *topology = sim_getenv(env, names[TOPOLOGY]);
	const char *preload = sim_getenv(env, names[PRELOAD]);
	const char *path = sim_getenv(env, names[PATH]);
	bool any = false;

	memset(add, 0, NAMES * sizeof(*add));
	if (!own.topology || !own.library || (topology && strcmp(topology, own.topology) != 0))
		return false;
	if (!topology)
		add[TOPOLOGY].first = own.topology;
	if (own.sim && !sim_getenv(env, names[SIM]))
		add[SIM].first = own.sim;
	if (!preload || !lists(preload, " :", own.library))
		add[PRELOAD] = (struct entry){own.library, preload && *preload ? preload : NULL};
	if (own.directory && (!path || !lists(path, ":;", own.directory)))
		add[PATH] = (struct entry){own.directory, path && *path ? path : NULL};
	if (*task && !sim_getenv(env, names[TASK]))
		add[TASK].first = task;
	for (int i = 0; i < NAMES; i++)
		any |= add[i].first != NULL;
	return any;
}

/* ---- memory ---- */

static EMUL_TLS struct {
	char *pages;
	size_t size;
} kept;

static char *room(size_t size)
{
	if (kept.size < size) {
		size = (size + 4095) & ~(size_t)4095;
		if (kept.pages)
			pages_free(kept.pages, kept.size);
		kept.pages = pages_alloc(size);
		kept.size = kept.pages ? size : 0;
	}
	return kept.pages;
}

void sim_environment_done(void)
{
	if (kept.pages)
		pages_free(kept.pages, kept.size);
	kept.pages = NULL;
	kept.size = 0;
}

static size_t entry_bytes(int i, const struct entry *entry)
{
	return strlen(names[i]) + strlen(entry->first) + (entry->rest ? strlen(entry->rest) : 0) +
	       sizeof("=:");
}

static char *put(char *at, const char *text)
{
	size_t len = strlen(text);

	memcpy(at, text, len + 1);
	return at + len;
}

static char *put_entry(char *at, int i, const struct entry *entry)
{
	at = put(put(put(at, names[i]), "="), entry->first);
	if (entry->rest)
		at = put(put(at, ":"), entry->rest);
	return at + 1;
}

/* Whether a string of an environment is replaced. */
static bool is_replaced(const char *string, const struct entry add[NAMES])
{
	for (int i = 0; i < NAMES; i++) {
		size_t len = strlen(names[i]);

		if (add[i].first && strncmp(string, names[i], len) == 0 && string[len] == '=')
			return true;
	}
	return false;
}

static char *const *build(char *const *env, const struct entry add[NAMES])
{
	size_t count = 0, bytes = 0;
	char **vector, **to, *at;

	while (env && env[count])
		count++;
	for (int i = 0; i < NAMES; i++)
		bytes += add[i].first ? entry_bytes(i, &add[i]) : 0;
	at = room((count + NAMES + 1) * sizeof(*vector) + bytes);
	if (!at)
		return env;
	vector = to = (char **)(void *)at;
	at += (count + NAMES + 1) * sizeof(*vector);
	for (size_t i = 0; i < count; i++)
		if (!is_replaced(env[i], add))
			*to++ = env[i];
	for (int i = 0; i < NAMES; i++)
		if (add[i].first) {
			*to++ = at;
			at = put_entry(at, i, &add[i]);
		}
	*to = NULL;
	return vector;
}

char *const *sim_environment(char *const *env)
{
	struct entry add[NAMES];
	char task[SIM_CARRY_BYTES];

	sim_begin();
	if (!topo_is_synthetic())
		return env;
	sim_carry(task);
	return additions(env, task, add) ? build(env, add) : env;
}

/* ---- libc's functions, looked up at the start: the loader is not async-signal-safe ---- */

HAS_NEXT(execvpe);
HAS_NEXT(fexecve);
HAS_NEXT(popen);
HAS_NEXT(posix_spawn);
HAS_NEXT(posix_spawnp);
HAS_NEXT(system);

__attribute__((constructor)) static void at_load(void)
{
	remember();
	(void)NEXT(execvpe);
	(void)NEXT(fexecve);
	(void)NEXT(popen);
	(void)NEXT(posix_spawn);
	(void)NEXT(posix_spawnp);
	(void)NEXT(system);
}

/* ---- exec ---- */

INTERPOSED int execve(const char *path, char *const argv[], char *const env[])
{
	return (int)sim_result(sys_call(__NR_execve, path, argv, sim_environment(env)));
}

INTERPOSED int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

INTERPOSED int execvpe(const char *file, char *const argv[], char *const env[])
{
	return NEXT(execvpe)(file, argv, sim_environment(env));
}

INTERPOSED int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

INTERPOSED int fexecve(int fd, char *const argv[], char *const env[])
{
	return NEXT(fexecve)(fd, argv, sim_environment(env));
}

#ifdef HAVE_EXECVEAT
INTERPOSED int execveat(int dir, const char *path, char *const argv[], char *const env[], int flags)
{
	return (int)sim_result(
		sys_call(__NR_execveat, dir, path, argv, sim_environment(env), flags));
}
#endif

/* Arguments that are listed in the call, as a vector: on the stack when they are not too many. */

#define LISTED 126

struct listed {
	char **argv;
	size_t size; /* of pages; 0: on the stack */
	char *few[LISTED + 2];
};

static bool list_arguments(struct listed *list, const char *first, va_list args)
{
	size_t count = 1, i = 0;
	va_list counting;

	va_copy(counting, args);
	while (first && va_arg(counting, const char *))
		count++;
	va_end(counting);
	list->size = count > LISTED ? (count + 1) * sizeof(char *) : 0;
	list->argv = list->size ? pages_alloc(list->size) : list->few;
	if (!list->argv) {
		errno = ENOMEM;
		return false;
	}
	for (; first; first = va_arg(args, const char *))
		memcpy(&list->argv[i++], &first, sizeof(first)); /* no more const than argv is */
	list->argv[i] = NULL;
	return true;
}

/* With what execve() and execvpe() have in common. */
typedef int exec_way(const char *program, char *const *argv, char *const *env);

static int exec_listed(exec_way *way, const char *program, const char *first, va_list args,
		       char *const *env)
{
	struct listed list;
	int ret, saved;

	if (!list_arguments(&list, first, args))
		return -1;
	ret = way(program, list.argv, env);
	saved = errno;
	if (list.size)
		pages_free(list.argv, list.size);
	errno = saved;
	return ret;
}

INTERPOSED int execl(const char *path, const char *arg, ...)
{
	va_list args;
	int ret;

	va_start(args, arg);
	ret = exec_listed(execve, path, arg, args, environ);
	va_end(args);
	return ret;
}

INTERPOSED int execlp(const char *file, const char *arg, ...)
{
	va_list args;
	int ret;

	va_start(args, arg);
	ret = exec_listed(execvpe, file, arg, args, environ);
	va_end(args);
	return ret;
}

/* The environment stands behind the list's end. */
INTERPOSED int execle(const char *path, const char *arg, ...)
{
	char *const *env;
	va_list args;
	int ret;

	va_start(args, arg);
	while (va_arg(args, const char *))
		;
	env = va_arg(args, char *const *);
	va_end(args);
	va_start(args, arg);
	ret = exec_listed(execve, path, arg, args, env);
	va_end(args);
	return ret;
}

/* ---- spawn ---- */

INTERPOSED int posix_spawn(pid_t *restrict pid, const char *restrict path,
			   const posix_spawn_file_actions_t *actions,
			   const posix_spawnattr_t *restrict attr, char *const argv[restrict],
			   char *const env[restrict])
{
	return NEXT(posix_spawn)(pid, path, actions, attr, argv, sim_environment(env));
}

INTERPOSED int posix_spawnp(pid_t *restrict pid, const char *restrict file,
			    const posix_spawn_file_actions_t *actions,
			    const posix_spawnattr_t *restrict attr, char *const argv[restrict],
			    char *const env[restrict])
{
	return NEXT(posix_spawnp)(pid, file, actions, attr, argv, sim_environment(env));
}

/* ---- system and popen: libc starts the shell by itself, so it is the shell that is told ---- */

/* What a shell has to be told before the command; in pages, NULL if nothing. */
static char *shell_command(const char *command, size_t *size)
{
	struct entry add[NAMES];
	char task[SIM_CARRY_BYTES], *text, *at;

	sim_begin();
	if (!command || !topo_is_synthetic())
		return NULL;
	sim_carry(task);
	if (!additions(environ, task, add))
		return NULL;
	*size = strlen(command) + 1;
	for (int i = 0; i < NAMES; i++)
		if (add[i].first)
			*size += entry_bytes(i, &add[i]) + sizeof("export '';");
	text = at = pages_alloc(*size);
	for (int i = 0; text && i < NAMES; i++) {
		if (!add[i].first || strchr(add[i].first, '\'') ||
		    (add[i].rest && strchr(add[i].rest, '\'')))
			continue;
		at = put(put(put(put(at, "export "), names[i]), "='"), add[i].first);
		if (add[i].rest)
			at = put(put(at, ":"), add[i].rest);
		at = put(at, "';");
	}
	if (text)
		put(at, command);
	return text;
}

INTERPOSED int system(const char *command)
{
	size_t size;
	char *told = shell_command(command, &size);
	int ret;

	ret = NEXT(system)(told ? told : command);
	if (told) {
		int saved = errno;

		pages_free(told, size);
		errno = saved;
	}
	return ret;
}

INTERPOSED FILE *popen(const char *command, const char *type)
{
	size_t size;
	char *told = shell_command(command, &size);
	FILE *file;

	file = NEXT(popen)(told ? told : command, type);
	if (told) {
		int saved = errno;

		pages_free(told, size);
		errno = saved;
	}
	return file;
}
