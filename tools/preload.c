/* SPDX-License-Identifier: MIT */
/* Starting programs on this library; common.h has the contract. */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "numa.h"
#include "sim/program.h"
#include "tools/common.h"

char *path_in(const char *directory, const char *name)
{
	char *path = allocate(strlen(directory) + strlen(name) + 2, 1);

	sprintf(path, "%s/%s", directory, name);
	return path;
}

char *temporary_directory(void)
{
	const char *tmp = getenv("TMPDIR");
	char *path = path_in(tmp && *tmp == '/' ? tmp : "/tmp", "mynuma-XXXXXX");

	if (!mkdtemp(path)) {
		message("%s: %s", path, strerror(errno));
		exit(STATUS_FAILED);
	}
	return path;
}

/* Under libnuma's name it also serves programs that open that, and no other copy is loaded. */
static char *library_path(void)
{
	static const char *const places[] = {
		"mynuma/libnuma.so.1",		 /* as installed */
		"../replace/.libs/libnuma.so.1", /* as built */
		"libmynuma.so.1",
	};
	char *directory, *path;
	Dl_info info;

	if (!dladdr((void *)numa_available, &info) || !info.dli_fname)
		return strdup("libmynuma.so.1");
	directory = realpath(info.dli_fname, NULL);
	if (!directory || !strrchr(directory, '/'))
		return strdup("libmynuma.so.1");
	*strrchr(directory, '/') = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		path = path_in(directory, places[i]);
		if (access(path, R_OK) == 0)
			return path;
		free(path);
	}
	return strdup(info.dli_fname);
}

void put_first(const char *name, const char *element, const char *separators)
{
	const char *old = getenv(name);
	size_t len = strlen(element);
	char *list;

	for (const char *at = old; at && *at; at += strcspn(at, separators), at += *at != '\0')
		if (strcspn(at, separators) == len && strncmp(at, element, len) == 0)
			return;
	list = allocate(len + (old ? strlen(old) : 0) + 2, 1);
	sprintf(list, "%s%s%s", element, old && *old ? ":" : "", old ? old : "");
	setenv(name, list, 1);
	free(list);
}

void preload_library(const char *variable, const char *value)
{
	char *path;

	setenv(variable, value, 1);
	if (getenv("MYNUMA_SIM")) /* there it is already, and two would have a machine each */
		return;
	path = library_path();
	put_first("LD_PRELOAD", path, ": ");
	free(path);
}

bool cannot_preload(const char *program)
{
	const char *why = program_obstacle(program);

	if (why)
		message("%s: %s: no library can be put before it, so nothing is seen of it",
			program, why);
	return why != NULL;
}
