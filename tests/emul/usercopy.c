/* SPDX-License-Identifier: MIT */
/* Description: bad pointers are EFAULT, and no descriptor stays. */
#include "emul/usercopy.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "emul/presence.h"
#include "base/compiler.h"
#include "harness.h"
#include "sys/smallfile.h"
#include "zeropage.h"

static char *page(int prot)
{
	size_t ps = (size_t)sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * ps, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(p, 0x11, 2 * ps);
	munmap(p + ps, ps);
	mprotect(p, ps, prot);
	return p;
}

static int descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void good_pointers_are_copied(void)
{
	size_t ps = (size_t)sysconf(_SC_PAGESIZE);
	char *p = page(PROT_READ | PROT_WRITE), buf[64];

	memset(buf, 0x22, sizeof(buf));
	CHECK_EQ(user_write((uintptr_t)p + 3, buf, sizeof(buf)), 0);
	CHECK_EQ(p[2], 0x11);
	CHECK_EQ(p[3], 0x22);
	CHECK_EQ(p[66], 0x22);
	CHECK_EQ(p[67], 0x11);
	memset(buf, 0, sizeof(buf));
	CHECK_EQ(user_read(buf, (uintptr_t)p + ps - 64, 64), 0);
	CHECK_EQ(buf[63], 0x11);
	CHECK_EQ(user_put((uintptr_t)p + ps - 5, 0x01020304), 0);
	memcpy(buf, p + ps - 5, 4);
	CHECK_EQ(*(int *)(void *)buf, 0x01020304);
	CHECK_EQ(user_read(buf, 0, 0), 0);
}

static void bad_pointers_are_refused(void)
{
	size_t ps = (size_t)sysconf(_SC_PAGESIZE);
	uintptr_t p = (uintptr_t)page(PROT_READ | PROT_WRITE);
	const uintptr_t bad[] = {
		0, 8, UINTPTR_MAX, UINTPTR_MAX - 7, UINTPTR_MAX / 2 + 1, p + ps - 7, p + ps};
	char buf[8] = {0};
	int before = descriptors();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK_EQ(user_read(buf, bad[i], 8), -EFAULT);
		CHECK_EQ(user_write(bad[i], buf, 8), -EFAULT);
	}
	CHECK_EQ(descriptors(), before);
}

static void writes_are_gathered(void)
{
	size_t ps = (size_t)sysconf(_SC_PAGESIZE);
	char *p = page(PROT_READ | PROT_WRITE), beside = 0;
	struct user_writes writes = {0};
	int value = 0x05060708;

	CHECK_EQ(user_writes_put(&writes, (uintptr_t)p + ps - 4, &value), 0);
	CHECK_EQ(user_writes_zero(&writes, (uintptr_t)p + 1, ps - 9), 0);
	CHECK_EQ(user_writes_add(&writes, (uintptr_t)&beside, "y", 1), 0);
	CHECK_EQ(user_writes_add(&writes, (uintptr_t)p, "x", 1), 0);
	CHECK_EQ(user_writes_end(&writes), 0);
	CHECK_EQ(p[0], 'x');
	CHECK_EQ(p[1], 0);
	CHECK_EQ(p[ps - 9], 0);
	CHECK_EQ(p[ps - 8], 0x11);
	CHECK_EQ(beside, 'y');
	CHECK_EQ(memcmp(p + ps - 4, &value, sizeof(value)), 0);
}

