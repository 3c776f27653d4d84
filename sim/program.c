/* SPDX-License-Identifier: MIT */
/*
 * A program has to be of our architecture and loaded by our loader, which must not distrust its
 * environment.
 */
#include "sim/program.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define INTERPRETERS 5 /* as many as a kernel follows */
#define HEADERS_MAX 128

/* The file, where execvp() finds it. */
static bool find(const char *name, char path[PATH_MAX])
{
	const char *dirs = getenv("PATH"), *end;

	if (strchr(name, '/'))
		return snprintf(path, PATH_MAX, "%s", name) < PATH_MAX;
	if (!dirs)
		dirs = "/bin:/usr/bin";
	for (;; dirs = end + 1) {
		struct stat st;

		end = dirs + strcspn(dirs, ":");
		if (snprintf(path, PATH_MAX, "%.*s%s%s", (int)(end - dirs), dirs,
			     end > dirs ? "/" : "", name) < PATH_MAX &&
		    access(path, X_OK) == 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode))
			return true;
		if (!*end)
			return false;
	}
}

/* What is known of an executable. */
struct look {
	bool is_elf;
	ElfW(Half) machine;
	bool other_class;
	bool has_loader;
	char loader[PATH_MAX];
};

static void look_at_segments(int fd, const ElfW(Ehdr) * elf, struct look *look)
{
	ElfW(Phdr) segment;

	for (unsigned i = 0; i < elf->e_phnum && i < HEADERS_MAX; i++) {
		off_t at = (off_t)(elf->e_phoff + (size_t)i * elf->e_phentsize);

		if (pread(fd, &segment, sizeof(segment), at) != sizeof(segment))
			return;
		if (segment.p_type != PT_INTERP || segment.p_filesz >= PATH_MAX)
			continue;
		look->has_loader = pread(fd, look->loader, segment.p_filesz,
					 (off_t)segment.p_offset) == (ssize_t)segment.p_filesz;
	}
}

static void look_at(int fd, struct look *look)
{
	ElfW(Ehdr) elf;

	memset(look, 0, sizeof(*look));
	if (pread(fd, &elf, sizeof(elf), 0) != sizeof(elf) ||
	    memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0)
		return;
	look->is_elf = true;
	look->machine = elf.e_machine;
	look->other_class = elf.e_ident[EI_CLASS] != (sizeof(long) == 8 ? ELFCLASS64 : ELFCLASS32);
	if (!look->other_class)
		look_at_segments(fd, &elf, look);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Loaders are static, and load what they are told to. */
static bool is_loader(const char *path)
{
	return strncmp(base_name(path), "ld-", 3) == 0 || strcmp(base_name(path), "ld.so") == 0;
}

static const char *elf_obstacle(const char *path, const struct look *look)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct look own = {.is_elf = false};

	if (fd >= 0) {
		look_at(fd, &own);
		close(fd);
	}
	if (look->other_class || (own.is_elf && own.machine != look->machine))
		return "it is for another architecture";
	if (!look->has_loader && !is_loader(path))
		return "it is statically linked";
	if (look->has_loader && own.has_loader &&
	    strcmp(base_name(look->loader), base_name(own.loader)) != 0)
		return "it was built for another C library";
	return NULL;
}

static const char *privilege_obstacle(int fd)
{
	struct stat st;
	char caps[64];

	if (fstat(fd, &st) < 0)
		return NULL;
	if ((st.st_mode & S_ISUID) && st.st_uid != geteuid())
		return "it is a setuid program";
	if ((st.st_mode & S_ISGID) && (st.st_mode & S_IXGRP) && st.st_gid != getegid())
		return "it is a setgid program";
	if (geteuid() != 0 && fgetxattr(fd, "security.capability", caps, sizeof(caps)) > 0)
		return "its file has capabilities";
	return NULL;
}

/* The interpreter of a script. */
static bool interpreter(int fd, char path[PATH_MAX])
{
	char line[256];
	ssize_t len = pread(fd, line, sizeof(line) - 1, 0);
	char *start, *end;

	if (len < 3 || line[0] != '#' || line[1] != '!')
		return false;
	line[len] = '\0';
	start = line + 2 + strspn(line + 2, " \t");
	end = start + strcspn(start, " \t\n");
	*end = '\0';
	memcpy(path, start, (size_t)(end - start) + 1);
	return end > start;
}

const char *program_obstacle(const char *name)
{
	char path[PATH_MAX];

	if (!find(name, path))
		return NULL;
	for (int i = 0; i < INTERPRETERS; i++) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		const char *why;
		struct look look;

		if (fd < 0)
			return NULL;
		look_at(fd, &look);
		if (look.is_elf) {
			why = privilege_obstacle(fd);
			why = why ? why : elf_obstacle(path, &look);
			close(fd);
			return why;
		}
		if (!interpreter(fd, path)) {
			close(fd);
			return NULL;
		}
		close(fd);
	}
	return NULL;
}
