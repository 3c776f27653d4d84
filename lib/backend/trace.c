/* SPDX-License-Identifier: MIT */
/*
 * Each call as a line of text, with the names that manual pages use: who, when, what, the answer.
 * A line is one write(2) to a file that is opened to append, so those of several threads and
 * processes never mix; no descriptor outlives a call. The caller's memory is read as the emulation
 * does it, since a bad pointer has to lead to the kernel's EFAULT and not to a crash.
 */
#include "backend/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/bits.h"
#include "base/line.h"
#include "emul/abi.h"
#include "emul/usercopy.h"
#include "sys/call.h"
#include "sys/complain.h"
#include "topology/source.h"

/* Of longer masks and arrays the beginning is shown. */
#define MASK_BITS 4096UL
#define ARRAY_SHOWN 16UL

struct tracer {
	struct backend_ops ops; /* first: what backend() gives */
	const struct backend_ops *inner;
	const char *path;
};

/* Set before the first call comes here. */
static _Atomic(const struct tracer *) tracer;

static const struct backend_ops *inner(void)
{
	return atomic_load_explicit(&tracer, memory_order_acquire)->inner;
}

static long trace_open(const char *path)
{
	long fd;

	do
		fd = sys_call(__NR_openat, AT_FDCWD, path,
			      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
	while (fd == -EINTR);
	return fd;
}

/* Names */

struct name {
	unsigned long bits;
	const char *text;
};

static const struct name mode_flags[] = {
	{MPOL_F_STATIC_NODES, "MPOL_F_STATIC_NODES"},
	{MPOL_F_RELATIVE_NODES, "MPOL_F_RELATIVE_NODES"},
	{MPOL_F_NUMA_BALANCING, "MPOL_F_NUMA_BALANCING"},
	{0, NULL},
};

static const struct name get_flags[] = {
	{MPOL_F_NODE, "MPOL_F_NODE"},
	{MPOL_F_ADDR, "MPOL_F_ADDR"},
	{MPOL_F_MEMS_ALLOWED, "MPOL_F_MEMS_ALLOWED"},
	{0, NULL},
};

static const struct name move_flags[] = {
	{MPOL_MF_STRICT, "MPOL_MF_STRICT"},
	{MPOL_MF_MOVE, "MPOL_MF_MOVE"},
	{MPOL_MF_MOVE_ALL, "MPOL_MF_MOVE_ALL"},
	{0, NULL},
};

static const struct name no_flags[] = {{0, NULL}};

/* Names joined by "|", the rest as a number. `any`: something stands before. */
static void add_flags(struct line *line, unsigned long flags, const struct name *names, bool any)
{
	for (; names->text; names++) {
		if (!(flags & names->bits))
			continue;
		line_text(line, any ? "|" : "");
		line_text(line, names->text);
		flags &= ~names->bits;
		any = true;
	}
	if (flags || !any) {
		line_text(line, any ? "|" : "");
		if (flags)
			line_hex(line, flags);
		else
			line_text(line, "0");
	}
}

static void add_mode(struct line *line, unsigned word)
{
	static const char *const modes[] = {
		[MPOL_DEFAULT] = "MPOL_DEFAULT",
		[MPOL_PREFERRED] = "MPOL_PREFERRED",
		[MPOL_BIND] = "MPOL_BIND",
		[MPOL_INTERLEAVE] = "MPOL_INTERLEAVE",
		[MPOL_LOCAL] = "MPOL_LOCAL",
		[MPOL_PREFERRED_MANY] = "MPOL_PREFERRED_MANY",
		[MPOL_WEIGHTED_INTERLEAVE] = "MPOL_WEIGHTED_INTERLEAVE",
	};
	unsigned flags = MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES | MPOL_F_NUMA_BALANCING;
	unsigned mode = word & ~flags;

	if (mode < sizeof(modes) / sizeof(modes[0]))
		line_text(line, modes[mode]);
	else
		line_hex(line, mode);
	if (word & flags)
		add_flags(line, word & flags, mode_flags, true);
}

static const char *error_name(long err)
{
	static const char *const names[] = {
		[EPERM] = "EPERM",   [ENOENT] = "ENOENT", [ESRCH] = "ESRCH",   [EINTR] = "EINTR",
		[EIO] = "EIO",	     [E2BIG] = "E2BIG",	  [EAGAIN] = "EAGAIN", [ENOMEM] = "ENOMEM",
		[EACCES] = "EACCES", [EFAULT] = "EFAULT", [EBUSY] = "EBUSY",   [ENODEV] = "ENODEV",
		[EINVAL] = "EINVAL", [ENOSPC] = "ENOSPC",
	};

	if (err > 0 && err < (long)(sizeof(names) / sizeof(names[0])) && names[err])
		return names[err];
	return err == ENOSYS ? "ENOSYS" : err == EOPNOTSUPP ? "EOPNOTSUPP" : NULL;
}

/* "EINVAL", or the number of one that these calls do not have. */
static void add_error(struct line *line, long err)
{
	const char *name = error_name(err);

	if (name)
		line_text(line, name);
	else
		line_number(line, err);
}

/* Arguments */

static void add_pointer(struct line *line, const void *p)
{
	if (p)
		line_hex(line, (uintptr_t)p);
	else
		line_text(line, "NULL");
}

/* The nodes of a mask of which the kernel takes maxnode - 1 bits, or the pointer if it is bad. */
static void add_nodes(struct line *line, const unsigned long *mask, unsigned long maxnode)
{
	unsigned long words[MASK_BITS / BITS_PER_LONG];
	unsigned long bits = maxnode > 0 ? maxnode - 1 : 0;

	bits = bits > MASK_BITS ? MASK_BITS : bits;
	if (!mask || user_read(words, (uintptr_t)mask, bits_words(bits) * sizeof(long)) < 0) {
		add_pointer(line, mask);
		return;
	}
	line_text(line, "{");
	line_list(line, words, bits);
	line_text(line, "}");
}

/* An array of numbers; of `errors`, negative ones are those. */
static void add_ints(struct line *line, const int *array, unsigned long count, bool errors)
{
	int shown[ARRAY_SHOWN];
	unsigned long n = count < ARRAY_SHOWN ? count : ARRAY_SHOWN;

	if (!array || user_read(shown, (uintptr_t)array, n * sizeof(shown[0])) < 0) {
		add_pointer(line, array);
		return;
	}
	line_text(line, "[");
	for (unsigned long i = 0; i < n; i++) {
		line_text(line, i ? ", " : "");
		if (errors && shown[i] < 0) {
			line_text(line, "-");
			add_error(line, -(long)shown[i]);
		} else {
			line_number(line, shown[i]);
		}
	}
	line_text(line, count > n ? ", ...]" : "]");
}

static void add_pages(struct line *line, void **pages, unsigned long count)
{
	void *shown[ARRAY_SHOWN];
	unsigned long n = count < ARRAY_SHOWN ? count : ARRAY_SHOWN;

	if (!pages || user_read(shown, (uintptr_t)pages, n * sizeof(shown[0])) < 0) {
		add_pointer(line, pages);
		return;
	}
	line_text(line, "[");
	for (unsigned long i = 0; i < n; i++) {
		line_text(line, i ? ", " : "");
		add_pointer(line, shown[i]);
	}
	line_text(line, count > n ? ", ...]" : "]");
}

/* "1732199999.123456 [4711] mbind(" */
static void begin(struct line *line, const char *call)
{
	struct timespec now = {0};

	line->len = 0;
	line->full = false;
	clock_gettime(CLOCK_REALTIME, &now);
	line_number(line, (long long)now.tv_sec);
	line_text(line, ".");
	line_padded(line, (unsigned long)now.tv_nsec / 1000, 6);
	line_text(line, " [");
	line_number(line, sys_call(__NR_gettid));
	line_text(line, "] ");
	line_text(line, call);
	line_text(line, "(");
}

static void comma(struct line *line)
{
	line_text(line, ", ");
}

/* Whoever reads the file must not take it for whole. Told once a process. */
static void write_line(const struct line *line)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;
	const char *path = atomic_load_explicit(&tracer, memory_order_acquire)->path;
	long fd = trace_open(path), done = fd;

	if (fd >= 0) {
		done = sys_call(__NR_write, fd, line->s, line->len);
		sys_call(__NR_close, fd);
	}
	if (done != (long)line->len && !atomic_flag_test_and_set(&told))
		complain("MYNUMA_TRACE=", path, ": a call could not be written down", NULL);
}

