/* SPDX-License-Identifier: MIT */
/* Runs a script: one result line an operation. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kdiff.h"

#include "emul/emul.h"
#include "emul/abi.h"

#if UINTPTR_MAX > 0xffffffffU
#define ARENA ((char *)0x10000000000)
#define KERNEL_ADDRESS ((char *)0xffff888000000000)
#else
#define ARENA ((char *)0x60000000)
#define KERNEL_ADDRESS ((char *)0xffffe000)
#endif
#define UNMAPPED ((char *)8)
#define THREADS 4
#define THREAD_STACK 131072U /* all memory is looked through now and then */
#define PLACES 3
#define ROOM_PAGES 3
#define FILL 0xa5

static const struct backend_ops *call;
static bool tell_emulation;
static struct output *out;
static size_t ps;
static bool in_child; /* threads are not changed there, and its end is a join */
static const struct script *script;
static size_t at; /* the line at hand */

/* Room for calls to read from and write to: pages, then nothing; a read-only page. */
static char *room[PLACES], *read_only;

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
	size_t left = OUTPUT_BYTES - OUTPUT_END - out->length;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(out->text + out->length, left, format, args);
	va_end(args);
	if (length < 0 || (size_t)length >= left)
		_exit(9);
	out->length += (size_t)length;
}

/* ---- the words of a line ---- */

static char no_words[1];
static __thread char *save = no_words;
static __thread char words[MAX_LINE];

static const char *word(void)
{
	char *w = strtok_r(NULL, " \n", &save);

	return w ? w : "";
}

static unsigned long number(void)
{
	return strtoul(word(), NULL, 0);
}

static char *address(const char *w)
{
	char *end;

	if (*w != 'p')
		return (char *)strtoul(w, NULL, 0);
	char *page = ARENA + strtoul(w + 1, &end, 0) * ps;

	return *end == '+' ? page + strtoul(end + 1, NULL, 0) : page;
}

/* A place, its room filled; what a mask holds is put there. *w is left at what follows a colon. */
static void *place(unsigned which, const char *w)
{
	char *start = room[which];
	char kind = *w++;
	const char *contents = strchr(w, ':');
	size_t size = ROOM_PAGES * ps, i = 0;
	unsigned long value;

	memset(start, contents ? 0 : FILL, size);
	if (kind == 'n')
		return NULL;
	if (kind == 'b')
		return UNMAPPED;
	if (kind == 'k')
		return KERNEL_ADDRESS;
	if (kind == 'r')
		return read_only;
	if (kind == 'e')
		start += size - strtoul(w, NULL, 0);
	for (; contents && *contents; i += sizeof(value)) {
		value = strtoul(contents + 1, (char **)(uintptr_t)&contents, 16);
		size_t left = (size_t)(room[which] + size - start) - i;

		if (i >= (size_t)(room[which] + size - start))
			break;
		memcpy(start + i, &value, left < sizeof(value) ? left : sizeof(value));
	}
	return start;
}

/* What is in a room: its first words, and a hash of all. */
static void say_room(const char *name, unsigned which, void *start)
{
	const uint64_t *words64 = (uint64_t *)(void *)room[which];
	uint64_t hash = 0xcbf29ce484222325ULL;
	unsigned long first = 0;
	bool touched = false;

	for (size_t i = 0; i < ROOM_PAGES * ps / sizeof(*words64); i++) {
		hash = (hash ^ words64[i]) * 0x9e3779b97f4a7c15ULL;
		hash ^= hash >> 32;
		touched |= words64[i] != FILL * 0x0101010101010101ULL;
	}
	if (!touched)
		return;
	if (start >= (void *)room[which] &&
	    (char *)start + sizeof(first) <= room[which] + ROOM_PAGES * ps)
		memcpy(&first, start, sizeof(first));
	say(" %s=%lx/%08x", name, first, (unsigned)hash);
}