/* As a kernel does it: in turn, up to the first page that is not there. */
static void gathered_writes_end_at_the_first_bad_page(void)
{
	size_t ps = (size_t)sysconf(_SC_PAGESIZE);
	char *p = page(PROT_READ | PROT_WRITE), beside = 0;
	struct user_writes writes = {0};

	user_writes_add(&writes, (uintptr_t)p, "x", 1);
	user_writes_add(&writes, (uintptr_t)p + ps, "bad", 3);
	user_writes_add(&writes, (uintptr_t)&beside, "y", 1);
	user_writes_add(&writes, (uintptr_t)p + 1, "z", 1);
	CHECK_EQ(user_writes_end(&writes), -EFAULT);
	CHECK_EQ(p[0], 'x');
	CHECK_EQ(p[1], 0x11);
	CHECK_EQ(beside, 0);
	user_writes_add(&writes, UINTPTR_MAX - 1, "bad", 4);
	user_writes_add(&writes, (uintptr_t)p + 1, "z", 1);
	CHECK_EQ(user_writes_end(&writes), -EFAULT);
	CHECK_EQ(p[1], 0x11);
}

static void protection_counts(void)
{
	uintptr_t none = (uintptr_t)page(PROT_NONE), readable = (uintptr_t)page(PROT_READ);
	int value = 0;

	CHECK_EQ(user_read(&value, none, sizeof(value)), -EFAULT);
	CHECK_EQ(user_write(none, &value, sizeof(value)), -EFAULT);
	CHECK_EQ(user_read(&value, readable, sizeof(value)), 0);
	CHECK_EQ(user_write(readable, &value, sizeof(value)), -EFAULT);
	CHECK_EQ(user_put(readable, 1), -EFAULT);
	CHECK_EQ(user_touch(none), -EFAULT);
	CHECK_EQ(user_peek(none), -EFAULT);
	CHECK_EQ(user_touch(readable), 0);
}

static void an_int_is_stored_whole_or_not_at_all(void)
{
	size_t ps = (size_t)sysconf(_SC_PAGESIZE);
	char *p = page(PROT_READ | PROT_WRITE);

	for (size_t room = 1; room < sizeof(int); room++) {
		CHECK_EQ(user_put((uintptr_t)p + ps - room, -1), -EFAULT);
		CHECK_EQ(p[ps - room], 0x11);
	}
}

static void errno_stays(void)
{
	char byte;

	errno = 77;
	CHECK_EQ(user_read(&byte, 8, 1), -EFAULT);
	CHECK_EQ(user_write(8, "x", 1), -EFAULT);
	CHECK_EQ(errno, 77);
}

static void without_descriptors_good_pointers_work(void)
{
	struct rlimit old, none = {0};
	char from[8] = "1234567", to[8] = "";

	getrlimit(RLIMIT_NOFILE, &old);
	none.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_NOFILE, &none);
	CHECK_EQ(user_read(to, (uintptr_t)from, 8), 0);
	CHECK_STR(to, from);
	setrlimit(RLIMIT_NOFILE, &old);
}

/* Whether a debugger's way to memory goes by its protection: so some kernels are built since 6.12. */
static bool is_protected_from_debuggers(uintptr_t addr)
{
	int fd = open("/proc/self/mem", O_RDONLY);
	char byte;
	bool refused = fd < 0 || file_read_at(fd, &byte, 1, addr) != 1;

	if (fd >= 0)
		close(fd);
	return refused;
}

