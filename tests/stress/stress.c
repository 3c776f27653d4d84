/* SPDX-License-Identifier: MIT */
/*
 * stress SECONDS: sixteen threads call every public function while CPU maps are refreshed, processes
 * are forked from all of them, signal handlers call as well and other threads come and are cancelled.
 * What can be known beforehand has to be answered right all the time; at the end no file and no
 * mapping is left over.
 */
#include "badinput/everything.h"
#include "harness.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS 16

void numa_error(char *where)
{
	(void)where;
}

void numa_warn(int num, char *fmt, ...)
{
	(void)num;
	(void)fmt;
}

static volatile sig_atomic_t stop;
static long rounds, forks, handled, cancelled, wrong;

static void add(long *counter)
{
	__atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

/* The wrappers, in the middle of anything. */
static void handler(int sig)
{
	int saved = errno, mode;
	unsigned long words[512];

	(void)sig;
	if (get_mempolicy(&mode, words, 8 * sizeof(words), NULL, 0) < 0 && errno != ENOSYS &&
	    errno != EPERM)
		add(&wrong);
	mbind(NULL, 0, MPOL_DEFAULT, NULL, 0, 0);
	move_pages(0, 0, NULL, NULL, NULL, 0);
	add(&handled);
	errno = saved;
}

static void known_answers(void)
{
	unsigned long words[512];
	struct bitmask cpus = {.size = 8 * sizeof(words), .maskp = words};
	int node = numa_max_node();

	if (numa_node_to_cpus(node, &cpus) != 0 || numa_distance(node, node) != 10)
		add(&wrong);
	for (unsigned cpu = 0; cpu < cpus.size; cpu++)
		if (numa_bitmask_isbitset(&cpus, cpu) && numa_node_of_cpu((int)cpu) != node)
			add(&wrong);
}

/* A policy of the thread's own stays what this thread has made it. */
static void own_policy(void)
{
	struct bitmask *nodes;

	if (numa_available() < 0)
		return;
	numa_set_membind(numa_all_nodes_ptr);
	nodes = numa_get_membind();
	if (!nodes || !numa_bitmask_equal(nodes, numa_all_nodes_ptr))
		add(&wrong);
	numa_bitmask_free(nodes);
	numa_set_localalloc();
}

static void fork_one(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGALRM, SIG_DFL);
		alarm(120);
		everything_else();
		everything_that_returns_a_mask();
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		add(&wrong);
	add(&forks);
}

static void *work(void *arg)
{
	size_t self = (size_t)arg;

	for (size_t i = self; !stop; i++) {
		if (self % 4 == 0)
			numa_node_to_cpu_update();
		known_answers();
		own_policy();
		everything_else();
		everything_of_a_node(odd_nodes[i % ODD_NODES]);
		everything_that_returns_a_mask();
		if (i % 8 == 0)
			fork_one();
		add(&rounds);
	}
	return NULL;
}

/* Until it is cancelled, wherever it then is. */
static void *short_life(void *arg)
{
	for (;;) {
		everything_of_a_node(0);
		own_policy();
		pthread_testcancel();
	}
	return arg;
}

static void *come_and_go(void *arg)
{
	while (!stop) {
		pthread_t thread;
		const struct timespec moment = {.tv_nsec = 3000000};

		if (pthread_create(&thread, NULL, short_life, NULL) != 0) {
			add(&wrong);
			break;
		}
		nanosleep(&moment, NULL);
		pthread_cancel(thread);
		pthread_join(thread, NULL);
		add(&cancelled);
	}
	return arg;
}

static int open_files(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static int seconds = 30;

static void sixteen_threads_and_more(void)
{
	const struct itimerval often = {{0, 2000}, {0, 2000}}, never = {{0, 0}, {0, 0}};
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	pthread_t threads[THREADS + 1];
	time_t end;
	int files;

	everything();
	files = open_files();
	sigaction(SIGALRM, &action, NULL);
	REQUIRE(setitimer(ITIMER_REAL, &often, NULL) == 0);
	for (size_t i = 0; i < THREADS; i++)
		REQUIRE(pthread_create(&threads[i], NULL, work, (void *)i) == 0);
	REQUIRE(pthread_create(&threads[THREADS], NULL, come_and_go, NULL) == 0);
	for (end = time(NULL) + seconds; time(NULL) < end;)
		sleep(1); /* a signal ends it early */
	stop = 1;
	for (int i = 0; i <= THREADS; i++)
		pthread_join(threads[i], NULL);
	setitimer(ITIMER_REAL, &never, NULL);
	printf("# %ld rounds, %ld children, %ld signals, %ld threads cancelled\n", rounds, forks,
	       handled, cancelled);
	CHECK_EQ(wrong, 0);
	CHECK(rounds > 0 && forks > 0 && handled > 0 && cancelled > 0);
	CHECK_EQ(open_files(), files);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		seconds = atoi(argv[1]);
	RUN(sixteen_threads_and_more);
	return tap_done();
}
