/* SPDX-License-Identifier: MIT */
/*
 * A new thread has its creator's policy and affinity, or the affinity that its attributes say. And
 * the affinity of threads as pthreads names them.
 */
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <threads.h>
#include <unistd.h>

#include "base/bits.h"
#include "emul/cpus.h"
#include "emul/emul.h"
#include "emul/task.h"
#include "sim/sim.h"
#include "sys/call.h"
#include "sys/smallfile.h"
#include "topology/topology.h"

#define CPUS_MAX 8192
#define AT_ONCE 32

HAS_NEXT(pthread_create);
HAS_NEXT(pthread_getaffinity_np);
HAS_NEXT(pthread_setaffinity_np);
HAS_NEXT(thrd_create);
#ifdef HAVE_PTHREAD_ATTR_SETAFFINITY_NP
HAS_NEXT(pthread_getattr_np);
#endif
#ifdef HAVE__FORK
HAS_NEXT(_Fork);
#endif

struct cpus {
	unsigned long bits[CPUS_MAX / BITS_PER_LONG];
};

/* What a thread is started with. In a list that only grows; used again. */
struct thread {
	struct thread *next;
	atomic_int taken;  /* 0 or 1: some machines exchange no bytes without a library */
	atomic_bool named; /* `handle` says whose it is */
	pthread_t handle;
	struct cpus_thread *cpus;
	struct emul_task task;
	void *(*routine)(void *);
	int (*c11_routine)(void *);
	void *arg;
	bool bound; /* to these: */
	struct cpus binding;
};

static _Atomic(struct thread *) threads;

static bool claim(struct thread *thread)
{
	return !atomic_exchange(&thread->taken, 1);
}

/* More entries; the first is the caller's. */
static struct thread *threads_new(void)
{
	struct thread *first = pages_alloc(AT_ONCE * sizeof(*first)), *last;

	if (!first)
		return NULL;
	last = first + AT_ONCE - 1;
	for (struct thread *thread = first; thread < last; thread++)
		thread->next = thread + 1;
	atomic_store(&first->taken, 1);
	last->next = atomic_load(&threads);
	while (!atomic_compare_exchange_weak(&threads, &last->next, first))
		;
	return first;
}

static void release(struct thread *thread)
{
	cpus_thread_end(thread->cpus);
	atomic_store(&thread->named, false);
	atomic_store(&thread->taken, 0);
}

/* An entry with what the caller has; NULL when there is no memory. */
static struct thread *thread_new(void)
{
	struct thread *thread = atomic_load(&threads);

	while (thread && !claim(thread))
		thread = thread->next;
	if (!thread)
		thread = threads_new();
	if (!thread)
		return NULL;
	thread->cpus = cpus_thread_new();
	if (!thread->cpus) {
		atomic_store(&thread->taken, 0);
		return NULL;
	}
	thread->routine = NULL;
	thread->c11_routine = NULL;
	thread->bound = false;
	emul_task_get(&thread->task);
	return thread;
}

static void name(struct thread *thread, pthread_t handle)
{
	thread->handle = handle;
	atomic_store_explicit(&thread->named, true, memory_order_release);
}

static struct thread *thread_named(pthread_t handle)
{
	struct thread *thread = atomic_load(&threads);

	while (thread && !(atomic_load_explicit(&thread->named, memory_order_acquire) &&
			   pthread_equal(thread->handle, handle)))
		thread = thread->next;
	return thread;
}

/* In the new thread. */
static void take_over(struct thread *thread)
{
	name(thread, pthread_self());
	cpus_thread_begin(thread->cpus);
	emul_task_set(&thread->task);
	if (thread->bound)
		cpus_set_affinity(0, sizeof(thread->binding), thread->binding.bits);
}

static void leave(void *arg)
{
	sim_environment_done();
	release(arg);
}

static void *start(void *arg)
{
	struct thread *thread = arg;
	void *result;

	take_over(thread);
	pthread_cleanup_push(leave, thread);
	result = thread->routine(thread->arg);
	pthread_cleanup_pop(1);
	return result;
}

