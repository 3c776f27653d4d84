/* SPDX-License-Identifier: MIT */
/* Starting programs on this library; common.h has the contract. */
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "numa.h"
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

void preload_library(const char *variable, const char *value)
{
	const char *other = getenv("LD_PRELOAD");
	char *path = library_path(), *all;

	all = allocate(strlen(path) + (other ? strlen(other) : 0) + 2, 1);
	sprintf(all, "%s%s%s", path, other && *other ? ":" : "", other ? other : "");
	setenv("LD_PRELOAD", all, 1);
	setenv(variable, value, 1);
	free(all);
	free(path);
}

/* Where the program is that execvp() would start; NULL when there is none. */
static char *find_program(const char *program)
{
	const char *search = getenv("PATH");

	if (strchr(program, '/'))
		return strdup(program);
	for (search = search ? search : "/bin:/usr/bin"; *search;) {
		size_t n = strcspn(search, ":");
		char *directory = n ? strndup(search, n) : strdup(".");
		char *path = directory ? path_in(directory, program) : NULL;

		free(directory);
		if (path && access(path, X_OK) == 0)
			return path;
		free(path);
		search += n + (search[n] == ':');
	}
	return NULL;
}

/* Whether an ELF program names an interpreter, which is the dynamic loader. */
static bool has_loader(const unsigned char *head, size_t size)
{
	bool wide = head[EI_CLASS] == ELFCLASS64;
	size_t at = wide ? ((const Elf64_Ehdr *)(const void *)head)->e_phoff
			 : ((const Elf32_Ehdr *)(const void *)head)->e_phoff;
	size_t n = wide ? ((const Elf64_Ehdr *)(const void *)head)->e_phnum
			: ((const Elf32_Ehdr *)(const void *)head)->e_phnum;
	size_t each = wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);

	for (; n > 0 && at + each <= size; n--, at += each) {
		Elf32_Word type;

		memcpy(&type, head + at, sizeof(type)); /* first in both */
		if (type == PT_INTERP)
			return true;
	}
	return n > 0; /* what was not read may be one */
}

bool cannot_preload(const char *program)
{
	static const char *const why[] = {"is static", "has privileges of its own"};
	_Alignas(Elf64_Ehdr) unsigned char head[4096] = {0};
	char *path = find_program(program);
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1, reason = -1;
	struct stat st;
	ssize_t n;

	n = fd >= 0 ? read(fd, head, sizeof(head)) : -1;
	if (n >= (ssize_t)sizeof(Elf64_Ehdr) && memcmp(head, ELFMAG, SELFMAG) == 0) {
		if (!has_loader(head, (size_t)n))
			reason = 0;
		else if (fstat(fd, &st) == 0 && (st.st_mode & (S_ISUID | S_ISGID)) &&
			 geteuid() != 0)
			reason = 1;
	}
	if (fd >= 0)
		close(fd);
	if (reason >= 0)
		message("%s %s: no library can be put before it, so nothing is seen of it", path,
			why[reason]);
	free(path);
	return reason >= 0;
}
