/* SPDX-License-Identifier: MIT */
/*
 * Small files, directories and anonymous memory over raw system calls. Nothing here knows what a
 * file means.
 */
#include "sys/smallfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/compiler.h"
#include "sys/call.h"

/* A file of /sys or /proc that is longer than this is not what it says it is. */
#define TEXT_MAX (16UL << 20)

static long file_open(const char *path, int flags)
{
	long fd;

	do
		fd = sys_call(__NR_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0);
	while (fd == -EINTR);
	return fd;
}

static void file_close(long fd)
{
	sys_call(__NR_close, fd);
}

static long own_file(const char *folder, const char *name)
{
	char path[64];

	if (!path_join(path, sizeof(path), folder, name, (char *)NULL))
		return -ENAMETOOLONG;
	return file_open(path, O_RDONLY);
}

long own_file_open(const char *name, bool *by_thread)
{
	long fd = own_file("/proc/self/", name);

	*by_thread = fd == -ESRCH;
	return *by_thread ? own_file("/proc/thread-self/", name) : fd;
}

bool own_file_reopen(const char *name, int *fd, bool *by_thread)
{
	long again = *by_thread ? -ESRCH : own_file("/proc/thread-self/", name);

	if (again < 0)
		return false;
	file_close(*fd);
	*fd = (int)again;
	return *by_thread = true;
}

long file_read_at(int fd, void *buf, size_t size, uint64_t offset)
{
#if defined(__NR_pread64) && defined(__LP64__)
	return sys_call(__NR_pread64, fd, buf, size, offset);
#elif defined(__NR__llseek)
	/* Not pread64(), of which each architecture wants the halves of the offset elsewhere. */
	uint64_t at;
	long err = sys_call(__NR__llseek, fd, (long)(offset >> 32), (long)(uint32_t)offset, &at,
			    SEEK_SET);

	return err < 0 ? err : sys_call(__NR_read, fd, buf, size);
#elif defined(__NR_lseek)
	long err = sys_call(__NR_lseek, fd, (long)offset, SEEK_SET);

	return err < 0 ? err : sys_call(__NR_read, fd, buf, size);
#else
	return -ENOSYS;
#endif
}

/*
 * The thread sanitizer knows of memory only by libc's mmap(); without that, whoever had the address
 * before would be taken for the other side of a race.
 */
static void *map_anonymous_by_libc(size_t size, int flags)
{
	int saved = errno;
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	errno = saved;
	return p == MAP_FAILED ? NULL : p;
}

static void *map_anonymous(size_t size, int flags)
{
#ifdef __NR_mmap2
	long nr = __NR_mmap2;
#else
	long nr = __NR_mmap;
#endif
	long args[6] = {0, (long)size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0};
	long p;

	if (THREAD_SANITIZER)
		return map_anonymous_by_libc(size, flags);
#if defined(__s390x__)
	/* s390's mmap takes its six arguments in memory. */
	p = sys_call(nr, args);
#else
	p = sys_call(nr, args[0], args[1], args[2], args[3], args[4], args[5]);
#endif
	return p < 0 && p > -4096 ? NULL : (void *)(uintptr_t)p;
}

void *pages_alloc(size_t size)
{
	return map_anonymous(size, MAP_PRIVATE);
}

void *pages_alloc_shared(size_t size)
{
	return map_anonymous(size, MAP_SHARED | MAP_NORESERVE);
}

void pages_free(void *p, size_t size)
{
	sys_call(__NR_munmap, p, size);
}

static const char *end_of_line(const char *s)
{
	return s ? strchr(s, '\n') : NULL;
}

const char *text_field(const struct text *t, const char *key)
{
	const char *at = strstr(t->s, key);

	while (at && at != t->s && at[-1] != '\n')
		at = strstr(at + 1, key);
	return at ? at + strlen(key) : NULL;
}

static bool text_grow(struct text *t)
{
	size_t cap = t->cap * 4 < TEXT_MAX ? t->cap * 4 : TEXT_MAX;
	char *s = cap > t->cap ? pages_alloc(cap) : NULL;

	if (!s)
		return false;
	memcpy(s, t->s, t->len + 1);
	text_free(t);
	t->s = s;
	t->cap = cap;
	return true;
}

int text_read(struct text *t, const char *path, const char *last)
{
	long fd, n;

	t->s = t->small;
	t->len = 0;
	t->cap = sizeof(t->small);
	t->small[0] = '\0';

	fd = file_open(path, O_RDONLY);
	if (fd < 0)
		return (int)fd;
	for (;;) {
		if (t->len + 1 == t->cap && !text_grow(t)) {
			n = -ENOMEM;
			break;
		}
		n = sys_call(__NR_read, fd, t->s + t->len, t->cap - 1 - t->len);
		if (n == -EINTR)
			continue;
		if (n <= 0)
			break;
		t->len += (size_t)n;
		t->s[t->len] = '\0';
		if (last && end_of_line(text_field(t, last))) {
			n = 0;
			break;
		}
	}
	file_close(fd);
	return (int)n;
}

void text_free(struct text *t)
{
	if (t->s != t->small)
		pages_free(t->s, t->cap);
	t->s = t->small;
}

/* What getdents64 writes; libc does not declare it. */
struct dirent_raw {
	uint64_t ino;
	int64_t off;
	unsigned short reclen;
	unsigned char type;
	char name[];
};

int dir_each(const char *path, void (*each)(const char *name, void *arg), void *arg)
{
	_Alignas(struct dirent_raw) char buf[2048];
	long fd = file_open(path, O_RDONLY | O_DIRECTORY);
	long n;

	if (fd < 0)
		return (int)fd;
	while ((n = sys_call(__NR_getdents64, fd, buf, sizeof(buf))) > 0 || n == -EINTR) {
		for (long at = 0; at < n;) {
			const struct dirent_raw *entry = (const void *)(buf + at);

			each(entry->name, arg);
			at += entry->reclen;
		}
	}
	file_close(fd);
	return (int)n;
}

bool path_join(char *buf, size_t size, ...)
{
	const char *part;
	size_t len = 0;
	bool fits = true;
	va_list parts;

	va_start(parts, size);
	while (fits && (part = va_arg(parts, const char *))) {
		size_t n = strlen(part);

		fits = n < size - len;
		if (fits) {
			memcpy(buf + len, part, n);
			len += n;
		}
	}
	va_end(parts);
	buf[len] = '\0';
	return fits;
}

const char *number_text(char buf[NUMBER_DIGITS], unsigned long n)
{
	/* cppcheck-suppress ctuPointerArith ; it is the last of that many */
	char *s = buf + NUMBER_DIGITS - 1;

	*s = '\0';
	do
		*--s = (char)('0' + n % 10);
	while (n /= 10);
	return s;
}
