/* SPDX-License-Identifier: MIT */
/*
 * Each system call that the library makes fails in turn, with each errno that it can give, once and
 * from then on; reads give one byte at a time. What was called then does as its manual says: the usual
 * answer or failure with an errno, nothing lost; and the next call works.
 *
 * For this the library is compiled to make its system calls through syscall(), which is ours here, as
 * are those functions of libc that stand for a system call. Each failure is in a child, so that all
 * meet the library in the same state; those at load time in a new run of the program.
 */
#include "badinput/everything.h"
#include "harness.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the system ---- */

#define SHORT_READS (-1)

/* The plan: which call from now on, counted from 1, fails, how, and whether the later ones do too. */
static long plan_at;
static int plan_errno;
static bool plan_stays;

static long calls;  /* since the plan was made */
static long struck; /* how many of them failed */
static long maps;   /* mappings made and not given back */

/* What calls can fail with; those that are not here cannot fail, or their failure means nothing. */
static const struct {
	long nr;
	int errnos[6];
} kinds[] = {
	{SYS_openat, {ENOENT, EACCES, EMFILE, ENFILE, ENOMEM, EINTR}},
	{SYS_read, {EIO, EINTR, EISDIR, SHORT_READS}},
	{SYS_getdents64, {EIO, EINTR, ENOENT}},
#ifdef SYS_pread64
	{SYS_pread64, {EIO, EINTR, EPERM}},
#endif
#ifdef SYS_mmap
	{SYS_mmap, {ENOMEM, EPERM}},
#endif
#ifdef SYS_mmap2
	{SYS_mmap2, {ENOMEM, EPERM}},
#endif
	{SYS_mremap, {ENOMEM, EFAULT}},
	{SYS_get_mempolicy, {ENOSYS, EPERM, EFAULT}},
	{SYS_set_mempolicy, {ENOSYS, EPERM, ENOMEM, EINVAL}},
	{SYS_mbind, {ENOSYS, EPERM, ENOMEM, EIO, EINVAL, EFAULT}},
	{SYS_migrate_pages, {ENOSYS, EPERM, ENOMEM, ESRCH}},
	{SYS_move_pages, {ENOSYS, EPERM, ENOMEM, ESRCH, ENODEV}},
	{SYS_set_mempolicy_home_node, {ENOSYS, EPERM, ENOMEM}},
	{SYS_sched_getaffinity, {ENOSYS, EPERM, ESRCH, EINVAL}},
	{SYS_sched_setaffinity, {ENOSYS, EPERM, ESRCH, EINVAL}},
	{SYS_process_vm_readv, {ENOSYS, EPERM, ENOMEM, EFAULT}},
	{SYS_process_vm_writev, {ENOSYS, EPERM, ENOMEM, EFAULT}},
	{SYS_pipe2, {EMFILE, ENFILE, ENOSYS}},
	{SYS_write, {EINTR, EPERM}},
	{SYS_close, {EINTR, EIO}},
	{SYS_ioctl, {ENOTTY, EPERM, ENOMEM}},
	{SYS_mincore, {EAGAIN, ENOMEM, ENOSYS}},
	{SYS_msync, {ENOSYS, EBUSY}},
	{SYS_madvise, {EINVAL, ENOSYS, EAGAIN}},
	{SYS_capget, {ENOSYS, EPERM}},
	{SYS_readlinkat, {ENOENT, EACCES, ENOMEM}},
	{SYS_get_robust_list, {ENOSYS, EPERM}},
	{SYS_getcpu, {ENOSYS, EPERM}},
	{SYS_futex, {EAGAIN, EINTR}},
	{SYS_sched_getscheduler, {ENOSYS, EPERM, ESRCH}},
	{SYS_newfstatat, {ENOENT, EACCES, ENOMEM}},
	{SYS_faccessat, {ENOENT, EACCES, ENOMEM}},
	{SYS_socket, {EMFILE, EACCES, EAFNOSUPPORT}},
	{SYS_sendto, {ENOBUFS, EINTR}},
	{SYS_recvfrom, {ENOBUFS, EINTR}},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static bool can_give(long nr, int err)
{
	for (size_t i = 0; i < KINDS; i++)
		for (size_t e = 0; e < 6 && kinds[i].nr == nr && kinds[i].errnos[e]; e++)
			if (kinds[i].errnos[e] == err)
				return true;
	return false;
}

/* An interrupted call is made again; one that is always interrupted is none. */
static bool may_stay(int err)
{
	return err != EINTR && err != EAGAIN;
}

/* Whether this call is to fail. Short reads are left to who reads. */
static bool strike(long nr)
{
	if (!plan_errno || !can_give(nr, plan_errno))
		return false;
	calls++;
	if (calls < plan_at || (calls > plan_at && !plan_stays))
		return false;
	struck++;
	if (plan_errno == SHORT_READS)
		return false;
	errno = plan_errno;
	return true;
}

/* The plan of a run at load time. Set before anything of the library's runs. */
static void plan_of_environment(void)
{
	static bool known;
	const char *text = known ? NULL : getenv("FAULTS_PLAN");
	int stays = 0;

	known = true;
	if (text && sscanf(text, "%ld %d %d", &plan_at, &plan_errno, &stays) == 3)
		plan_stays = stays;
}

static bool is_map(long nr)
{
#ifdef SYS_mmap
	if (nr == SYS_mmap)
		return true;
#endif
#ifdef SYS_mmap2
	if (nr == SYS_mmap2)
		return true;
#endif
	return false;
}

long syscall(long nr, ...)
{
	static long (*next)(long nr, ...);
	long a[6], ret;
	va_list args;

	plan_of_environment();
	va_start(args, nr);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "syscall");
	if (strike(nr)) {
		/* An interrupted close has closed. */
		if (nr == SYS_close) {
			int err = errno;

			next(nr, a[0]);
			errno = err;
		}
		return -1;
	}
	if (nr == SYS_read && plan_errno == SHORT_READS && calls >= plan_at && a[2] > 1)
		a[2] = 1;
	ret = next(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	maps += is_map(nr) && ret != -1;
	maps -= nr == SYS_munmap && ret == 0;
	return ret;
}

/* Of libc, as the library calls them. */

void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	static void *(*next)(void *addr, size_t len, int prot, int flags, int fd, off_t offset);
	void *p;

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "mmap");
#ifdef SYS_mmap
	if (strike(SYS_mmap))
		return MAP_FAILED;
