/* SPDX-License-Identifier: MIT */
/* sys/smallfile: reading to the end of a file or of a line, directories, paths and numbers. */
#include "harness.h"
#include "unit/fixture.h"

#include <limits.h>
#include <pthread.h>

#include "sys/smallfile.h"

static char path[8192];

/* A file in the fixture with n times the character c, then the text. */
static const char *file(size_t n, char c, const char *text)
{
	char *content = malloc(n + strlen(text) + 1);

	memset(content, c, n);
	strcpy(content + n, text);
	fixture_put(fixture_root(), content, "file");
	free(content);
	snprintf(path, sizeof(path), "%s/file", fixture_root());
	return path;
}

static int open_files(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void reads_all_to_the_end(void)
{
	static const size_t sizes[] = {0,    1,	   2046, 2047,	2048,  2049,   8190,
				       8191, 8192, 8193, 32767, 32768, 100000, 1000000};
	int fds = open_files();

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct text t;

		CHECK_EQ(text_read(&t, file(sizes[i], 'x', "end"), NULL), 0);
		CHECK_EQ(t.len, sizes[i] + 3);
		CHECK_EQ(strlen(t.s), t.len);
		CHECK_STR(t.s + sizes[i], "end");
		CHECK(strspn(t.s, "x") == sizes[i]);
		text_free(&t);
	}
	CHECK_EQ(open_files(), fds);
}

static void ends_with_the_line_asked_for(void)
{
	struct text t;

	/* More would not fit into the first read; the line of the key does. */
	char *content = malloc(1 << 20);

	memset(content, 'z', (1 << 20) - 1);
	content[(1 << 20) - 1] = '\0';
	memcpy(content, "first\nKey: value\n", 17);
	fixture_put(fixture_root(), content, "file");
	CHECK_EQ(text_read(&t, path, "Key:"), 0);
	CHECK(t.len < 3000);
	CHECK(strncmp(text_field(&t, "Key:"), " value\n", 7) == 0);
	text_free(&t);
	CHECK_EQ(text_read(&t, path, ""), 0);
	CHECK(t.len < 3000);
	text_free(&t);

	/* The key in the middle of a line is none; then all is read. */
	memcpy(content, "first Key: x\nzzzz", 17);
	fixture_put(fixture_root(), content, "file");
	CHECK_EQ(text_read(&t, path, "Key:"), 0);
	CHECK_EQ(t.len, (1 << 20) - 1);
	CHECK(!text_field(&t, "Key:"));
	text_free(&t);
	free(content);

	/* A line without its end is read to the end of the file. */
	CHECK_EQ(text_read(&t, file(5000, ' ', "\nKey: 1"), "Key:"), 0);
	CHECK_EQ(t.len, 5007);
	CHECK_STR(text_field(&t, "Key:"), " 1");
	text_free(&t);

	/* A key whose line crosses the border of the first buffer. */
	CHECK_EQ(text_read(&t, file(2040, 'y', "\nKey: 12345678901234567890\nmore"), "Key:"), 0);
	CHECK(strncmp(text_field(&t, "Key:"), " 12345678901234567890\n", 22) == 0);
	text_free(&t);
}

static void fields_stand_at_the_start_of_a_line(void)
{
	struct text t = {.s = t.small};

	strcpy(t.small, "ab:1\n\nb:2\nbb:3\nlast:4");
	CHECK(strncmp(text_field(&t, "ab:"), "1\n", 2) == 0);
	CHECK(strncmp(text_field(&t, "b:"), "2\n", 2) == 0);
	CHECK_STR(text_field(&t, "last:"), "4");
	CHECK(!text_field(&t, "ast:"));
	CHECK(!text_field(&t, "none:"));
	CHECK(text_field(&t, "") == t.s);
	t.small[0] = '\0';
	CHECK(!text_field(&t, "a"));
}

static void failures_are_told_and_leave_an_empty_text(void)
{
	struct text t;

	CHECK_EQ(text_read(&t, "/nonexistent/file", NULL), -ENOENT);
	CHECK_STR(t.s, "");
	CHECK_EQ(t.len, 0);
	text_free(&t);
	CHECK_EQ(text_read(&t, fixture_root(), NULL), -EISDIR);
	CHECK_STR(t.s, "");
	text_free(&t);
	file(1, 'x', "");
	snprintf(path, sizeof(path), "%s/file/below", fixture_root());
	errno = 77;
	CHECK_EQ(text_read(&t, path, ""), -ENOTDIR);
	text_free(&t);
	CHECK_EQ(text_read(&t, (const char *)16, NULL), -EFAULT);
	text_free(&t);
	CHECK_EQ(errno, 77);
}

