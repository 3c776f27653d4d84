/* SPDX-License-Identifier: MIT */
/*
 * msync(MS_ASYNC) says whether a range is mapped, on any POSIX system and without an effect on
 * Linux. More is known from /proc/self/maps, by its PROCMAP_QUERY request (Linux 6.11) or else
 * as text.
 */
#include "emul/mappings.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sys/call.h"
#include "sys/smallfile.h"

/* The interface of the request, for builds with older headers. */
struct procmap_query_args {
	uint64_t size;
	uint64_t query_flags;
	uint64_t query_addr;
	uint64_t vma_start;
	uint64_t vma_end;
	uint64_t vma_flags;
	uint64_t vma_page_size;
	uint64_t vma_offset;
	uint64_t inode;
	uint32_t dev_major;
	uint32_t dev_minor;
	uint32_t vma_name_size;
	uint32_t build_id_size;
	uint64_t vma_name_addr;
	uint64_t build_id_addr;
};
#define QUERY_PROCMAP _IOWR('f', 17, struct procmap_query_args)
#define QUERY_ACCESS 0x07
#define QUERY_SHARED 0x08
#define QUERY_COVERING_OR_NEXT 0x10

/* Enough of a mapping's name to know the kernel's own. */
#define NAME_BYTES 16

/* ---- msync ---- */

static long msync_answer(uintptr_t start, uintptr_t end)
{
	return sys_call(__NR_msync, start, end - start, MS_ASYNC);
}

/*
 * It has to refuse a page that has just been unmapped; another thread may have got that page, so
 * twice.
 */
static bool msync_tells_the_truth(size_t size)
{
	for (int i = 0; i < 2; i++) {
		void *page = pages_alloc(size);

		if (!page)
			return true;
		pages_free(page, size);
		if (msync_answer((uintptr_t)page, (uintptr_t)page + size))
			return true;
	}
	return false;
}

/* Emulators of processors keep what the program may not use mapped for themselves. */
static bool msync_is_good(void)
{
	static _Atomic int good; /* 1, or -1 */

	if (!atomic_load(&good))
		atomic_store(&good, msync_tells_the_truth((size_t)sysconf(_SC_PAGESIZE)) ? 1 : -1);
	return atomic_load(&good) > 0;
}

bool mapped_whole(uintptr_t start, uintptr_t end)
{
	long answer = msync_answer(start, end);
	uintptr_t hole;

	if (answer == -ENOMEM || answer == -EINVAL)
		return false;
	/* Any other refusal is a sandbox's, and says nothing of the range. */
	if (!answer && msync_is_good())
		return true;
	mapping_before_hole(start, &hole);
	return hole - start >= end - start; /* the last page ends at 0 */
}

bool mapped_partly(uintptr_t start, uintptr_t end, size_t page_size)
{
	struct mappings maps;
	struct mapping found;
	bool any;

	if (mappings_open(&maps) < 0)
		return mapped_whole(start, start + page_size) || mapped_whole(end - page_size, end);
	any = mappings_next(&maps, start, &found) && found.start < end;
	mappings_close(&maps);
	return any;
}

uintptr_t mapping_before_hole(uintptr_t start, uintptr_t *hole)
{
	struct mappings maps;
	struct mapping found;
	uintptr_t last = start;

	*hole = start;
	if (mappings_open(&maps) < 0) {
		*hole = UINTPTR_MAX; /* nothing speaks against it */
		return start;
	}
	while (mappings_next(&maps, *hole, &found) && found.start <= *hole) {
		last = found.start;
		*hole = found.end;
	}
	mappings_close(&maps);
	return last > start ? last : start;
}

/* Its inode numbers are segments' ids, on the device of other objects with numbers of theirs. */
static bool is_segment(const char *name)
{
	return strncmp(name, "/SYSV", 5) == 0;
}

static enum mapping_kind kind_of(const struct mapping *mapping, const char *name)
{
	if (strncmp(name, "[vvar", 5) == 0)
		return MAPPING_DEVICE;
	if (strncmp(name, "[vdso", 5) == 0 || strncmp(name, "[vsyscall", 9) == 0 ||
	    strncmp(name, "[vectors", 8) == 0 || strncmp(name, "[sigpage", 8) == 0)
		return MAPPING_KERNEL;
	/* The first segment of System V memory has the inode number 0. */
	return mapping->inode || mapping->shared ? MAPPING_FILE : MAPPING_ANONYMOUS;
}

static _Atomic bool only_text;

bool mappings_are_text(void)
{
	return atomic_load(&only_text);
}

/* "SIZE RESIDENT SHARED TEXT LIB DATA 0", in pages: how much there is, how much of it is own. */
uint64_t mappings_signature(void)
{
	uint64_t field[6] = {0}, signature;
	struct text text;
	const char *s;

	text_read(&text, "/proc/self/statm", "");
	if (text.s[0] == '0') { /* the main thread has ended */
		text_free(&text);
		text_read(&text, "/proc/thread-self/statm", "");
	}
	s = text.s;
	for (unsigned i = 0; i < 6 && *s; i++) {
		for (; *s >= '0' && *s <= '9'; s++)
			field[i] = field[i] * 10 + (uint64_t)(*s - '0');
		s += *s == ' ';
	}
	signature = field[0] << 32 ^ field[5];
	text_free(&text);
	return signature;
}

