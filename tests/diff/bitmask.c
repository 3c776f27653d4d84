/* SPDX-License-Identifier: MIT */
/*
 * numa_bitmask_*, copy_*, numa_parse_bitmap (both versions): pure functions, every size that has
 * an edge.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe.h"

static const unsigned sizes[] = {1,  2,	  3,   31,  32,	 33,  48,  63,	64,   65,  96,
				 99, 100, 127, 128, 129, 192, 255, 256, 1024, 4096};
static const char *const contents[] = {"",	 "0",	 "last",
				       "0,last", "full", "0-4,9,31-33,63,64,100,127,128"};

static void fill_random(BM *m)
{
	for (size_t i = 0; i < m->size; i++)
		if (rnd() >> 40 & 1)
			m->maskp[i / WORD_BITS] |= 1UL << (i % WORD_BITS);
}

/* The bits above size in the last word, which belong to whoever owns the memory. */
static void fill_padding(BM *m)
{
	size_t used = m->size % WORD_BITS;

	if (used)
		m->maskp[m->size / WORD_BITS] |= ~0UL << used;
}

static void show_words(const BM *m)
{
	size_t n = (m->size + WORD_BITS - 1) / WORD_BITS;

	for (size_t i = 0; i < n; i++)
		out(" %lx", m->maskp[i]);
}

static void alloc_and_free(void)
{
	static const unsigned more[] = {
		0,     7,     8,	9,	 1023,	   1025,	  32767,	32768,
		32769, 65535, 1u << 20, INT_MAX, 1u << 31, UINT_MAX - 63, UINT_MAX - 1, UINT_MAX};
	unsigned n;

	for (size_t i = 0; i < ARRAY_SIZE(sizes) + ARRAY_SIZE(more); i++) {
		n = i < ARRAY_SIZE(sizes) ? sizes[i] : more[i - ARRAY_SIZE(sizes)];
		FCASE(numa_bitmask_alloc, "(%u)", n)
		{
			errno = 0;
			BM *m = L.numa_bitmask_alloc(n);
			out_errno();
			if (!m) {
				out(" NULL");
				continue;
			}
			out(" size=%lu nbytes=%u", m->size, L.numa_bitmask_nbytes(m));
			out(" empty=%d", n > 1 << 20 || L.numa_bitmask_weight(m) == 0);
			R_VOID(L.numa_bitmask_free(m));
		}
	}
	CASE(numa_bitmask_free, "(NULL)") R_VOID(L.numa_bitmask_free(NULL));
	FCASE(numa_allocate_nodemask, "()") R_MASK('n', L.numa_allocate_nodemask());
	FCASE(numa_allocate_cpumask, "()") R_MASK('c', L.numa_allocate_cpumask());
}

static void one_bit(unsigned size, const char *content, int padding)
{
	unsigned at[] = {0,	   1,	      31,	32,	      63,
			 64,	   65,	      size / 2, size - 1,     size,
			 size + 1, size + 64, 100000,	(unsigned)-1, (unsigned)INT_MIN,
			 INT_MAX};
	BM *m;

	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		const char *p = padding ? "+padding" : "";

		CASE(numa_bitmask_setbit, "({%s}%s/%u, %u)#%zu", content, p, size, at[i], i)
		{
			m = guarded(size, content);
			if (padding)
				fill_padding(m);
			out(" same=%d", L.numa_bitmask_setbit(m, at[i]) == m);
			show_words(m);
			out(" isbitset=%d", L.numa_bitmask_isbitset(m, at[i]));
		}
		CASE(numa_bitmask_clearbit, "({%s}%s/%u, %u)#%zu", content, p, size, at[i], i)
		{
			m = guarded(size, content);
			if (padding)
				fill_padding(m);
			out(" same=%d", L.numa_bitmask_clearbit(m, at[i]) == m);
			show_words(m);
			out(" isbitset=%d", L.numa_bitmask_isbitset(m, at[i]));
		}
		CASE(numa_bitmask_isbitset, "({%s}%s/%u, %u)#%zu", content, p, size, at[i], i)
		{
			m = guarded(size, content);
			if (padding)
				fill_padding(m);
			R_INT(L.numa_bitmask_isbitset(m, at[i]));
		}
	}
}

