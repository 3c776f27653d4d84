/* SPDX-License-Identifier: MIT */
/*
 * The report that where.h describes, in raw system calls: it is written when the program's own
 * exit is under way. A file that cannot be opened is told; what cannot be written is left out.
 */
#include "backend/where.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "backend/backend.h"
#include "base/line.h"
#include "emul/abi.h"
#include "emul/census.h"
#include "sys/call.h"
#include "sys/complain.h"
#include "sys/smallfile.h"

#define PATH_SIZE 4096

static void put(long fd, struct line *line)
{
	line_end(line);
	sys_call(__NR_write, fd, line->s, line->len);
	line->len = 0;
	line->full = false;
}

static void copy(long fd, const char *path)
{
	char buf[4096];
	long from = sys_call(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC), n;

	if (from < 0)
		return;
	while ((n = sys_call(__NR_read, from, buf, sizeof(buf))) > 0)
		sys_call(__NR_write, fd, buf, n);
	sys_call(__NR_close, from);
}

/* As numa_maps has it, but no blanks: "bind=static:0-1". */
static void add_policy(struct line *line, const struct mempolicy *policy)
{
	static const char *const modes[] = {
		[MPOL_DEFAULT] = "default",
		[MPOL_PREFERRED] = "prefer",
		[MPOL_BIND] = "bind",
		[MPOL_INTERLEAVE] = "interleave",
		[MPOL_LOCAL] = "local",
		[MPOL_PREFERRED_MANY] = "prefer-many",
		[MPOL_WEIGHTED_INTERLEAVE] = "weighted-interleave",
	};

	line_text(line, modes[policy ? policy->mode : MPOL_DEFAULT]);
	if (!policy)
		return;
	if (policy->flags & MPOL_F_STATIC_NODES)
		line_text(line, "=static");
	if (policy->flags & MPOL_F_RELATIVE_NODES)
		line_text(line, "=relative");
	if (!nodemask_empty(&policy->nodes)) {
		line_text(line, ":");
		line_list(line, policy->nodes.bits, EMUL_NODES);
	}
}

static void begin_part(struct line *line, const struct census_part *part)
{
	line_address(line, part->start);
	line_text(line, "-");
	line_address(line, part->end);
	line_text(line, " ");
	add_policy(line, part->policy);
	/* However many nodes a policy names, the counts have to fit. */
	if (line->len > LINE_SIZE / 2) {
		line->len = LINE_SIZE / 2;
		line->full = false;
		line_text(line, "...");
	}
}

/* One line; more where it does not hold all nodes. */
static void put_part(const struct census_part *part, void *arg)
{
	long fd = *(const long *)arg;
	struct line line = {0};

	begin_part(&line, part);
	for (unsigned node = 0; node < EMUL_NODES; node++) {
		if (!part->pages[node])
			continue;
		if (line.len > LINE_SIZE - 64) {
			put(fd, &line);
			begin_part(&line, part);
		}
		line_text(&line, " N");
		line_number(&line, node);
		line_text(&line, "=");
		line_number(&line, (long long)part->pages[node]);
	}
	put(fd, &line);
}

static void report(long fd)
{
	bool emulated = backend_is_emulated(), guessed = false;
	struct line line = {0};

	line_text(&line, emulated ? "emulated" : "native");
	put(fd, &line);
	line_text(&line, "page ");
	line_number(&line, sysconf(_SC_PAGESIZE));
	put(fd, &line);
	if (emulated)
		emul_census(put_part, &fd, &guessed);
	else
		copy(fd, "/proc/self/numa_maps");
	if (guessed) {
		line_text(&line, "guessed");
		put(fd, &line);
	}
	line_text(&line, "maps");
	put(fd, &line);
	copy(fd, "/proc/self/maps");
}

void where_report(void)
{
	const char *name = secure_getenv("MYNUMA_WHERE");
	char path[PATH_SIZE], digits[NUMBER_DIGITS];
	long fd;

	if (!name || !*name)
		return;
	if (!path_join(path, sizeof(path), name, ".",
		       number_text(digits, (unsigned long)sys_call(__NR_getpid)), (char *)NULL))
		return;
	fd = sys_call(__NR_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0) {
		complain("MYNUMA_WHERE=", name, ": the file cannot be opened", (char *)NULL);
		return;
	}
	report(fd);
	sys_call(__NR_close, fd);
}