#endif
	p = next(addr, len, prot, flags, fd, offset);
	maps += p != MAP_FAILED;
	return p;
}

int munmap(void *addr, size_t len)
{
	static int (*next)(void *addr, size_t len);
	int ret;

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "munmap");
	ret = next(addr, len);
	maps -= ret == 0;
	return ret;
}

void *mremap(void *old, size_t old_size, size_t new_size, int flags, ...)
{
	static void *(*next)(void *old, size_t old_size, size_t new_size, int flags, ...);

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "mremap");
	return strike(SYS_mremap) ? MAP_FAILED : next(old, old_size, new_size, flags);
}

ssize_t readlink(const char *path, char *buf, size_t size)
{
	if (strike(SYS_readlinkat))
		return -1;
	return syscall(SYS_readlinkat, AT_FDCWD, path, buf, size);
}

int stat(const char *path, struct stat *st)
{
	return strike(SYS_newfstatat) ? -1 : fstatat(AT_FDCWD, path, st, 0);
}

int access(const char *path, int mode)
{
	return strike(SYS_faccessat) ? -1 : faccessat(AT_FDCWD, path, mode, 0);
}

int socket(int family, int type, int protocol)
{
	return strike(SYS_socket) ? -1 : (int)syscall(SYS_socket, family, type, protocol);
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
	return strike(SYS_sendto) ? -1 : sendto(fd, data, size, flags, NULL, 0);
}

ssize_t recv(int fd, void *data, size_t size, int flags)
{
	return strike(SYS_recvfrom) ? -1 : recvfrom(fd, data, size, flags, NULL, NULL);
}

/* ---- what programs call ---- */

static int heard; /* by numa_error() */

void numa_error(char *where)
{
	(void)where;
	heard++;
}

void numa_warn(int num, char *fmt, ...)
{
	(void)num;
	(void)fmt;
}

static size_t page;
static char *area; /* four pages that are there */
static struct bitmask *all;

/* Good: as without faults. Failed: by the documented result, errno to be judged. */
enum outcome { GOOD, FAILED, WRONG };

static enum outcome of_int(long ret, long good)
{
	return ret == good ? GOOD : ret == -1 ? FAILED : WRONG;
}

