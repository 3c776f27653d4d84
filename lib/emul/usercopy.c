/* SPDX-License-Identifier: MIT */
/*
 * Four ways, best first:
 * - Memory of the page that our own stack frame is in is there and may be written: a plain copy.
 * - process_vm_readv() and _writev() on ourselves (Linux): one call, no descriptor. They go by
 *   the protection of the mapping, so what they refuse gets a second opinion from the next.
 * - A pipe (POSIX): write() from, or read() into, the caller's memory says EFAULT just where a
 *   system call would.
 * - With no descriptor left for a pipe the pointer is trusted.
 */
#include "emul/usercopy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/compiler.h"
#include "sys/call.h"
#include "sys/smallfile.h"

/* An empty pipe takes as much at once, so nothing ever waits. */
#define PIPE_CHUNK ((size_t)PIPE_BUF)

enum way { READ_USER, WRITE_USER };

/* ---- our own stack ---- */

/* No system has smaller pages. */
#define SMALLEST_PAGE 4096U

static bool is_beside(uintptr_t frame, uintptr_t user, size_t len)
{
	return (user ^ frame) < SMALLEST_PAGE && ((user + len - 1) ^ frame) < SMALLEST_PAGE;
}

/* What the caller says is a mask need not be one object of C. */
UNCHECKED static void copy_bytes(volatile char *to, const volatile char *from, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = from[i];
}

/* ---- by the system ---- */

