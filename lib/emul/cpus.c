/* SPDX-License-Identifier: MIT */
/*
 * Simulated CPUs on real ones, and the threads' records: a list that only grows, of which the
 * entries are used again.
 */
#include "emul/cpus.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/compiler.h"
#include "emul/emul.h"
#include "emul/tls.h"
#include "emul/usercopy.h"
#include "sys/call.h"
#include "sys/smallfile.h"
#include "topology/topology.h"

#define CPUS 8192
#define NODES 1024

struct cpu_set {
	unsigned long bits[CPUS / BITS_PER_LONG];
};

/* The real CPUs that the process may use, as they were before it chose any. */
static struct {
	atomic_int count;
	int first; /* thread; 0: the process's main one */
	unsigned short cpu[CPUS];
} host;

/* A set that some thread asked for. Never freed, but there is only one of each. */
struct known_set {
	struct known_set *next;
	struct cpu_set cpus;
};

static _Atomic(struct known_set *) known_sets;

#define NOBODY 0
#define STARTING (-1)

struct cpus_thread {
	struct cpus_thread *next;
	_Atomic(const struct cpu_set *) cpus; /* its affinity; NULL: all */
	atomic_int tid;			      /* or NOBODY or STARTING */
	atomic_int current;		      /* the CPU it runs on and one more; 0: not decided */
	atomic_bool unannounced;	      /* nobody will say that it has ended */
	atomic_bool begun;		      /* its thread knows it */
};

static _Atomic(struct cpus_thread *) threads;
static EMUL_TLS struct cpus_thread *self;

static int own_id(void)
{
	return (int)sys_call(__NR_gettid);
}

/* ---- sets ---- */

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

size_t cpus_bits(void)
{
	unsigned bits = topo_get()->cpu_bits;

	return bits < CPUS ? bits : CPUS;
}

/* The CPUs that run. */
static void all_cpus(struct cpu_set *cpus)
{
	bits_copy(cpus->bits, CPUS, topo_get()->allowed_cpus, cpus_bits());
}

static void meet(struct cpu_set *set, const struct cpu_set *with)
{
	for (size_t w = 0; w < ARRAY_SIZE(set->bits); w++)
		set->bits[w] &= with->bits[w];
}

static void take_host(const unsigned long *real, size_t nbits)
{
	int count = 0;

	for (bits_each(cpu, real, nbits))
		if (cpu < CPUS)
			host.cpu[count++] = (unsigned short)cpu;
	atomic_store_explicit(&host.count, count ? count : 1, memory_order_release);
}

static unsigned host_count(void)
{
	int count = atomic_load_explicit(&host.count, memory_order_acquire);
	struct cpu_set real = {{0}};

	if (count)
		return (unsigned)count;
	/* Threads that come here at the same time find the same and write the same. */
	sys_call(__NR_sched_getaffinity, 0, sizeof(real), real.bits);
	take_host(real.bits, CPUS);
	return (unsigned)atomic_load(&host.count);
}

void cpus_machine(const unsigned long *real, size_t nbits, int first)
{
	host.first = first;
	take_host(real, nbits);
}

/* The real CPUs on which the simulated ones run. */
static void to_real(struct cpu_set *real, const struct cpu_set *cpus)
{
	unsigned count = host_count();

	memset(real, 0, sizeof(*real));
	for (bits_each(cpu, cpus->bits, CPUS))
		bits_set(real->bits, host.cpu[cpu % count]);
}

static void from_real(struct cpu_set *cpus, const struct cpu_set *real)
{
	unsigned count = host_count();

	all_cpus(cpus);
	for (bits_each(cpu, cpus->bits, CPUS))
		if (!bits_test(real->bits, host.cpu[cpu % count]))
			bits_clear(cpus->bits, cpu);
}

/* ---- records ---- */

static struct cpus_thread *record_of(int tid)
{
	struct cpus_thread *thread = atomic_load(&threads);

	while (thread && atomic_load(&thread->tid) != tid)
		thread = thread->next;
	return thread;
}

static bool claim(struct cpus_thread *thread)
{
	int nobody = NOBODY;

	return atomic_compare_exchange_strong(&thread->tid, &nobody, STARTING);
}

static struct cpus_thread *free_record(void)
{
	struct cpus_thread *thread = atomic_load(&threads);

	while (thread && !claim(thread))
		thread = thread->next;
	return thread;
}

/* Asking costs a system call each, so a few at a time; more than come new. */
#define LOOKED_AT 8

/* Gives up the records of ended threads of which nothing is heard again. */
static void give_up_ended(void)
{
	static _Atomic(struct cpus_thread *) last;
	struct cpus_thread *thread = atomic_load(&last);

	for (int i = 0; i < LOOKED_AT; i++) {
		int tid;

		thread = thread && thread->next ? thread->next : atomic_load(&threads);
		if (!thread)
			return;
		tid = atomic_load(&thread->tid);
		if (tid > 0 && atomic_load(&thread->unannounced) &&
		    sys_call(__NR_tkill, tid, 0) == -ESRCH)
			atomic_compare_exchange_strong(&thread->tid, &tid, NOBODY);
	}
	atomic_store(&last, thread);
}