/* ") = 0", ") = -1 EINVAL"; then the line goes to the file. */
static long end(struct line *line, long ret)
{
	line_text(line, ") = ");
	if (ret < 0) {
		line_text(line, "-1 ");
		add_error(line, -ret);
	} else {
		line_number(line, ret);
	}
	line_end(line);
	write_line(line);
	return ret;
}

/* The calls. What a call only writes is read when it has succeeded. */

static long trace_get_mempolicy(int *mode, unsigned long *nodemask, unsigned long maxnode,
				void *addr, unsigned long flags)
{
	struct line line;
	long ret;
	int word;

	begin(&line, "get_mempolicy");
	ret = inner()->get_mempolicy(mode, nodemask, maxnode, addr, flags);
	if (ret < 0 || !mode || user_read(&word, (uintptr_t)mode, sizeof(word)) < 0) {
		add_pointer(&line, mode);
	} else {
		line_text(&line, "[");
		if (flags & (MPOL_F_NODE | MPOL_F_MEMS_ALLOWED))
			line_number(&line, word);
		else
			add_mode(&line, (unsigned)word);
		line_text(&line, "]");
	}
	comma(&line);
	if (ret < 0)
		add_pointer(&line, nodemask);
	else
		add_nodes(&line, nodemask, maxnode);
	comma(&line);
	line_number(&line, (long long)maxnode);
	comma(&line);
	add_pointer(&line, addr);
	comma(&line);
	add_flags(&line, flags, get_flags, false);
	return end(&line, ret);
}