/* Bytes copied, or -errno. */
static long copy_by_process_vm(enum way way, const struct iovec *own, const struct iovec *user,
			       unsigned n)
{
	return sys_call(way == READ_USER ? __NR_process_vm_readv : __NR_process_vm_writev, getpid(),
			own, n, user, n, 0);
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

/* Pieces in the caller's memory, in turn; none of them wraps. */
static int copy_by_system(enum way way, const struct user_piece *piece, unsigned n)
{
	struct iovec own[USER_WRITES], user[USER_WRITES];
	long done;
	int err = 0;

	for (unsigned i = 0; i < n; i++) {
		own[i] = (struct iovec){(void *)(uintptr_t)piece[i].from, piece[i].len};
		user[i] = (struct iovec){(void *)piece[i].to, piece[i].len};
	}
	done = copy_by_process_vm(way, own, user, n);
	if (done < 0)
		done = 0;
	for (unsigned i = 0; i < n && !err; i++) {
		size_t good = (size_t)done < piece[i].len ? (size_t)done : piece[i].len;

		done -= (long)good;
		if (good < piece[i].len)
			err = copy_by_pipe(way, (char *)own[i].iov_base + good, piece[i].to + good,
					   piece[i].len - good);
	}
	return err;
}

static bool wraps(const struct user_piece *piece)
{
	return piece->to + piece->len - 1 < piece->to;
}

static void copy_directly(enum way way, const struct user_piece *piece)
{
	char *own = (char *)(uintptr_t)piece->from, *user = (char *)piece->to;

	copy_bytes(way == READ_USER ? own : user, way == READ_USER ? user : own, piece->len);
}

/* In turn; none is empty. `frame` is the address of a function's frame that has not returned. */
static int copy(enum way way, const void *frame, const struct user_piece *piece, unsigned n)
{
	const struct user_piece *end = piece + n, *next;
	uintptr_t beside = (uintptr_t)frame;
	int err = 0;

	for (; piece < end && !err; piece = next) {
		next = piece + 1;
		if (wraps(piece))
			return -EFAULT;
		if (is_beside(beside, piece->to, piece->len)) {
			copy_directly(way, piece);
			continue;
		}
		while (next < end && !wraps(next) && !is_beside(beside, next->to, next->len))
			next++;
		err = copy_by_system(way, piece, (unsigned)(next - piece));
	}
	return err;
}

int user_read(void *to, uintptr_t from, size_t len)
{
	struct user_piece piece = {from, to, len};

	return len ? copy(READ_USER, __builtin_frame_address(0), &piece, 1) : 0;
}

int user_write(uintptr_t to, const void *from, size_t len)
{
	struct user_piece piece = {to, from, len};

	return len ? copy(WRITE_USER, __builtin_frame_address(0), &piece, 1) : 0;
}

int user_writes_end(struct user_writes *writes)
{
	const void *frame = writes->frame ? writes->frame : writes;
	unsigned n = writes->n;

	writes->n = 0;
	return copy(WRITE_USER, frame, writes->piece, n);
}

int user_writes_add(struct user_writes *writes, uintptr_t to, const void *from, size_t len)
{
	if (len == 0)
		return 0;
	if (writes->n == USER_WRITES && user_writes_end(writes) < 0)
		return -EFAULT;
	writes->piece[writes->n++] = (struct user_piece){to, from, len};
	return 0;
}

int user_writes_zero(struct user_writes *writes, uintptr_t to, size_t len)
{
	static const char zeroes[512];
	int err = 0;

	for (size_t chunk; len && !err; to += chunk, len -= chunk) {
		chunk = len < sizeof(zeroes) ? len : sizeof(zeroes);
		err = user_writes_add(writes, to, zeroes, chunk);
	}
	return err;
}

int user_writes_put(struct user_writes *writes, uintptr_t to, const int *value)
{
	const char *bytes = (const char *)value;
	size_t first = sizeof(*value);

	/* Only across two pages can the end be bad and the start good. */
	if (to % sizeof(*value))
		first -= (to + sizeof(*value)) % sizeof(*value);
	if (user_writes_add(writes, to + first, bytes + first, sizeof(*value) - first) < 0)
		return -EFAULT;
	return user_writes_add(writes, to, bytes, first);
}

int user_put(uintptr_t to, int value)
{
	struct user_writes writes = {0};
	int err = user_writes_put(&writes, to, &value);

	return err ? err : user_writes_end(&writes);
}

int user_touch(uintptr_t addr)
{
	char byte;
	struct iovec own = {&byte, 1}, user = {(void *)addr, 1};
	long done = copy_by_process_vm(READ_USER, &own, &user, 1);

	if (done == 1)
		return 0;
	return done == -EFAULT ? -EFAULT : user_peek(addr);
}

/*
 * A call of which the kernel refuses the arguments only after it has read the word that they point
 * to: -EFAULT or -EINVAL. Emulators of processors and sandboxes refuse them at once.
 */
static long refused_call(uintptr_t word)
{
	return sys_call(__NR_rt_sigprocmask, -1, word, NULL, SIGSET_BYTES);
}

static bool refused_calls_tell(void)
{
	static _Atomic int good; /* 1, or -1 */
	uint64_t there = 0;

	if (!atomic_load(&good))
		atomic_store(&good, refused_call(SIGSET_BYTES) == -EFAULT &&
						    refused_call((uintptr_t)&there) == -EINVAL
					    ? 1
					    : -1);
	return atomic_load(&good) > 0;
}

int user_peek(uintptr_t addr)
{
	char byte;

	if (refused_calls_tell())
		return refused_call(addr & ~(uintptr_t)(SIGSET_BYTES - 1)) == -EFAULT ? -EFAULT : 0;
	return copy_by_pipe(READ_USER, &byte, addr, 1);
}

static bool is_zero(const char *bytes, size_t len)
{
	while (len && !bytes[len - 1])
		len--;
	return !len;
}

/* Memory as a debugger reads it, whatever its protection: 1 or 0, or -EFAULT. */
static int is_zero_by_mem(uintptr_t from, size_t len)
{
	long fd = sys_call(__NR_openat, AT_FDCWD, "/proc/self/mem", O_RDONLY | O_CLOEXEC);
	char bytes[512];
	int zero = fd < 0 ? -EFAULT : 1;

	for (size_t left = len; zero > 0 && left;) {
		size_t in = left < sizeof(bytes) ? left : sizeof(bytes);
		long got = file_read_at((int)fd, bytes, in, from + (len - left));

		zero = got > 0 ? is_zero(bytes, (size_t)got) : -EFAULT;
		left -= got > 0 ? (size_t)got : 0;
	}
	if (fd >= 0)
		sys_call(__NR_close, fd);
	return zero;
}

static int is_zero_by_pipe(uintptr_t from, size_t len)
{
	char bytes[512];
	int fds[2], zero = 1;

	if (sys_call(__NR_pipe2, fds, O_CLOEXEC) < 0)
		return user_peek(from) == 0 && is_zero((const char *)from, len);
	for (size_t in = 0; zero > 0 && len; from += in, len -= in) {
		in = len < PIPE_CHUNK ? len : PIPE_CHUNK;
		if (retry(__NR_write, fds[1], (const void *)from, in) != (long)in)
			zero = -EFAULT;
		for (size_t left = in, out; zero > 0 && left; left -= out) {
			out = left < sizeof(bytes) ? left : sizeof(bytes);
			zero = retry(__NR_read, fds[0], bytes, out) == (long)out &&
			       is_zero(bytes, out);
		}
	}
	sys_call(__NR_close, fds[0]);
	sys_call(__NR_close, fds[1]);
	return zero;
}

bool user_is_zero(uintptr_t from, size_t len)
{
	int zero = is_zero_by_mem(from, len);

	return (zero < 0 ? is_zero_by_pipe(from, len) : zero) > 0;
}