/* Every source that this system has agrees on pages of each kind. */
static void presence_is_seen(void)
{
	size_t ps = (size_t)sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 8 * ps, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uintptr_t at = (uintptr_t)p, start, end;
	bool gives_zero_page = reads_give_zero_page();
	int sources = 0;

	madvise(p, 8 * ps, MADV_NOHUGEPAGE);
	p[2 * ps] = p[3 * ps] = 1;
	(void)*(volatile char *)(p + 5 * ps);
	(void)*(volatile char *)(p + 6 * ps);
	mprotect(p + 6 * ps, ps, PROT_NONE);
	p[7 * ps] = 1;
	mprotect(p + 7 * ps, ps, PROT_NONE);
	for (enum presence_source s = PRESENCE_SCAN; s < PRESENCE_NONE; s++) {
		struct presence presence;
		bool hidden = s == PRESENCE_PAGEMAP && is_protected_from_debuggers(at + 6 * ps);
		enum page_state read = gives_zero_page ? PAGE_ZERO : PAGE_SINGLE;
		enum page_state hidden_read = gives_zero_page && hidden ? PAGE_COMMON : read;
		unsigned next = !gives_zero_page ? 5 : hidden ? 6 : 7;

		if (presence_open_source(&presence, ps, s)) {
			sources++;
			CHECK_EQ(presence_of(&presence, at), PAGE_ABSENT);
			CHECK_EQ(presence_of(&presence, at + 2 * ps), PAGE_SINGLE);
			CHECK(presence_next(&presence, at, at + 8 * ps, &start, &end));
			CHECK_EQ(start, at + 2 * ps);
			CHECK_EQ(end, at + 4 * ps);
			if (s == PRESENCE_MINCORE) {
				/* It tells no zero pages, nor everywhere of pages under PROT_NONE. */
				CHECK_EQ(presence_of(&presence, at + 5 * ps), PAGE_SINGLE);
			} else {
				CHECK_EQ(presence_of(&presence, at + 5 * ps), read);
				CHECK_EQ(presence_of(&presence, at + 6 * ps), hidden_read);
				CHECK_EQ(presence_of(&presence, at + 7 * ps), PAGE_SINGLE);
				CHECK(presence_next(&presence, end, at + 8 * ps, &start, &end));
				CHECK_EQ(start, at + next * ps);
			}
			CHECK(!presence_next(&presence, at, at + 2 * ps, &start, &end));
		}
		presence_close(&presence);
	}
	CHECK(sources > 0);
	munmap(p, 8 * ps);
}

/* All pages of a process that locks what it maps are there at once; those of the test are not. */
static void sources_are_good_in_locked_memory(void)
{
	size_t ps = (size_t)sysconf(_SC_PAGESIZE);

	for (enum presence_source s = PRESENCE_SCAN; s < PRESENCE_NONE; s++) {
		struct presence presence;
		bool good = presence_open_source(&presence, ps, s);

		presence_close(&presence);
		if (mlockall(MCL_FUTURE) < 0)
			SKIP("memory cannot be locked here");
		CHECK_EQ(presence_open_source(&presence, ps, s), good);
		presence_close(&presence);
		munlockall();
	}
}

/* Much more than is looked at page by page, with pages on both sides of a step. */
static void pages_in_large_reservations_are_found(void)
{
	static const size_t there[] = {5, 1023, 1024, 65535, 65536, 200000, 262143};
	size_t ps = (size_t)sysconf(_SC_PAGESIZE), size = 262144 * ps;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uintptr_t at = (uintptr_t)p, start, end;

	if (p == MAP_FAILED)
		SKIP("no addresses for so much");
	madvise(p, size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < ARRAY_SIZE(there); i++)
		p[there[i] * ps] = 1;
	for (enum presence_source s = PRESENCE_SCAN; s < PRESENCE_NONE; s++) {
		struct presence presence;

		if (presence_open_source(&presence, ps, s)) {
			end = at;
			for (size_t i = 0; i < ARRAY_SIZE(there); i++) {
				if (i && there[i] == there[i - 1] + 1)
					continue; /* of the same run */
				CHECK(presence_next(&presence, end, at + size, &start, &end));
				CHECK_EQ(start, at + there[i] * ps);
			}
			CHECK(!presence_next(&presence, end, at + size, &start, &end));
		}
		presence_close(&presence);
	}
	munmap(p, size);
}

int main(void)
{
	RUN(good_pointers_are_copied);
	RUN(bad_pointers_are_refused);
	RUN(writes_are_gathered);
	RUN(gathered_writes_end_at_the_first_bad_page);
	RUN(protection_counts);
	RUN(an_int_is_stored_whole_or_not_at_all);
	RUN(errno_stays);
	RUN(without_descriptors_good_pointers_work);
	RUN(presence_is_seen);
	RUN(sources_are_good_in_locked_memory);
	RUN(pages_in_large_reservations_are_found);
	return tap_done();
}
