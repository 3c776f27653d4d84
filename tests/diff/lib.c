/* SPDX-License-Identifier: MIT */
/*
 * Opening the library under test: every function by its name and version, never through a
 * header.
 */
#include "lib.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

#include "probe.h"

struct lib L;

static void *sym(const char *name, const char *version)
{
	char node[32];

	snprintf(node, sizeof(node), "libnuma_%s", version);
	return dlvsym(L.handle, name, node);
}

/* ISO C knows no way from void * to a function; POSIX does, and this is it. */
#define FILL(member, name, version)                                                                \
	do {                                                                                       \
		void *addr = sym(#name, version);                                                  \
		memcpy(&L.member, &addr, sizeof(addr));                                            \
	} while (0);
#define FILL_V1(ret, name, args) FILL(v1_##name, name, "1.1")
#define FILL_V2(ret, name, args) FILL(name, name, "1.2")
#define FILL_ONE(version, ret, name, args) FILL(name, name, version)
#define FILL_DATA(version, type, name) FILL(name, name, version)

void lib_open(const char *path)
{
	L.handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!L.handle)
		die("%s", dlerror());
	LIB_DUAL(FILL_V1, FILL_V2)
	LIB_SINGLE(FILL_ONE)
	LIB_DATA(FILL_DATA)
}

void lib_close(void)
{
	dlclose(L.handle);
	memset(&L, 0, sizeof(L));
}

#define NAME_V1(ret, name, args) puts(#name "@1.1");
#define NAME_V2(ret, name, args) puts(#name);
#define NAME_ONE(version, ret, name, args) puts(#name);

void lib_list(void)
{
	LIB_DUAL(NAME_V1, NAME_V2)
	LIB_SINGLE(NAME_ONE)
}

static void describe(const char *name, const char *version)
{
	void *addr = sym(name, version), *extra = NULL;
	Dl_info info;

	if (!case_begin(0, addr != NULL, "symbol %s@libnuma_%s", name, version))
		return;
	if (dladdr1(addr, &info, &extra, RTLD_DL_SYMENT) && extra) {
		const ElfW(Sym) *s = extra;

		out(" type=%d bind=%d", s->st_info & 15, s->st_info >> 4);
		if ((s->st_info & 15) == STT_OBJECT)
			out(" size=%lu", (UL)s->st_size);
	}
	out(" default=%s", dlsym(L.handle, name) == addr ? "yes" : "no");
	case_end();
}

#define SHOW_V1(ret, name, args) describe(#name, "1.1");
#define SHOW_V2(ret, name, args) describe(#name, "1.2");
#define SHOW_ONE(version, ret, name, args) describe(#name, version);
#define SHOW_DATA(version, type, name) describe(#name, version);

void group_symbols(void)
{
	static const char *const never[] = {"numa_max_possible_node",
					    "numa_possible_nodes_ptr",
					    "numa_possible_cpus_ptr",
					    "numa_init",
					    "numa_fini",
					    "set_mempolicy_home_node",
					    "numa_bitmask_alloc"};

	LIB_DUAL(SHOW_V1, SHOW_V2)
	LIB_SINGLE(SHOW_ONE)
	LIB_DATA(SHOW_DATA)
	for (size_t i = 0; i < ARRAY_SIZE(never); i++)
		describe(never[i], "1.1");
}
