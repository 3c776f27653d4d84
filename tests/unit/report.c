/* SPDX-License-Identifier: MIT */
/*
 * numa_error() and numa_warn() as the library defines them: what is written, how often, and who
 * exits.
 */
#include "harness.h"
#include "unit/fixture.h"

#include <pthread.h>
#include <wchar.h>

#include "numa.h"
#include "numaif.h"

/* Each case runs in a child, since what was said once is not said again. */

static int child_status;
static void (*child_fn)(void *);

static void in_child(void *arg)
{
	child_status = fixture_child(child_fn, arg);
}

static const char *said(void (*fn)(void *), void *arg)
{
	child_fn = fn;
	return fixture_stderr(in_child, arg);
}

static void fail(int err, const char *where)
{
	errno = err;
	numa_error((char *)where);
	if (errno != err)
		_exit(50);
}

static void same_thrice(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++)
		fail(EINVAL, "mbind");
}

static void an_error_is_written_once(void)
{
	CHECK_STR(said(same_thrice, NULL), "mbind: Invalid argument\n");
	CHECK_EQ(child_status, 0);
}

static void three_kinds_twice(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++) {
		fail(EINVAL, "mbind");
		fail(EPERM, "mbind");
		fail(EINVAL, "set_mempolicy");
	}
}

static void each_text_and_errno_is_its_own_kind(void)
{
	CHECK_STR(said(three_kinds_twice, NULL), "mbind: Invalid argument\n"
						 "mbind: Operation not permitted\n"
						 "set_mempolicy: Invalid argument\n");
}

static void no_prefix(void *arg)
{
	(void)arg;
	fail(EIO, "");
	fail(EPERM, NULL);
}

static void an_error_without_a_text(void)
{
	char want[256];

	snprintf(want, sizeof(want), "%s\n%s\n", strerror(EIO), strerror(EPERM));
	CHECK_STR(said(no_prefix, NULL), want);
}

static void in_wide_characters(void *arg)
{
	fwide(stderr, 1);
	no_prefix(arg);
	fail(EINVAL, "mbind");
	numa_warn(5, "five");
}

/* perror() heeds the orientation, too. */
static void a_wide_stderr_is_written_to(void)
{
	char want[256];

	snprintf(want, sizeof(want), "%s\n%s\nmbind: %s\nlibnuma: Warning: five\n", strerror(EIO),
		 strerror(EPERM), strerror(EINVAL));
	CHECK_STR(said(in_wide_characters, NULL), want);
}

static void more_than_is_remembered(void *arg)
{
	char where[8];

	(void)arg;
	for (int i = 0; i < 200; i++) {
		sprintf(where, "e%d", i);
		fail(EIO, where);
	}
}

static void forgetting_writes_more_not_less(void)
{
	const char *text = said(more_than_is_remembered, NULL);
	int lines = 0;

	for (; (text = strchr(text, '\n')); text++)
		lines++;
	CHECK_EQ(lines, 200);
}

static void *same_from_a_thread(void *arg)
{
	(void)arg;
	for (int i = 0; i < 100; i++) {
		fail(EINVAL, "mbind");
		numa_warn(5, "five");
	}
	return NULL;
}

static void eight_threads(void *arg)
{
	pthread_t threads[8];

	(void)arg;
	for (int i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, same_from_a_thread, NULL);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
}

static void once_also_from_many_threads(void)
{
	const char *text = said(eight_threads, NULL);

	CHECK(strcmp(text, "mbind: Invalid argument\nlibnuma: Warning: five\n") == 0 ||
	      strcmp(text, "libnuma: Warning: five\nmbind: Invalid argument\n") == 0);
	CHECK_EQ(child_status, 0);
}

static void exit_on_error(void *seen_before)
{
	if (seen_before)
		fail(EINVAL, "mbind");
	numa_exit_on_error = 1;
	fail(EINVAL, "mbind");
}

