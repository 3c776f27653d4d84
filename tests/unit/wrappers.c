/* SPDX-License-Identifier: MIT */
/*
 * The six system calls as C functions: exactly what the kernel does and errno from its answer, for
 * good and for bad arguments, also in a signal handler.
 */
#include "harness.h"
#include "unit/kernel.h"

#include <limits.h>
#include <sys/mman.h>

#ifndef SYS_set_mempolicy_home_node
#define SYS_set_mempolicy_home_node 450
#endif

static size_t page;
static char *mem;		/* two pages, bound, there */
static unsigned long nodes[16]; /* the first allowed node */
static void *pages[2];
static int status[2];
static unsigned long out[KERNEL_NODES / 8 / sizeof(long)];
static int mode;

#define WILD ((void *)(8 * 4096UL))
#define TOP ((void *)-64L)

enum call { GET, SET, MBIND, MIGRATE, MOVE, HOME };
static const long numbers[] = {SYS_get_mempolicy, SYS_set_mempolicy, SYS_mbind,
			       SYS_migrate_pages, SYS_move_pages,    SYS_set_mempolicy_home_node};

struct row {
	enum call call;
	const char *what;
	long a[6];
	int err; /* 0: as the kernel */
};

#define P(p) ((long)(intptr_t)(p))

static long wrapper(const struct row *r)
{
	const long *a = r->a;

	switch (r->call) {
	case GET:
		return get_mempolicy((void *)a[0], (void *)a[1], (unsigned long)a[2], (void *)a[3],
				     (unsigned)a[4]);
	case SET:
		return set_mempolicy((int)a[0], (void *)a[1], (unsigned long)a[2]);
	case MBIND:
		return mbind((void *)a[0], (unsigned long)a[1], (int)a[2], (void *)a[3],
			     (unsigned long)a[4], (unsigned)a[5]);
	case MIGRATE:
		return migrate_pages((int)a[0], (unsigned long)a[1], (void *)a[2], (void *)a[3]);
	case MOVE:
		return move_pages((int)a[0], (unsigned long)a[1], (void *)a[2], (void *)a[3],
				  (void *)a[4], (int)a[5]);
	default:
		return set_mempolicy_home_node((void *)a[0], (unsigned long)a[1], (int)a[2],
					       (int)a[3]);
	}
}

static void as_the_kernel(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const long *a = rows[i].a;
		long want, got;
		int want_errno, got_errno;

		errno = EDOM;
		want = syscall(numbers[rows[i].call], a[0], a[1], a[2], a[3], a[4], a[5]);
		want_errno = errno;
		errno = EDOM;
		got = wrapper(&rows[i]);
		got_errno = errno;
		kernel_default_policy();
		if (got != want || got_errno != want_errno ||
		    (rows[i].err && (got != -1 || got_errno != rows[i].err))) {
			tap_failures++;
			DIAG("%s: %ld errno %d, the kernel %ld errno %d", rows[i].what, got,
			     got_errno, want, want_errno);
		}
		if (got != -1)
			CHECK_EQ(got_errno, EDOM);
	}
}

#define ROWS(...)                                                                                  \
	do {                                                                                       \
		const struct row rows[] = {__VA_ARGS__};                                           \
		as_the_kernel(rows, sizeof(rows) / sizeof(rows[0]));                               \
	} while (0)

static void good_calls_leave_errno_alone(void)
{
	ROWS({GET, "get nothing", {0}, 0},
	     {GET, "get policy", {P(&mode), P(out), KERNEL_NODES + 1}, 0},
	     {GET, "get allowed", {0, P(out), KERNEL_NODES + 1, 0, MPOL_F_MEMS_ALLOWED}, 0},
	     {GET, "get node of page", {P(&mode), 0, 0, P(mem), MPOL_F_NODE | MPOL_F_ADDR}, 0},
	     {SET, "set default", {MPOL_DEFAULT}, 0},
	     {SET, "set bind", {MPOL_BIND, P(nodes), 1025}, 0}, {SET, "set local", {MPOL_LOCAL}, 0},
	     {MBIND, "mbind", {P(mem), (long)page, MPOL_BIND, P(nodes), 1025}, 0},
	     {MBIND, "mbind nothing", {P(mem), 0, MPOL_BIND, P(nodes), 1025}, 0},
	     {MIGRATE, "migrate", {0, 1025, P(nodes), P(nodes)}, 0}, {MOVE, "move nothing", {0}, 0},
	     {MOVE, "where are pages", {0, 2, P(pages), 0, P(status)}, 0},
	     {HOME, "home", {P(mem), (long)page, kernel_first_node()}, 0});
}