static void whole(unsigned size, const char *content, int padding)
{
	const char *p = padding ? "+padding" : "";
	BM *m = NULL;

#define MADE(call)                                                                                 \
	do {                                                                                       \
		m = guarded(size, content);                                                        \
		if (padding)                                                                       \
			fill_padding(m);                                                           \
		call;                                                                              \
		show_words(m);                                                                     \
	} while (0)
	CASE(numa_bitmask_setall, "({%s}%s/%u)", content, p, size)
	MADE(out(" same=%d", L.numa_bitmask_setall(m) == m));
	CASE(numa_bitmask_clearall, "({%s}%s/%u)", content, p, size)
	MADE(out(" same=%d", L.numa_bitmask_clearall(m) == m));
	CASE(numa_bitmask_weight, "({%s}%s/%u)", content, p, size)
	MADE(R_INT(L.numa_bitmask_weight(m)));
	CASE(numa_bitmask_nbytes, "({%s}%s/%u)", content, p, size)
	MADE(R_INT(L.numa_bitmask_nbytes(m)));
#undef MADE
}

static void equality(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		for (size_t j = 0; j < ARRAY_SIZE(sizes); j++)
			for (size_t c = 0; c < ARRAY_SIZE(contents); c++)
				CASE(numa_bitmask_equal, "({%s}/%u, {%s}/%u)", contents[c],
				     sizes[i], contents[(c + j) % 3 ? c : (c + 1) % 6], sizes[j])
				{
					BM *a = guarded(sizes[i], contents[c]);
					BM *b = guarded(sizes[j],
							contents[(c + j) % 3 ? c : (c + 1) % 6]);

					if (i % 2)
						fill_padding(a);
					if (c % 2)
						fill_padding(b);
					R_INT(L.numa_bitmask_equal(a, b));
					R_INT(L.numa_bitmask_equal(b, a));
				}
}

void group_bitmask(void)
{
	alloc_and_free();
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		for (size_t c = 0; c < ARRAY_SIZE(contents); c++) {
			for (int padding = 0; padding < 2; padding++)
				whole(sizes[i], contents[c], padding);
			if (c < 2 || c == 4)
				one_bit(sizes[i], contents[c], c == 4);
		}
	equality();
	seed = 20260;
	for (unsigned i = 0; i < 300; i++) {
		unsigned n = 1 + below(300);
		BM *m = guarded(n, "");

		fill_random(m);
		CASE(numa_bitmask_weight, "(random#%u /%u)", i, n) R_INT(L.numa_bitmask_weight(m));
	}
}

static void copy(unsigned from_size, unsigned to_size, int variant)
{
	static const char *const variants[] = {"full", "0,last", "random", "full+padding", "empty"};
	BM *from, *to;

	CASE(copy_bitmask_to_bitmask, "(%s/%u, %s/%u)", variants[variant], from_size,
	     variant % 2 ? "empty" : "full", to_size)
	{
		from = guarded(from_size, variant == 1			 ? "0,last"
					  : variant == 0 || variant == 3 ? "full"
									 : "");
		to = guarded(to_size, variant % 2 ? "" : "full");
		if (variant == 2)
			fill_random(from);
		if (variant == 3)
			fill_padding(from);
		R_VOID(L.copy_bitmask_to_bitmask(from, to));
		show_words(to);
		out(" weight=%u", L.numa_bitmask_weight(to));
	}
	CASE(copy_bitmask_to_nodemask, "(%s/%u, %u)", variants[variant], from_size, to_size)
	{
		UL *w = guarded_words(NODEMASK_BITS / WORD_BITS);
		NM nm;

		from = guarded(from_size, variant == 1			 ? "0,last"
					  : variant == 0 || variant == 3 ? "full"
									 : "");
		if (variant == 2)
			fill_random(from);
		if (variant == 3)
			fill_padding(from);
		memset(w, variant % 2 ? 0 : 0xff, sizeof(NM));
		R_VOID(L.copy_bitmask_to_nodemask(from, (NM *)w));
		memcpy(&nm, w, sizeof(nm));
		out_nodemask(&nm);
	}
	CASE(copy_nodemask_to_bitmask, "(%s, %s/%u)#%u", variants[variant],
	     variant % 2 ? "empty" : "full", to_size, from_size)
	{
		NM nm = nodemask(variant == 1			? "0,last"
				 : variant == 0 || variant == 3 ? "full"
								: "3,64-66");

		to = guarded(to_size, variant % 2 ? "" : "full");
		if (variant == 3)
			fill_padding(to);
		R_VOID(L.copy_nodemask_to_bitmask(&nm, to));
		show_words(to);
	}
}