static void say_result(long ret)
{
	if (ret < 0)
		say(" %s", strerrorname_np((int)-ret) ? strerrorname_np((int)-ret) : "?");
	else
		say(" %ld", ret);
}

/* ---- memory ---- */

static int protection(const char *w)
{
	return (strchr(w, 'r') ? PROT_READ : 0) | (strchr(w, 'w') ? PROT_WRITE : 0) |
	       (strchr(w, 'x') ? PROT_EXEC : 0);
}

/*
 * Private mappings of objects, by page: the number of the mapping, 0 for anything else. Once one was
 * written to, only the kernel knows which of its parts it joins again when they get equal policies
 * (by their anon_vma), and a policy goes to the object by all that is joined; so they get none.
 */
#define COPYING_MAX 1024U
static struct {
	unsigned mapping[ARENA_PAGES];
	unsigned last;
	bool written[COPYING_MAX];
} copying;

/* The mapping's number for a page of the arena; for others a place where it does not matter. */
static unsigned *copying_at(const char *p)
{
	static unsigned elsewhere;
	size_t page = (size_t)(p - ARENA) / ps;

	return page < ARENA_PAGES ? &copying.mapping[page] : &elsewhere;
}

static void is_mapped(const char *p, size_t len, bool copies)
{
	if (copies && copying.last < COPYING_MAX - 1)
		copying.last++;
	for (size_t i = 0; i < len; i += ps)
		*copying_at(p + i) = copies ? copying.last : 0;
}

static bool any_moved;

static void is_moved(const char *p, const char *q, size_t len)
{
	unsigned mapping = *copying_at(p);

	any_moved = true;
	*copying_at(p) = 0;
	for (size_t i = 0; i < len; i += ps)
		*copying_at(q + i) = mapping;
}

static void is_written(const char *p)
{
	copying.written[*copying_at(p)] = true;
}

/* Whether a range, or what is beside it, has a part of such a mapping that was written to. */
static bool may_join_copies(const char *p, size_t len)
{
	uintptr_t from = (uintptr_t)p, end = from + len < from ? UINTPTR_MAX : from + len;

	for (size_t i = 0; i < ARENA_PAGES; i++) {
		uintptr_t page = (uintptr_t)ARENA + i * ps;
		unsigned mapping = copying.mapping[i];

		if (mapping && copying.written[mapping] && page + ps >= from && page <= end)
			return true;
	}
	return false;
}