static enum outcome of_pointer(void *mem, size_t size)
{
	if (!mem)
		return FAILED;
	*(volatile char *)mem = 1;
	numa_free(mem, size);
	return GOOD;
}

static enum outcome of_mask(struct bitmask *mask, bool may_be_empty)
{
	enum outcome outcome = !mask					   ? FAILED
			       : may_be_empty || numa_bitmask_weight(mask) ? GOOD
									   : WRONG;

	numa_bitmask_free(mask);
	return outcome;
}

/* Setters without a result: numa_error() hears of a failure, and only then errno changes. */
static enum outcome of_void(int heard_before)
{
	if (heard > heard_before)
		return FAILED;
	return errno == 0 ? GOOD : WRONG;
}

static enum outcome max_node(void)
{
	static int first = -1;
	int now = numa_max_node();

	if (first < 0)
		first = now;
	return now == first && now >= 0 ? GOOD : WRONG;
}

static enum outcome distance(void)
{
	int d = numa_distance(0, 0);

	return d == 10 ? GOOD : d == 0 ? FAILED : WRONG;
}

static enum outcome node_size(void)
{
	long long left;
	long long size = numa_node_size64(0, &left);

	return size > 0 && left >= 0 ? GOOD : size == -1 ? FAILED : WRONG;
}

static enum outcome node_to_cpus(void)
{
	unsigned long words[256];
	struct bitmask cpus = {.size = 8 * sizeof(words), .maskp = words};
	int ret = numa_node_to_cpus(0, &cpus);

	/* After a failure: every CPU. */
	return !numa_bitmask_weight(&cpus) ? WRONG : of_int(ret, 0);
}

static enum outcome node_to_cpus_again(void)
{
	numa_node_to_cpu_update();
	return node_to_cpus();
}

static enum outcome node_of_cpu(void)
{
	int node;

	numa_node_to_cpu_update();
	node = numa_node_of_cpu(sched_getcpu());
	return node == -1 ? FAILED : node >= 0 && node <= numa_max_node() ? GOOD : WRONG;
}

static enum outcome available(void)
{
	return of_int(numa_available(), 0);
}

static enum outcome run_on_node(void)
{
	return of_int(numa_run_on_node(0), 0);
}

static enum outcome run_on_mask(void)
{
	return of_int(numa_run_on_node_mask(all), 0);
}

/* Without the affinity it is empty. */
static enum outcome get_run_mask(void)
{
	return of_mask(numa_get_run_node_mask(), true);
}

static enum outcome affinity(void)
{
	struct bitmask *cpus = numa_allocate_cpumask();
	int ret = numa_sched_getaffinity(0, cpus);

	if (ret > 0)
		ret = numa_sched_setaffinity(0, cpus);
	numa_bitmask_free(cpus);
	return of_int(ret, 0);
}

static enum outcome node_string(void)
{
	return of_mask(numa_parse_nodestring("0"), false);
}

static enum outcome cpu_string(void)
{
	return of_mask(numa_parse_cpustring_all("!all"), true);
}

static enum outcome file_string(void)
{
	return of_mask(numa_parse_nodestring("file:/dev/null"), false);
}

static enum outcome netdev_string(void)
{
	return of_mask(numa_parse_nodestring("netdev:lo"), false);
}

static enum outcome ip_string(void)
{
	return of_mask(numa_parse_nodestring("ip:127.0.0.1"), false);
}

static enum outcome set_membind(void)
{
	int before = heard;

	numa_set_membind(all);
	return of_void(before);
}

static enum outcome set_balancing(void)
{
	int before = heard;

	numa_set_membind_balancing(all);
	return of_void(before);
}

static enum outcome set_interleave(void)
{
	int before = heard;

	numa_set_interleave_mask(all);
	return of_void(before);
}

static enum outcome set_preferred(void)
{
	int before = heard;

	numa_set_preferred(0);
	return of_void(before);
}

static enum outcome set_local(void)
{
	int before = heard;

	numa_set_localalloc();
	return of_void(before);
}

/* A policy that cannot be told is that of no policy. */
static enum outcome get_membind(void)
{
	return of_mask(numa_get_membind(), false);
}

static enum outcome get_preferred(void)
{
	int node = numa_preferred();

	return node >= 0 && node <= numa_max_node() ? GOOD : WRONG;
}

static enum outcome alloc_onnode(void)
{
	return of_pointer(numa_alloc_onnode(3 * page, 0), 3 * page);
}

