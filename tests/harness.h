/* SPDX-License-Identifier: MIT */
/*
 * A Unity-style test harness that writes TAP, in one header, so that the same
 * test programs run under `make check`, under qemu-user, statically inside a
 * booted kernel, and with any libc.
 *
 * A test program is a table of cases:
 *
 *	static void empty_string_is_an_empty_mask(void) { CHECK(...); }
 *	int main(void)
 *	{
 *		RUN(empty_string_is_an_empty_mask);
 *		return tap_done();
 *	}
 *
 * A case that fails a CHECK goes on, so that one run shows every difference;
 * REQUIRE leaves the case. SKIP says why a case cannot run on this machine; under CI the runner
 * counts a skip as a failure.
 */
#ifndef TESTS_HARNESS_H
#define TESTS_HARNESS_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_cases, tap_failed_cases, tap_failures;
static const char *tap_skip_reason;

/* One line of diagnosis under the running case. */
#define DIAG(...)                                                                                  \
	do {                                                                                       \
		printf("# %s:%d: ", __FILE__, __LINE__);                                           \
		printf(__VA_ARGS__);                                                               \
		putchar('\n');                                                                     \
	} while (0)

#if defined(__SANITIZE_THREAD__)
#define UNDER_THREAD_SANITIZER
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNDER_THREAD_SANITIZER
#endif
#endif

#define CHECK(cond)                                                                                \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			tap_failures++;                                                            \
			DIAG("failed: %s (errno %d)", #cond, errno);                               \
		}                                                                                  \
	} while (0)

/* As CHECK, for two integers whose values should be shown. */
#define CHECK_EQ(got, want)                                                                        \
	do {                                                                                       \
		long long tap_got = (long long)(got), tap_want = (long long)(want);                \
		if (tap_got != tap_want) {                                                         \
			tap_failures++;                                                            \
			DIAG("%s is %lld, wanted %lld", #got, tap_got, tap_want);                  \
		}                                                                                  \
	} while (0)

#define CHECK_STR(got, want)                                                                       \
	do {                                                                                       \
		const char *tap_s = (got), *tap_w = (want);                                        \
		if (!tap_s || strcmp(tap_s, tap_w) != 0) {                                         \
			tap_failures++;                                                            \
			DIAG("%s is \"%s\", wanted \"%s\"", #got, tap_s ? tap_s : "(null)",        \
			     tap_w);                                                               \
		}                                                                                  \
	} while (0)

/* As CHECK, but the rest of the case makes no sense without it. */
#define REQUIRE(cond)                                                                              \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			tap_failures++;                                                            \
			DIAG("failed: %s (errno %d)", #cond, errno);                               \
			return;                                                                    \
		}                                                                                  \
	} while (0)

#define SKIP(why)                                                                                  \
	do {                                                                                       \
		tap_skip_reason = (why);                                                           \
		return;                                                                            \
	} while (0)

#define RUN(fn) tap_run(#fn, fn)

static inline void tap_run(const char *name, void (*fn)(void))
{
	tap_failures = 0;
	tap_skip_reason = NULL;
	fn();
	tap_cases++;
	if (tap_failures)
		tap_failed_cases++;
	printf("%s %d - %s", tap_failures ? "not ok" : "ok", tap_cases, name);
	if (tap_skip_reason && !tap_failures)
		printf(" # SKIP %s", tap_skip_reason);
	putchar('\n');
	fflush(stdout);
}

/* Writes the plan; the value is main()'s. */
static inline int tap_done(void)
{
	printf("1..%d\n", tap_cases);
	return tap_failed_cases != 0;
}

#endif
