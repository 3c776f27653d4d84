/* SPDX-License-Identifier: MIT */
/*
 * What the code asks of the compiler, under one name each. No declarations of
 * the project's own may come in here.
 */
#ifndef MYNUMA_BASE_COMPILER_H
#define MYNUMA_BASE_COMPILER_H

/* On the declaration of a variable of ours: it is in the same object, not behind a table. */
#define HIDDEN __attribute__((visibility("hidden")))

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* A function that is rarely called and stays out of line, so that its callers need no frame. */
#define COLD __attribute__((cold, noinline))

/* A function that touches memory as a kernel does, whatever a sanitizer thinks of that memory. */
#define UNCHECKED __attribute__((no_sanitize("address", "thread"), noinline))

/* Whether this is built for the thread sanitizer. */
#if defined(__SANITIZE_THREAD__)
#define THREAD_SANITIZER 1
#elif defined(__has_feature)
#define THREAD_SANITIZER __has_feature(thread_sanitizer)
#else
#define THREAD_SANITIZER 0
#endif

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
