/* SPDX-License-Identifier: MIT */
/* Simulated CPUs on real ones, and each thread's affinity in its thread-local memory. */
#include "emul/cpus.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "emul/emul.h"
#include "emul/tls.h"
#include "emul/usercopy.h"
#include "sys/call.h"
#include "sys/smallfile.h"
#include "topology/topology.h"

#define CPUS 8192

struct cpu_set {
	unsigned long bits[CPUS / BITS_PER_LONG];
};

/* The real CPUs that the process may use, as they were before it chose any. */
static struct {
	atomic_int count;
	unsigned short cpu[CPUS];
} host;

/* A set that some thread asked for. Never freed, but there is only one of each. */
struct known_set {
	struct known_set *next;
	struct cpu_set cpus;
};

static _Atomic(struct known_set *) known_sets;

static EMUL_TLS struct {
	const struct cpu_set *cpus; /* its affinity; NULL: main_cpus, or all */
	int current;		    /* the CPU it runs on and one more; 0: not decided */
} self;

static _Atomic(const struct cpu_set *) main_cpus;

/* The one copy of a set. NULL when memory ran out. */
static const struct cpu_set *known_set(const struct cpu_set *cpus)
{
	struct known_set *first = atomic_load(&known_sets), *new;

	for (struct known_set *known = first; known; known = known->next)
		if (memcmp(&known->cpus, cpus, sizeof(*cpus)) == 0)
			return &known->cpus;
	new = pages_alloc(sizeof(*new));
	if (!new)
		return NULL;
	new->cpus = *cpus;
	new->next = first;
	/* Threads that add the same set at the same time may both do so; that is no harm. */
	while (!atomic_compare_exchange_weak(&known_sets, &new->next, new))
		;
	return &new->cpus;
}

static int host_count(void)
{
	struct cpu_set real = {{0}};
	int count = atomic_load_explicit(&host.count, memory_order_acquire);

	if (count)
		return count;
	/* Threads that come here at the same time find the same and write the same. */
	if (sys_call(__NR_sched_getaffinity, 0, sizeof(real), real.bits) > 0)
		for (bits_each(cpu, real.bits, CPUS))
			host.cpu[count++] = (unsigned short)cpu;
	if (count == 0)
		count = 1;
	atomic_store_explicit(&host.count, count, memory_order_release);
	return count;
}

static unsigned cpu_count(void)
{
	return (unsigned)topo_cpus();
}

/* The real CPUs on which the simulated ones run. */
static void to_real(struct cpu_set *real, const struct cpu_set *cpus)
{
	int count = host_count();

	memset(real, 0, sizeof(*real));
	for (bits_each(cpu, cpus->bits, cpu_count()))
		bits_set(real->bits, host.cpu[cpu % (unsigned)count]);
}

static void from_real(struct cpu_set *cpus, const struct cpu_set *real)
{
	int count = host_count();

	memset(cpus, 0, sizeof(*cpus));
	for (unsigned cpu = 0; cpu < cpu_count(); cpu++)
		if (bits_test(real->bits, host.cpu[cpu % (unsigned)count]))
			bits_set(cpus->bits, cpu);
}

static bool is_self(int pid)
{
	return pid == 0 || pid == (int)sys_call(__NR_gettid);
}

/* The calling thread's affinity. */
static void own_affinity(struct cpu_set *cpus)
{
	const struct cpu_set *own = self.cpus ? self.cpus : atomic_load(&main_cpus);

	if (own) {
		*cpus = *own;
	} else {
		memset(cpus, 0, sizeof(*cpus));
		bits_fill(cpus->bits, cpu_count(), true);
	}
}

long cpus_set_affinity(int pid, size_t bytes, const unsigned long *cpus)
{
	struct cpu_set wanted = {{0}}, real;
	const struct cpu_set *own;
	size_t len = bytes < sizeof(wanted) ? bytes : sizeof(wanted);
	long ret;

	if (len && user_read(wanted.bits, (uintptr_t)cpus, len) < 0)
		return -EFAULT;
	if (bits_empty(wanted.bits, cpu_count()))
		return -EINVAL;
	to_real(&real, &wanted);
	/* Pages that nobody asked for yet are where the CPU of this moment put them. */
	if (is_self(pid))
		emul_settle();
	ret = sys_call(__NR_sched_setaffinity, pid, sizeof(real), real.bits);
	if (ret < 0 || !is_self(pid))
		return ret;
	bits_copy(wanted.bits, CPUS, wanted.bits, cpu_count());
	own = known_set(&wanted);
	if (!own)
		return -ENOMEM;
	self.cpus = own;
	self.current = 0;
	if (sys_call(__NR_gettid) == getpid())
		atomic_store(&main_cpus, own);
	return 0;
}

long cpus_get_affinity(int pid, size_t bytes, unsigned long *cpus)
{
	size_t size = bits_words(topo_get()->cpu_bits) * sizeof(long);
	struct cpu_set found, real = {{0}};

	if (bytes % sizeof(long) || bytes * CHAR_BIT < cpu_count())
		return -EINVAL;
	if (is_self(pid)) {
		own_affinity(&found);
	} else {
		long ret = sys_call(__NR_sched_getaffinity, pid, sizeof(real), real.bits);

		if (ret < 0)
			return ret;
		from_real(&found, &real);
	}
	if (bytes < size)
		size = bytes;
	return user_write((uintptr_t)cpus, found.bits, size) < 0 ? -EFAULT : (long)size;
}

/* The CPU of the thread among those of its affinity. */
static int choose(void)
{
	unsigned long turn = (unsigned long)(sys_call(__NR_gettid) - getpid());
	struct cpu_set cpus;
	size_t weight;

	own_affinity(&cpus);
	weight = bits_weight(cpus.bits, cpu_count());
	turn = weight ? turn % weight : 0;
	for (bits_each(cpu, cpus.bits, cpu_count()))
		if (turn-- == 0)
			return (int)cpu;
	return 0;
}

int cpus_current(void)
{
	unsigned cpu = 0;

	if (!topo_is_synthetic())
		return sys_call(__NR_getcpu, &cpu, NULL, NULL) == 0 ? (int)cpu : -1;
	if (!self.current)
		self.current = choose() + 1;
	return self.current - 1;
}
