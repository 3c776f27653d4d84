/* SPDX-License-Identifier: MIT */
/*
 * The emulation's six calls in any order with any arguments, on a machine of four nodes, against a
 * model that has a policy and a node for each page and nothing else. The input is the machine, then
 * a byte for each decision. No input makes a system call: what the system would say of a page being
 * there, of the process and of the caller's memory is said here.
 */
#include "fuzz/fuzz.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/compiler.h"
#include "emul/lock.h"
#include "emul/process.h"
#include "sys/call.h"
#include "sys/smallfile.h"

static int fuzz_touch(uintptr_t addr);
static long fuzz_call(long nr, long a, long b, long c, long d);

#undef sys_call
#define FUZZ_CALL(nr, a, b, c, d, ...) fuzz_call(nr, SYS_ARG(a), SYS_ARG(b), SYS_ARG(c), SYS_ARG(d))
#define sys_call(...) FUZZ_CALL(__VA_ARGS__, 0, 0, 0, 0, 0)
#define OWN_ID 4711
#define getpid() OWN_ID
#include "emul/usercopy.c"
#define copy task_copy
#include "emul/task.c"
#undef user_touch
#undef user_peek
#define user_touch fuzz_touch
#define user_peek fuzz_touch
#include "emul/policycalls.c"

#define PAGES 12
#define NODES 4

/* ---- the model ---- */

typedef bool set[NODES];

struct model_policy {
	int mode, flags, home;
	set nodes, user;
};

static struct model_page {
	enum { ABSENT, ZERO, PRESENT } state;
	int node;
	bool bound;
	struct model_policy policy;
} page[PAGES];

static struct model_policy task;
static set memory, allowed;
static unsigned char weights[NODES];
static char *arena;
static size_t ps;

static int model_distance(int from, int to)
{
	return from == to ? 10 : 20 + 5 * ((to - from + NODES) % NODES);
}

static int count(const set s)
{
	return s[0] + s[1] + s[2] + s[3];
}

static int nth(const set s, int n)
{
	for (int node = 0; node < NODES; node++)
		if (s[node] && n-- == 0)
			return node;
	abort();
}

static int nearest(int from, const set s)
{
	int best = -1;

	for (int node = 0; node < NODES; node++)
		if (s[node] &&
		    (best < 0 || model_distance(from, node) < model_distance(from, best)))
			best = node;
	MUST(best >= 0);
	return best;
}

/* Where a new page would come from, for a thread on a CPU of node 0. */
static int model_place(int i)
{
	const struct model_policy *p = page[i].bound ? &page[i].policy : &task;
	uintptr_t index = (uintptr_t)arena / ps + (uintptr_t)i;
	int total = 0, turn;

	switch (p->mode) {
	case MPOL_PREFERRED:
		return nth(p->nodes, 0);
	case MPOL_INTERLEAVE:
		return nth(p->nodes, (int)(index % (uintptr_t)count(p->nodes)));
	case MPOL_WEIGHTED_INTERLEAVE:
		for (int node = 0; node < NODES; node++)
			total += p->nodes[node] * weights[node];
		turn = (int)(index % (uintptr_t)total);
		for (int node = 0; node < NODES; node++) {
			turn -= p->nodes[node] * weights[node];
			if (turn < 0)
				return node;
		}
		abort();
	case MPOL_BIND:
	case MPOL_PREFERRED_MANY:
		return nearest(p->home >= 0 ? p->home : 0, p->nodes);
	default:
		return nearest(0, allowed);
	}
}

static void model_touch(int i)
{
	if (page[i].state == PRESENT)
		return;
	page[i].state = PRESENT;
	page[i].node = model_place(i);
}

/* A mode word and the nodes of a mask. 0 or -EINVAL. */
static int model_split(int word, int *mode, int *flags)
{
	int all = MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES | MPOL_F_NUMA_BALANCING;

	*mode = word & ~all;
	*flags = word & all;
	if (*mode < 0 || *mode > MPOL_WEIGHTED_INTERLEAVE)
		return -EINVAL;
	if ((*flags & MPOL_F_STATIC_NODES) && (*flags & MPOL_F_RELATIVE_NODES))
		return -EINVAL;
	if ((*flags & MPOL_F_NUMA_BALANCING) && *mode != MPOL_BIND && *mode != MPOL_PREFERRED_MANY)
		return -EINVAL;
	return 0;
}