static void the_program_may_ask_for_an_exit_on_error(void)
{
	CHECK_STR(said(exit_on_error, NULL), "mbind: Invalid argument\n");
	CHECK_EQ(child_status, 1);
	CHECK_STR(said(exit_on_error, "seen"), "mbind: Invalid argument\n");
	CHECK_EQ(child_status, 1);
}

static void exit_on_warn(void *seen_before)
{
	if (seen_before)
		numa_warn(3, "x%d", 1);
	numa_exit_on_warn = 1;
	numa_warn(3, "x%d", 1);
}

static void the_program_may_ask_for_an_exit_on_warn(void)
{
	CHECK_STR(said(exit_on_warn, NULL), "libnuma: Warning: x1\n");
	CHECK_EQ(child_status, 1);
	/* but not for what was printed before: libnuma returns then */
	CHECK_STR(said(exit_on_warn, "seen"), "libnuma: Warning: x1\n");
	CHECK_EQ(child_status, 0);
}

static void warn(int num)
{
	errno = EDOM;
	numa_warn(num, "n%d", num);
	if (errno != EDOM)
		_exit(50);
}

static void all_numbers_thrice(void *arg)
{
	(void)arg;
	for (int times = 0; times < 3; times++)
		for (int num = 0; num < 32; num++)
			warn(num);
}

static void a_number_is_written_once(void)
{
	char want[2048] = "";
	size_t len = 0;

	for (int num = 0; num < 32; num++)
		len += (size_t)sprintf(want + len, "libnuma: Warning: n%d\n", num);
	CHECK_STR(said(all_numbers_thrice, NULL), want);
	CHECK_EQ(child_status, 0);
}

static void other_numbers_twice(void *arg)
{
	(void)arg;
	for (int times = 0; times < 2; times++) {
		warn(32);
		warn(42);
		warn(-1);
	}
	warn(10); /* 42 was not 10 */
	warn(0);
}

static void numbers_that_are_not_the_librarys_are_always_written(void)
{
	CHECK_STR(said(other_numbers_twice, NULL),
		  "libnuma: Warning: n32\nlibnuma: Warning: n42\nlibnuma: Warning: n-1\n"
		  "libnuma: Warning: n32\nlibnuma: Warning: n42\nlibnuma: Warning: n-1\n"
		  "libnuma: Warning: n10\nlibnuma: Warning: n0\n");
}

static void bad_strings(void *arg)
{
	(void)arg;
	numa_parse_nodestring("x");
	numa_parse_nodestring("y");
	numa_parse_cpustring("x");
	numa_parse_cpustring("y");
}

static void a_blank_line_follows_a_bad_string(void)
{
	CHECK_STR(said(bad_strings, NULL), "libnuma: Warning: unparseable node description `x'\n\n"
					   "libnuma: Warning: unparseable cpu description `x'\n\n");
}

static void bad_policy(void *arg)
{
	struct bitmask *none = numa_allocate_nodemask();

	(void)arg;
	for (int i = 0; i < 3; i++) {
		numa_set_membind(none);
		numa_alloc_onnode(4096, numa_max_possible_node());
	}
}

/* A program in a sandbox that does this a thousand times a second must not flood its log. */
static void a_repeated_failure_is_told_once(void)
{
	CHECK_STR(said(bad_policy, NULL),
		  "set_mempolicy: Invalid argument\nmbind: Invalid argument\n");
}

int main(void)
{
	RUN(an_error_is_written_once);
	RUN(each_text_and_errno_is_its_own_kind);
	RUN(an_error_without_a_text);
	RUN(a_wide_stderr_is_written_to);
	RUN(forgetting_writes_more_not_less);
	RUN(once_also_from_many_threads);
	RUN(the_program_may_ask_for_an_exit_on_error);
	RUN(the_program_may_ask_for_an_exit_on_warn);
	RUN(a_number_is_written_once);
	RUN(numbers_that_are_not_the_librarys_are_always_written);
	RUN(a_blank_line_follows_a_bad_string);
	RUN(a_repeated_failure_is_told_once);
	return tap_done();
}
