/* SPDX-License-Identifier: MIT */
/*
 * busy WHAT: a program without NUMA calls that does much of one thing, and prints the CPU time in
 * seconds that it and its children took, from main() on.
 */
#include <pthread.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char *self;

static void compute(void)
{
	volatile uint64_t x = 1;

	for (int i = 0; i < 200000000; i++)
		x = x * 6364136223846793005ULL + 1;
}

/* malloc and free, small and large. */
static void memory(void)
{
	static void *kept[1024];

	for (int i = 0; i < 3000000; i++) {
		size_t at = (size_t)i * 7919 % 1024;

		free(kept[at]);
		kept[at] = malloc(i % 1000 ? 16 + at : 1 << 20);
	}
	for (int i = 0; i < 1024; i++)
		free(kept[i]);
}

static void map(void)
{
	for (int i = 0; i < 100000; i++) {
		char *p = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			       -1, 0);

		if (p == MAP_FAILED)
			exit(1);
		*p = 1;
		madvise(p, 1 << 16, MADV_DONTNEED);
		munmap(p, 1 << 16);
	}
}

static void syscalls(void)
{
	for (int i = 0; i < 2000000; i++)
		syscall(SYS_getppid);
}

static void *nothing(void *arg)
{
	return arg;
}

static void threads(void)
{
	for (int i = 0; i < 20000; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, nothing, NULL) != 0)
			exit(1);
		pthread_join(thread, NULL);
	}
}

static void forks(void)
{
	for (int i = 0; i < 2000; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
}

static void execs(void)
{
	char nil[] = "nothing";
	char *argv[] = {self, nil, NULL};

	for (int i = 0; i < 500; i++) {
		pid_t pid;

		if (posix_spawn(&pid, self, NULL, NULL, argv, environ) != 0)
			exit(1);
		waitpid(pid, NULL, 0);
	}
}

static void do_nothing(void)
{
}

static const struct {
	const char *name;
	void (*run)(void);
} all[] = {
	{"compute", compute}, {"memory", memory}, {"map", map},	    {"syscalls", syscalls},
	{"threads", threads}, {"forks", forks},	  {"execs", execs}, {"nothing", do_nothing},
};

static double spent(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv)
{
	double before = spent(RUSAGE_SELF) + spent(RUSAGE_CHILDREN);

	self = argv[0];
	for (size_t i = 0; argc == 2 && i < sizeof(all) / sizeof(all[0]); i++) {
		if (strcmp(argv[1], all[i].name) != 0)
			continue;
		all[i].run();
		if (all[i].run != do_nothing)
			printf("%.4f\n", spent(RUSAGE_SELF) + spent(RUSAGE_CHILDREN) - before);
		return 0;
	}
	fputs("usage: busy WHAT\n", stderr);
	return 2;
}