static int model_make(struct model_policy *p, int mode, int flags, const set user, bool stray)
{
	int members = count(user) + stray, n = 0;

	*p = (struct model_policy){.home = -1};
	if (!members) {
		if (mode == MPOL_DEFAULT)
			return 0;
		if (flags || (mode != MPOL_PREFERRED && mode != MPOL_LOCAL))
			return -EINVAL;
		p->mode = MPOL_LOCAL;
		return 0;
	}
	if (mode == MPOL_DEFAULT || mode == MPOL_LOCAL)
		return -EINVAL;
	p->mode = mode;
	p->flags = flags;
	for (int node = 0; node < NODES; node++) {
		if (flags)
			p->user[node] = user[node];
		if (flags & MPOL_F_RELATIVE_NODES)
			p->nodes[nth(allowed, node % count(allowed))] |= user[node];
		else
			p->nodes[node] = user[node] && allowed[node];
	}
	/* The one node of a mask that the machine has not. */
	if (stray && (flags & MPOL_F_RELATIVE_NODES))
		p->nodes[nth(allowed, 40 % count(allowed))] = true;
	for (int node = 0; node < NODES; node++) {
		n += p->nodes[node];
		if (mode == MPOL_PREFERRED && n > 1)
			p->nodes[node] = false;
	}
	return n ? 0 : -EINVAL;
}

/* ---- what the system says, which is what the model says ---- */

/* The lock is for one thread, which must not have it twice nor reach for the caller's memory. */
static bool locked;

void emul_lock(struct emul_guard *guard)
{
	(void)guard;
	MUST(!locked);
	locked = true;
}

void emul_unlock(const struct emul_guard *guard)
{
	(void)guard;
	MUST(locked);
	locked = false;
}

static bool may_nice;

bool process_may_nice(void)
{
	return may_nice;
}

int process_of(int pid)
{
	MUST(pid == 0);
	return PROCESS_SELF;
}

bool process_has_memory(int pid)
{
	(void)pid;
	abort();
}

/* Every pointer that a call is given is good to the byte, or lies in the first page. */
static bool is_bad(const void *p)
{
	return (uintptr_t)p < 4096;
}

/* As process_vm_readv() and _writev() on the process itself: the bytes, or -EFAULT for none. */
static long copy_pieces(const struct iovec *own, const struct iovec *user, long n, bool read)
{
	long done = 0;

	for (long i = 0; i < n; i++) {
		MUST(own[i].iov_len == user[i].iov_len);
		if (is_bad(user[i].iov_base))
			return done ? done : -EFAULT;
		if (read)
			memcpy(own[i].iov_base, user[i].iov_base, user[i].iov_len);
		else
			memcpy(user[i].iov_base, own[i].iov_base, user[i].iov_len);
		done += (long)user[i].iov_len;
	}
	return done;
}

/* The second opinion about a pointer, a pipe of which one end is asked at a time. */
static long through_pipe(void *buf, size_t len, bool in)
{
	static char pipe[PIPE_CHUNK];
	static size_t start, end;

	if (is_bad(buf))
		return -EFAULT;
	MUST(len <= (in ? sizeof(pipe) : end - start));
	if (in) {
		memcpy(pipe, buf, len);
		start = 0;
		end = len;
	} else {
		memcpy(buf, pipe + start, len);
		start += len;
	}
	return (long)len;
}

static long fuzz_call(long nr, long a, long b, long c, long d)
{
	if (nr == __NR_gettid)
		return OWN_ID;
	if (nr == __NR_kcmp)
		return -ENOSYS;
	MUST(!locked);
	switch (nr) {
	case __NR_process_vm_readv:
	case __NR_process_vm_writev:
		MUST(a == OWN_ID);
		return copy_pieces((const struct iovec *)b, (const struct iovec *)d, c,
				   nr == __NR_process_vm_readv);
	case __NR_pipe2:
		((int *)a)[0] = 0;
		((int *)a)[1] = 1;
		return 0;
	case __NR_write:
	case __NR_read:
		return through_pipe((void *)b, (size_t)c, nr == __NR_write);
	case __NR_close:
		return 0;
	default:
		abort();
	}
}