#define RECORDS_AT_ONCE 64

/* More records; the first is the caller's. */
static struct cpus_thread *records_new(void)
{
	struct cpus_thread *first = pages_alloc(RECORDS_AT_ONCE * sizeof(*first)), *last;

	if (!first)
		return NULL;
	last = first + RECORDS_AT_ONCE - 1;
	for (struct cpus_thread *thread = first; thread < last; thread++)
		thread->next = thread + 1;
	atomic_store(&first->tid, STARTING);
	last->next = atomic_load(&threads);
	while (!atomic_compare_exchange_weak(&threads, &last->next, first))
		;
	return first;
}

static struct cpus_thread *record_new(const struct cpu_set *cpus)
{
	struct cpus_thread *thread = free_record();

	if (!thread) {
		give_up_ended();
		thread = free_record();
	}
	if (!thread)
		thread = records_new();
	if (!thread)
		return NULL;
	atomic_store(&thread->unannounced, false);
	atomic_store(&thread->begun, false);
	atomic_store(&thread->cpus, cpus);
	atomic_store(&thread->current, 0);
	return thread;
}

/* A record for a thread that was not announced, as its creator had it or else the main thread. */
static struct cpus_thread *record_unknown(int tid, const struct cpus_thread *parent)
{
	struct cpus_thread *thread;

	if (!parent)
		parent = record_of(getpid());
	thread = record_new(parent ? atomic_load(&parent->cpus) : NULL);
	if (thread) {
		atomic_store(&thread->unannounced, true);
		atomic_store(&thread->tid, tid);
	}
	return thread;
}

/*
 * The calling thread's record. A vfork()ed child has its parent's thread-local memory, but an id of
 * its own: it gets a record and leaves its parent's alone. NULL when memory ran out.
 */
static struct cpus_thread *own(void)
{
	int tid = own_id();
	struct cpus_thread *thread;

	if (likely(self && atomic_load(&self->tid) == tid))
		return self;
	thread = record_of(tid);
	if (thread && !self && atomic_load(&thread->begun)) {
		/* That of an ended thread which had the same id. */
		atomic_store(&thread->tid, NOBODY);
		thread = NULL;
	}
	if (!thread)
		thread = record_unknown(tid, self);
	if (thread && !self) {
		self = thread;
		atomic_store(&thread->begun, true);
	}
	return thread;
}

static void assign(struct cpus_thread *thread, const struct cpu_set *cpus)
{
	atomic_store(&thread->cpus, cpus);
	atomic_store(&thread->current, 0);
}

struct cpus_thread *cpus_thread_new(void)
{
	struct cpus_thread *creator = own();

	return record_new(creator ? atomic_load(&creator->cpus) : NULL);
}

void cpus_thread_begin(struct cpus_thread *thread)
{
	self = thread;
	atomic_store(&thread->tid, own_id());
}

void cpus_thread_end(struct cpus_thread *thread)
{
	atomic_store(&thread->tid, NOBODY);
	if (self == thread)
		self = NULL;
}

int cpus_thread_id(const struct cpus_thread *thread)
{
	const struct timespec moment = {.tv_nsec = 50000};

	while (atomic_load(&thread->tid) == STARTING)
		sys_call(__NR_nanosleep, &moment, NULL);
	return atomic_load(&thread->tid);
}

void cpus_forked(void)
{
	int tid = own_id();

	for (struct cpus_thread *thread = atomic_load(&threads); thread; thread = thread->next)
		if (thread != self)
			atomic_store(&thread->tid, NOBODY);
	if (self && atomic_exchange(&self->tid, tid) != tid)
		atomic_store(&self->current, 0);
}

/* ---- affinity ---- */

/* A thread of this process that has, or can have, a record; else NULL. */
static struct cpus_thread *local_thread(int pid, bool make)
{
	struct cpus_thread *thread;

	if (pid == 0 || pid == own_id())
		return own();
	if (pid < 0 || sys_call(__NR_tgkill, getpid(), pid, 0) != 0)
		return NULL;
	thread = record_of(pid);
	return thread || !make ? thread : record_unknown(pid, NULL);
}

long cpus_set_affinity(int pid, size_t bytes, const unsigned long *cpus)
{
	struct cpu_set wanted = {{0}}, real, all;
	const struct cpu_set *chosen;
	struct cpus_thread *thread;
	size_t len = bytes < sizeof(wanted) ? bytes : sizeof(wanted);
	long ret;

	if (len && user_read(wanted.bits, (uintptr_t)cpus, len) < 0)
		return -EFAULT;
	all_cpus(&all);
	meet(&wanted, &all);
	/* A kernel looks for the thread first: so it says what it says to no CPUs. */
	if (bits_empty(wanted.bits, CPUS))
		return sys_call(__NR_sched_setaffinity, pid, sizeof(wanted), wanted.bits);
	chosen = known_set(&wanted);
	if (!chosen)
		return -ENOMEM;
	to_real(&real, &wanted);
	/* Pages that nobody asked for yet are where the CPU of this moment put them. */
	if (pid == 0 || pid == own_id())
		emul_settle();
	ret = sys_call(__NR_sched_setaffinity, pid, sizeof(real), real.bits);
	if (ret < 0)
		return ret;
	thread = local_thread(pid, true);
	if (thread)
		assign(thread, chosen);
	return 0;
}

