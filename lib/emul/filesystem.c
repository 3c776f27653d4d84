/* SPDX-License-Identifier: MIT */
/*
 * Mounted file systems are in /proc/self/mountinfo. What memfd and its like are on is mounted
 * nowhere; a shared page of our own is on it too.
 */
#include "emul/filesystem.h"

#include <stdbool.h>
#include <string.h>

#include "base/compiler.h"
#include "emul/mappings.h"
#include "sys/smallfile.h"

/* Any size does: it is given back at once. */
#define PROBE_BYTES 4096

static uint64_t device_of_shared_memory(void)
{
	struct mapping mapping = {.device = UINT64_MAX};
	void *page = pages_alloc_shared(PROBE_BYTES);

	if (!page)
		return UINT64_MAX;
	mapping_of((uintptr_t)page, &mapping);
	pages_free(page, PROBE_BYTES);
	return mapping.device;
}

static const char *decimal(const char *s, uint64_t *n)
{
	for (*n = 0; *s >= '0' && *s <= '9'; s++)
		*n = *n * 10 + (uint64_t)(*s - '0');
	return s;
}

static const char *next_field(const char *s)
{
	while (*s && *s != ' ' && *s != '\n')
		s++;
	return *s == ' ' ? s + 1 : s;
}

static bool starts_with(const char *s, const char *word)
{
	size_t len = strlen(word);

	return strncmp(s, word, len) == 0 && (s[len] == ' ' || s[len] == '\n');
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue" */
static const char *type_on_line(const char *line, uint64_t device)
{
	const char *s = next_field(next_field(line));
	uint64_t major, minor;

	s = decimal(s, &major);
	s = decimal(*s == ':' ? s + 1 : s, &minor);
	if ((major << 32 | minor) != device)
		return NULL;
	while (*s && *s != '\n' && !starts_with(s, "-"))
		s = next_field(s);
	return next_field(s);
}

static enum filesystem kind_of_type(const char *type)
{
	if (starts_with(type, "tmpfs"))
		return FILESYSTEM_SHMEM;
	return starts_with(type, "hugetlbfs") ? FILESYSTEM_UNKNOWN : FILESYSTEM_CACHE;
}

static enum filesystem look_up(uint64_t device)
{
	enum filesystem kind = FILESYSTEM_UNKNOWN;
	const char *type = NULL;
	struct text text;

	if (device == device_of_shared_memory())
		return FILESYSTEM_SHMEM;
	text_read(&text, "/proc/self/mountinfo", NULL);
	for (const char *line = text.s; line && *line && !type;) {
		type = type_on_line(line, device);
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	if (type)
		kind = kind_of_type(type);
	text_free(&text);
	return kind;
}

enum filesystem filesystem_of(uint64_t device)
{
	static struct {
		uint64_t device;
		enum filesystem kind; /* 0: this place is free */
	} known[16];
	static unsigned next;

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].kind && known[i].device == device)
			return known[i].kind;
	next = (next + 1) % ARRAY_SIZE(known);
	known[next].device = device;
	known[next].kind = look_up(device);
	return known[next].kind;
}