static uintptr_t arena_start(void)
{
	return (uintptr_t)arena;
}

static uintptr_t arena_end(void)
{
	return (uintptr_t)arena + PAGES * ps;
}

static bool in_arena(uintptr_t addr)
{
	return addr >= arena_start() && addr < arena_end();
}

static int page_at(uintptr_t addr)
{
	MUST(in_arena(addr));
	return (int)((addr - arena_start()) / ps);
}

static int fuzz_touch(uintptr_t addr)
{
	if (!in_arena(addr))
		return -EFAULT;
	if (page[page_at(addr)].state == ABSENT)
		page[page_at(addr)].state = ZERO;
	return 0;
}

bool mapped_whole(uintptr_t start, uintptr_t end)
{
	return start >= arena_start() && end <= arena_end();
}

bool mapped_partly(uintptr_t start, uintptr_t end, size_t page_size)
{
	(void)page_size;
	return start < arena_end() && end > arena_start();
}

uintptr_t mapping_before_hole(uintptr_t start, uintptr_t *hole)
{
	*hole = in_arena(start) ? arena_end() : start;
	return in_arena(start) ? arena_start() : start;
}

bool mappings_are_text(void)
{
	return false;
}

uint64_t mappings_signature(void)
{
	return 0;
}

int mappings_open(struct mappings *maps)
{
	maps->fd = -1;
	return 0;
}

void mappings_close(struct mappings *maps)
{
	(void)maps;
}

bool mappings_next(struct mappings *maps, uintptr_t addr, struct mapping *found)
{
	(void)maps;
	*found = (struct mapping){.start = arena_start(), .end = arena_end(), .accessible = true};
	return addr < arena_end();
}

bool mapping_of(uintptr_t addr, struct mapping *found)
{
	return in_arena(addr) && mappings_next(NULL, addr, found);
}

void presence_open(struct presence *p, size_t page_size)
{
	*p = (struct presence){.source = PRESENCE_SCAN, .fd = -1, .page_size = page_size};
}

void presence_close(struct presence *p)
{
	(void)p;
}

/* What is expected may be told as it was then: the worst that the library can meet. */
static unsigned char state_then[PAGES];

void presence_expect(struct presence *p, uintptr_t start, uintptr_t end)
{
	p->expected_start = start;
	p->expected_end = end;
	for (int i = 0; i < PAGES; i++)
		state_then[i] = (unsigned char)page[i].state;
}

static const enum page_state states[] = {PAGE_ABSENT, PAGE_ZERO, PAGE_SINGLE};

static enum page_state state_now(uintptr_t addr)
{
	return in_arena(addr) ? states[page[page_at(addr)].state] : PAGE_ABSENT;
}

enum page_state presence_of(struct presence *p, uintptr_t addr)
{
	if (!in_arena(addr) || addr < p->expected_start || addr >= p->expected_end)
		return state_now(addr);
	return states[state_then[page_at(addr)]];
}

/* All of the arena is the process's own. */
bool presence_is_of_file(struct presence *p, uintptr_t addr)
{
	(void)p;
	(void)addr;
	return false;
}

uintptr_t presence_alike(struct presence *p, uintptr_t from, uintptr_t end, bool *of_file)
{
	*of_file = presence_is_of_file(p, from);
	return end;
}

bool presence_next_in_file(const struct presence *p, uintptr_t from, uintptr_t end,
			   uintptr_t *run_start, uintptr_t *run_end)
{
	(void)p;
	(void)from;
	(void)run_start;
	(void)run_end;
	(void)end;
	abort();
}

bool presence_next(struct presence *p, uintptr_t from, uintptr_t end, uintptr_t *run_start,
		   uintptr_t *run_end)
{
	(void)p;
	while (from < end && state_now(from) != PAGE_SINGLE)
		from += ps;
	*run_start = from;
	while (from < end && state_now(from) == PAGE_SINGLE)
		from += ps;
	*run_end = from;
	return *run_start < end;
}

