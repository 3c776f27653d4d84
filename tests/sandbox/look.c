/* SPDX-License-Identifier: MIT */
/*
 * look WHAT ...: what a program sees of the backend that was chosen, a line each. The backend itself
 * is told by what calls do: one after which the kernel has another policy was the kernel's own.
 *
 *	backend		native or emulated
 *	calls		numa_available(), then each wrapper with arguments that change nothing
 *	range		what mbind() says of memory, and of a place where there is none
 *	nodes		how many there are, and the highest
 *	policy		the kernel's policy of this thread before the first call and after it
 *	threads		whether threads that make the first call together get one answer
 *	fork		whether a child gets the answer that its parent got
 *	secure		whether the kernel says that the environment is not to be trusted
 *	nothing		main() was reached
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "numa.h"
#include "numaif.h"

static const char *error_name(long ret)
{
	if (ret >= 0)
		return "0";
	switch (errno) {
	case ENOSYS:
		return "ENOSYS";
	case EPERM:
		return "EPERM";
	case EINVAL:
		return "EINVAL";
	case EFAULT:
		return "EFAULT";
	}
	return strerror(errno);
}

/* Of the kernel itself: the mode, or -1 with errno. */
static int kernel_mode(void)
{
	int mode = -1;

	return syscall(SYS_get_mempolicy, &mode, NULL, 0UL, NULL, 0UL) == 0 ? mode : -1;
}

static void look_backend(void)
{
	unsigned long node0 = 1;
	long ret = set_mempolicy(MPOL_PREFERRED, &node0, 8 * sizeof(node0));
	int mode = kernel_mode();

	/* A kernel that refuses to tell refuses to set as well. */
	if (ret < 0)
		puts("native");
	else
		puts(mode == MPOL_PREFERRED ? "native" : "emulated");
	set_mempolicy(MPOL_DEFAULT, NULL, 0);
}

static void look_calls(void)
{
	printf("available %d", numa_available());
	printf(" get %s", error_name(get_mempolicy(NULL, NULL, 0, NULL, 0)));
	printf(" set %s", error_name(set_mempolicy(MPOL_DEFAULT, NULL, 0)));
	printf(" mbind %s", error_name(mbind(NULL, 0, MPOL_DEFAULT, NULL, 0, 0)));
	printf(" migrate %s", error_name(migrate_pages(0, 0, NULL, NULL)));
	printf(" move %s", error_name(move_pages(0, 0, NULL, NULL, NULL, 0)));
	printf(" home %s\n", error_name(set_mempolicy_home_node(NULL, 0, 0, 0)));
}

static void look_range(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *mem = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned long node0 = 1;

	printf("memory %s", error_name(mbind(mem, page, MPOL_BIND, &node0, 2, 0)));
	/* At the lowest page nothing is ever mapped. */
	printf(" none %s\n", error_name(mbind(NULL, page, MPOL_BIND, &node0, 2, 0)));
}

static void look_nodes(void)
{
	printf("nodes %d highest %d\n", numa_num_configured_nodes(), numa_max_node());
}

static void look_policy(void)
{
	unsigned long node0 = 1;
	int before, after;

	syscall(SYS_set_mempolicy, MPOL_BIND, &node0, 8 * sizeof(node0));
	before = kernel_mode();
	errno = 1234;
	get_mempolicy(NULL, NULL, 0, NULL, 0);
	printf("errno %s", errno == 1234 ? "kept" : strerror(errno));
	after = kernel_mode();
	printf(" policy %d and %d\n", before, after);
}

#define THREADS 8

static pthread_barrier_t together;

static void *first_call(void *arg)
{
	bool *native = arg;
	unsigned long node0 = 1;

	pthread_barrier_wait(&together);
	*native = set_mempolicy(MPOL_PREFERRED, &node0, 8 * sizeof(node0)) < 0 ||
		  kernel_mode() == MPOL_PREFERRED;
	return NULL;
}

static void look_threads(void)
{
	pthread_t thread[THREADS];
	bool native[THREADS] = {false};
	int n = 0;

	pthread_barrier_init(&together, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&thread[i], NULL, first_call, &native[i]);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(thread[i], NULL);
		n += native[i];
	}
	printf("native %d of %d\n", n, THREADS);
}

static void look_fork(void)
{
	int status;
	pid_t pid;

	look_calls();
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		look_calls();
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, &status, 0);
}

static void look_secure(void)
{
	printf("secure %lu\n", getauxval(AT_SECURE));
}

static void look_nothing(void)
{
	puts("nothing");
}

static const struct {
	const char *name;
	void (*look)(void);
} whats[] = {
	{"backend", look_backend}, {"calls", look_calls},   {"range", look_range},
	{"nodes", look_nodes},	   {"policy", look_policy}, {"threads", look_threads},
	{"fork", look_fork},	   {"secure", look_secure}, {"nothing", look_nothing},
};

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		bool known = false;

		for (size_t j = 0; j < sizeof(whats) / sizeof(whats[0]); j++)
			if (strcmp(argv[i], whats[j].name) == 0) {
				whats[j].look();
				known = true;
			}
		if (!known)
			return 99;
	}
	return 0;
}
