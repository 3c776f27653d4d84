/* SPDX-License-Identifier: MIT */
/*
 * Description: a program that knows nothing of libmynuma, on a simulated machine of four nodes with
 * two CPUs each: raw system calls, CPUs and affinity, memory that comes and goes. Is linked with
 * libc only; run by programs.sh.
 */
#include "harness.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#define NODES 4
#define CPUS 8
#define MASK_BITS 1025UL

enum { MPOL_DEFAULT, MPOL_PREFERRED, MPOL_BIND, MPOL_INTERLEAVE };
#define MPOL_F_NODE 1
#define MPOL_F_ADDR 2

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

static size_t ps;

static long bind_task(int mode, unsigned long nodes)
{
	unsigned long mask[16] = {nodes};

	return syscall(SYS_set_mempolicy, mode, mask, MASK_BITS);
}

static long bind_range(void *p, size_t len, int mode, unsigned long nodes)
{
	unsigned long mask[16] = {nodes};

	return syscall(SYS_mbind, p, len, mode, mask, MASK_BITS, 0);
}

static int node_of(void *p)
{
	int node = -1;

	return syscall(SYS_get_mempolicy, &node, NULL, 0UL, p, MPOL_F_NODE | MPOL_F_ADDR) == 0
		       ? node
		       : -1;
}

static int mode_of(void *p)
{
	int mode = -1;

	return syscall(SYS_get_mempolicy, &mode, NULL, 0UL, p, MPOL_F_ADDR) == 0 ? mode : -1;
}

static char *map(size_t pages)
{
	char *p = mmap(NULL, pages * ps, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);

	return p == MAP_FAILED ? NULL : p;
}

/* ---- calls ---- */

static void the_raw_calls_are_answered(void)
{
	unsigned long mask[16] = {0};
	int mode = -1;

	CHECK_EQ(bind_task(MPOL_BIND, 0xc), 0);
	CHECK_EQ(syscall(SYS_get_mempolicy, &mode, mask, MASK_BITS, NULL, 0UL), 0);
	CHECK_EQ(mode, MPOL_BIND);
	CHECK_EQ(mask[0], 0xc);
	CHECK_EQ(syscall(SYS_get_mempolicy, NULL, mask, MASK_BITS, NULL, 4UL), 0);
	CHECK_EQ(mask[0], 0xf);
	CHECK_EQ(bind_task(MPOL_DEFAULT, 0), 0);
}

static void a_node_that_is_not_there_is_refused(void)
{
	errno = 0;
	CHECK_EQ(bind_task(MPOL_BIND, 1 << NODES), -1);
	CHECK_EQ(errno, EINVAL);
	errno = 0;
	CHECK_EQ(syscall(SYS_set_mempolicy, MPOL_BIND, (void *)8, MASK_BITS), -1);
	CHECK_EQ(errno, EFAULT);
}

static void pages_move_between_nodes(void)
{
	char *p = map(NODES);
	void *pages[NODES];
	int nodes[NODES], status[NODES];

	REQUIRE(p);
	CHECK_EQ(bind_range(p, NODES * ps, MPOL_INTERLEAVE, 0xf), 0);
	for (int i = 0; i < NODES; i++) {
		p[(size_t)i * ps] = 1;
		pages[i] = p + (size_t)i * ps;
		nodes[i] = NODES - 1 - i;
	}
	CHECK_EQ(syscall(SYS_move_pages, 0, (long)NODES, pages, NULL, status, 0), 0);
	CHECK_EQ(1 << status[0] | 1 << status[1] | 1 << status[2] | 1 << status[3], 0xf);
	CHECK_EQ(syscall(SYS_move_pages, 0, (long)NODES, pages, nodes, status, 2), 0);
	CHECK_EQ(syscall(SYS_move_pages, 0, (long)NODES, pages, NULL, status, 0), 0);
	for (int i = 0; i < NODES; i++)
		CHECK_EQ(status[i], NODES - 1 - i);
	munmap(p, NODES * ps);
}

static void other_calls_go_to_the_kernel_as_they_are(void)
{
	char *p = map(1);
	int fd;

	REQUIRE(p);
	CHECK_EQ(syscall(SYS_getpid), getpid());
	errno = 0;
	CHECK_EQ(syscall(SYS_close, -1), -1);
	CHECK_EQ(errno, EBADF);
	errno = 0;
	CHECK_EQ(syscall(-1L), -1);
	CHECK_EQ(errno, ENOSYS);
	/* Six arguments, of which the last counts. */
	fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	REQUIRE(fd >= 0);
	p = (char *)syscall(SYS_mmap, NULL, ps, (long)PROT_READ, (long)MAP_PRIVATE, (long)fd,
			    (long)ps);
	CHECK(p != MAP_FAILED);
	char there[16];
	CHECK_EQ(pread(fd, there, sizeof(there), (off_t)ps), sizeof(there));
	CHECK_EQ(memcmp(p, there, sizeof(there)), 0);
	munmap(p, ps);
	close(fd);
	errno = 5;
	CHECK(syscall(SYS_gettid) > 0);
	CHECK_EQ(errno, 5);
}