/* ---- arguments ---- */

static int some_word(struct supply *in)
{
	static const int flags[] = {0,
				    0,
				    0,
				    MPOL_F_STATIC_NODES,
				    MPOL_F_RELATIVE_NODES,
				    MPOL_F_NUMA_BALANCING,
				    MPOL_F_STATIC_NODES | MPOL_F_NUMA_BALANCING,
				    MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES};
	unsigned byte = supply_byte(in);

	return (int)(byte >> 3 & 15) % 9 | flags[byte & 7] | (byte & 128 ? 1 << 30 : 0);
}

/* A mask as a caller gives it and what it means. */
struct mask_arg {
	const unsigned long *pointer;
	unsigned long maxnode;
	unsigned long words[2];
	int err;
	set nodes;
	bool stray; /* node 40 is in it */
};

static void some_mask(struct supply *in, struct mask_arg *m)
{
	static const unsigned long sizes[] = {65, 65, 65, 65, 5,   4, 3,
					      2,  1,  41, 42, 129, 0, 1UL << 30};
	unsigned byte = supply_byte(in), kind = supply_byte(in) % 16;
	unsigned long bits;

	memset(m, 0, sizeof(*m));
	m->words[0] = byte & 15;
	if (byte & 16)
		m->words[40 / BITS_PER_LONG] |= 1UL << 40 % BITS_PER_LONG;
	m->pointer = m->words;
	m->maxnode = kind < 14 ? sizes[kind] : 65;
	if (kind == 14)
		m->pointer = NULL;
	if (kind == 15)
		m->pointer = (const unsigned long *)(uintptr_t)8;
	bits = m->maxnode - 1;
	if (!m->pointer || bits == 0)
		return;
	if (bits > ps * 8)
		m->err = -EINVAL;
	else if (kind == 15)
		m->err = -EFAULT;
	for (unsigned long node = 0; node < NODES && node < bits; node++)
		m->nodes[node] = byte >> node & 1;
	m->stray = byte & 16 && bits > 40;
}

struct range_arg {
	int first, last; /* the pages */
	char *start;
	unsigned long len;
	int err;
	bool empty;
};

static void some_range(struct supply *in, struct range_arg *r)
{
	unsigned a = supply_byte(in), b = supply_byte(in);

	memset(r, 0, sizeof(*r));
	r->first = (int)(a % PAGES);
	r->last = r->first + (int)(b & 15) % (PAGES - r->first);
	r->start = arena + (size_t)r->first * ps;
	r->len = (size_t)(r->last - r->first + 1) * ps;
	if (b & 16)
		r->len -= 100; /* rounded up */
	switch (b >> 5) {
	case 1:
		r->start += 8;
		r->err = -EINVAL;
		break;
	case 2:
		r->len = 0;
		r->empty = true;
		break;
	case 3:
		r->len = -(unsigned long)r->start - ps;
		break;
	}
	/* Up to the end of the address space: past the arena, without wrapping. */
	if (b >> 5 == 3)
		r->last = PAGES;
}

/* ---- one call each ---- */

static void call_set(struct supply *in)
{
	int word = some_word(in), mode, flags, want;
	struct model_policy p;
	struct mask_arg m;
	long got;

	some_mask(in, &m);
	want = model_split(word, &mode, &flags);
	want = want ? want : m.err;
	want = want ? want : model_make(&p, mode, flags, m.nodes, m.stray);
	got = emul_set_mempolicy(word, m.pointer, m.maxnode);
	MUST(got == want);
	if (!got)
		task = p;
}

static bool in_user(const struct mask_arg *m, int node)
{
	return m->nodes[node];
}

