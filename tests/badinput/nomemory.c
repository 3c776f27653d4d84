/* SPDX-License-Identifier: MIT */
/*
 * The heap says no: at the first call, at the second, and so on, in every public function. Each
 * fails with ENOMEM or manages without, nothing crashes and nothing is lost.
 */
#include "badinput/everything.h"
#include "harness.h"

#ifdef __GLIBC__

/* glibc's own, behind ours; no other libc has such names. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);
extern void __libc_free(void *p);

static long countdown = -1; /* calls that still succeed; -1: all do */
static long live, refused;

static bool refuse(void)
{
	if (countdown < 0 || countdown-- > 0)
		return false;
	countdown = 0; /* and all later ones too */
	refused++;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	void *p = refuse() ? NULL : __libc_malloc(size);

	live += p != NULL;
	return p;
}

void *calloc(size_t n, size_t size)
{
	void *p = refuse() ? NULL : __libc_calloc(n, size);

	live += p != NULL;
	return p;
}

void *realloc(void *old, size_t size)
{
	void *p = refuse() ? NULL : __libc_realloc(old, size);

	live += p && !old;
	return p;
}

void free(void *p)
{
	live -= p != NULL;
	__libc_free(p);
}

static int errors, last_errno;

void numa_error(char *where)
{
	(void)where;
	last_errno = errno;
	errors++;
}

void numa_warn(int num, char *fmt, ...)
{
	(void)num;
	(void)fmt;
}

/* The functions that use the heap; each gives a mask or null. */

static struct bitmask *node_string(void)
{
	return numa_parse_nodestring("0");
}

static struct bitmask *node_string_all(void)
{
	return numa_parse_nodestring_all("!all");
}

static struct bitmask *cpu_string(void)
{
	return numa_parse_cpustring("all");
}

static struct bitmask *cpu_string_all(void)
{
	return numa_parse_cpustring_all("");
}

static struct bitmask *mask_of_a_bit(void)
{
	return numa_bitmask_alloc(1);
}

static struct bitmask *(*const makers[])(void) = {
	numa_get_membind,
	numa_get_interleave_mask,
	numa_get_weighted_interleave_mask,
	numa_get_mems_allowed,
	numa_get_run_node_mask,
	numa_preferred_many,
	numa_allocate_nodemask,
	numa_allocate_cpumask,
	node_string,
	node_string_all,
	cpu_string,
	cpu_string_all,
	mask_of_a_bit,
};
#define MAKERS (sizeof(makers) / sizeof(makers[0]))

static void a_new_mask_or_enomem(void)
{
	for (size_t i = 0; i < MAKERS; i++) {
		bool done = false;

		for (long n = 0; n < 50 && !done; n++) {
			long before = live;
			struct bitmask *mask;

			errors = 0;
			errno = 0;
			countdown = n;
			refused = 0;
			mask = makers[i]();
			countdown = -1;
			done = refused == 0;
			CHECK_EQ(mask != NULL, refused == 0);
			if (!mask) {
				CHECK_EQ(errno, ENOMEM);
				CHECK_EQ(errors, 1);
				CHECK_EQ(last_errno, ENOMEM);
			}
			numa_bitmask_free(mask);
			CHECK_EQ(live, before);
		}
		CHECK(done);
	}
}

/* What returns no mask needs no heap. */
static void nothing_else_needs_the_heap(void)
{
	long before = live;

	refused = 0;
	countdown = 0;
	everything_else();
	for (size_t i = 0; i < ODD_NODES; i++)
		everything_of_a_node(odd_nodes[i]);
	countdown = -1;
	CHECK_EQ(refused, 0);
	CHECK_EQ(live, before);
}

static void every_function_at_every_call(void)
{
	bool done = false;

	everything();
	for (long n = 0; n < 2000 && !done; n++) {
		long before = live;

		countdown = n;
		refused = 0;
		everything_that_returns_a_mask();
		countdown = -1;
		done = refused == 0;
		CHECK_EQ(live, before);
	}
	CHECK(done);
}

static void nothing_is_lost_in_many_rounds(void)
{
	long before;

	everything();
	before = live;
	for (int i = 0; i < 20; i++)
		everything();
	CHECK_EQ(live, before);
}

int main(void)
{
	setvbuf(stdout, __libc_malloc(BUFSIZ), _IOFBF, BUFSIZ);
	RUN(a_new_mask_or_enomem);
	RUN(nothing_else_needs_the_heap);
	RUN(every_function_at_every_call);
	RUN(nothing_is_lost_in_many_rounds);
	return tap_done();
}

#else

int main(void)
{
	printf("ok 1 - malloc fails # SKIP only glibc's can be replaced and called\n1..1\n");
	return 0;
}

#endif