int mappings_open(struct mappings *maps)
{
	long fd = own_file_open("maps", &maps->by_thread);

	maps->fd = (int)fd;
	maps->by_query = !mappings_are_text();
	maps->any = false;
	maps->at = maps->have = 0;
	return fd < 0 ? (int)fd : 0;
}

void mappings_close(struct mappings *maps)
{
	if (maps->fd >= 0)
		sys_call(__NR_close, maps->fd);
}

/* 1 found, 0 none, -ESRCH, or another -errno: the kernel does not know the request. */
static int next_by_query(struct mappings *maps, uintptr_t addr, struct mapping *found)
{
	char name[256] = ""; /* shorter would fail for a longer name */
	struct procmap_query_args query = {
		.size = sizeof(query),
		.query_flags = QUERY_COVERING_OR_NEXT,
		.query_addr = addr,
		.vma_name_size = sizeof(name),
		.vma_name_addr = (uintptr_t)name,
	};
	long err = sys_call(__NR_ioctl, maps->fd, QUERY_PROCMAP, &query);

	if (err == -ENAMETOOLONG) {
		query.vma_name_size = 0;
		query.vma_name_addr = 0;
		err = sys_call(__NR_ioctl, maps->fd, QUERY_PROCMAP, &query);
	}
	if (err < 0)
		return err == -ENOENT ? 0 : (int)err;
	*found = (struct mapping){
		.start = (uintptr_t)query.vma_start,
		.end = (uintptr_t)query.vma_end,
		.shared = query.vma_flags & QUERY_SHARED,
		.accessible = query.vma_flags & QUERY_ACCESS,
		.offset = query.vma_offset,
		.inode = query.inode,
		.device = (uint64_t)query.dev_major << 32 | query.dev_minor,
	};
	found->kind = kind_of(found, name);
	found->segment = is_segment(name);
	return 1;
}

/* The next character of the text, or -1. */
static int next_char(struct mappings *maps)
{
	if (maps->at == maps->have) {
		long got = sys_call(__NR_read, maps->fd, maps->text, sizeof(maps->text));

		if (got <= 0)
			return -1;
		maps->any = true;
		maps->at = 0;
		maps->have = (unsigned)got;
	}
	return (unsigned char)maps->text[maps->at++];
}

static int digit_of(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* A number, and the character after it. */
static uint64_t next_number(struct mappings *maps, unsigned base, int *after)
{
	uint64_t n = 0;
	int c;

	while ((c = next_char(maps)) >= 0 && digit_of(c) < (int)base)
		n = n * base + (unsigned)digit_of(c);
	*after = c;
	return n;
}

/* What is left of a line: blanks, and the start of a name. */
static void next_name(struct mappings *maps, char name[NAME_BYTES], int c)
{
	size_t len = 0;

	for (; c >= 0 && c != '\n'; c = next_char(maps))
		if ((c != ' ' || len) && len < NAME_BYTES - 1)
			name[len++] = (char)c;
	name[len] = '\0';
}

/* "START-END rwxp OFFSET MAJOR:MINOR INODE   NAME" */
static bool next_line(struct mappings *maps, struct mapping *found)
{
	char name[NAME_BYTES], access[5] = "";
	int c;

	found->start = (uintptr_t)next_number(maps, 16, &c);
	if (c != '-')
		return false;
	found->end = (uintptr_t)next_number(maps, 16, &c);
	for (unsigned i = 0; i < sizeof(access); i++)
		access[i] = (char)next_char(maps);
	found->shared = access[3] == 's';
	found->accessible = access[0] == 'r' || access[1] == 'w' || access[2] == 'x';
	found->offset = next_number(maps, 16, &c);
	found->device = next_number(maps, 16, &c) << 32;
	found->device |= next_number(maps, 16, &c);
	found->inode = next_number(maps, 10, &c);
	next_name(maps, name, c);
	found->kind = kind_of(found, name);
	found->segment = is_segment(name);
	return true;
}

/* 1, 0, or -ESRCH: there is no text. */
static int next_in_text(struct mappings *maps, uintptr_t addr, struct mapping *found)
{
	while (next_line(maps, found))
		if (found->end > addr)
			return 1;
	return maps->any ? 0 : -ESRCH;
}

/* 1, 0, or -ESRCH: the file tells of no mapping. */
static int next_in_file(struct mappings *maps, uintptr_t addr, struct mapping *found)
{
	if (maps->by_query) {
		int got = next_by_query(maps, addr, found);

		if (got >= 0 || got == -ESRCH)
			return got;
		maps->by_query = false;
		atomic_store(&only_text, true);
	}
	return next_in_text(maps, addr, found);
}

bool mappings_next(struct mappings *maps, uintptr_t addr, struct mapping *found)
{
	int got;

	do
		got = next_in_file(maps, addr, found);
	while (got == -ESRCH && own_file_reopen("maps", &maps->fd, &maps->by_thread));
	return got > 0;
}

bool mapping_of(uintptr_t addr, struct mapping *found)
{
	struct mappings maps;
	bool covered;

	if (mappings_open(&maps) < 0)
		return false;
	covered = mappings_next(&maps, addr, found) && found->start <= addr;
	mappings_close(&maps);
	return covered;
}