static int model_mbind(const struct range_arg *r, int mode, int mode_flags,
		       const struct mask_arg *m, unsigned flags)
{
	bool move = flags & (MPOL_MF_MOVE | MPOL_MF_MOVE_ALL);
	int last = r->last < PAGES ? r->last : PAGES - 1;
	struct model_policy p;

	if (mode == MPOL_DEFAULT)
		flags &= ~(unsigned)MPOL_MF_STRICT;
	if (r->empty)
		return 0;
	if (model_make(&p, mode, mode_flags, m->nodes, m->stray))
		return -EINVAL;
	if (r->last == PAGES && mode != MPOL_DEFAULT)
		return -EFAULT;
	for (int i = r->first; i <= last && (flags & MPOL_MF_STRICT) && !move; i++)
		if (page[i].state == PRESENT && !in_user(m, page[i].node))
			return -EIO;
	for (int i = r->first; i <= last; i++) {
		page[i].bound = mode != MPOL_DEFAULT;
		page[i].policy = p;
		if (move && page[i].state == PRESENT && !in_user(m, page[i].node))
			page[i].node = model_place(i);
	}
	return 0;
}

static void call_mbind(struct supply *in)
{
	int word = some_word(in), mode, mode_flags, want;
	unsigned flags = supply_byte(in) & 15;
	struct range_arg r;
	struct mask_arg m;
	long got;

	some_mask(in, &m);
	some_range(in, &r);
	if (r.last == PAGES)
		flags &= ~(unsigned)MPOL_MF_STRICT; /* calls.c of tests/emul has that */
	want = model_split(word, &mode, &mode_flags);
	want = want ? want : m.err;
	if (!want && flags & 8)
		want = -EINVAL;
	if (!want && (flags & MPOL_MF_MOVE_ALL) && !may_nice)
		want = -EPERM;
	want = want ? want : r.err;
	want = want ? want : model_mbind(&r, mode, mode_flags, &m, flags);
	got = emul_mbind(r.start, r.len, (unsigned long)word, m.pointer, m.maxnode, flags);
	MUST(got == want);
}

static void check_nodes(const struct model_policy *p, unsigned long got)
{
	const bool *wanted = p->flags ? p->user : p->nodes;

	for (int node = 0; node < NODES; node++)
		MUST((got >> node & 1) == wanted[node]);
}

static void call_get(struct supply *in)
{
	unsigned flags = supply_byte(in) & 15, small = supply_byte(in) & 7;
	int i = (int)(supply_byte(in) % (PAGES + 1)), mode = -77, want = 0;
	unsigned long mask[2] = {0x55, 0x66};
	unsigned long maxnode = small == 0 ? 3 : 65;
	bool with_addr = flags & MPOL_F_ADDR || small == 1;
	char *addr = with_addr ? arena + (size_t)i * ps + 5 : NULL;
	const struct model_policy *p = &task;
	static const struct model_policy none;
	long got;

	if (maxnode == 3 || flags & 8)
		want = -EINVAL;
	else if (flags & MPOL_F_MEMS_ALLOWED)
		want = flags & 3 ? -EINVAL : 0;
	else if (flags & MPOL_F_ADDR)
		want = i == PAGES ? -EFAULT : 0;
	else if (with_addr || ((flags & MPOL_F_NODE) && task.mode != MPOL_INTERLEAVE &&
			       task.mode != MPOL_WEIGHTED_INTERLEAVE))
		want = -EINVAL;
	got = emul_get_mempolicy(&mode, mask, maxnode, addr, flags);
	MUST(got == want);
	MUST(mask[1] == 0x66);
	if (got) {
		MUST(mode == -77 && mask[0] == 0x55);
		return;
	}
	if (flags & MPOL_F_MEMS_ALLOWED) {
		for (int node = 0; node < NODES; node++)
			MUST((mask[0] >> node & 1) == allowed[node]);
		MUST(mode == 0);
		return;
	}
	if (flags & MPOL_F_ADDR)
		p = page[i].bound ? &page[i].policy : &none;
	check_nodes(p, mask[0]);
	if (!(flags & MPOL_F_NODE))
		MUST(mode == (p->mode | p->flags));
	else if (!(flags & MPOL_F_ADDR))
		MUST(mode >= 0 && mode < NODES && p->nodes[mode]);
	else
		MUST(mode == (page[i].state == ZERO ? nth(memory, 0) : page[i].node));
}