static long trace_set_mempolicy(int mode, const unsigned long *nodemask, unsigned long maxnode)
{
	struct line line;

	begin(&line, "set_mempolicy");
	add_mode(&line, (unsigned)mode);
	comma(&line);
	add_nodes(&line, nodemask, maxnode);
	comma(&line);
	line_number(&line, (long long)maxnode);
	return end(&line, inner()->set_mempolicy(mode, nodemask, maxnode));
}

static long trace_mbind(void *addr, unsigned long len, unsigned long mode,
			const unsigned long *nodemask, unsigned long maxnode, unsigned flags)
{
	struct line line;

	begin(&line, "mbind");
	add_pointer(&line, addr);
	comma(&line);
	line_number(&line, (long long)len);
	comma(&line);
	add_mode(&line, (unsigned)mode);
	comma(&line);
	add_nodes(&line, nodemask, maxnode);
	comma(&line);
	line_number(&line, (long long)maxnode);
	comma(&line);
	add_flags(&line, flags, move_flags, false);
	return end(&line, inner()->mbind(addr, len, mode, nodemask, maxnode, flags));
}

static long trace_migrate_pages(int pid, unsigned long maxnode, const unsigned long *old_nodes,
				const unsigned long *new_nodes)
{
	struct line line;

	begin(&line, "migrate_pages");
	line_number(&line, pid);
	comma(&line);
	line_number(&line, (long long)maxnode);
	comma(&line);
	add_nodes(&line, old_nodes, maxnode);
	comma(&line);
	add_nodes(&line, new_nodes, maxnode);
	return end(&line, inner()->migrate_pages(pid, maxnode, old_nodes, new_nodes));
}

static long trace_move_pages(int pid, unsigned long count, void **pages, const int *nodes,
			     int *status, int flags)
{
	struct line line;
	long ret;

	begin(&line, "move_pages");
	line_number(&line, pid);
	comma(&line);
	line_number(&line, (long long)count);
	comma(&line);
	add_pages(&line, pages, count);
	comma(&line);
	add_ints(&line, nodes, count, false);
	comma(&line);
	ret = inner()->move_pages(pid, count, pages, nodes, status, flags);
	if (ret < 0)
		add_pointer(&line, status);
	else
		add_ints(&line, status, count, true);
	comma(&line);
	add_flags(&line, (unsigned)flags, move_flags, false);
	return end(&line, ret);
}

static long trace_set_mempolicy_home_node(unsigned long start, unsigned long len,
					  unsigned long home_node, unsigned long flags)
{
	struct line line;

	begin(&line, "set_mempolicy_home_node");
	line_hex(&line, start);
	comma(&line);
	line_number(&line, (long long)len);
	comma(&line);
	line_number(&line, (long long)home_node);
	comma(&line);
	add_flags(&line, flags, no_flags, false);
	return end(&line, inner()->set_mempolicy_home_node(start, len, home_node, flags));
}

static bool can_open(const char *path)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;
	long fd = trace_open(path);

	if (fd >= 0)
		sys_call(__NR_close, fd);
	else if (!atomic_flag_test_and_set(&told))
		complain("MYNUMA_TRACE=", path,
			 ": the file cannot be opened; the variable is ignored", NULL);
	return fd >= 0;
}

const struct backend_ops *trace_ops(const struct backend_ops *ops)
{
	const char *path = secure_getenv("MYNUMA_TRACE");
	const struct tracer *none = NULL;
	struct tracer *new;
	size_t len = 0;
	char *copy;

	if (!path || !*path || !can_open(path))
		return ops;
	/* Copied, because a program may change its environment. */
	while (path[len])
		len++;
	new = topo_alloc(sizeof(*new));
	copy = topo_alloc(len + 1);
	if (!new || !copy)
		return ops;
	for (size_t i = 0; i < len; i++)
		copy[i] = path[i];
	new->path = copy;
	new->inner = ops;
	new->ops = *ops;
	new->ops.get_mempolicy = trace_get_mempolicy;
	new->ops.set_mempolicy = trace_set_mempolicy;
	new->ops.mbind = trace_mbind;
	new->ops.migrate_pages = trace_migrate_pages;
	new->ops.move_pages = trace_move_pages;
	new->ops.set_mempolicy_home_node = trace_set_mempolicy_home_node;
	return atomic_compare_exchange_strong(&tracer, &none, new) ? &new->ops : &none->ops;
}

const struct backend_ops *trace_inner(const struct backend_ops *ops)
{
	const struct tracer *t = atomic_load(&tracer);

	return t && ops == &t->ops ? t->inner : ops;
}