static enum outcome alloc_interleaved(void)
{
	return of_pointer(numa_alloc_interleaved(3 * page), 3 * page);
}

static enum outcome alloc_strictly(void)
{
	enum outcome outcome;

	numa_fail_alloc_on_error = 1;
	outcome = of_pointer(numa_alloc_onnode(3 * page, 0), 3 * page);
	numa_fail_alloc_on_error = 0;
	return outcome;
}

static enum outcome alloc_local(void)
{
	return of_pointer(numa_alloc_local(3 * page), 3 * page);
}

static enum outcome grow(void)
{
	void *mem = numa_alloc(page), *more;
	enum outcome outcome;

	if (!mem)
		return FAILED;
	more = numa_realloc(mem, page, 5 * page);
	outcome = more ? GOOD : FAILED;
	numa_free(more ? more : mem, more ? 5 * page : page);
	return outcome;
}

static enum outcome interleave_memory(void)
{
	int before = heard;

	numa_interleave_memory(area, 4 * page, all);
	return of_void(before);
}

static enum outcome tonode_memory(void)
{
	int before = heard;

	numa_tonode_memory(area, 4 * page, 0);
	return of_void(before);
}

static enum outcome policy_of_address(void)
{
	unsigned long words[512];
	int mode = -1;

	return of_int(get_mempolicy(&mode, words, 8 * sizeof(words), area, MPOL_F_ADDR), 0);
}

static enum outcome node_of_address(void)
{
	int node = -1;

	return of_int(get_mempolicy(&node, NULL, 0, area, MPOL_F_NODE | MPOL_F_ADDR), 0);
}

static enum outcome bind_and_move(void)
{
	return of_int(mbind(area, 2 * page, MPOL_BIND, all->maskp, all->size + 1,
			    MPOL_MF_STRICT | MPOL_MF_MOVE),
		      0);
}

static enum outcome query_pages(void)
{
	void *pages[] = {area, area + page};
	int status[2] = {-1, -1};

	return of_int(numa_move_pages(0, 2, pages, NULL, status, 0), 0);
}

static enum outcome send_pages(void)
{
	void *pages[] = {area, area + page};
	int nodes[] = {0, 0}, status[2] = {-1, -1};

	return of_int(numa_move_pages(0, 2, pages, nodes, status, MPOL_MF_MOVE), 0);
}

static enum outcome migrate(void)
{
	return of_int(numa_migrate_pages(0, all, all), 0);
}

static enum outcome home_node(void)
{
	if (mbind(area, page, MPOL_BIND, all->maskp, all->size + 1, 0) < 0)
		return FAILED;
	return of_int(set_mempolicy_home_node(area, page, 0, 0), 0);
}

static enum outcome a_child(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(policy_of_address() == WRONG);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0 ? GOOD : WRONG;
}

static const struct operation {
	const char *name;
	enum outcome (*call)(void);
	/* Failure is told by numa_warn() and the result; errno need not be set. */
	bool by_warning;
	/* That a file is not there is an answer, which stays. */
	bool remembers_absence;
} operations[] = {
	{"numa_max_node", max_node, false, false},
	{"numa_available", available, false, false},
	{"numa_distance", distance, true, true},
	{"numa_node_size64", node_size, true, false},
	{"numa_node_to_cpus", node_to_cpus, false, false},
	{"numa_node_to_cpus, read again", node_to_cpus_again, false, false},
	{"numa_node_of_cpu", node_of_cpu, false, false},
	{"numa_run_on_node", run_on_node, false, false},
	{"numa_run_on_node_mask", run_on_mask, false, false},
	{"numa_get_run_node_mask", get_run_mask, false, false},
	{"affinity", affinity, false, false},
	{"numa_parse_nodestring", node_string, true, false},
	{"numa_parse_cpustring_all", cpu_string, true, false},
	{"a file's nodes", file_string, true, false},
	{"a network device's nodes", netdev_string, true, false},
	{"an address's nodes", ip_string, true, false},
	{"numa_set_membind", set_membind, false, false},
	{"numa_set_membind_balancing", set_balancing, false, false},
	{"numa_set_interleave_mask", set_interleave, false, false},
	{"numa_set_preferred", set_preferred, false, false},
	{"numa_set_localalloc", set_local, false, false},
	{"numa_get_membind", get_membind, false, false},
	{"numa_preferred", get_preferred, false, false},
	{"numa_alloc_onnode", alloc_onnode, false, false},
	{"numa_alloc_onnode, numa_fail_alloc_on_error", alloc_strictly, false, false},
	{"numa_alloc_interleaved", alloc_interleaved, false, false},
	{"numa_alloc_local", alloc_local, false, false},
	{"numa_realloc", grow, false, false},
	{"numa_interleave_memory", interleave_memory, false, false},
	{"numa_tonode_memory", tonode_memory, false, false},
	{"the policy of an address", policy_of_address, false, false},
	{"the node of an address", node_of_address, false, false},
	{"mbind with moving", bind_and_move, false, false},
	{"move_pages, asking", query_pages, false, false},
	{"move_pages, moving", send_pages, false, false},
	{"migrate_pages", migrate, false, false},
	{"set_mempolicy_home_node", home_node, false, false},
	{"fork", a_child, false, false},
};