/* ---- CPUs ---- */

static void the_machine_has_its_cpus(void)
{
	CHECK_EQ(sysconf(_SC_NPROCESSORS_CONF), CPUS);
	CHECK_EQ(sysconf(_SC_NPROCESSORS_ONLN), CPUS);
	CHECK_EQ(get_nprocs(), CPUS);
	CHECK_EQ(get_nprocs_conf(), CPUS);
	CHECK_EQ(sysconf(_SC_PAGESIZE), getpagesize());
	errno = 0;
	CHECK_EQ(sysconf(-1), -1);
	CHECK_EQ(errno, EINVAL);
}

static void affinity_is_in_simulated_cpus(void)
{
	cpu_set_t set, got;
	unsigned cpu = 99, node = 99;

	CHECK_EQ(sched_getaffinity(0, sizeof(got), &got), 0);
	CHECK_EQ(CPU_COUNT(&got), CPUS);
	CPU_ZERO(&set);
	CPU_SET(5, &set);
	CPU_SET(100, &set);
	CHECK_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
	memset(&got, 0xff, sizeof(got));
	CHECK_EQ(sched_getaffinity(0, sizeof(got), &got), 0);
	CPU_CLR(100, &set);
	CHECK(CPU_EQUAL(&got, &set));
	CHECK_EQ(sched_getcpu(), 5);
	CHECK_EQ(getcpu(&cpu, &node), 0);
	CHECK_EQ(cpu, 5);
	CHECK_EQ(node, 2);
	cpu = node = 99;
	CHECK_EQ(syscall(SYS_getcpu, &cpu, &node, NULL), 0);
	CHECK_EQ(cpu, 5);
	CHECK_EQ(node, 2);
	errno = 0;
	CHECK_EQ(syscall(SYS_getcpu, (void *)8, NULL, NULL), -1);
	CHECK_EQ(errno, EFAULT);
	CPU_ZERO(&set);
	CPU_SET(CPUS, &set);
	errno = 0;
	CHECK_EQ(sched_setaffinity(0, sizeof(set), &set), -1);
	CHECK_EQ(errno, EINVAL);
	errno = 0;
	CHECK_EQ(sched_setaffinity(0x7ffffff0, sizeof(got), &got), -1);
	CHECK_EQ(errno, ESRCH);
	CPU_ZERO(&got);
	errno = 0;
	CHECK_EQ(sched_setaffinity(0x7ffffff0, sizeof(got), &got), -1);
	CHECK_EQ(errno, ESRCH);
	for (int i = 0; i < CPUS; i++)
		CPU_SET((size_t)i, &set);
	CHECK_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
	/* The call itself tells how many bytes; libc's function does not. */
	CHECK(syscall(SYS_sched_getaffinity, 0, sizeof(got), &got) > 0);
}

static void a_thread_stays_where_it_is(void)
{
	int cpu = sched_getcpu();

	CHECK(cpu >= 0 && cpu < CPUS);
	for (int i = 0; i < 1000; i++) {
		if (i % 100 == 0)
			sched_yield();
		if (sched_getcpu() != cpu) {
			CHECK_EQ(sched_getcpu(), cpu);
			break;
		}
	}
}

static void memory_is_where_its_thread_runs(void)
{
	cpu_set_t set, all;
	char *p = map(1);

	REQUIRE(p);
	CHECK_EQ(sched_getaffinity(0, sizeof(all), &all), 0);
	for (int cpu = 0; cpu < CPUS; cpu++) {
		CPU_ZERO(&set);
		CPU_SET((size_t)cpu, &set);
		CHECK_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
		CHECK_EQ(madvise(p, ps, MADV_DONTNEED), 0);
		*p = 1;
		CHECK_EQ(node_of(p), cpu / 2);
	}
	CHECK_EQ(sched_setaffinity(0, sizeof(all), &all), 0);
	munmap(p, ps);
}

/* ---- mappings ---- */

