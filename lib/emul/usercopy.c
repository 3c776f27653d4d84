/* SPDX-License-Identifier: MIT */
/*
 * Three ways, best first:
 * - process_vm_readv() and _writev() on ourselves (Linux): one call, no descriptor. They go by
 *   the protection of the mapping, so what they refuse gets a second opinion from the next.
 * - A pipe (POSIX): write() from, or read() into, the caller's memory says EFAULT just where a
 *   system call would.
 * - With no descriptor left for a pipe the pointer is trusted.
 */
#include "emul/usercopy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "sys/call.h"

/* Below any pipe's capacity, so that nothing ever waits. */
#define PIPE_CHUNK 512U

enum way { READ_USER, WRITE_USER };

/* Bytes copied, or -errno. */
static long copy_by_process_vm(enum way way, char *own, uintptr_t user, size_t len)
{
	struct iovec local = {.iov_base = own, .iov_len = len};
	struct iovec remote = {.iov_base = (void *)user, .iov_len = len};

	return sys_call(way == READ_USER ? __NR_process_vm_readv : __NR_process_vm_writev, getpid(),
			&local, 1, &remote, 1, 0);
}

static long retry(long nr, int fd, const void *buf, size_t len)
{
	long done;

	do
		done = sys_call(nr, fd, buf, len);
	while (done == -EINTR);
	return done;
}

/* One chunk from `from` to `to` by way of the pipe. Which of the two is bad does not matter. */
static int copy_chunk(const int fds[2], void *to, const void *from, size_t len)
{
	long in = retry(__NR_write, fds[1], from, len);
	long out = in > 0 ? retry(__NR_read, fds[0], to, (size_t)in) : in;

	return in == (long)len && out == in ? 0 : -EFAULT;
}

static int copy_by_pipe(enum way way, char *own, uintptr_t user, size_t len)
{
	int fds[2], err = 0;

	if (sys_call(__NR_pipe2, fds, O_CLOEXEC) < 0) {
		if (way == READ_USER)
			memcpy(own, (const void *)user, len);
		else
			memcpy((void *)user, own, len);
		return 0;
	}
	for (size_t chunk; len && !err; own += chunk, user += chunk, len -= chunk) {
		chunk = len < PIPE_CHUNK ? len : PIPE_CHUNK;
		err = way == READ_USER ? copy_chunk(fds, own, (const void *)user, chunk)
				       : copy_chunk(fds, (void *)user, own, chunk);
	}
	sys_call(__NR_close, fds[0]);
	sys_call(__NR_close, fds[1]);
	return err;
}

static int copy(enum way way, char *own, uintptr_t user, size_t len)
{
	long done;

	if (len == 0)
		return 0;
	if (user + len - 1 < user)
		return -EFAULT;
	done = copy_by_process_vm(way, own, user, len);
	if (done < 0)
		done = 0;
	if ((size_t)done >= len)
		return 0;
	return copy_by_pipe(way, own + done, user + (size_t)done, len - (size_t)done);
}

int user_read(void *to, uintptr_t from, size_t len)
{
	return copy(READ_USER, to, from, len);
}

int user_write(uintptr_t to, const void *from, size_t len)
{
	/* Only read from in this direction. */
	return copy(WRITE_USER, (char *)(uintptr_t)from, to, len);
}

int user_zero(uintptr_t to, size_t len)
{
	static const char zeroes[PIPE_CHUNK];

	for (size_t chunk; len; to += chunk, len -= chunk) {
		int err;

		chunk = len < sizeof(zeroes) ? len : sizeof(zeroes);
		err = user_write(to, zeroes, chunk);
		if (err)
			return err;
	}
	return 0;
}

int user_put(uintptr_t to, int value)
{
	const char *bytes = (const char *)&value;
	size_t first = sizeof(value);

	/* Only across two pages can the end be bad and the start good. */
	if (to % sizeof(value))
		first -= (to + sizeof(value)) % sizeof(value);
	if (user_write(to + first, bytes + first, sizeof(value) - first) < 0)
		return -EFAULT;
	return user_write(to, bytes, first);
}

int user_touch(uintptr_t addr)
{
	char byte;
	long done = copy_by_process_vm(READ_USER, &byte, addr, 1);

	if (done == 1)
		return 0;
	return done == -EFAULT ? -EFAULT : user_peek(addr);
}

int user_peek(uintptr_t addr)
{
	char byte;

	return user_look(&byte, addr, 1);
}

int user_look(void *to, uintptr_t from, size_t len)
{
	return copy_by_pipe(READ_USER, to, from, len);
}
