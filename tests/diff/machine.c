/* SPDX-License-Identifier: MIT */
/*
 * Masks for the cases, their text, and the kernel asked directly: nothing here calls the
 * library.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe.h"

#define MAX_BITS 65536
#define GUARD_WORDS 4
/* Enough that a library which reads past a small mask reads the same in every run. */
#define GUARDS_AFTER 24
#define GUARD ((UL)0xa5c3a5c3a5c3a5c3ULL)

size_t kernel_nodes = 32, kernel_cpus = 1024, page;
uint64_t seed = 1;

uint64_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

unsigned below(unsigned n)
{
	return (unsigned)((rnd() >> 20) % n);
}

/* The size of a node mask as the library counts it: four bits a digit of Mems_allowed. */
static void count_nodes(void)
{
	char text[16384], *s;
	FILE *f = fopen("/proc/self/status", "r");
	size_t digits = 0;

	while (f && fgets(text, sizeof(text), f)) {
		if (strncmp(text, "Mems_allowed:\t", 14))
			continue;
		for (s = text + 14; *s && *s != '\n'; s++)
			digits += *s != ',';
	}
	if (f)
		fclose(f);
	if (digits)
		kernel_nodes = 4 * digits;
}

void machine_read(void)
{
	static UL words[8192];
	long n = syscall(SYS_sched_getaffinity, 0, sizeof(words), words);

	if (n > 0)
		kernel_cpus = 8 * (size_t)n;
	page = (size_t)sysconf(_SC_PAGESIZE);
	count_nodes();
}

static int bit(const UL *words, size_t n)
{
	return (int)(words[n / WORD_BITS] >> (n % WORD_BITS) & 1);
}

void out_bits(const UL *words, size_t bits)
{
	const char *comma = "";

	out("{");
	for (size_t i = 0; i < bits; i++) {
		size_t last = i;

		if (!bit(words, i))
			continue;
		while (last + 1 < bits && bit(words, last + 1))
			last++;
		out(last > i ? "%s%zu-%zu" : "%s%zu", comma, i, last);
		comma = ",";
		i = last;
	}
	out("}");
}

void out_mask(int kind, const BM *m)
{
	size_t end;

	if (!m) {
		out(" NULL");
		return;
	}
	out(" ");
	out_bits(m->maskp, m->size < MAX_BITS ? m->size : MAX_BITS);
	if (kind == '-')
		return;
	if (kind == 'n' && m->size == kernel_nodes)
		out("/nodes");
	else if (kind == 'c' && m->size == kernel_cpus)
		out("/cpus");
	else
		out("/%lu", m->size);
	end = (m->size + WORD_BITS - 1) / WORD_BITS * WORD_BITS;
	for (size_t i = m->size; i < end && m->size < MAX_BITS; i++)
		if (bit(m->maskp, i)) {
			out("+padding");
			break;
		}
}

void out_nodemask(const NM *m)
{
	out(" ");
	out_bits(m->n, NODEMASK_BITS);
}

void set_list(UL *words, size_t bits, const char *list)
{
	char *end;

	if (!strcmp(list, "full")) {
		for (size_t i = 0; i < bits; i++)
			words[i / WORD_BITS] |= 1UL << (i % WORD_BITS);
		return;
	}
	while (*list) {
		size_t from, to;

		if (!strncmp(list, "last", 4)) {
			from = to = bits - 1;
			end = (char *)(uintptr_t)list + 4;
		} else {
			from = to = strtoul(list, &end, 10);
			if (*end == '-')
				to = strtoul(end + 1, &end, 10);
		}
		for (size_t i = from; i <= to; i++)
			if (i < bits)
				words[i / WORD_BITS] |= 1UL << (i % WORD_BITS);
		list = *end == ',' ? end + 1 : end;
	}
}

static struct {
	UL *words;
	size_t n;
} guards[4096];
static size_t guard_count;