static int start_c11(void *arg)
{
	struct thread *thread = arg;
	int result;

	take_over(thread);
	pthread_cleanup_push(leave, thread);
	result = thread->c11_routine(thread->arg);
	pthread_cleanup_pop(1);
	return result;
}

#ifdef HAVE_PTHREAD_ATTR_SETAFFINITY_NP
typedef int attr_affinity(const pthread_attr_t *attr, size_t bytes, cpu_set_t *cpus);

/* The affinity in the attributes. Without one libc says every bit. */
static bool attr_binding(const pthread_attr_t *attr, struct cpus *cpus)
{
	memset(cpus, 0, sizeof(*cpus));
	return pthread_attr_getaffinity_np(attr, sizeof(*cpus), (cpu_set_t *)cpus) == 0 &&
	       bits_weight(cpus->bits, CPUS_MAX) < CPUS_MAX;
}

/*
 * Copies all but the affinity. There is no other way to be rid of it: an attribute's inside may be
 * shared with copies that the program has.
 */
static int attr_without_affinity(pthread_attr_t *to, const pthread_attr_t *from)
{
	struct sched_param param;
	size_t size;
	void *stack = NULL;
	int value, err = pthread_attr_init(to);

	if (err)
		return err;
	if (pthread_attr_getdetachstate(from, &value) == 0)
		pthread_attr_setdetachstate(to, value);
	if (pthread_attr_getscope(from, &value) == 0)
		pthread_attr_setscope(to, value);
	if (pthread_attr_getinheritsched(from, &value) == 0)
		pthread_attr_setinheritsched(to, value);
	if (pthread_attr_getschedpolicy(from, &value) == 0)
		pthread_attr_setschedpolicy(to, value);
	if (pthread_attr_getschedparam(from, &param) == 0)
		pthread_attr_setschedparam(to, &param);
	if (pthread_attr_getguardsize(from, &size) == 0)
		pthread_attr_setguardsize(to, size);
	if (pthread_attr_getstack(from, &stack, &size) == 0) {
		/* Without a stack of the program's, what is said is the size below nothing. */
		if (stack && (uintptr_t)stack + size != 0)
			pthread_attr_setstack(to, stack, size);
		else
			pthread_attr_setstacksize(to, size);
	}
#ifdef HAVE_PTHREAD_ATTR_SETSIGMASK_NP
	sigset_t mask;

	if (pthread_attr_getsigmask_np(from, &mask) == 0)
		pthread_attr_setsigmask_np(to, &mask);
#endif
	return 0;
}

static bool has_cpu(const struct cpus *cpus)
{
	const struct topology *t = topo_get();
	size_t bits = t->cpu_bits < CPUS_MAX ? t->cpu_bits : CPUS_MAX;

	return bits_intersect(cpus->bits, CPUS_MAX, t->allowed_cpus, bits);
}
#endif

static int create(struct thread *thread, pthread_t *handle, const pthread_attr_t *attr)
{
#ifdef HAVE_PTHREAD_ATTR_SETAFFINITY_NP
	pthread_attr_t other;
	int err;

	if (attr && attr_binding(attr, &thread->binding)) {
		if (!has_cpu(&thread->binding))
			return EINVAL;
		thread->bound = true;
		err = attr_without_affinity(&other, attr);
		if (!err) {
			err = NEXT(pthread_create)(handle, &other, start, thread);
			pthread_attr_destroy(&other);
		}
		return err;
	}
#endif
	return NEXT(pthread_create)(handle, attr, start, thread);
}

/*
 * The thread may have ended, and the entry be another's, when this returns; so it is the thread
 * that writes its name. Who looks for a thread that has not yet done so waits.
 */
INTERPOSED int pthread_create(pthread_t *restrict handle, const pthread_attr_t *restrict attr,
			      void *(*routine)(void *), void *restrict arg)
{
	struct thread *thread;
	int err;

	sim_begin();
	if (!topo_is_synthetic())
		return NEXT(pthread_create)(handle, attr, routine, arg);
	thread = thread_new();
	if (!thread)
		return EAGAIN;
	thread->routine = routine;
	thread->arg = arg;
	err = create(thread, handle, attr);
	if (err)
		release(thread);
	return err;
}

