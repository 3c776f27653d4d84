/* SPDX-License-Identifier: MIT */
/*
 * How a program begins on the machine: what `mynuma run` or the program before exec() says in the
 * environment, and libc's own functions.
 *
 *	MYNUMA_SIM	"ID:LIST", first thread of the machine and the real CPUs it had; stays
 *	MYNUMA_TASK	policy and affinity over exec(); taken out
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/masktext.h"
#include "emul/cpus.h"
#include "emul/emul.h"
#include "emul/task.h"
#include "sim/sim.h"
#include "topology/topology.h"

#define HOST_CPUS 8192

const char *sim_getenv(char *const *env, const char *name)
{
	size_t len = strlen(name);

	for (; env && *env; env++)
		if (strncmp(*env, name, len) == 0 && (*env)[len] == '=')
			return *env + len + 1;
	return NULL;
}

void *sim_next(_Atomic(void *) *found, const char *name)
{
	void *function = atomic_load_explicit(found, memory_order_acquire);

	if (!function) {
		function = dlsym(RTLD_NEXT, name);
		atomic_store_explicit(found, function, memory_order_release);
	}
	return function;
}

static void take_host(const char *text)
{
	unsigned long cpus[HOST_CPUS / BITS_PER_LONG];
	int first = 0;

	for (; *text >= '0' && *text <= '9' && first < 100000000; text++)
		first = first * 10 + (*text - '0');
	if (*text == ':' && mask_parse_list(text + 1, cpus, HOST_CPUS, NULL) &&
	    !bits_empty(cpus, HOST_CPUS))
		cpus_machine(cpus, HOST_CPUS, first);
}

/* Without libc's lock of the environment, since this may be any early moment. */
static void take_out(const char *name)
{
	size_t len = strlen(name);
	char **to = environ;

	for (char **from = environ; *from; from++)
		if (strncmp(*from, name, len) != 0 || (*from)[len] != '=')
			*to++ = *from;
	*to = NULL;
}

static void begin(void)
{
	const char *host = sim_getenv(environ, "MYNUMA_SIM");
	const char *task = sim_getenv(environ, "MYNUMA_TASK");
	struct emul_task nothing;
	int saved = errno;

	if (host)
		take_host(host);
	if (task)
		sim_take(task);
	take_out("MYNUMA_TASK");
	/* What it has is the thread's own from now on, also if that is nothing. */
	emul_task_get(&nothing);
	emul_task_set(&nothing);
	errno = saved;
}

/* 0, 1 while it begins (what is called meanwhile has to do with what there is), 2. */
static atomic_int state;

void sim_begin(void)
{
	int before = 0;

	if (__builtin_expect(atomic_load_explicit(&state, memory_order_acquire) == 2, 1))
		return;
	if (!environ || secure_getenv("MYNUMA_TOPOLOGY") == NULL)
		return;
	if (!atomic_compare_exchange_strong(&state, &before, 1))
		return;
	begin();
	atomic_store_explicit(&state, 2, memory_order_release);
}

void sim_forked(void)
{
	emul_forked();
}

static void in_child(void)
{
	cpus_forked();
}

__attribute__((constructor)) static void at_load(void)
{
	sim_begin();
	pthread_atfork(NULL, NULL, in_child);
}
