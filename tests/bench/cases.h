/* SPDX-License-Identifier: MIT */
/*
 * The calls that are measured: each public function at least once. A case is three loops: over a
 * library's function, over what a program that knew the kernel would have called instead (or
 * nothing), and how to put things right again afterwards.
 */
#ifndef TESTS_BENCH_CASES_H
#define TESTS_BENCH_CASES_H

#include "diff/lib.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* What a function does at each call. */
enum kind {
	QUERY,	 /* no system call */
	BITMASK, /* no system call; a mask of 1024 bits */
	SYSCALL, /* ends in a system call */
	MEMORY,	 /* new memory, given back */
	FILES,	 /* reads files each time */
};

/* What the calls are made with. Prepared once; the loops leave it as it was. */
#define PAGES 16
struct world {
	int node, cpu;	       /* the highest of the machine */
	BM node0;	       /* 1024 bits: node 0 */
	BM cpus;	       /* as many bits as the machine's CPU masks */
	BM a, b, c;	       /* 1024 bits, a and b equal and full of members */
	BM parsed;	       /* for numa_parse_bitmap() */
	NM nodemask, node0_v1; /* v1 masks */
	UL words[1024 / WORD_BITS];
	UL cpu_words[65536 / WORD_BITS];
	char hex[32 * 9 + 1]; /* 1024 bits as the kernel writes them */
	char *memory;	      /* PAGES pages, touched */
	size_t page;
	void *addr[PAGES];
	int mode, status[PAGES], to[1];
	long value;
	long long value64;
};

struct bench_case {
	const char *name;
	enum kind kind;
	const char *text; /* the code of the call */
	void (*run)(const struct lib *l, struct world *w, unsigned long n);
	void (*raw)(struct world *w,
		    unsigned long n); /* NULL when there is nothing to compare with */
	int (*has)(const struct lib *l);
};

extern const struct bench_case bench_cases[];
extern const size_t bench_ncases;
extern const char *const bench_kinds[];

/* A library into *l, locally. A message and the end when that is not possible. */
void bench_open(struct lib *l, const char *path);
void bench_prepare(struct world *w, const struct lib *l);
/* The thread's policy and affinity as they were at the start. */
void bench_reset(void);

#endif
