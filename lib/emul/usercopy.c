/* SPDX-License-Identifier: MIT */
/*
 * Four ways, best first:
 * - The kernel is asked whether the ends of what lies in one page or two can be read or written, by
 *   a call that costs little and is known to fail at a page that is not there; then we copy. Who
 *   unmaps a buffer while it is in use by a call gets no better answer from a kernel.
 * - process_vm_readv() and _writev() on ourselves (Linux): one call, no descriptor. They go by
 *   the protection of the mapping, so what they refuse gets a second opinion from the next.
 * - A pipe (POSIX): write() from, or read() into, the caller's memory says EFAULT just where a
 *   system call would.
 * - With no descriptor left for a pipe the pointer is trusted.
 */
#include "emul/usercopy.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "sys/call.h"
#include "sys/smallfile.h"

/* Below any pipe's capacity, so that nothing ever waits. */
#define PIPE_CHUNK 512U

enum way { READ_USER, WRITE_USER };

/* The kernel's size of a signal set, and no way to change the mask. */
#define SIGSET_BYTES ((size_t)_NSIG / 8)
#define BAD_HOW 77

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
	void *to = way == READ_USER ? own : (void *)user;
	const void *from = way == READ_USER ? (const void *)user : own;
	int fds[2], err = 0;

	if (sys_call(__NR_pipe2, fds, O_CLOEXEC) < 0) {
		memcpy(to, from, len);
		return 0;
	}
	for (size_t done = 0; done < len && !err;) {
		size_t chunk = len - done < PIPE_CHUNK ? len - done : PIPE_CHUNK;

		err = copy_chunk(fds, (char *)to + done, (const char *)from + done, chunk);
		done += chunk;
	}
	sys_call(__NR_close, fds[0]);
	sys_call(__NR_close, fds[1]);
	return err;
}

/* At least so large is every page. */
#define LEAST_PAGE 4096U

/*
 * Whether [user, user + len), in two pages at most, can be read: an impossible change of the signal
 * mask is looked at before it is refused.
 */
static bool is_readable(uintptr_t user, size_t len)
{
	uintptr_t last = user + len - SIGSET_BYTES;

	if (user / LEAST_PAGE != last / LEAST_PAGE &&
	    sys_call(__NR_rt_sigprocmask, BAD_HOW, user, NULL, SIGSET_BYTES) != -EINVAL)
		return false;
	return sys_call(__NR_rt_sigprocmask, BAD_HOW, last, NULL, SIGSET_BYTES) == -EINVAL;
}

/* Whether it can be written: the number of the CPU is, to both ends. A null pointer is no end. */
static bool is_writable(uintptr_t user, size_t len)
{
	return user && sys_call(__NR_getcpu, user, user + len - sizeof(unsigned), NULL) == 0;
}

static bool asking_works(enum way way, size_t page)
{
	char *bad = pages_alloc(2 * page);
	bool good;

	if (!bad)
		return false;
	sys_call(__NR_mprotect, bad, page, way == READ_USER ? PROT_NONE : PROT_READ);
	if (way == READ_USER)
		good = !is_readable((uintptr_t)bad, SIGSET_BYTES) &&
		       !is_readable((uintptr_t)bad + page - SIGSET_BYTES, 2 * SIGSET_BYTES) &&
		       is_readable((uintptr_t)bad + page, 2 * SIGSET_BYTES);
	else
		good = !is_writable((uintptr_t)bad, 8) &&
		       !is_writable((uintptr_t)bad + page - 4, 8) &&
		       is_writable((uintptr_t)bad + page, 8);
	pages_free(bad, 2 * page);
	return good;
}

/* Emulators of processors and of kernels may check in another order, or not at all. */
static bool may_ask(enum way way)
{
	static _Atomic int known[2]; /* 1, or -1 */
	int answer = atomic_load_explicit(&known[way], memory_order_relaxed);

	if (!answer) {
		answer = asking_works(way, (size_t)sysconf(_SC_PAGESIZE)) ? 1 : -1;
		atomic_store_explicit(&known[way], answer, memory_order_relaxed);
	}
	return answer > 0;
}

/* Copies what can be, after asking. */
static bool copy_asked(enum way way, char *own, uintptr_t user, size_t len)
{
	if (len > LEAST_PAGE || len < (way == READ_USER ? SIGSET_BYTES : sizeof(unsigned)) ||
	    !may_ask(way))
		return false;
	if (way == READ_USER) {
		if (!is_readable(user, len))
			return false;
		memcpy(own, (const void *)user, len);
	} else {
		if (!is_writable(user, len))
			return false;
		memcpy((void *)user, own, len);
	}
	return true;
}

static int copy(enum way way, char *own, uintptr_t user, size_t len)
{
	long done;

	if (len == 0)
		return 0;
	if (user + len - 1 < user)
		return -EFAULT;
	if (copy_asked(way, own, user, len))
		return 0;
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