static void op_map(void)
{
	char *p = address(word());
	size_t len = number() * ps;
	int prot = protection(word());

	if (tell_emulation)
		emul_unmapped(p, len);
	say(" %d", mmap(p, len, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p);
	is_mapped(p, len, false);
}

/* Objects without a descriptor are mapped once before; more mappings are made from that one. */
static char *map_object(char *p, size_t len, int prot, unsigned which, size_t offset, bool shared)
{
	int fd = object_fd[which];
	char *got;

	if (fd >= 0)
		return mmap(p, len, prot, (shared ? MAP_SHARED : MAP_PRIVATE) | MAP_FIXED, fd,
			    (off_t)offset);
	got = mremap(object_base[which] + offset, 0, len, MREMAP_MAYMOVE | MREMAP_FIXED, p);
	return got == p && mprotect(p, len, prot) == 0 ? got : MAP_FAILED;
}

static void op_object(void)
{
	char *p = address(word());
	size_t len = number() * ps;
	int prot = protection(word());
	unsigned which = (unsigned)number();
	size_t offset = number() * ps;

	bool shared = *word() == 's', done;

	if (tell_emulation)
		emul_unmapped(p, len);
	done = map_object(p, len, prot, which % OBJECTS, offset, shared) == p;
	say(" %d", done);
	if (!done) /* how far it came before it failed is not what is tested */
		munmap(p, len);
	is_mapped(p, len, done && !shared);
}

static void op_unmap(void)
{
	char *p = address(word());
	size_t len = number() * ps;

	if (tell_emulation)
		emul_unmapped(p, len);
	say(" %d", munmap(p, len));
	is_mapped(p, len, false);
}

static void op_prot(void)
{
	char *p = address(word());
	size_t len = number() * ps;

	say(" %d", mprotect(p, len, protection(word())));
}

static void op_drop(void)
{
	char *p = address(word());
	size_t len = number() * ps;
	int err = madvise(p, len, MADV_DONTNEED);

	if (tell_emulation) /* what comes before an error has happened */
		emul_discarded(p, len);
	say(" %d", err);
}

/* Page by page, so that it is known of each whether it happened. */
static void op_remove(void)
{
	char *p = address(word());

	for (unsigned long n = number(); n > 0; n--, p += ps) {
		int err = madvise(p, ps, MADV_REMOVE);

		if (tell_emulation && err == 0)
			emul_discarded(p, ps);
		say(" %d", err);
	}
}

/* A second mapping of what is shared, with what the first would be at a greater length. */
static void op_twice(void)
{
	char *p = address(word()), *q = address(word()), *got;
	size_t len = number() * ps;

	got = p >= q && p < q + len ? MAP_FAILED
				    : mremap(p, 0, len, MREMAP_MAYMOVE | MREMAP_FIXED, q);
	if (tell_emulation && got != MAP_FAILED)
		emul_moved(p, 0, q, len);
	say(" %d", got == q);
	if (got == MAP_FAILED && p >= q && p < q + len)
		return;
	is_mapped(q, len, false);
	if (got != MAP_FAILED)
		return;
	/* How far it came before it failed is not what is tested. */
	munmap(q, len);
	if (tell_emulation)
		emul_unmapped(q, len);
}

/* Before 6.18 kernels tell programs of 32 bits nonsense of more pages at once. */
#define QUERY_PAGES 16U

static bool is_told_wrong(unsigned long pages)
{
	return sizeof(void *) == 4 && machine.release < 618 && pages > QUERY_PAGES;
}

static long query_nodes(char *from, size_t pages, int status[ARENA_PAGES])
{
	void *page[ARENA_PAGES];
	long err = 0;

	for (size_t i = 0; i < pages; i++)
		page[i] = from + i * ps;
	memset(status, FILL, ARENA_PAGES * sizeof(status[0]));
	if (!is_told_wrong(pages))
		return call->move_pages(0, pages, page, NULL, status, 0);
	for (size_t i = 0, n; i < pages && !err; i += n) {
		n = pages - i < QUERY_PAGES ? pages - i : QUERY_PAGES;
		err = call->move_pages(0, n, page + i, NULL, status + i, 0);
	}
	return err;
}

static void say_nodes(char *from, size_t pages)
{
	int status[ARENA_PAGES];

	if (pages > ARENA_PAGES)
		pages = ARENA_PAGES;
	say_result(query_nodes(from, pages, status));
	for (size_t i = 0; i < pages; i++)
		say(" %d", status[i]);
}

static __thread sigjmp_buf touching;

static void on_fault(int sig)
{
	siglongjmp(touching, sig);
}

/* In an entry of /proc/self/pagemap: present; a file's or an object's; of this mapping alone. */
#define ENTRY_PRESENT (1ULL << 63)
#define ENTRY_OF_FILE (ENTRY_PRESENT | 1ULL << 61)
#define ENTRY_EXCLUSIVE (1ULL << 56)

/*
 * Reading a page of an object maps those around it too, up to the end of the mapping; and where
 * mappings end differs, since only the kernel splits them where policies end. So pages that came
 * along are let go.
 */
static uint64_t page_entries[ARENA_PAGES];
static int pagemap = -1; /* of this process */

static void read_entries(uint64_t entries[ARENA_PAGES])
{
	if (pagemap < 0)
		pagemap = open("/proc/self/pagemap", O_RDONLY);
	if (pread(pagemap, entries, sizeof(page_entries),
		  (off_t)((uintptr_t)ARENA / ps * sizeof(entries[0]))) != sizeof(page_entries))
		_exit(7);
}

static void before_reading(void)
{
	read_entries(page_entries);
}

/* Lets go what came along with the pages from p on. */
static void after_reading(const char *p, size_t pages)
{
	uint64_t now[ARENA_PAGES];
	size_t first = (size_t)(p - ARENA) / ps;

	read_entries(now);
	for (size_t i = 0; i < ARENA_PAGES; i++)
		if (i - first >= pages && (now[i] & ~page_entries[i] & ENTRY_PRESENT))
			madvise(ARENA + i * ps, ps, MADV_DONTNEED);
}

static bool access_page(volatile char *p, bool writing)
{
	if (sigsetjmp(touching, 0))
		return false;
	if (writing)
		*p = 1;
	else
		(void)*p;
	return true;
}

static void read_pages(char *p, size_t pages)
{
	before_reading();
	for (size_t i = 0; i < pages; i++)
		say("%s", access_page(p + i * ps, false) ? "+" : "-");
	after_reading(p, pages);
}

/*
 * A page that is there is not written: after a fork only the kernel sees that it is then a new
 * one, placed by the policy of that moment.
 */
static void write_pages(char *p, size_t pages)
{
	int status[ARENA_PAGES];

	query_nodes(p, pages, status);
	for (size_t i = 0; i < pages; i++) {
		bool done = status[i] >= 0;

		if (!done) {
			/* Beyond the object's end too: what the kernel goes by is made before. */
			is_written(p + i * ps);
			done = access_page(p + i * ps, true);
		}
		say("%s", done ? "+" : "-");
	}
}

/* mremap() of one page, which never crosses a border between mappings. */
static bool remap_page(char *p, char *q, size_t pages)
{
	char *got = p == q ? mremap(p, ps, pages * ps, 0)
			   : mremap(p, ps, pages * ps, MREMAP_MAYMOVE | MREMAP_FIXED, q);

	if (tell_emulation && got != MAP_FAILED)
		emul_moved(p, ps, got, pages * ps);
	if (got != MAP_FAILED)
		is_moved(p, got, pages * ps);
	if (got == MAP_FAILED && p != q) {
		/* How far it came before it failed is not what is tested. */
		munmap(q, pages * ps);
		is_mapped(q, pages * ps, false);
		if (tell_emulation)
			emul_unmapped(q, pages * ps);
	}
	return got != MAP_FAILED;
}

/*
 * Whether there is memory of the process's own here without a page. Whether its mapping was ever
 * written to decides from where interleaving is counted after it has moved, and only the kernel knows.
 */
static bool has_unwritten(char *p, size_t pages)
{
	int status[ARENA_PAGES];

	query_nodes(p, pages, status);
	for (size_t i = 0; i < pages; i++) /* MADV_FREE is for own memory only */
		if (status[i] < 0 && madvise(p + i * ps, ps, MADV_FREE) == 0)
			return true;
	return false;
}

/* Page by page, since only the kernel splits mappings where policies end. */
static void op_remap(void)
{
	char *p = address(word());
	size_t len = number();
	char *q = address(word());
	size_t new_len = number();

	if (p < q + new_len * ps && q < p + len * ps && p != q) {
		say(" overlap");
		return;
	}
	write_pages(p, len);
	say_nodes(p, len);
	if (has_unwritten(p, len)) {
		say(" left out");
		return;
	}
	for (size_t i = 0; i < len && i < new_len; i++)
		if (p != q || (i == len - 1 && new_len > len))
			say("%d",
			    remap_page(p + i * ps, q + i * ps, i == len - 1 ? new_len - i : 1));
	if (new_len < len) {
		munmap(p + new_len * ps, (len - new_len) * ps);
		is_mapped(p + new_len * ps, (len - new_len) * ps, false);
		if (tell_emulation)
			emul_unmapped(p + new_len * ps, (len - new_len) * ps);
	}
}

static void op_touch(void)
{
	char *p = address(word());
	size_t pages = number();

	if (*word() == 'w')
		write_pages(p, pages);
	else
		read_pages(p, pages);
	say_nodes(p, pages);
}

static void op_dump(void)
{
	char *p = address(word());
	size_t pages = number();
	struct nodemask mask;
	int mode;

	for (size_t i = 0; i < pages; i++) {
		long err;

		nodemask_clear(&mask);
		mode = -1;
		err = call->get_mempolicy(&mode, mask.bits, EMUL_NODES + 1, p + i * ps,
					  MPOL_F_ADDR);
		if (err)
			say(" %ld", err);
		else
			say(" %x:%lx", (unsigned)mode, mask.bits[0]);
	}
	say_nodes(ARENA, ARENA_PAGES);
}

/* ---- who runs ---- */

static void op_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(number() % machine_cpus, &set);
	if (tell_emulation)
		emul_settle();
	say(" %d", sched_setaffinity(0, sizeof(set), &set));
}

