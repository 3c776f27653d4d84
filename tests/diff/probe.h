/* SPDX-License-Identifier: MIT */
/*
 * What the subjects' files share. A case is one line of output,
 *
 *	MACHINE GROUP function(arguments) -> result errno=E what it changed | stderr=text
 *
 * and everything before the arrow is its name, the same on every library. FCASE runs its body in a
 * process of its own (warnings are given once a process; policies stick; some inputs crash),
 * CASE in
 * the group's. A process that dies in a case is that case's result.
 */
#ifndef TESTS_DIFF_PROBE_H
#define TESTS_DIFF_PROBE_H

#include <errno.h>
#include <stdint.h>

#include "lib.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define CASE_(forked, present, ...)                                                                \
	for (int c_ = case_begin((forked), (present), __VA_ARGS__); c_; c_ = case_end())
#define CASE(fn, ...) CASE_(0, L.fn != NULL, #fn __VA_ARGS__)
#define FCASE(fn, ...) CASE_(1, L.fn != NULL, #fn __VA_ARGS__)
#define CASE_V1(fn, ...) CASE_(0, L.v1_##fn != NULL, #fn "@1.1" __VA_ARGS__)
#define FCASE_V1(fn, ...) CASE_(1, L.v1_##fn != NULL, #fn "@1.1" __VA_ARGS__)
/* A story of several calls has a name in place of a function. */
#define STORY(...) CASE_(1, 1, __VA_ARGS__)

int case_begin(int forked, int present, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int case_end(void);

/* Adds to the running case's line. */
void out(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void out_text(const char *s, size_t n);
void out_errno(void);
void die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

/* The call, with errno 0 before it and its errno shown after it. */
#define R_INT(call)                                                                                \
	do {                                                                                       \
		errno = 0;                                                                         \
		long long r_ = (long long)(call);                                                  \
		int e_ = errno;                                                                    \
		out(" %lld errno=%d", r_, e_);                                                     \
	} while (0)
#define R_VOID(call)                                                                               \
	do {                                                                                       \
		errno = 0;                                                                         \
		call;                                                                              \
		int e_ = errno;                                                                    \
		out(" errno=%d", e_);                                                              \
	} while (0)
#define R_MASK(kind, call)                                                                         \
	do {                                                                                       \
		errno = 0;                                                                         \
		BM *m_ = (call);                                                                   \
		int e_ = errno;                                                                    \
		out_mask(kind, m_);                                                                \
		out(" errno=%d", e_);                                                              \
		if (m_)                                                                            \
			L.numa_bitmask_free(m_);                                                   \
	} while (0)
#define R_NODEMASK(call)                                                                           \
	do {                                                                                       \
		errno = 0;                                                                         \
		NM n_ = (call);                                                                    \
		int e_ = errno;                                                                    \
		out_nodemask(&n_);                                                                 \
		out(" errno=%d", e_);                                                              \
	} while (0)

/* Masks. The kind names a size that the machine gives: 'n' nodes, 'c' CPUs; '-' shows none. */
void out_mask(int kind, const BM *m);
void out_nodemask(const NM *m);
void out_bits(const UL *words, size_t bits);
/* A mask of the caller's with guard words around its words, looked at when the case ends. */
BM *guarded(size_t bits, const char *list);
UL *guarded_words(size_t words);
NM nodemask(const char *list);
/* Sets the bits of "0,2-5" below the given size; "last" is the highest, "full" all of them. */
void set_list(UL *words, size_t bits, const char *list);

/* The kernel, asked without the library. */
extern size_t kernel_nodes, kernel_cpus; /* bits in its masks */
extern size_t page;
void machine_read(void);
int raw_set_policy(int mode, const char *list);
void out_policy(void); /* the thread's: mode{nodes} */
void out_range(const void *p,
	       size_t pages); /* each page's policy, run by run, and which are present */
void out_affinity(void);
void *pages_new(size_t n);

/* Pseudo-random numbers, the same in every run. */
extern uint64_t seed;
uint64_t rnd(void);
unsigned below(unsigned n);

extern const char *lib_path, *root_dir;
extern int hooks_present;
/* Makes system call nr fail with this errno from here on. */
void refuse(int nr, int error);

/* One subject each. */
void group_symbols(void);
void group_bitmask(void);
void group_copy(void);
void group_bitmap(void);
void group_string(void);
void group_string_random(void);
void group_io(void);
void group_policy(void);
void group_getters(void);
void group_range(void);
void group_alloc(void);
void group_migrate(void);
void group_affinity(void);
void group_topology(void);
void group_update(void);
void group_report(void);
void group_v1(void);
void group_thread(void);
void group_wrappers(void);
void group_load(void);
void group_hooks(void);
void group_hooked_kernel(void);

#endif