static int model_home(const struct range_arg *r, int home, unsigned flags)
{
	int last = r->last < PAGES ? r->last : PAGES - 1, err = -ENOENT;

	if (r->err || flags || home >= NODES)
		return -EINVAL;
	if (r->empty)
		return 0;
	for (int i = r->first; i <= last; i++) {
		if (!page[i].bound)
			continue;
		if (page[i].policy.mode != MPOL_BIND && page[i].policy.mode != MPOL_PREFERRED_MANY)
			return -EOPNOTSUPP;
		page[i].policy.home = home;
		err = 0;
	}
	return err;
}

static void call_home(struct supply *in)
{
	int home = (int)(supply_byte(in) % (NODES + 1));
	unsigned flags = supply_byte(in) % 8 == 7;
	struct range_arg r;

	some_range(in, &r);
	long got = emul_set_mempolicy_home_node((unsigned long)(uintptr_t)r.start, r.len,
						(unsigned long)home, flags);
	int want = model_home(&r, home, flags);

	MUST(got == want);
}

static int model_query(int i)
{
	if (i == PAGES)
		return -EFAULT;
	if (page[i].state != PRESENT)
		return page[i].state == ABSENT ? -ENOENT : -EFAULT;
	return page[i].node;
}

#define ENTRIES 6
#define UNTOUCHED 12345

/* The result; statuses as far as they are written. */
static int model_move(int n, const int *which, const int *to, int *status)
{
	bool queued[PAGES] = {false};
	int node = -1;

	for (int i = 0; i < n; i++) {
		if (to[i] < 0 || to[i] >= NODES || !memory[to[i]])
			return -ENODEV;
		if (!allowed[to[i]])
			return -EACCES;
		if (to[i] != node)
			memset(queued, 0, sizeof(queued));
		node = to[i];
		status[i] = model_query(which[i]);
		if (status[i] >= 0 && status[i] != to[i]) {
			queued[which[i]] = true;
			page[which[i]].node = status[i] = to[i];
			continue;
		}
		if (which[i] < PAGES && queued[which[i]])
			status[i] = -EBUSY;
		node = -1;
	}
	return 0;
}

static void call_move(struct supply *in)
{
	int n = (int)(supply_byte(in) % (ENTRIES + 1)), kind = (int)(supply_byte(in) % 8);
	int which[ENTRIES], to[ENTRIES], status[ENTRIES], wanted[ENTRIES], want = 0;
	int flags = kind == 7 ? 1 : kind == 6 ? MPOL_MF_MOVE_ALL : kind & 1 ? MPOL_MF_MOVE : 0;
	bool query = kind & 2;
	void *pages[ENTRIES];
	long got;

	for (int i = 0; i < n; i++) {
		unsigned byte = supply_byte(in);

		which[i] = (int)(byte & 15) % (PAGES + 1);
		to[i] = (int)(byte >> 4) % (NODES + 2) - 1;
		pages[i] = arena + (size_t)which[i] * ps + (byte & 64);
		status[i] = wanted[i] = UNTOUCHED;
	}
	if (kind == 7)
		want = -EINVAL;
	else if (kind == 6 && !may_nice)
		want = -EPERM;
	else if (!query)
		want = model_move(n, which, to, wanted);
	for (int i = 0; i < n && query && !want; i++)
		wanted[i] = model_query(which[i]);
	got = emul_move_pages(0, (unsigned long)n, pages, query ? NULL : to, status, flags);
	MUST(got == want);
	for (int i = 0; i < n; i++)
		MUST(status[i] == wanted[i]);
}

static void model_migrate(const set from, const set to)
{
	for (int i = 0; i < PAGES; i++) {
		int node = page[i].node, rank = 0;

		if (page[i].state != PRESENT || !from[node])
			continue;
		if (count(from) != count(to) && to[node])
			continue;
		for (int n = 0; n < node; n++)
			rank += from[n];
		page[i].node = nth(to, rank % count(to));
	}
}