/*
 * What the record says, if the real affinity is what it makes of it; else somebody else has changed
 * that, and it is translated.
 */
static void agree(struct cpus_thread *thread, struct cpu_set *found, const struct cpu_set *real)
{
	const struct cpu_set *chosen = thread ? atomic_load(&thread->cpus) : NULL;
	struct cpu_set expected;

	if (chosen)
		*found = *chosen;
	else
		all_cpus(found);
	to_real(&expected, found);
	if (thread && memcmp(&expected, real, sizeof(expected)) == 0)
		return;
	from_real(found, real);
	/* None runs on what is left: those of before then do, wherever that is. */
	if (bits_empty(found->bits, CPUS))
		*found = chosen ? *chosen : *found;
	if (bits_empty(found->bits, CPUS))
		all_cpus(found);
}

long cpus_get_affinity(int pid, size_t bytes, unsigned long *cpus)
{
	size_t bits = cpus_bits(), size = bits_words(bits) * sizeof(long);
	struct cpu_set found, real = {{0}};
	size_t highest;
	long ret;

	all_cpus(&found);
	highest = bits_highest(found.bits, CPUS);
	if (bytes % sizeof(long) || bytes > INT_MAX || bytes * CHAR_BIT <= highest)
		return -EINVAL;
	ret = sys_call(__NR_sched_getaffinity, pid, sizeof(real), real.bits);
	if (ret < 0)
		return ret;
	agree(local_thread(pid, false), &found, &real);
	if (bytes < size)
		size = bytes;
	return user_write((uintptr_t)cpus, found.bits, size) < 0 ? -EFAULT : (long)size;
}

const unsigned long *cpus_chosen(void)
{
	struct cpus_thread *thread = own();
	const struct cpu_set *chosen = thread ? atomic_load(&thread->cpus) : NULL;

	return chosen ? chosen->bits : NULL;
}

int cpus_inherit(const unsigned long *cpus, size_t nbits)
{
	struct cpu_set set = {{0}}, all;
	const struct cpu_set *chosen;
	struct cpus_thread *thread = own();

	bits_copy(set.bits, CPUS, cpus, nbits < CPUS ? nbits : CPUS);
	all_cpus(&all);
	meet(&set, &all);
	if (bits_empty(set.bits, CPUS))
		return -EINVAL;
	chosen = known_set(&set);
	if (!thread || !chosen)
		return -ENOMEM;
	assign(thread, chosen);
	return 0;
}

/* ---- which CPU ---- */

static int node_of(size_t cpu)
{
	int node = topo_cpu_node((int)cpu);

	return node >= 0 && node < NODES ? node : 0;
}

/* The k-th CPU of a node among those of the set. */
static int nth_of_node(const struct cpu_set *cpus, int node, unsigned k)
{
	for (bits_each(cpu, cpus->bits, CPUS))
		if (node_of(cpu) == node && k-- == 0)
			return (int)cpu;
	return 0;
}

/*
 * The CPU whose turn it is, in an order that goes over the nodes first: a CPU of each, then a
 * second one of each that has two.
 */
static int spread(const struct cpu_set *cpus, unsigned long turn)
{
	unsigned short count[NODES] = {0};
	unsigned long total = 0;

	for (bits_each(cpu, cpus->bits, CPUS)) {
		count[node_of(cpu)]++;
		total++;
	}
	if (total == 0)
		return 0;
	turn %= total;
	for (unsigned level = 0;; level++)
		for (int node = 0; node < NODES; node++)
			if (count[node] > level && turn-- == 0)
				return nth_of_node(cpus, node, level);
}

/* The CPU of the thread among those of its affinity. */
static int choose(const struct cpus_thread *thread)
{
	const struct cpu_set *chosen = thread ? atomic_load(&thread->cpus) : NULL;
	int first = host.first ? host.first : getpid();
	struct cpu_set cpus;

	if (chosen)
		cpus = *chosen;
	else
		all_cpus(&cpus);
	return spread(&cpus, (unsigned)(own_id() - first));
}

int cpus_current(void)
{
	struct cpus_thread *thread = self;
	unsigned cpu = 0;

	if (likely(thread && atomic_load_explicit(&thread->current, memory_order_relaxed)))
		return atomic_load_explicit(&thread->current, memory_order_relaxed) - 1;
	if (!topo_is_synthetic())
		return sys_call(__NR_getcpu, &cpu, NULL, NULL) == 0 ? (int)cpu : -1;
	thread = own();
	cpu = (unsigned)choose(thread);
	if (thread)
		atomic_store(&thread->current, (int)cpu + 1);
	return (int)cpu;
}
