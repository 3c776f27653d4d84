/* SPDX-License-Identifier: MIT */
/*
 * Description: what threads, children and other programs start with on a simulated machine of four
 * nodes with two CPUs each, whichever way they are started. Is linked with libc only; run by
 * programs.sh. As `tasks tell` it prints what it has.
 */
#include "harness.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#define CPUS 8
#define MASK_BITS 1025UL

enum { MPOL_DEFAULT, MPOL_PREFERRED, MPOL_BIND, MPOL_INTERLEAVE };

static char self[4096];

static long set_policy(int mode, unsigned long nodes)
{
	unsigned long mask[16] = {nodes};

	return syscall(SYS_set_mempolicy, mode, mask, MASK_BITS);
}

static int bind_cpus(unsigned long cpus)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (int cpu = 0; cpu < CPUS; cpu++)
		if (cpus >> cpu & 1)
			CPU_SET((size_t)cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

static unsigned long bits(const cpu_set_t *set)
{
	unsigned long found = 0;

	for (int cpu = 0; cpu < CPUS; cpu++)
		found |= CPU_ISSET((size_t)cpu, set) ? 1UL << cpu : 0;
	return found;
}

/* MODE:NODES:CPUS */
struct facts {
	char text[64];
};

static struct facts own_facts(void)
{
	unsigned long mask[16] = {0};
	struct facts facts;
	cpu_set_t set;
	int mode = -1;

	syscall(SYS_get_mempolicy, &mode, mask, MASK_BITS, NULL, 0UL);
	sched_getaffinity(0, sizeof(set), &set);
	snprintf(facts.text, sizeof(facts.text), "%d:%lx:%lx", mode, mask[0], bits(&set));
	return facts;
}

#define HAVE "3:e:30" /* interleave over 1-3, CPUs 4 and 5 */
#define NOTHING "0:0:ff"

static bool begin(void)
{
	return set_policy(MPOL_INTERLEAVE, 0xe) == 0 && bind_cpus(0x30) == 0;
}

static void end(void)
{
	set_policy(MPOL_DEFAULT, 0);
	bind_cpus(0xff);
}

/* ---- threads ---- */

static void *tell(void *arg)
{
	*(struct facts *)arg = own_facts();
	return NULL;
}

static int tell_c11(void *arg)
{
	tell(arg);
	return 7;
}

static void a_thread_has_what_its_creator_has(void)
{
	struct facts facts = {""};
	pthread_t thread;
	thrd_t c11;
	int ret;

	REQUIRE(begin());
	REQUIRE(pthread_create(&thread, NULL, tell, &facts) == 0);
	pthread_join(thread, NULL);
	CHECK_STR(facts.text, HAVE);
	facts.text[0] = '\0';
	REQUIRE(thrd_create(&c11, tell_c11, &facts) == thrd_success);
	thrd_join(c11, &ret);
	CHECK_EQ(ret, 7);
	CHECK_STR(facts.text, HAVE);
	end();
}

/* Its own creator, not the main thread. */
static void *create_another(void *arg)
{
	pthread_t thread;

	set_policy(MPOL_BIND, 1);
	bind_cpus(1);
	if (pthread_create(&thread, NULL, tell, arg) == 0)
		pthread_join(thread, NULL);
	return NULL;
}

static void a_threads_thread_has_what_that_thread_has(void)
{
	struct facts facts = {""};
	pthread_t thread;

	REQUIRE(begin());
	REQUIRE(pthread_create(&thread, NULL, create_another, &facts) == 0);
	pthread_join(thread, NULL);
	CHECK_STR(facts.text, "2:1:1");
	CHECK_STR(own_facts().text, HAVE);
	end();
}

static void *leave_early(void *arg)
{
	tell(arg);
	pthread_exit((void *)5);
}

static void a_thread_may_leave_early(void)
{
	struct facts facts = {""};
	pthread_t thread;
	void *result;

	for (int i = 0; i < 100; i++) {
		REQUIRE(pthread_create(&thread, NULL, leave_early, &facts) == 0);
		pthread_join(thread, &result);
		CHECK(result == (void *)5);
	}
	CHECK_STR(facts.text, NOTHING);
}

static sem_t go, gone;
static int where[CPUS];

static void *say_where(void *arg)
{
	*(int *)arg = sched_getcpu();
	sem_post(&gone);
	while (sem_wait(&go) != 0)
		;
	return NULL;
}

static void threads_are_spread_over_the_nodes(void)
{
	pthread_t threads[CPUS];
	unsigned nodes = 0;

	sem_init(&go, 0, 0);
	sem_init(&gone, 0, 0);
	for (int i = 0; i < CPUS; i++)
		REQUIRE(pthread_create(&threads[i], NULL, say_where, &where[i]) == 0);
	for (int i = 0; i < CPUS; i++)
		while (sem_wait(&gone) != 0)
			;
	for (int i = 0; i < CPUS; i++) {
		CHECK(where[i] >= 0 && where[i] < CPUS);
		nodes |= 1U << where[i] / 2;
	}
	CHECK_EQ(nodes, 0xf);
	/* While they live: each one's affinity by its handle. */
	for (int i = 0; i < CPUS; i++) {
		cpu_set_t set, got;

		CPU_ZERO(&set);
		CPU_SET((size_t)i, &set);
		CHECK_EQ(pthread_setaffinity_np(threads[i], sizeof(set), &set), 0);
		CHECK_EQ(pthread_getaffinity_np(threads[i], sizeof(got), &got), 0);
		CHECK(CPU_EQUAL(&set, &got));
		CPU_ZERO(&set);
		CHECK_EQ(pthread_setaffinity_np(threads[i], sizeof(set), &set), EINVAL);
		CHECK_EQ(pthread_getaffinity_np(pthread_self(), sizeof(got), &got), 0);
		CHECK_EQ(CPU_COUNT(&got), CPUS);
	}
	for (int i = 0; i < CPUS; i++)
		sem_post(&go);
	for (int i = 0; i < CPUS; i++)
		pthread_join(threads[i], NULL);
}

static void attributes_bind_a_thread(void)
{
	struct facts facts = {""};
	cpu_set_t set, got;
	pthread_attr_t attr;
	pthread_t thread;
	size_t size;

	CPU_ZERO(&set);
	CPU_SET(7, &set);
	REQUIRE(pthread_attr_init(&attr) == 0);
	CHECK_EQ(pthread_attr_setstacksize(&attr, 1 << 20), 0);
	CHECK_EQ(pthread_attr_setaffinity_np(&attr, sizeof(set), &set), 0);
	CHECK_EQ(pthread_attr_getaffinity_np(&attr, sizeof(got), &got), 0);
	CHECK(CPU_EQUAL(&set, &got));
	REQUIRE(pthread_create(&thread, &attr, tell, &facts) == 0);
	pthread_join(thread, NULL);
	CHECK_STR(facts.text, "0:0:80");
	CPU_ZERO(&set);
	CPU_SET(CPUS, &set);
	CHECK_EQ(pthread_attr_setaffinity_np(&attr, sizeof(set), &set), 0);
	CHECK_EQ(pthread_create(&thread, &attr, tell, &facts), EINVAL);
	pthread_attr_destroy(&attr);
	REQUIRE(pthread_getattr_np(pthread_self(), &attr) == 0);
	CHECK_EQ(pthread_attr_getaffinity_np(&attr, sizeof(got), &got), 0);
	CHECK_EQ(bits(&got), 0xff);
	CHECK_EQ(pthread_attr_getstacksize(&attr, &size), 0);
	pthread_attr_destroy(&attr);
}

static void *wait_to_be_seen(void *arg)
{
	*(int *)arg = (int)syscall(SYS_gettid);
	bind_cpus(0x42);
	sem_post(&gone);
	while (sem_wait(&go) != 0)
		;
	return NULL;
}

static void another_threads_affinity_is_exact(void)
{
	pthread_t thread;
	cpu_set_t got;
	int tid;

	REQUIRE(pthread_create(&thread, NULL, wait_to_be_seen, &tid) == 0);
	while (sem_wait(&gone) != 0)
		;
	CHECK_EQ(sched_getaffinity(tid, sizeof(got), &got), 0);
	CHECK_EQ(bits(&got), 0x42);
	sem_post(&go);
	pthread_join(thread, NULL);
}

/* ---- children ---- */

/* What a child says on its standard output. */
static struct facts heard;

static int listen_begin(int ends[2])
{
	heard.text[0] = '\0';
	return pipe(ends);
}

static void listen_end(int ends[2], pid_t child)
{
	ssize_t len;
	int status = -1;

	close(ends[1]);
	len = read(ends[0], heard.text, sizeof(heard.text) - 1);
	heard.text[len > 0 ? len : 0] = '\0';
	heard.text[strcspn(heard.text, "\n")] = '\0';
	close(ends[0]);
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK_EQ(status, 0);
}

static void say(int fd)
{
	struct facts facts = own_facts();

	if (write(fd, facts.text, strlen(facts.text)) < 0)
		_exit(3);
}

static void a_child_has_what_its_parent_has(void)
{
	int ends[2];
	pid_t child;

	REQUIRE(begin());
	REQUIRE(listen_begin(ends) == 0);
	child = fork();
	if (child == 0) {
		say(ends[1]);
		_exit(0);
	}
	listen_end(ends, child);
	CHECK_STR(heard.text, HAVE);
	REQUIRE(listen_begin(ends) == 0);
	child = (pid_t)syscall(SYS_clone, SIGCHLD, 0L, 0L, 0L, 0L);
	if (child == 0) {
		set_policy(MPOL_BIND, 4);
		bind_cpus(2);
		say(ends[1]);
		_exit(0);
	}
	listen_end(ends, child);
	CHECK_STR(heard.text, "2:4:2");
	CHECK_STR(own_facts().text, HAVE);
	end();
}

static char told[] = "tell";
static char *const tell_argv[] = {self, told, NULL};
static char *const no_env[] = {NULL};

enum way { EXECVE, EXECV, EXECVP, EXECVPE, EXECL, EXECLP, EXECLE, FEXECVE, EXECVEAT, RAW, WAYS };

static void exec_by(enum way way)
{
	switch (way) {
	case EXECVE:
		execve(self, tell_argv, no_env);
		break;
	case EXECV:
		execv(self, tell_argv);
		break;
	case EXECVP:
		execvp(self, tell_argv);
		break;
	case EXECVPE:
		execvpe(self, tell_argv, no_env);
		break;
	case EXECL:
		execl(self, self, told, (char *)NULL);
		break;
	case EXECLP:
		execlp(self, self, told, (char *)NULL);
		break;
	case EXECLE:
		execle(self, self, told, (char *)NULL, no_env);
		break;
	case FEXECVE:
		fexecve(open(self, O_RDONLY | O_CLOEXEC), tell_argv, no_env);
		break;
	case EXECVEAT:
#ifdef HAVE_EXECVEAT
		execveat(AT_FDCWD, self, tell_argv, no_env, 0);
		break;
#endif
	case RAW:
	default:
		syscall(SYS_execve, self, tell_argv, no_env);
	}
}

static void a_program_has_what_the_one_before_had(void)
{
	REQUIRE(begin());
	for (int way = 0; way < WAYS; way++) {
		int ends[2];
		pid_t child;

		REQUIRE(listen_begin(ends) == 0);
		child = fork();
		if (child == 0) {
			dup2(ends[1], 1);
			exec_by((enum way)way);
			_exit(9);
		}
		listen_end(ends, child);
		if (strcmp(heard.text, HAVE) != 0)
			DIAG("way %d", way);
		CHECK_STR(heard.text, HAVE);
	}
	end();
}

static void a_failed_exec_changes_nothing(void)
{
	REQUIRE(begin());
	errno = 0;
	CHECK_EQ(execl("/nonexistent", "x", (char *)NULL), -1);
	CHECK_EQ(errno, ENOENT);
	CHECK_EQ(execve("/", tell_argv, no_env), -1);
	CHECK_EQ(errno, EACCES);
	CHECK_STR(own_facts().text, HAVE);
	end();
}

static void many_arguments_arrive(void)
{
	int ends[2];
	pid_t child;

	REQUIRE(listen_begin(ends) == 0);
	child = fork();
	if (child == 0) {
		dup2(ends[1], 1);
#define TEN "x", "x", "x", "x", "x", "x", "x", "x", "x", "x"
		execl(self, self, "count", TEN, TEN, TEN, TEN, TEN, TEN, TEN, TEN, TEN, TEN, TEN,
		      TEN, TEN, TEN, TEN, (char *)NULL);
		_exit(9);
	}
	listen_end(ends, child);
	CHECK_STR(heard.text, "152");
}

static void a_vforked_child_leaves_its_parent_alone(void)
{
	int ends[2];
	pid_t child;

	for (int i = 0; i < 3; i++) {
		REQUIRE(begin());
		REQUIRE(listen_begin(ends) == 0);
		child = vfork();
		if (child == 0) {
			dup2(ends[1], 1);
			set_policy(MPOL_BIND, 4);
			bind_cpus(2);
			execv(self, tell_argv);
			_exit(9);
		}
		listen_end(ends, child);
		CHECK_STR(heard.text, "2:4:2");
		CHECK_STR(own_facts().text, HAVE);
		end();
		CHECK_STR(own_facts().text, NOTHING);
	}
}

static void what_is_spawned_has_it_too(void)
{
	posix_spawn_file_actions_t actions;
	int ends[2];
	pid_t child = -1;

	REQUIRE(begin());
	for (int i = 0; i < 2; i++) {
		REQUIRE(listen_begin(ends) == 0);
		posix_spawn_file_actions_init(&actions);
		posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
		CHECK_EQ((i ? posix_spawnp : posix_spawn)(&child, self, &actions, NULL, tell_argv,
							  i ? environ : no_env),
			 0);
		listen_end(ends, child);
		CHECK_STR(heard.text, HAVE);
		posix_spawn_file_actions_destroy(&actions);
	}
	end();
}

static void *spawn_nothing(void *arg)
{
	static char nothing[] = "/nonexistent/program";
	char *const argv[] = {nothing, NULL};
	pid_t child;

	(void)arg;
	if (set_policy(MPOL_BIND, 4) < 0 ||
	    posix_spawn(&child, nothing, NULL, NULL, argv, no_env) != ENOENT)
		return self;
	return NULL;
}

/* Of the process's memory, in pages. */
static long pages_mapped(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long pages = -1;

	if (file) {
		if (fscanf(file, "%ld", &pages) != 1)
			pages = -1;
		fclose(file);
	}
	return pages;
}

static void spawning_threads_leave_nothing_behind(void)
{
	long before = 0, after;

	for (int i = 0; i < 420; i++) {
		pthread_t thread;
		void *failed = self;

		if (i == 20)
			before = pages_mapped();
		REQUIRE(pthread_create(&thread, NULL, spawn_nothing, NULL) == 0);
		pthread_join(thread, &failed);
		REQUIRE(!failed);
	}
	after = pages_mapped();
	CHECK(before > 0 && after > 0);
	CHECK(after - before < 200);
}

static void so_has_what_a_shell_starts(void)
{
	char command[5000], line[64] = "";
	FILE *file;

	REQUIRE(begin());
	snprintf(command, sizeof(command), "'%s' tell", self);
	file = popen(command, "r");
	REQUIRE(file);
	CHECK(fgets(line, sizeof(line), file));
	CHECK_EQ(pclose(file), 0);
	line[strcspn(line, "\n")] = '\0';
	CHECK_STR(line, HAVE);
	snprintf(command, sizeof(command), "test \"$('%s' tell)\" = %s", self, HAVE);
	CHECK_EQ(system(command), 0);
	CHECK_EQ(WEXITSTATUS(system("exit 3")), 3);
	CHECK(system(NULL) != 0);
	end();
}

static void the_variable_is_gone(void)
{
	CHECK(getenv("MYNUMA_TASK") == NULL);
	CHECK(getenv("MYNUMA_TOPOLOGY") != NULL);
}

/* ---- many at once ---- */

static void *bind_and_fork(void *arg)
{
	unsigned long nodes = 1UL << (*(int *)arg % 4);
	bool good = true;

	for (int i = 0; i < 20 && good; i++) {
		pid_t child;
		int status = -1;

		good = set_policy(MPOL_BIND, nodes) == 0 && bind_cpus(nodes) == 0;
		child = fork();
		if (child == 0) {
			char want[64];

			snprintf(want, sizeof(want), "2:%lx:%lx", nodes, nodes);
			_exit(strcmp(own_facts().text, want) != 0);
		}
		good = good && waitpid(child, &status, 0) == child && status == 0;
	}
	return (void *)(uintptr_t)good;
}

static void threads_and_forks_at_the_same_time(void)
{
	pthread_t threads[6];
	int numbers[6];

	for (int i = 0; i < 6; i++) {
		numbers[i] = i;
		REQUIRE(pthread_create(&threads[i], NULL, bind_and_fork, &numbers[i]) == 0);
	}
	for (int i = 0; i < 6; i++) {
		void *good = NULL;

		pthread_join(threads[i], &good);
		CHECK(good);
	}
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		if (strcmp(argv[1], "count") == 0)
			printf("%d\n", argc);
		else
			puts(own_facts().text);
		return 0;
	}
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		snprintf(self, sizeof(self), "%s", argv[0]);
	RUN(a_thread_has_what_its_creator_has);
	RUN(a_threads_thread_has_what_that_thread_has);
	RUN(a_thread_may_leave_early);
	RUN(threads_are_spread_over_the_nodes);
	RUN(attributes_bind_a_thread);
	RUN(another_threads_affinity_is_exact);
	RUN(a_child_has_what_its_parent_has);
	RUN(a_program_has_what_the_one_before_had);
	RUN(a_failed_exec_changes_nothing);
	RUN(many_arguments_arrive);
	RUN(a_vforked_child_leaves_its_parent_alone);
	RUN(what_is_spawned_has_it_too);
	RUN(spawning_threads_leave_nothing_behind);
	RUN(so_has_what_a_shell_starts);
	RUN(the_variable_is_gone);
	RUN(threads_and_forks_at_the_same_time);
	return tap_done();
}
