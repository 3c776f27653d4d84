/* SPDX-License-Identifier: MIT */
/*
 * dlopen() and dlclose() of the shared objects, a thousand times: no memory, mapping or descriptor
 * is lost.
 */
#include "harness.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

static int lines_of_maps(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	int n = 0, c;

	while (f && (c = getc(f)) != EOF)
		n += c == '\n';
	if (f)
		fclose(f);
	return n;
}

static int open_files(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static const char *object;

static void once(void)
{
	void *handle = dlopen(object, RTLD_NOW | RTLD_LOCAL);
	int (*max_node)(void);
	void *symbol;

	if (!handle)
		DIAG("%s", dlerror());
	REQUIRE(handle);
	symbol = dlsym(handle, "numa_max_node");
	memcpy(&max_node, &symbol, sizeof(symbol));
	CHECK(max_node && max_node() >= 0);
	CHECK(dlclose(handle) == 0);
}

static void loading_again_and_again(void)
{
	int maps, files = open_files();

	errno = 42;
	once();
	once();
	maps = lines_of_maps();
	for (int i = 0; i < 1000; i++)
		once();
	CHECK_EQ(lines_of_maps(), maps);
	CHECK_EQ(open_files(), files);
}

/* libnuma sets it to 0. */
static void loading_leaves_errno_alone(void)
{
	void *handle;

	errno = 42;
	handle = dlopen(object, RTLD_NOW | RTLD_LOCAL);
	CHECK_EQ(errno, 42);
	CHECK(handle);
}

int main(void)
{
	const char *dir = getenv("MYNUMA_REPLACE");
	char path[4096];

	object = getenv("MYNUMA_LIB");
	if (!object || !dir)
		return 99;
	RUN(loading_leaves_errno_alone);
	RUN(loading_again_and_again);
	snprintf(path, sizeof(path), "%s/libnuma.so.1", dir);
	object = path;
	RUN(loading_leaves_errno_alone);
	RUN(loading_again_and_again);
	return tap_done();
}