INTERPOSED int thrd_create(thrd_t *handle, thrd_start_t routine, void *arg)
{
	struct thread *thread;
	int ret;

	sim_begin();
	if (!topo_is_synthetic())
		return NEXT(thrd_create)(handle, routine, arg);
	thread = thread_new();
	if (!thread)
		return thrd_nomem;
	thread->c11_routine = routine;
	thread->arg = arg;
	ret = NEXT(thrd_create)(handle, start_c11, thread);
	if (ret != thrd_success)
		release(thread);
	return ret;
}

/* ---- the affinity of a named thread ---- */

static bool any_unnamed(void)
{
	for (struct thread *thread = atomic_load(&threads); thread; thread = thread->next)
		if (atomic_load(&thread->taken) && !atomic_load(&thread->named))
			return true;
	return false;
}

static pthread_t main_handle;

/* Its id; 0 when it has ended, or when libc has made it for itself. */
static int id_of(pthread_t handle)
{
	const struct timespec moment = {.tv_nsec = 50000};
	struct thread *thread;

	if (pthread_equal(handle, pthread_self()))
		return (int)sys_call(__NR_gettid);
	if (pthread_equal(handle, main_handle))
		return getpid();
	while (!(thread = thread_named(handle)) && any_unnamed())
		sys_call(__NR_nanosleep, &moment, NULL);
	return thread ? cpus_thread_id(thread->cpus) : 0;
}

INTERPOSED int pthread_setaffinity_np(pthread_t handle, size_t bytes, const cpu_set_t *cpus)
{
	int id;

	sim_begin();
	if (!topo_is_synthetic())
		return NEXT(pthread_setaffinity_np)(handle, bytes, cpus);
	id = id_of(handle);
	return id ? (int)-cpus_set_affinity(id, bytes, (const unsigned long *)cpus) : ESRCH;
}

INTERPOSED int pthread_getaffinity_np(pthread_t handle, size_t bytes, cpu_set_t *cpus)
{
	long ret;
	int id;

	sim_begin();
	if (!topo_is_synthetic())
		return NEXT(pthread_getaffinity_np)(handle, bytes, cpus);
	id = id_of(handle);
	if (!id)
		return ESRCH;
	ret = cpus_get_affinity(id, bytes, (unsigned long *)cpus);
	if (ret < 0)
		return (int)-ret;
	memset((char *)cpus + ret, 0, bytes - (size_t)ret);
	return 0;
}

#ifdef HAVE_PTHREAD_ATTR_SETAFFINITY_NP
/* libc has put the real affinity in. */
INTERPOSED int pthread_getattr_np(pthread_t handle, pthread_attr_t *attr)
{
	struct cpus cpus;
	int err;

	sim_begin();
	err = NEXT(pthread_getattr_np)(handle, attr);
	if (err || !topo_is_synthetic())
		return err;
	if (pthread_getaffinity_np(handle, sizeof(cpus), (cpu_set_t *)&cpus) == 0)
		err = pthread_attr_setaffinity_np(attr, sizeof(cpus), (cpu_set_t *)&cpus);
	if (err)
		pthread_attr_destroy(attr);
	return err;
}
#endif

/* ---- fork ---- */

static void in_child(void)
{
	pthread_t handle = pthread_self();

	main_handle = handle;
	for (struct thread *thread = atomic_load(&threads); thread; thread = thread->next)
		if (!atomic_load(&thread->named) || !pthread_equal(thread->handle, handle)) {
			atomic_store(&thread->named, false);
			atomic_store(&thread->taken, 0);
		}
}

#ifdef HAVE__FORK
/* The one that runs no handlers. */
INTERPOSED pid_t _Fork(void)
{
	pid_t pid = NEXT(_Fork)();

	if (pid == 0) {
		in_child();
		sim_forked();
	}
	return pid;
}
#endif

__attribute__((constructor)) static void at_load(void)
{
	main_handle = pthread_self();
	pthread_atfork(NULL, NULL, in_child);
#ifdef HAVE__FORK
	(void)NEXT(_Fork); /* a signal handler may call it, and the loader is not for those */
#endif
}