static void run_until_thread(void);

static unsigned turn;	/* who runs */
static unsigned wanted; /* who the script wants to run; thread 0 passes the turn on */
static bool started[THREADS];
static pthread_mutex_t baton = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t passed = PTHREAD_COND_INITIALIZER;
static bool finished;

static void await_turn(unsigned self)
{
	while (turn != self && !finished)
		pthread_cond_wait(&passed, &baton);
}

static void say_policy(void)
{
	struct nodemask mask;
	int mode = -1;

	nodemask_clear(&mask);
	say_result(call->get_mempolicy(&mode, mask.bits, EMUL_NODES + 1, NULL, 0));
	say(" %x:%lx", (unsigned)mode, mask.bits[0]);
}

static void *thread_main(void *arg)
{
	unsigned self = (unsigned)(uintptr_t)arg;

	pthread_mutex_lock(&baton);
	say("thread %u begins", self);
	say_policy();
	say("\n");
	turn = 0;
	pthread_cond_broadcast(&passed);
	for (;;) {
		await_turn(self);
		if (finished)
			break;
		run_until_thread();
		turn = 0;
		pthread_cond_broadcast(&passed);
	}
	pthread_mutex_unlock(&baton);
	return NULL;
}

/* Thread 0 starts it, so that it has thread 0's policy. */
static void start_thread(unsigned which)
{
	pthread_attr_t attr;
	pthread_t id;

	turn = which;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, THREAD_STACK);
	if (pthread_create(&id, &attr, thread_main, (void *)(uintptr_t)which) != 0)
		_exit(9);
	pthread_attr_destroy(&attr);
	pthread_detach(id);
	started[which] = true;
	await_turn(0);
}

