/* SPDX-License-Identifier: MIT */
/* How the simulation's library comes before a program; simulate.h has the contract. */
#include "tools/simulate.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/host.h"
#include "sim/view.h"
#include "tools/common.h"

#ifdef MYNUMA_SIM

static bool simulated;

/* The library goes first, so that nothing that is preloaded beside it gets past it. */
static int preload(void)
{
	const char *wanted = getenv("MYNUMA_SIM_LIB");
	char path[PATH_MAX];

	if (!wanted || !*wanted)
		wanted = MYNUMA_SIM;
	if (!realpath(wanted, path)) {
		message("%s: %s", wanted, strerror(errno));
		return STATUS_NOT_PREPARED;
	}
	if (strpbrk(path, ": ;")) {
		message("%s: a path with such characters cannot be preloaded", path);
		return STATUS_NOT_PREPARED;
	}
	put_first("LD_PRELOAD", path, ": ");
	*strrchr(path, '/') = '\0';
	put_first("LD_LIBRARY_PATH", path, ":;");
	return STATUS_GOOD;
}

/* What the library wants to know of the real machine; and no state of another one. */
static void describe_host(void)
{
	char cpus[32768] = "", text[sizeof(cpus) + 16];

	host_cpus_list(cpus, sizeof(cpus));
	sprintf(text, "%d:%s", (int)getpid(), cpus);
	setenv("MYNUMA_SIM", text, 1);
	setenv("MYNUMA_TASK", "", 1);
}

static void give_view(void)
{
	bool wrong;
	const struct description *d = described_machine(&wrong);
	const char *why = d ? view_enter(d->offline) : "the machine's description is gone";

	if (why)
		message("%s; the program sees the real /sys", why);
}

int simulate(bool sysfs)
{
	int status = preload();

	if (status != STATUS_GOOD)
		return status;
	if (sysfs)
		give_view();
	describe_host();
	simulated = true;
	return STATUS_GOOD;
}

void simulate_first(void)
{
	if (simulated)
		describe_host();
}

#else

int simulate(bool sysfs)
{
	(void)sysfs;
	return STATUS_GOOD;
}

void simulate_first(void)
{
}

#endif