#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

/* ---- one failure ---- */

static int open_files(void)
{
	int n = 0;

	for (int fd = 0; fd < 64; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void make_plan(long at, int err, bool stays)
{
	calls = struck = 0;
	plan_at = at;
	plan_errno = err;
	plan_stays = stays;
}

/* What a child found. */
enum verdict {
	NOT_REACHED, /* there was no such call */
	FINE,
	NO_ERRNO,
	ANSWERED_WRONG,
	LOST_FILES,
	LOST_MAPS,
	DEAD_AFTERWARDS,
	VERDICTS,
};

static const char *const verdict_texts[] = {
	"",
	"fine",
	"failed without an errno",
	"gave a wrong answer",
	"left files open",
	"left memory mapped",
	"did not work afterwards",
};

/* How many mappings stay after an operation that was made three times. */
static long usual_maps;

static enum verdict try_once(const struct operation *op, enum outcome usual, long at, int err,
			     bool stays)
{
	int files = open_files(), err_got;
	bool reached;
	enum outcome outcome;
	long maps_before = maps;

	make_plan(at, err, stays);
	errno = 0;
	outcome = op->call();
	err_got = errno;
	reached = struck > 0;
	make_plan(0, 0, false);
	if (!reached)
		return NOT_REACHED;
	if (outcome == WRONG)
		return ANSWERED_WRONG;
	if (outcome == FAILED && !err_got && !op->by_warning)
		return NO_ERRNO;
	if (open_files() != files)
		return LOST_FILES;
	errno = 0;
	if (op->call() != usual && !(op->remembers_absence && err == ENOENT))
		return DEAD_AFTERWARDS;
	/* Not more than is kept for later anyway, nor anything in a process that has all that. */
	op->call();
	if (maps - maps_before > usual_maps)
		return LOST_MAPS;
	maps_before = maps;
	make_plan(at, err, stays);
	op->call();
	make_plan(0, 0, false);
	if (maps > maps_before)
		return LOST_MAPS;
	return FINE;
}

static enum verdict in_child(const struct operation *op, enum outcome usual, long at, int err,
			     bool stays, int *signal)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		alarm(30);
		_exit((int)try_once(op, usual, at, err, stays));
	}
	waitpid(pid, &status, 0);
	*signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	return (enum verdict)WEXITSTATUS(status);
}

/* How many calls it makes that could fail so; how many mappings stay. */
static long count_calls(const struct operation *op, int err)
{
	int pipes[2], status;
	long n[2] = {-1, 0};
	pid_t pid;

	if (pipe(pipes) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		long before = maps;

		make_plan(1L << 30, err, false);
		op->call();
		n[0] = calls;
		op->call();
		op->call();
		n[1] = maps - before;
		if (write(pipes[1], n, sizeof(n)) < 0)
			_exit(1);
		_exit(0);
	}
	close(pipes[1]);
	if (read(pipes[0], n, sizeof(n)) != sizeof(n))
		n[0] = -1;
	close(pipes[0]);
	waitpid(pid, &status, 0);
	usual_maps = n[1];
	return n[0];
}

static long faults;

/* Of a long row of equal calls the first ones and some later ones. */
static long next_at(long at)
{
	return at < 24 ? at + 1 : at + at / 4;
}