static void bad_arguments_give_the_kernels_errno(void)
{
	ROWS({GET, "flags", {0, 0, 0, 0, 0xff}, EINVAL},
	     {GET, "addr without flag", {0, 0, 0, P(mem), 0}, EINVAL},
	     {GET, "maxnode 0", {0, P(out), 0}, 0}, {GET, "maxnode 1", {0, P(out), 1}, 0},
	     {GET, "maxnode too large", {0, P(out), 40000}, EINVAL},
	     {GET, "addr not mapped", {P(&mode), 0, 0, P(WILD), MPOL_F_ADDR}, EFAULT},
	     {SET, "mode", {99}, EINVAL}, {SET, "mode -1", {-1}, EINVAL},
	     {SET, "bind to nothing", {MPOL_BIND}, EINVAL},
	     {SET, "maxnode 0", {MPOL_BIND, P(nodes), 0}, EINVAL},
	     {SET, "maxnode too large", {MPOL_BIND, P(nodes), 40000}, EINVAL},
	     {SET, "maxnode -1", {MPOL_BIND, P(nodes), -1}, EINVAL},
	     {SET,
	      "both flags",
	      {MPOL_BIND | MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES, P(nodes), 1025},
	      EINVAL},
	     {MBIND, "unaligned", {P(mem) + 1, 1, MPOL_DEFAULT}, EINVAL},
	     {MBIND, "flags", {P(mem), (long)page, MPOL_DEFAULT, 0, 0, 99}, EINVAL},
	     {MBIND, "mode", {P(mem), (long)page, 99}, EINVAL},
	     {MBIND, "length", {P(mem), LONG_MIN, MPOL_DEFAULT}, 0},
	     {MBIND, "length -1", {P(mem), -1, MPOL_DEFAULT}, 0},
	     {MIGRATE, "pid", {999999999, 1025, P(nodes), P(nodes)}, ESRCH},
	     {MIGRATE, "pid -1", {-1, 1025, P(nodes), P(nodes)}, ESRCH},
	     {MIGRATE, "nowhere", {0, 1025, P(nodes), 0}, EINVAL},
	     {MIGRATE, "maxnode", {0, 40000, P(nodes), P(nodes)}, EINVAL},
	     {MOVE, "pid", {999999999, 2, P(pages), 0, P(status)}, ESRCH},
	     {MOVE, "flags", {0, 2, P(pages), 0, P(status), 99}, EINVAL},
	     {HOME, "unaligned", {P(mem) + 1, (long)page, 0}, 0},
	     {HOME, "node -1", {P(mem), (long)page, -1}, 0},
	     {HOME, "node", {P(mem), (long)page, 100000}, 0},
	     {HOME, "flags", {P(mem), (long)page, 0, 1}, 0},
	     {HOME, "not mapped", {P(WILD), (long)page, 0}, 0},
	     {HOME, "length", {P(mem), -4096, 0}, 0});
}

static void wild_pointers_are_efault(void)
{
	static void *const wild[] = {WILD, TOP, (void *)1};

	for (int i = 0; i < 3; i++) {
		long w = P(wild[i]);

		ROWS({GET, "wild mode", {w}, EFAULT},
		     {GET, "wild mask", {0, w, KERNEL_NODES + 1}, EFAULT},
		     {GET,
		      "wild allowed",
		      {0, w, KERNEL_NODES + 1, 0, MPOL_F_MEMS_ALLOWED},
		      EFAULT},
		     {SET, "wild mask", {MPOL_BIND, w, 1025}, EFAULT},
		     {SET, "wild mask, default", {MPOL_DEFAULT, w, 1025}, EFAULT},
		     {MBIND, "wild mask", {P(mem), (long)page, MPOL_BIND, w, 1025}, EFAULT},
		     {MIGRATE, "wild from", {0, 1025, w, P(nodes)}, EFAULT},
		     {MIGRATE, "wild to", {0, 1025, P(nodes), w}, EFAULT},
		     {MOVE, "wild pages", {0, 2, w, 0, P(status)}, EFAULT},
		     {MOVE, "wild nodes", {0, 2, P(pages), w, P(status), MPOL_MF_MOVE}, EFAULT},
		     {MOVE, "wild status", {0, 2, P(pages), 0, w}, EFAULT});
	}
	ROWS({MBIND, "wild range", {P(WILD), (long)page, MPOL_DEFAULT}, EFAULT},
	     {MBIND, "range on top", {P(TOP) & -4096L, (long)page, MPOL_DEFAULT}, 0},
	     {HOME, "wild range", {P(WILD), (long)page, 0}, 0},
	     {HOME, "range on top", {P(TOP) & -4096L, (long)page, 0}, 0});
}

