/* SPDX-License-Identifier: MIT */
/*
 * Description: a program that opens the library while it runs and asks for symbols by version, as
 * language runtimes do. Argument: the library. Input: lines "name version default|hidden ..." of
 * what it must have.
 */
#include <dlfcn.h>
#include "harness.h"

static void *handle;

static void every_symbol_has_its_version(void)
{
	char name[128], version[32], how[16], line[256];
	int twins = 0, lines = 0;

	while (fgets(line, sizeof(line), stdin)) {
		void *wanted, *latest, *plain;

		if (sscanf(line, "%127s %31s %15s", name, version, how) != 3)
			continue;
		lines++;
		wanted = dlvsym(handle, name, version);
		latest = dlvsym(handle, name, "libnuma_1.2");
		plain = dlsym(handle, name);
		if (!wanted)
			DIAG("%s@%s is not there", name, version);
		CHECK(wanted);
		if (strcmp(how, "hidden") == 0) {
			twins++;
			CHECK(latest && latest != wanted && plain == latest);
		} else if (plain != wanted) {
			DIAG("%s: the default is not %s", name, version);
			CHECK(plain == wanted);
		}
	}
	CHECK_EQ(twins, 14);
	CHECK(lines > 100);
}

static void a_symbol_has_no_other_version(void)
{
	CHECK(!dlvsym(handle, "numa_max_possible_node", "libnuma_1.1"));
	CHECK(!dlvsym(handle, "numa_bind", "libnuma_1.3"));
	CHECK(!dlvsym(handle, "numa_preferred_many", "libnuma_1.1"));
	CHECK(!dlvsym(handle, "numa_available", "libnuma_1.2"));
	CHECK(!dlvsym(handle, "numa_available", "libnuma_2.0"));
	CHECK(!dlvsym(handle, "numa_fail_alloc_on_error", "libnuma_2.1"));
	CHECK(!dlvsym(handle, "set_mempolicy_home_node", "libnuma_2.2"));
	CHECK(!dlsym(handle, "numa_bind_v1"));
}

static void it_works_and_goes_away(void)
{
	int (*available)(void);
	int (*node_to_cpus_v1)(int, unsigned long *, int);
	unsigned long buffer[1024];

	*(void **)&available = dlvsym(handle, "numa_available", "libnuma_1.1");
	*(void **)&node_to_cpus_v1 = dlvsym(handle, "numa_node_to_cpus", "libnuma_1.1");
	REQUIRE(available && node_to_cpus_v1);
	CHECK_EQ(available(), 0);
	errno = 0;
	CHECK_EQ(node_to_cpus_v1(0, buffer, 1), -1);
	CHECK_EQ(errno, ERANGE);
	CHECK_EQ(dlclose(handle), 0);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	handle = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		printf("Bail out! %s\n", dlerror());
		return 1;
	}
	RUN(every_symbol_has_its_version);
	RUN(a_symbol_has_no_other_version);
	RUN(it_works_and_goes_away);
	return tap_done();
}