static void call_migrate(struct supply *in)
{
	struct mask_arg from, to;
	int want;
	long got;
	bool forbidden = false;

	some_mask(in, &from);
	some_mask(in, &to);
	/* Both have one size, the first one's. */
	if (from.maxnode != to.maxnode || from.stray || to.stray)
		return;
	want = from.err ? from.err : to.err;
	for (int node = 0; node < NODES; node++) {
		forbidden = forbidden || (to.nodes[node] && !allowed[node]);
		to.nodes[node] = to.nodes[node] && allowed[node];
	}
	if (!want && forbidden && !may_nice)
		want = -EPERM;
	if (!want && !count(to.nodes))
		want = -EINVAL;
	got = emul_migrate_pages(0, from.maxnode, from.pointer, to.pointer);
	MUST(got == want);
	if (!got && count(memory) > 1)
		model_migrate(from.nodes, to.nodes);
}

/* ---- what programs do to memory ---- */

static void touch(struct supply *in)
{
	model_touch((int)(supply_byte(in) % PAGES));
}

static void discard(struct supply *in)
{
	struct range_arg r;

	some_range(in, &r);
	if (r.err || r.empty || r.last == PAGES)
		return;
	emul_discarded(r.start, r.len);
	for (int i = r.first; i <= r.last; i++)
		page[i].state = ABSENT;
}

static void map_anew(struct supply *in)
{
	struct range_arg r;

	some_range(in, &r);
	if (r.err || r.empty || r.last == PAGES)
		return;
	emul_unmapped(r.start, r.len);
	for (int i = r.first; i <= r.last; i++)
		page[i] = (struct model_page){.state = ABSENT};
}

static void (*const steps[])(struct supply *in) = {
	call_set,  call_mbind,	 call_mbind, call_get, call_get, call_home,
	call_move, call_migrate, touch,	     touch,    discard,	 map_anew,
};

/* ---- a machine for each input ---- */

static int distance_of(const void *ctx, int from, int to)
{
	(void)ctx;
	return model_distance(from, to);
}

static int node_zero(const struct emul_machine *m)
{
	(void)m;
	return 0;
}

/*
 * Made once for each shape: nodes without memory, and nodes that the process may not use. Weights
 * are an input's own.
 */
static struct emul_machine *machine_of(unsigned bare, unsigned denied)
{
	static struct emul_machine machines[1 << NODES][1 << NODES];
	struct emul_machine *machine = &machines[bare][denied];

	if (machine->zonelists)
		return machine;
	machine->node_ids = NODES;
	machine->local_node = node_zero;
	for (unsigned node = 0; node < NODES; node++) {
		nodemask_add(&machine->online, node);
		if (!(bare >> node & 1))
			nodemask_add(&machine->memory, node);
		if (!((bare | denied) >> node & 1))
			nodemask_add(&machine->allowed, node);
	}
	MUST(emul_machine_complete(machine, distance_of, NULL) == 0);
	return machine;
}

static void make_machine(unsigned bare, unsigned denied)
{
	struct emul_machine *machine = machine_of(bare & 15, denied & 15);

	for (unsigned node = 0; node < NODES; node++) {
		memory[node] = !(bare >> node & 1);
		allowed[node] = memory[node] && !(denied >> node & 1);
		weights[node] = machine->weight[node] = (unsigned char)(1 + (bare + 3 * node) % 5);
	}
	emul_machine_set(machine);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct supply in = {data, size};
	unsigned shape = supply_byte(&in), limits = supply_byte(&in);

	if (!arena) {
		ps = (size_t)sysconf(_SC_PAGESIZE);
		arena = mmap(NULL, (PAGES + 2) * ps, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		MUST(arena != MAP_FAILED);
	}
	may_nice = !(limits & 128);
	/* At least one node has memory, and at least one of those is allowed. */
	shape = (shape & 15) == 15 ? 8 : shape;
	limits = (~shape & ~limits & 15) ? limits : 0;
	make_machine(shape, limits);
	emul_unmapped(arena, PAGES * ps);
	memset(page, 0, sizeof(page));
	MUST(emul_set_mempolicy(MPOL_DEFAULT, NULL, 0) == 0);
	memset(&task, 0, sizeof(task));
	task.home = -1;
	while (supply_more(&in)) {
		steps[supply_byte(&in) % ARRAY_SIZE(steps)](&in);
		MUST(!locked);
	}
	return 0;
}