void group_copy(void)
{
	static const unsigned of_copies[] = {1, 2, 31, 63, 64, 65, 100, 127, 128, 129, 256, 1024};

	seed = 31;
	for (size_t i = 0; i < ARRAY_SIZE(of_copies); i++)
		for (size_t j = 0; j < ARRAY_SIZE(of_copies); j++)
			for (int v = 0; v < 5; v++)
				if (v != 3 || (i % 4 == 0 && j % 4 == 0))
					copy(of_copies[i], of_copies[j], v);
}

static const char *const bitmaps[] = {
	"3\n",
	"3",
	"",
	"\n",
	"0\n",
	"00000000\n",
	"00000001\n",
	"ffffffff\n",
	"FFFFFFFF\n",
	"DeadBeef\n",
	"00000001,00000002\n",
	"00000001,00000002,00000003\n",
	"1,2\n",
	"1,\n",
	",1\n",
	",\n",
	",,\n",
	"0x3\n",
	"0X3\n",
	" 3\n",
	"\t3\n",
	"3 \n",
	"+3\n",
	"-1\n",
	"-0\n",
	"g\n",
	"3g\n",
	"12345678,9abcdef0\n",
	"123456789\n",
	"1234567812345678\n",
	"00000000,00000000,00000000,00000000,00000001\n",
	"80000000,00000000,00000000,00000000\n",
	"00000001,00000000,00000000,00000000,00000000\n",
	"00000000,00000000,00000000,00000000,00000000,00000001\n",
	"00000001,00000001,00000001,00000001\n",
	"3\nffffffff\n",
	"3\n\n",
	"3\r\n",
	"\n3\n",
	"0-1\n",
	"1;2\n",
	"00000001 00000002\n",
	"00000001, 00000002\n",
	"00000000,0000000f\n",
	"0,f\n",
	"f,00000000\n",
	"fffffff\n",
	"7fffffff,ffffffff\n",
};

static void bitmap(const char *text, unsigned size, size_t id)
{
	char copy_of[256];
	size_t n = strlen(text);
	BM *m;

	for (int v1 = 0; v1 < 2; v1++) {
		memcpy(copy_of, text, n + 1);
		if (!case_begin(1, 1, "numa_parse_bitmap%s(#%zu %.*s%s, /%u)", v1 ? "@1.1" : "", id,
				(int)strcspn(text, "\n\r\t"), text, strchr(text, '\n') ? "\\n" : "",
				size))
			continue;
		m = guarded(size, "");
		/* What was there before, once: it matters to older libraries. */
		for (size_t i = 32; i < size && size == 128; i++)
			if (i % 2)
				m->maskp[i / WORD_BITS] |= 1UL << (i % WORD_BITS);
		if (v1)
			R_INT(L.v1_numa_parse_bitmap(copy_of, m->maskp, (int)size));
		else
			R_INT(L.numa_parse_bitmap(copy_of, m));
		show_words(m);
		out(" line %s", strcmp(copy_of, text) ? "changed" : "kept");
		case_end();
	}
}

/* What sysfs itself writes: groups of 8 digits for exactly the mask's size. */
static void sysfs_bitmap(unsigned size, unsigned id)
{
	char text[4096];
	size_t n = 0, groups = (size + 31) / 32;

	for (size_t g = 0; g < groups; g++) {
		uint32_t word = (uint32_t)rnd() &
				(g || size % 32 == 0 ? ~0u : (1u << size % 32) - 1);

		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%08x", g ? "," : "",
				      (unsigned)word);
	}
	snprintf(text + n, sizeof(text) - n, "\n");
	for (int v1 = 0; v1 < 2; v1++) {
		char copy_of[4096];
		BM *m;

		memcpy(copy_of, text, sizeof(text));
		if (!case_begin(0, 1, "numa_parse_bitmap%s(sysfs text #%u, /%u)", v1 ? "@1.1" : "",
				id, size))
			continue;
		m = guarded(size, "full");
		if (v1)
			R_INT(L.v1_numa_parse_bitmap(copy_of, m->maskp, (int)size));
		else
			R_INT(L.numa_parse_bitmap(copy_of, m));
		out_bits(m->maskp, size);
		case_end();
	}
}

void group_bitmap(void)
{
	static const unsigned to[] = {1, 32, 64, 100, 128, 256};

	for (size_t i = 0; i < ARRAY_SIZE(bitmaps); i++)
		for (size_t s = 0; s < ARRAY_SIZE(to); s++)
			bitmap(bitmaps[i], to[s], i);
	seed = 7;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		for (unsigned k = 0; k < 8; k++)
			sysfs_bitmap(sizes[i], k);
}
