/* SPDX-License-Identifier: MIT */
/*
 * Sixteen threads that call everything, with updates and forks in between. Rounds are counted, not
 * timed.
 */
#include "badinput/everything.h"
#include "harness.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef ROUNDS
#define ROUNDS 10
#endif
#define THREADS 16

static int warnings;

void numa_error(char *where)
{
	(void)where;
}

void numa_warn(int num, char *fmt, ...)
{
	(void)num;
	(void)fmt;
	__atomic_add_fetch(&warnings, 1, __ATOMIC_RELAXED);
}

static pthread_barrier_t start;
static int wrong;

static void *worker(void *arg)
{
	size_t self = (size_t)arg;

	pthread_barrier_wait(&start);
	for (int i = 0; i < ROUNDS; i++) {
		unsigned long words[64];
		struct bitmask cpus = {.size = 8 * sizeof(words), .maskp = words};
		int node = numa_max_node();

		if (self % 4 == 0)
			numa_node_to_cpu_update();
		/* The answers are those of a thread alone. */
		if (numa_node_to_cpus(node, &cpus) != 0 || numa_distance(node, node) != 10)
			__atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
		for (unsigned cpu = 0; cpu < cpus.size; cpu++)
			if (numa_bitmask_isbitset(&cpus, cpu) && numa_node_of_cpu((int)cpu) != node)
				__atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
		everything_else();
		everything_of_a_node(odd_nodes[(self + (size_t)i) % ODD_NODES]);
		everything_that_returns_a_mask();
	}
	return NULL;
}

static void run_threads(void *(*fn)(void *))
{
	pthread_t threads[THREADS];

	wrong = 0;
	pthread_barrier_init(&start, NULL, THREADS);
	for (size_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, fn, (void *)i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&start);
	CHECK_EQ(wrong, 0);
}

static void sixteen_threads(void)
{
	run_threads(worker);
}

/* Half the threads work, half fork; a child can call anything. */
static void *forker(void *arg)
{
	size_t self = (size_t)arg;

	if (self % 2)
		return worker(arg);
	pthread_barrier_wait(&start);
	for (int i = 0; i < 3; i++) {
		int status = -1;
		pid_t pid = fork();

		if (pid == 0) {
			alarm(60);
			everything();
			_exit(0);
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
			__atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void children_of_a_threaded_process(void)
{
	run_threads(forker);
}

/*
 * The sanitizers (LLVM 14, GCC 12) leave the locks of their heap to a child as fork() found them, so
 * that a child of busy threads can wait for ever in malloc().
 */
#if defined(__SANITIZE_ADDRESS__) || defined(UNDER_THREAD_SANITIZER)
#define HEAP_SURVIVES_FORK false
#elif defined(__has_feature)
#define HEAP_SURVIVES_FORK !__has_feature(address_sanitizer)
#else
#define HEAP_SURVIVES_FORK true
#endif

int main(void)
{
	RUN(sixteen_threads);
	if (HEAP_SURVIVES_FORK)
		RUN(children_of_a_threaded_process);
	return tap_done();
}