static void fail_each(const struct operation *op, enum outcome usual, int err)
{
	long n = count_calls(op, err);

	CHECK(n >= 0);
	for (int stays = 0; stays <= (may_stay(err) ? 1 : 0); stays++)
		for (long at = 1; at <= n; at = next_at(at)) {
			int signal;
			enum verdict verdict = in_child(op, usual, at, err, stays, &signal);

			faults += verdict != NOT_REACHED;
			if (signal || (verdict != FINE && verdict != NOT_REACHED)) {
				tap_failures++;
				DIAG("%s, call %ld of %ld fails with %s%s: %s", op->name, at, n,
				     err == SHORT_READS ? "one byte" : strerror(err),
				     stays ? " and so on" : "",
				     signal		  ? strsignal(signal)
				     : verdict < VERDICTS ? verdict_texts[verdict]
							  : "exited");
			}
		}
}

static const struct operation *current;

/* Each errno once, whichever calls can give it. */
static void fails_in_turn(void)
{
	enum outcome usual;
	int status;
	pid_t pid = fork();

	/* In a child, so that the first failure meets a process in which it was never called. */
	if (pid == 0)
		_exit((int)current->call());
	waitpid(pid, &status, 0);
	REQUIRE(WIFEXITED(status));
	usual = (enum outcome)WEXITSTATUS(status);
	CHECK(usual != WRONG);
	for (int err = SHORT_READS; err < 200; err++) {
		bool any = false;

		for (size_t i = 0; i < KINDS; i++)
			any = any || can_give(kinds[i].nr, err);
		if (any && err)
			fail_each(current, usual, err);
	}
}

static void every_operation(void)
{
	for (size_t i = 0; i < OPERATIONS; i++) {
		current = &operations[i];
		tap_run(current->name, fails_in_turn);
	}
}

/* ---- at load time ---- */

/* In a new run whose constructors have met the failure. */
static int loaded(void)
{
	struct bitmask *mask;
	bool reached = struck > 0;

	make_plan(0, 0, false);
	if (!numa_all_nodes_ptr || !numa_nodes_ptr || !numa_all_cpus_ptr || !numa_no_nodes_ptr)
		return 2;
	if (numa_max_node() < 0 || numa_num_configured_cpus() < 1 ||
	    !numa_bitmask_weight(numa_all_nodes_ptr) || !numa_bitmask_weight(numa_all_cpus_ptr))
		return 3;
	mask = numa_parse_nodestring("all");
	if (!mask || !numa_bitmask_equal(mask, numa_all_nodes_ptr))
		return 4;
	numa_bitmask_free(mask);
	if (open_files() > 3)
		return 5;
	everything_else();
	return reached ? 0 : 1;
}

static int run_loaded(const char *program, long at, int err, bool stays)
{
	char plan[64];
	int status = 0;
	pid_t pid;

	snprintf(plan, sizeof(plan), "%ld %d %d", at, err, stays);
	pid = fork();
	if (pid == 0) {
		setenv("FAULTS_PLAN", plan, 1);
		alarm(30);
		for (int fd = 3; fd < 64; fd++)
			close(fd);
		execl(program, program, "loaded", (char *)NULL);
		_exit(98);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static const char *self;

static void loading(void)
{
	for (int err = SHORT_READS; err < 200; err++) {
		bool any = false;

		for (size_t i = 0; i < KINDS; i++)
			any = any || can_give(kinds[i].nr, err);
		if (!any || !err)
			continue;
		for (int stays = 0; stays <= (may_stay(err) ? 1 : 0); stays++)
			for (long at = 1, status = 0; status == 0 && at < 100; at++) {
				status = run_loaded(self, at, err, stays);
				faults += status == 0;
				if (status > 1) {
					tap_failures++;
					DIAG("call %ld fails with %s%s: %ld", at, strerror(err),
					     stays ? " and so on" : "", status);
				}
			}
	}
}

static void how_many(void)
{
	printf("# %ld faults\n", faults);
	CHECK(faults > 500);
}

int main(int argc, char **argv)
{
	unsetenv("FAULTS_PLAN");
	if (argc > 1)
		return loaded();
	self = argv[0];
	page = (size_t)numa_pagesize();
	area = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	/* Without a call that the backend answers: its first one is to meet a failure as well. */
	all = numa_all_nodes_ptr;
	if (area == MAP_FAILED || !all)
		return 99;
	memset(area, 1, 4 * page);
	RUN(loading);
	every_operation();
	RUN(how_many);
	return tap_done();
}