/* ---- the calls ---- */

static void op_get(void)
{
	int *mode = place(0, word());
	unsigned long *mask = place(1, word());
	unsigned long maxnode = number();
	char *addr = address(word());
	unsigned long flags = number();
	long ret;

	before_reading();
	ret = call->get_mempolicy(mode, mask, maxnode, addr, flags);
	after_reading(addr, 1);
	say_result(ret);
	/* The kernel's own allocations, for page tables say, move the turn. */
	if (flags == MPOL_F_NODE && (char *)mode >= room[0] &&
	    (char *)(mode + 1) <= room[0] + ROOM_PAGES * ps)
		memset(mode, 0, sizeof(*mode));
	say_room("mode", 0, mode);
	if (ret != -EFAULT) /* how much was written before is the processor's affair */
		say_room("mask", 1, mask);
}

static void op_set(void)
{
	int mode = (int)number(), next = -1;
	unsigned long *mask = place(1, word());
	unsigned long maxnode = number();
	long set = call->set_mempolicy(mode, mask, maxnode);
	long err = call->get_mempolicy(&next, NULL, 0, NULL, MPOL_F_NODE);

	say_result(set);
	say_result(err);
	if (set == 0) /* now, and only now, the turn is known */
		say(" %d", next);
	say_policy();
}

/* A child does not move what it shares: only the kernel sees that it moves for the parent too. */
static unsigned child_flags(unsigned flags)
{
	return in_child ? flags & ~(unsigned)MPOL_MF_MOVE_ALL : flags;
}