static void an_endless_file_is_given_up(void)
{
	struct text t;
	int fds = open_files();

	CHECK_EQ(text_read(&t, "/dev/zero", NULL), -ENOMEM);
	CHECK(t.len > 1 << 20);
	text_free(&t);
	CHECK_EQ(open_files(), fds);
}

static volatile bool writer_done;
static pthread_t main_thread;

static void on_signal(int sig)
{
	(void)sig;
}

/* Opens late, writes in pieces, and interrupts the reader without SA_RESTART all the time. */
static void *slow_writer(void *name)
{
	int fd;

	for (int i = 0; i < 20; i++) {
		usleep(500);
		pthread_kill(main_thread, SIGUSR1);
	}
	fd = open(name, O_WRONLY);
	for (int i = 0; i < 20; i++) {
		usleep(500);
		pthread_kill(main_thread, SIGUSR1);
		if (write(fd, "piece ", 6) != 6)
			break;
	}
	close(fd);
	writer_done = true;
	return NULL;
}

static void interrupted_calls_are_repeated(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	struct text t;
	pthread_t thread;

	sigaction(SIGUSR1, &action, NULL);
	main_thread = pthread_self();
	snprintf(path, sizeof(path), "%s/fifo", fixture_root());
	REQUIRE(mkfifo(path, 0600) == 0);
	REQUIRE(pthread_create(&thread, NULL, slow_writer, path) == 0);
	CHECK_EQ(text_read(&t, path, NULL), 0);
	CHECK_EQ(t.len, 120);
	text_free(&t);
	pthread_join(thread, NULL);
}

static int entries, last_sum;

static void count_entry(const char *name, void *arg)
{
	CHECK(arg == &entries);
	entries++;
	if (strncmp(name, "entry", 5) == 0)
		last_sum += atoi(name + 5);
}

static void every_entry_of_a_directory_once(void)
{
	for (int i = 0; i < 700; i++)
		fixture_put(fixture_root(), "", "dir/entry%d", i);
	snprintf(path, sizeof(path), "%s/dir", fixture_root());
	CHECK_EQ(dir_each(path, count_entry, &entries), 0);
	CHECK_EQ(entries, 702);
	CHECK_EQ(last_sum, 699 * 700 / 2);
	CHECK_EQ(dir_each("/nonexistent", count_entry, &entries), -ENOENT);
	snprintf(path, sizeof(path), "%s/file", fixture_root());
	CHECK_EQ(dir_each(path, count_entry, &entries), -ENOTDIR);
	CHECK_EQ(entries, 702);
}

static void joined_paths_fit_or_say_so(void)
{
	char buf[16];

	memset(buf, 'x', sizeof(buf));
	CHECK(path_join(buf, 8, "", "/ab", "", "/cd", (char *)NULL));
	CHECK_STR(buf, "/ab/cd");
	CHECK(path_join(buf, 8, "1234567", (char *)NULL));
	CHECK_STR(buf, "1234567");
	CHECK(!path_join(buf, 8, "12345678", (char *)NULL));
	CHECK_STR(buf, "");
	CHECK(!path_join(buf, 8, "1234", "5678", "9", (char *)NULL));
	CHECK_STR(buf, "1234");
	CHECK(path_join(buf, 1, "", (char *)NULL));
	CHECK_STR(buf, "");
	CHECK(path_join(buf, 8, (char *)NULL));
	CHECK_STR(buf, "");
	CHECK_EQ(buf[8], 'x');
}

static void numbers_as_digits(void)
{
	static const unsigned long numbers[] = {0, 1, 9, 10, 1023, 4294967295UL, ULONG_MAX};
	char buf[NUMBER_DIGITS], want[32];

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		sprintf(want, "%lu", numbers[i]);
		CHECK_STR(number_text(buf, numbers[i]), want);
	}
}

static void pages_come_zeroed_or_not_at_all(void)
{
	char *p = pages_alloc(10000);

	REQUIRE(p);
	for (int i = 0; i < 10000; i++)
		CHECK(p[i] == 0);
	pages_free(p, 10000);
	errno = 77;
	CHECK(!pages_alloc(SIZE_MAX - 0x20000));
	CHECK(!pages_alloc(0));
	CHECK_EQ(errno, 77);
}

int main(void)
{
	RUN(reads_all_to_the_end);
	RUN(ends_with_the_line_asked_for);
	RUN(fields_stand_at_the_start_of_a_line);
	RUN(failures_are_told_and_leave_an_empty_text);
	RUN(an_endless_file_is_given_up);
	RUN(interrupted_calls_are_repeated);
	RUN(every_entry_of_a_directory_once);
	RUN(joined_paths_fit_or_say_so);
	RUN(numbers_as_digits);
	RUN(pages_come_zeroed_or_not_at_all);
	return tap_done();
}