static void a_policy_dies_with_its_mapping(void)
{
	char *p = map(4), *again;

	REQUIRE(p);
	CHECK_EQ(bind_range(p, 4 * ps, MPOL_BIND, 4), 0);
	memset(p, 1, 4 * ps);
	CHECK_EQ(node_of(p), 2);
	CHECK_EQ(munmap(p, 4 * ps), 0);
	again = mmap(p, 4 * ps, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		     0);
	REQUIRE(again == p);
	CHECK_EQ(mode_of(p), MPOL_DEFAULT);
	CHECK_EQ(bind_range(p, 4 * ps, MPOL_BIND, 4), 0);
	/* A new mapping in the middle of it. */
	again = mmap(p + ps, ps, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		     -1, 0);
	REQUIRE(again == p + ps);
	CHECK_EQ(mode_of(p), MPOL_BIND);
	CHECK_EQ(mode_of(p + ps), MPOL_DEFAULT);
	CHECK_EQ(mode_of(p + 2 * ps), MPOL_BIND);
	/* What munmap() refuses has no effect. */
	errno = 0;
	CHECK_EQ(munmap(p + 1, ps), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(mode_of(p), MPOL_BIND);
	CHECK_EQ(syscall(SYS_munmap, p, 4 * ps), 0);
}

static void a_policy_follows_mremap(void)
{
	char *p = map(2), *moved, *to = map(8);

	REQUIRE(p && to);
	CHECK_EQ(bind_range(p, 2 * ps, MPOL_BIND, 8), 0);
	memset(p, 1, 2 * ps);
	moved = mremap(p, 2 * ps, 8 * ps, MREMAP_MAYMOVE | MREMAP_FIXED, to);
	REQUIRE(moved == to);
	CHECK_EQ(mode_of(moved), MPOL_BIND);
	CHECK_EQ(mode_of(moved + 7 * ps), MPOL_BIND);
	moved[7 * ps] = 1;
	CHECK_EQ(node_of(moved), 3);
	CHECK_EQ(node_of(moved + 7 * ps), 3);
	/* The old place is nobody's. */
	p = mmap(p, 2 * ps, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	CHECK_EQ(mode_of(p), MPOL_DEFAULT);
	errno = 0;
	CHECK(mremap(p + 1, ps, ps, 0) == MAP_FAILED);
	CHECK_EQ(errno, EINVAL);
	munmap(p, 2 * ps);
	munmap(moved, 8 * ps);
}

/* The library that simulates is there; it moves memory itself. */
static void a_policy_follows_numa_realloc(void)
{
	void *(*resize)(void *, size_t, size_t);
	char *p = map(3), *moved;

	*(void **)&resize = dlsym(RTLD_DEFAULT, "numa_realloc");
	REQUIRE(p && resize);
	/* It cannot grow where it is. */
	REQUIRE(mmap(p + 2 * ps, ps, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
		p + 2 * ps);
	CHECK_EQ(bind_range(p, 2 * ps, MPOL_BIND, 8), 0);
	memset(p, 1, 2 * ps);
	moved = resize(p, 2 * ps, 8 * ps);
	REQUIRE(moved && moved != p);
	CHECK_EQ(mode_of(moved), MPOL_BIND);
	CHECK_EQ(mode_of(moved + 7 * ps), MPOL_BIND);
	moved[7 * ps] = 1;
	CHECK_EQ(node_of(moved), 3);
	CHECK_EQ(node_of(moved + 7 * ps), 3);
	errno = 0;
	CHECK(!resize(moved + 1, ps, ps));
	CHECK_EQ(errno, EINVAL);
	munmap(p + 2 * ps, ps);
	munmap(moved, 8 * ps);
}

/* They go when memory is short, and otherwise are there as before. */
static void pages_that_may_be_freed_stay_where_they_are(void)
{
	char *p = map(1);

	REQUIRE(p);
	CHECK_EQ(bind_range(p, ps, MPOL_BIND, 8), 0);
	*p = 1;
	CHECK_EQ(node_of(p), 3);
	CHECK_EQ(bind_range(p, ps, MPOL_BIND, 4), 0);
	CHECK_EQ(madvise(p, ps, MADV_FREE), 0);
	*p = 1;
	CHECK_EQ(node_of(p), 3);
	munmap(p, ps);
}

static void a_policy_stays_where_a_mapping_is_left(void)
{
	char *p = map(4), *moved;

	REQUIRE(p);
	CHECK_EQ(bind_range(p, 2 * ps, MPOL_BIND, 8), 0);
	memset(p, 1, 4 * ps);
	moved = (char *)syscall(SYS_mremap, p, 4 * ps, 4 * ps, MREMAP_MAYMOVE | MREMAP_DONTUNMAP,
				NULL);
	if (moved != MAP_FAILED) {
		CHECK_EQ(mode_of(moved), MPOL_BIND);
		CHECK_EQ(mode_of(moved + 2 * ps), MPOL_DEFAULT);
		CHECK_EQ(node_of(moved), 3);
		CHECK_EQ(mode_of(p), MPOL_BIND);
		CHECK_EQ(mode_of(p + 2 * ps), MPOL_DEFAULT);
		p[ps] = 1;
		CHECK_EQ(node_of(p + ps), 3);
		munmap(moved, 4 * ps);
	}
	munmap(p, 4 * ps);
}

static void discarded_pages_come_back_by_the_policy_of_then(void)
{
	for (int hole = 0; hole < 2; hole++) {
		char *p = map(3);

		REQUIRE(p);
		CHECK_EQ(bind_range(p, ps, MPOL_BIND, 2), 0);
		*p = 1;
		CHECK_EQ(node_of(p), 1);
		CHECK_EQ(bind_range(p, ps, MPOL_BIND, 4), 0);
		CHECK_EQ(node_of(p), 1);
		/* A hole is told, and what is around it discarded. */
		if (hole)
			munmap(p + ps, ps);
		CHECK_EQ(madvise(p, 3 * ps, MADV_DONTNEED), -hole);
		CHECK_EQ(*p, 0);
		*p = 1;
		CHECK_EQ(node_of(p), 2);
		munmap(p, 3 * ps);
	}
}

static void the_heaps_end_takes_its_policy_along(void)
{
	char *end = sbrk(0), *heap;
	uintptr_t start = ((uintptr_t)end + ps - 1) & ~(ps - 1);

	REQUIRE(end != (char *)-1);
	REQUIRE(sbrk((intptr_t)(start - (uintptr_t)end)) != (void *)-1);
	heap = sbrk((intptr_t)(4 * ps));
	REQUIRE(heap == (char *)start);
	CHECK_EQ(bind_range(heap, 4 * ps, MPOL_BIND, 2), 0);
	CHECK_EQ(mode_of(heap), MPOL_BIND);
	CHECK_EQ(brk(heap), 0);
	REQUIRE(sbrk((intptr_t)(4 * ps)) == heap);
	CHECK_EQ(mode_of(heap), MPOL_DEFAULT);
	CHECK_EQ(bind_range(heap, 4 * ps, MPOL_BIND, 2), 0);
	REQUIRE(sbrk(-(intptr_t)(4 * ps)) == heap + 4 * ps);
	REQUIRE(sbrk((intptr_t)(4 * ps)) == heap);
	CHECK_EQ(mode_of(heap), MPOL_DEFAULT);
	CHECK_EQ(brk(end), 0);
}

static void an_attached_segment_is_new_memory(void)
{
	int id = shmget(IPC_PRIVATE, 4 * ps, IPC_CREAT | 0600), other;
	char *p;

	REQUIRE(id >= 0);
	other = shmget(IPC_PRIVATE, 4 * ps, IPC_CREAT | 0600);
	p = shmat(id, NULL, 0);
	REQUIRE(p != (char *)-1);
	CHECK_EQ(bind_range(p, 2 * ps, MPOL_BIND, 8), 0);
	CHECK_EQ(mode_of(p), MPOL_BIND);
	CHECK_EQ(shmdt(p), 0);
	REQUIRE(shmat(other, p, 0) == p);
	CHECK_EQ(mode_of(p), MPOL_DEFAULT);
	CHECK_EQ(shmdt(p), 0);
	errno = 0;
	CHECK_EQ(shmdt(p), -1);
	CHECK_EQ(errno, EINVAL);
	shmctl(id, IPC_RMID, NULL);
	shmctl(other, IPC_RMID, NULL);
}

int main(void)
{
	ps = (size_t)sysconf(_SC_PAGESIZE);
	RUN(the_raw_calls_are_answered);
	RUN(a_node_that_is_not_there_is_refused);
	RUN(pages_move_between_nodes);
	RUN(other_calls_go_to_the_kernel_as_they_are);
	RUN(the_machine_has_its_cpus);
	RUN(affinity_is_in_simulated_cpus);
	RUN(a_thread_stays_where_it_is);
	RUN(memory_is_where_its_thread_runs);
	RUN(a_policy_dies_with_its_mapping);
	RUN(a_policy_follows_mremap);
	RUN(a_policy_follows_numa_realloc);
	RUN(pages_that_may_be_freed_stay_where_they_are);
	RUN(a_policy_stays_where_a_mapping_is_left);
	RUN(discarded_pages_come_back_by_the_policy_of_then);
	RUN(the_heaps_end_takes_its_policy_along);
	RUN(an_attached_segment_is_new_memory);
	return tap_done();
}