/* A mask that ends at the end of its page: nothing behind it is read. */
static void masks_are_not_read_beyond_their_end(void)
{
	char *two = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			 0);
	unsigned long *last = (void *)(two + page - sizeof(nodes));
	struct bitmask mask = {.size = sizeof(nodes) * CHAR_BIT, .maskp = last};

	munmap(two + page, page);
	memcpy(last, nodes, sizeof(nodes));
	errno = 0;
	numa_set_membind(&mask);
	numa_set_interleave_mask(&mask);
	CHECK_EQ(numa_migrate_pages(0, &mask, &mask), 0);
	numa_tonodemask_memory(mem, page, &mask);
	numa_run_on_node_mask(&mask);
	CHECK_EQ(errno, 0);
	numa_run_on_node(-1);
	kernel_default_policy();
	munmap(two, page);
}

static volatile sig_atomic_t handled, handler_failures;

/* All six, on a stack of its own; errno is the interrupted code's. */
static void handler(int sig)
{
	int saved = errno, node;

	(void)sig;
	errno = EDOM;
	handler_failures += get_mempolicy(&node, NULL, 0, mem, MPOL_F_NODE | MPOL_F_ADDR) != 0;
	handler_failures += set_mempolicy(MPOL_BIND, nodes, 1025) != 0;
	handler_failures += set_mempolicy(MPOL_DEFAULT, NULL, 0) != 0;
	handler_failures += mbind(mem, page, MPOL_BIND, nodes, 1025, 0) != 0;
	handler_failures += migrate_pages(0, 1025, nodes, nodes) != 0;
	handler_failures += move_pages(0, 2, pages, NULL, status, 0) != 0;
	handler_failures += errno != EDOM;
	handler_failures += set_mempolicy_home_node(mem, page, -1, 0) != -1;
	handled++;
	errno = saved;
}

static void in_a_signal_handler(void)
{
	stack_t stack = {.ss_sp = malloc(16384), .ss_size = 16384}, none = {.ss_flags = SS_DISABLE};
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK | SA_RESTART};

	sigaltstack(&stack, NULL);
	sigaction(SIGUSR1, &action, NULL);
	for (int i = 0; i < 100; i++) {
		errno = ERANGE;
		raise(SIGUSR1);
		CHECK_EQ(errno, ERANGE);
	}
	CHECK_EQ(handled, 100);
	CHECK_EQ(handler_failures, 0);
	sigaltstack(&none, NULL);
	free(stack.ss_sp);
}

int main(void)
{
	int here = kernel_first_node();

	if (here < 0 || here >= 1024) {
		printf("ok 1 - the kernel has NUMA policies # SKIP it refuses "
		       "get_mempolicy\n1..1\n");
		return 0;
	}
	page = (size_t)sysconf(_SC_PAGESIZE);
	nodes[(size_t)here / 8 / sizeof(long)] = 1UL << (size_t)here % (8 * sizeof(long));
	mem = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	syscall(SYS_mbind, mem, 2 * page, (long)MPOL_BIND, nodes, 1025UL, 0UL);
	memset(mem, 1, 2 * page);
	pages[0] = mem;
	pages[1] = mem + page;
	RUN(good_calls_leave_errno_alone);
	RUN(bad_arguments_give_the_kernels_errno);
	RUN(wild_pointers_are_efault);
	RUN(masks_are_not_read_beyond_their_end);
	RUN(in_a_signal_handler);
	return tap_done();
}