/*
 * Whether a hole or a page in the wrong place is met first goes by where mappings end. After mremap()
 * and in a child only the kernel knows which of them have become one.
 */
static bool ends_are_unsure(const char *addr, unsigned long len, long result)
{
	return (any_moved || in_child) && (result == -EFAULT || result == -EIO) &&
	       msync((void *)(uintptr_t)addr, len, MS_ASYNC) < 0 && errno == ENOMEM;
}

static void op_mbind(void)
{
	char *addr = address(word());
	unsigned long len = number(), mode = number();
	unsigned long *mask = place(1, word());
	unsigned long maxnode = number();
	long result;

	if (may_join_copies(addr, len)) {
		say(" left out");
		return;
	}
	result = call->mbind(addr, len, mode, mask, maxnode, child_flags((unsigned)number()));
	say_result(ends_are_unsure(addr, len, result) ? -EFAULT : result);
}

static void op_home(void)
{
	char *addr = address(word());
	unsigned long len = number(), node = number();

	if (may_join_copies(addr, len)) {
		say(" left out");
		return;
	}
	say_result(call->set_mempolicy_home_node((unsigned long)addr, len, node, number()));
}

static int process(const char *w)
{
	if (strcmp(w, "self") == 0)
		return getpid();
	if (strcmp(w, "tid") == 0)
		return (int)syscall(SYS_gettid);
	if (strcmp(w, "kthread") == 0)
		return 2;
	return (int)strtol(w, NULL, 0);
}

static void op_migrate(void)
{
	int pid = process(word());
	unsigned long maxnode = number();
	unsigned long *from = place(0, word()), *to = place(1, word());
	long ret = in_child ? 0 : call->migrate_pages(pid, maxnode, from, to);

	/* Pages of the program itself that do not want to move are not what is tested. */
	say_result(ret > 0 ? 0 : ret);
}

static void op_move(void)
{
	int pid = process(word());
	unsigned long count = number();
	char *pages = place(0, word()), *nodes = place(1, word()), *status = place(2, word());
	int flags = (int)child_flags((unsigned)number());
	const char *w;

	for (size_t i = 0; *(w = word()); i++) {
		void *page = address(w);
		int node = strchr(w, ':') ? (int)strtol(strchr(w, ':') + 1, NULL, 0) : 0;

		if (pages >= room[0] && pages + (i + 1) * sizeof(page) <= room[0] + ROOM_PAGES * ps)
			memcpy(pages + i * sizeof(page), &page, sizeof(page));
		if (nodes >= room[1] && nodes + (i + 1) * sizeof(node) <= room[1] + ROOM_PAGES * ps)
			memcpy(nodes + i * sizeof(node), &node, sizeof(node));
	}
	if (!nodes && is_told_wrong(count)) {
		say(" left out");
		return;
	}
	say_result(call->move_pages(pid, count, (void **)(void *)pages, (int *)(void *)nodes,
				    (int *)(void *)status, flags));
	say_room("status", 2, status);
	for (size_t i = 0; i < 12 && i < count; i++) {
		int s;

		if (status >= room[2] &&
		    status + (i + 1) * sizeof(s) <= room[2] + ROOM_PAGES * ps) {
			memcpy(&s, status + i * sizeof(s), sizeof(s));
			say(" %d", s);
		}
	}
}

/* ---- the script ---- */

static const struct {
	const char *name;
	void (*run)(void);
} ops[] = {
	{"map", op_map},     {"object", op_object}, {"unmap", op_unmap},     {"prot", op_prot},
	{"touch", op_touch}, {"drop", op_drop},	    {"remove", op_remove},   {"remap", op_remap},
	{"twice", op_twice}, {"cpu", op_cpu},	    {"get", op_get},	     {"set", op_set},
	{"mbind", op_mbind}, {"home", op_home},	    {"migrate", op_migrate}, {"move", op_move},
	{"dump", op_dump},
};

