/* SPDX-License-Identifier: MIT */
/*
 * Description: how long each public function takes, in the real libnuma and in ours, in one run.
 *
 *	bench REAL OURS [--root DIR] [--rounds N] [--threads N] [--cases SUBSTRING] [--sizes]
 *	bench REAL OURS [--rounds N] --load PROGRAM
 *	bench --list
 *
 * Both libraries are opened locally, so each has its own variables. A round is a batch of calls of
 * the one, of the other, and of the kernel's call alone, in changing order; the ratio is taken
 * within a round, so that what else the machine does hits both sides. Writes one line a case,
 * columns separated by tabs: name, kind, and minimum, median and maximum of ns a call of libnuma,
 * of ours, of the kernel, and of the ratio of ours to libnuma's. A side that does not exist, or
 * that crashes, is "-".
 *
 * --root puts DIR's /sys/devices/system and /proc/self/status over the real ones, in a mount
 * namespace of the process's own. --threads has several threads make the same calls at once;
 * the time is then that of one thread's call. --sizes leaves out what cannot depend on the machine.
 * --load times how long PROGRAM takes from fork() to its end: alone, and with each library preloaded.
 */
#include "bench/cases.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS_MAX 1001
#define BATCH_NS 200e3
#define THREADS_MAX 64

enum side { REAL, OURS, RAW, SIDES };

static struct lib libs[2];
static unsigned rounds = 41, threads = 1;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* One batch. */

struct job {
	const struct bench_case *c;
	enum side side;
	unsigned long n;
	struct world *world;
	pthread_barrier_t *start;
	double ns;
};

static void run(struct job *job)
{
	double from = now();

	if (job->side == RAW)
		job->c->raw(job->world, job->n);
	else
		job->c->run(&libs[job->side], job->world, job->n);
	job->ns = (now() - from) / (double)job->n;
}

static void *run_in_thread(void *arg)
{
	struct job *job = arg;

	pthread_barrier_wait(job->start);
	run(job);
	bench_reset();
	return NULL;
}

static struct world worlds[THREADS_MAX];

/* ns a call; of several threads the mean. */
static double batch(const struct bench_case *c, enum side side, unsigned long n)
{
	struct job jobs[THREADS_MAX];
	pthread_t ids[THREADS_MAX];
	pthread_barrier_t start;
	double sum = 0;

	pthread_barrier_init(&start, NULL, threads);
	for (unsigned i = 0; i < threads; i++)
		jobs[i] = (struct job){c, side, n, &worlds[i], &start, 0};
	if (threads == 1) {
		run(&jobs[0]);
		bench_reset();
	} else {
		for (unsigned i = 0; i < threads; i++)
			if (pthread_create(&ids[i], NULL, run_in_thread, &jobs[i]))
				abort();
		for (unsigned i = 0; i < threads; i++)
			pthread_join(ids[i], NULL);
	}
	pthread_barrier_destroy(&start);
	for (unsigned i = 0; i < threads; i++)
		sum += jobs[i].ns;
	return sum / threads;
}

