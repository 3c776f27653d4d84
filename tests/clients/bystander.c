/* SPDX-License-Identifier: MIT */
/* What a program finds when main starts: a library that is preloaded may change nothing of it. */
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

static int errno_at_start;

static void list_dir(const char *path, const char *what)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	int n = 0;

	while (dir && (e = readdir(dir)))
		n += e->d_name[0] != '.' && atoi(e->d_name) != dirfd(dir);
	printf("%s: %d\n", what, n);
	if (dir)
		closedir(dir);
}

int main(void)
{
	unsigned long nodes[1024 / (8 * sizeof(long))] = {0};
	struct rlimit stack;
	sigset_t blocked;
	cpu_set_t cpus;
	int mode = -1, i, n;

	errno_at_start = errno;
	printf("errno: %d\n", errno_at_start);
	list_dir("/proc/self/fd", "open descriptors");
	list_dir("/proc/self/task", "threads");
	if (syscall(SYS_get_mempolicy, &mode, nodes, 1025UL, NULL, 0UL))
		perror("get_mempolicy");
	printf("policy: %d nodes %lx\n", mode, nodes[0]);
	CPU_ZERO(&cpus);
	sched_getaffinity(0, sizeof(cpus), &cpus);
	printf("cpus: %d\n", CPU_COUNT(&cpus));
	sigprocmask(SIG_SETMASK, NULL, &blocked);
	for (i = 1, n = 0; i < SIGRTMAX; i++) {
		struct sigaction action;

		n += sigismember(&blocked, i) == 1;
		if (sigaction(i, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
			printf("signal %d is handled\n", i);
	}
	printf("blocked signals: %d\n", n);
	for (i = 0, n = 0; environ[i]; i++)
		n += strncmp(environ[i], "LD_", 3) != 0;
	printf("environment: %d\n", n);
	getrlimit(RLIMIT_STACK, &stack);
	printf("stack: %llu\n", (unsigned long long)stack.rlim_cur);
	printf("umask: %o\n", (unsigned int)umask(022));
	return 3;
}