static bool is(const char *line, const char *name)
{
	size_t len = strlen(name);

	return strncmp(line, name, len) == 0 && (line[len] == ' ' || !line[len]);
}

static void skip_to_join(void)
{
	while (at < script->lines && !is(script->line[at], "join"))
		at++;
}

/* The zero page is -EFAULT, as what is absent may be; up to 6.1 -ENOENT where it may not be read. */
static bool may_be_zero_page(int status, uint64_t entry)
{
	return status == -EFAULT ||
	       (status < 0 && (entry & (ENTRY_PRESENT | ENTRY_EXCLUSIVE)) == ENTRY_PRESENT);
}

/*
 * Zero pages, and pages of an object that a private mapping has not copied, survive a fork only in
 * mappings that were written to. Where mappings end differs, since only the kernel splits them where
 * policies end; so there shall be none.
 */
static void drop_uncertain_pages(void)
{
	int status[ARENA_PAGES];
	uint64_t entry[ARENA_PAGES];

	query_nodes(ARENA, ARENA_PAGES, status);
	read_entries(entry);
	for (size_t i = 0; i < ARENA_PAGES; i++) {
		char *p = ARENA + i * ps;
		bool of_file = (entry[i] & ENTRY_OF_FILE) == ENTRY_OF_FILE;

		if (!may_be_zero_page(status[i], entry[i]) && !of_file)
			continue;
		if (madvise(p, ps, MADV_DONTNEED) == 0 && tell_emulation)
			emul_discarded(p, ps);
	}
}

static void do_fork(void)
{
	int status;
	pid_t pid;

	drop_uncertain_pages();
	say("\n");
	pid = fork();
	if (pid == 0) {
		in_child = true;
		close(pagemap);
		pagemap = -1;
		say_policy();
		say("\n");
		return;
	}
	waitpid(pid, &status, 0);
	say("%zu fork ended %x\n", at, (unsigned)status);
	skip_to_join();
}

/* Runs lines until one names a thread, or the script ends. */
static void run_until_thread(void)
{
	for (; at < script->lines; at++) {
		const char *line = script->line[at];

		if (is(line, "join") && in_child)
			_exit(0);
		if (is(line, "join"))
			continue;
		if (is(line, "fork") && !in_child) {
			say("%zu fork", at);
			do_fork();
			continue;
		}
		if (is(line, "thread") && !in_child) {
			at++;
			wanted = (unsigned)strtoul(line + 6, NULL, 0) % THREADS;
			return;
		}
		snprintf(words, sizeof(words), "%s", line);
		say("%zu %s", at, strtok_r(words, " \n", &save) ? words : "");
		for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
			if (is(line, ops[i].name))
				ops[i].run();
		say("\n");
	}
	if (in_child)
		_exit(0);
	finished = true;
}

static char *map_at(char *where, size_t pages, int prot)
{
	char *p = mmap(where, pages * ps, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
		       -1, 0);

	if (p != where)
		_exit(8);
	return p;
}

void script_run(const struct script *s, const struct backend_ops *operations, bool emulated,
		struct output *output)
{
	struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_NODEFER};

	script = s;
	call = operations;
	tell_emulation = emulated;
	out = output;
	ps = machine.page_size;
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	for (unsigned i = 0; i < PLACES; i++)
		room[i] = map_at(ARENA - (i + 2) * 64 * ps, ROOM_PAGES, PROT_READ | PROT_WRITE);
	read_only = map_at(ARENA - 64 * ps, 1, PROT_READ);
	op_cpu(); /* CPU 0: there is no word yet */
	pthread_mutex_lock(&baton);
	for (;;) {
		await_turn(0);
		if (finished)
			break;
		if (wanted == 0)
			run_until_thread();
		if (wanted && !started[wanted])
			start_thread(wanted);
		turn = wanted;
		pthread_cond_broadcast(&passed);
	}
	pthread_mutex_unlock(&baton);
	_exit(0);
}