/* Calls that take about BATCH_NS; the first calls, which may read files, are not among them. */
static unsigned long calls_in_a_batch(const struct bench_case *c, enum side side)
{
	unsigned long n = 1;
	double ns;

	batch(c, side, 2);
	while ((ns = batch(c, side, n)) * (double)n < BATCH_NS / 4 && n < 1UL << 24)
		n *= 2;
	n = (unsigned long)(BATCH_NS / ns);
	return n ? n : 1;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print_three(double *values, unsigned n)
{
	qsort(values, n, sizeof(*values), by_value);
	if (n)
		printf("\t%.4g\t%.4g\t%.4g", values[0], values[n / 2], values[n - 1]);
	else
		printf("\t-\t-\t-");
}

/* libnuma does not survive every machine. */

static sigjmp_buf crashed;

static void on_crash(int sig)
{
	siglongjmp(crashed, sig);
}

/* What has crashed may have left anything behind, and is not asked again. */
static int survives(const struct bench_case *c, enum side side)
{
	static volatile int dead[SIDES];

	if (dead[side] || sigsetjmp(crashed, 1)) {
		dead[side] = 1;
		return 0;
	}
	batch(c, side, 1);
	return 1;
}

static void measure(const struct bench_case *c)
{
	static double ns[SIDES][ROUNDS_MAX], ratio[ROUNDS_MAX];
	const int there[SIDES] = {c->has(&libs[REAL]) && survives(c, REAL),
				  c->has(&libs[OURS]) && survives(c, OURS), c->raw != NULL};
	unsigned long n[SIDES] = {0};

	for (int s = 0; s < SIDES; s++)
		if (there[s])
			n[s] = calls_in_a_batch(c, (enum side)s);
	for (unsigned r = 0; r < rounds; r++) {
		for (unsigned i = 0; i < SIDES; i++) {
			unsigned s = r % 2 ? SIDES - 1 - i : i;

			if (there[s])
				ns[s][r] = batch(c, (enum side)s, n[s]);
		}
		ratio[r] = ns[OURS][r] / ns[REAL][r];
	}
	printf("%s\t%s", c->name, bench_kinds[c->kind]);
	for (int s = 0; s < SIDES; s++)
		print_three(ns[s], there[s] ? rounds : 0);
	print_three(ratio, there[REAL] && there[OURS] ? rounds : 0);
	putchar('\n');
	fflush(stdout);
}

/* Loading. */

static double time_of(const char *program, const char *preload)
{
	double from = now();
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (preload)
			setenv("LD_PRELOAD", preload, 1);
		execl(program, program, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		abort();
	return now() - from;
}

static void measure_load(const char *program, const char *const paths[2])
{
	static double ns[SIDES][ROUNDS_MAX], ratio[ROUNDS_MAX];
	const char *const preload[SIDES] = {paths[REAL], paths[OURS], NULL};
	unsigned n = 5;

	for (unsigned r = 0; r < rounds; r++) {
		for (unsigned i = 0; i < SIDES; i++) {
			unsigned s = r % 2 ? SIDES - 1 - i : i;

			ns[s][r] = 0;
			for (unsigned j = 0; j < n; j++)
				ns[s][r] += time_of(program, preload[s]) / n;
		}
		ratio[r] = ns[OURS][r] / ns[REAL][r];
	}
	printf("load\tload");
	for (int s = 0; s < SIDES; s++)
		print_three(ns[s], rounds);
	print_three(ratio, rounds);
	putchar('\n');
}

static void put_over(const char *root, const char *path)
{
	char from[4096];

	snprintf(from, sizeof(from), "%s%s", root, path);
	if (mount(from, path, NULL, MS_BIND, NULL)) {
		printf("bind %s: %m\n", from);
		exit(1);
	}
}

/* Where the caller has not got a mount namespace already (unshare -rm), it has to be root. */
static void fake_machine(const char *root)
{
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)) {
		printf("private mount namespace: %m\n");
		exit(1);
	}
	put_over(root, "/sys/devices/system");
	put_over(root, "/proc/self/status");
	/* Our library takes more CPUs than this kernel's masks hold only below a root. */
	setenv("MYNUMA_ROOT", "/.", 1);
}

static void list(void)
{
	for (size_t i = 0; i < bench_ncases; i++)
		printf("%s\t%s\t%s\n", bench_cases[i].name, bench_kinds[bench_cases[i].kind],
		       bench_cases[i].text);
	exit(0);
}

/* What the real library says to stderr again and again is not to be seen. */
static void quiet(void)
{
	int fd = open("/dev/null", O_WRONLY);

	dup2(fd, 2);
	close(fd);
}

static int depends_on_size(const struct bench_case *c)
{
	static const char *const words[] = {"node",	"cpu",	  "preferred",	  "membind",
					    "affinity", "run_on", "mems_allowed", "distance"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (c->kind != BITMASK && c->kind != MEMORY && strstr(c->name, words[i]))
			return 1;
	return 0;
}

int main(int argc, char **argv)
{
	const char *paths[2] = {NULL, NULL}, *root = NULL, *wanted = "", *load = NULL;
	int n = 0, sizes = 0;

	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (!strcmp(argv[i], "--list"))
			list();
		else if (!strcmp(argv[i], "--root"))
			root = value, i++;
		else if (!strcmp(argv[i], "--rounds"))
			rounds = (unsigned)atoi(value), i++;
		else if (!strcmp(argv[i], "--threads"))
			threads = (unsigned)atoi(value), i++;
		else if (!strcmp(argv[i], "--cases"))
			wanted = value, i++;
		else if (!strcmp(argv[i], "--load"))
			load = value, i++;
		else if (!strcmp(argv[i], "--sizes"))
			sizes = 1;
		else if (n < 2)
			paths[n++] = argv[i];
	}
	if (n < 2 || !rounds || rounds > ROUNDS_MAX || !threads || threads > THREADS_MAX) {
		printf("usage: bench REAL OURS [--root DIR] [--rounds N] [--threads N] "
		       "[--cases SUBSTRING] [--sizes] [--load PROGRAM] | --list\n");
		return 2;
	}
	if (load) {
		measure_load(load, paths);
		return 0;
	}
	quiet();
	if (root)
		fake_machine(root);
	signal(SIGSEGV, on_crash);
	signal(SIGBUS, on_crash);
	signal(SIGABRT, on_crash);
	bench_open(&libs[REAL], paths[0]);
	bench_open(&libs[OURS], paths[1]);
	for (unsigned i = 0; i < threads; i++)
		bench_prepare(&worlds[i], &libs[OURS]);
	for (size_t i = 0; i < bench_ncases; i++)
		if (strstr(bench_cases[i].name, wanted) &&
		    (!sizes || depends_on_size(&bench_cases[i])))
			measure(&bench_cases[i]);
	fflush(stdout);
	_exit(0); /* a library that has crashed need not survive its end either */
}
