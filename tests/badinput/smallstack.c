/* SPDX-License-Identifier: MIT */
/*
 * Every function on the smallest stack that a thread may have, which holds the thread's own data
 * as well. "ip:" is not asked: libc's getaddrinfo() needs more.
 */
#include "badinput/everything.h"
#include "harness.h"

#include <pthread.h>
#include <unistd.h>

static volatile int finished;

static void *run(void *arg)
{
	(void)arg;
	everything();
	finished++;
	return NULL;
}

/* The first question of all, before the library's constructor: what takes the snapshot. */
static int first_answer = -1;

static void *ask_first(void *arg)
{
	(void)arg;
	first_answer = numa_max_node();
	return NULL;
}

__attribute__((constructor(101))) static void before_the_library(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, (size_t)PTHREAD_STACK_MIN);
	if (pthread_create(&thread, &attr, ask_first, NULL) == 0)
		pthread_join(thread, NULL);
}

static void the_first_question(void)
{
	CHECK_EQ(first_answer, numa_max_node());
}

static void every_function_on(size_t size)
{
	pthread_attr_t attr;
	pthread_t thread;
	int before = finished;

	pthread_attr_init(&attr);
	REQUIRE(pthread_attr_setstacksize(&attr, size) == 0);
	REQUIRE(pthread_create(&thread, &attr, run, NULL) == 0);
	pthread_join(thread, NULL);
	CHECK_EQ(finished, before + 1);
}

static void the_smallest_stack(void)
{
	every_function_on((size_t)PTHREAD_STACK_MIN);
}

static void and_again_with_everything_cached(void)
{
	every_function_on((size_t)PTHREAD_STACK_MIN);
}

int main(void)
{
	/* The library's messages go nowhere, but printing them is a part of it. */
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	/* As for a program's stderr that is a terminal or a pipe: no buffer. */
	setvbuf(stderr, NULL, _IONBF, 0);
	RUN(the_first_question);
	RUN(the_smallest_stack);
	RUN(and_again_with_everything_cached);
	return tap_done();
}
