/* SPDX-License-Identifier: MIT */
/*
 * numa_error() and numa_warn(), where a program may hear of trouble or replace them, and the only
 * place that writes to stderr. The library must stay quiet where a program repeats itself.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "api/api.h"
#include "sys/smallfile.h"

/* Which failures were written: hashes of text and errno. Never 0. */
static _Atomic uint32_t seen_errors[64];

/* FNV-1a. */
static uint32_t hash_error(const char *where, int err)
{
	uint32_t hash = 2166136261U ^ (uint32_t)err;

	for (; where && *where; where++)
		hash = (hash ^ (unsigned char)*where) * 16777619U;
	return hash ? hash : 1;
}

/* True once for each text and errno; when there is no room to remember, true always. */
static bool first_time(const char *where, int err)
{
	uint32_t hash = hash_error(where, err);

	for (size_t i = 0; i < ARRAY_SIZE(seen_errors); i++) {
		uint32_t seen = atomic_load_explicit(&seen_errors[i], memory_order_relaxed);

		if (!seen && atomic_compare_exchange_strong(&seen_errors[i], &seen, hash))
			return true;
		if (seen == hash)
			return false;
	}
	return true;
}

/*
 * Formatted here, since stdio's own way to an unbuffered stderr puts a buffer of 8 KiB on the
 * stack, which is most of what the smallest thread has.
 */
static void write_line(const char *prefix, const char *fmt, va_list args)
{
	char small[256] = "";
	char *text = small;
	size_t size;
	va_list again;

	va_copy(again, args);
	size = (size_t)vsnprintf(small, sizeof(small), fmt, args) + 1;
	if (size > sizeof(small)) {
		text = pages_alloc(size);
		if (text)
			vsnprintf(text, size, fmt, again);
		else
			text = small; /* as much of it as there is room for */
	}
	va_end(again);
	flockfile(stderr);
	if (fwide(stderr, 0) > 0) { /* the program's choice, where bytes would be lost */
		fwprintf(stderr, L"%s%s\n", prefix, text);
	} else {
		fputs(prefix, stderr);
		fputs(text, stderr);
		fputc('\n', stderr);
	}
	funlockfile(stderr);
	if (text != small)
		pages_free(text, size);
}

PRINTF_LIKE(1, 2) static void write_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	write_line("", fmt, args);
	va_end(args);
}

__attribute__((weak)) void numa_error(char *where)
{
	int err = errno;

	if (first_time(where, err))
		write_error("%s%s%s", where ? where : "", where && *where ? ": " : "",
			    strerror(err));
	if (numa_exit_on_error)
		exit(1);
	errno = err;
}

/* True once for each number that has a bit here; the library's own all have. */
static bool first_warning(int num)
{
	static atomic_uint warned;
	unsigned bit;

	if (num < 0 || num > 31)
		return true;
	bit = 1U << num;
	/* Nothing shared is written when a thing is told again. */
	if (likely(atomic_load_explicit(&warned, memory_order_relaxed) & bit))
		return false;
	return !(atomic_fetch_or(&warned, bit) & bit);
}

COLD static void warn(const char *fmt, va_list args)
{
	int err = errno;

	write_line("libnuma: Warning: ", fmt, args);
	if (numa_exit_on_warn)
		exit(1);
	errno = err;
}

__attribute__((weak)) void numa_warn(int num, char *fmt, ...)
{
	va_list args;

	if (!first_warning(num))
		return;
	va_start(args, fmt);
	warn(fmt, args);
	va_end(args);
}