UL *guarded_words(size_t words)
{
	UL *p = malloc((GUARD_WORDS + words + GUARDS_AFTER) * sizeof(*p));

	if (!p || guard_count == ARRAY_SIZE(guards))
		die("guarded_words");
	for (size_t i = 0; i < GUARD_WORDS + words + GUARDS_AFTER; i++)
		p[i] = i < GUARD_WORDS || i >= GUARD_WORDS + words ? GUARD : 0;
	guards[guard_count].words = p;
	guards[guard_count++].n = words;
	return p + GUARD_WORDS;
}

BM *guarded(size_t bits, const char *list)
{
	BM *m = malloc(sizeof(*m));

	if (!m)
		die("guarded");
	m->size = bits;
	m->maskp = guarded_words((bits + WORD_BITS - 1) / WORD_BITS);
	set_list(m->maskp, bits, list);
	return m;
}

NM nodemask(const char *list)
{
	NM m;

	memset(&m, 0, sizeof(m));
	set_list(m.n, NODEMASK_BITS, list);
	return m;
}

void guards_check(void);
void guards_check(void)
{
	for (size_t g = 0; g < guard_count; g++) {
		size_t end = GUARD_WORDS + guards[g].n, bad = 0;

		for (size_t i = 0; i < end + GUARDS_AFTER; i++)
			if (i < GUARD_WORDS || i >= end)
				bad += guards[g].words[i] != GUARD;
		if (bad)
			out(" WROTE %zu WORDS OUTSIDE THE MASK", bad);
		free(guards[g].words);
	}
	guard_count = 0;
}

int raw_set_policy(int mode, const char *list)
{
	static UL words[MAX_BITS / WORD_BITS];

	memset(words, 0, sizeof(words));
	set_list(words, kernel_nodes, list);
	return syscall(SYS_set_mempolicy, mode, words, kernel_nodes + 1) ? errno : 0;
}

void out_policy(void)
{
	static UL words[MAX_BITS / WORD_BITS];
	int mode = -1;

	memset(words, 0, sizeof(words));
	if (syscall(SYS_get_mempolicy, &mode, words, 32768 + 1, NULL, 0)) {
		out(" policy=%s", strerror(errno));
		return;
	}
	out(" policy=%#x", (unsigned)mode);
	out_bits(words, 32768);
}

void out_range(const void *p, size_t pages)
{
	static UL words[MAX_BITS / WORD_BITS], before[MAX_BITS / WORD_BITS];
	const char *at = p;
	int mode, last = -2;
	size_t run = 0;

	out(" range=");
	for (size_t i = 0; i <= pages; i++) {
		mode = -1;
		memset(words, 0, sizeof(words));
		if (i < pages &&
		    syscall(SYS_get_mempolicy, &mode, words, 32768 + 1, at + i * page, 2))
			mode = -errno - 1000;
		if (i < pages && i && mode == last && !memcmp(words, before, sizeof(words))) {
			run++;
			continue;
		}
		if (run) {
			out("%s%#x", run == i ? "" : ",", (unsigned)last);
			out_bits(before, 32768);
			out("x%zu", run);
		}
		last = mode;
		memcpy(before, words, sizeof(words));
		run = 1;
	}
	out(" present=");
	for (size_t i = 0; i < pages; i++) {
		unsigned char v = 0;

		out("%c", mincore((void *)(uintptr_t)(at + i * page), page, &v) ? '?'
			  : v & 1						? '1'
										: '0');
	}
}

void out_affinity(void)
{
	static UL words[8192];
	long n;

	memset(words, 0, sizeof(words));
	n = syscall(SYS_sched_getaffinity, 0, sizeof(words), words);
	out(" affinity=");
	out_bits(words, n > 0 ? 8 * (size_t)n : 0);
}

/* Untouched pages with unmapped pages around them. */
void *pages_new(size_t n)
{
	char *p = mmap(NULL, (n + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || munmap(p, page) || munmap(p + (n + 1) * page, page) ||
	    mprotect(p + page, n * page, PROT_READ | PROT_WRITE))
		die("pages: %m");
	return p + page;
}

void refuse(int nr, int error)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = {.len = ARRAY_SIZE(code), .filter = code};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		die("seccomp: %m");
}
