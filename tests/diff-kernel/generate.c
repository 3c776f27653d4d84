/* SPDX-License-Identifier: MIT */
/* Scripts from a seed: mostly what makes sense, often on the border, now and then nonsense. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <limits.h>

#include "kdiff.h"

#include "base/compiler.h"
#include "emul/abi.h"

static uint64_t state;

static unsigned random_below(unsigned n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)((state * 0x2545f4914f6cdd1dULL >> 33) % n);
}

/* True `percent` times of a hundred. */
static bool sometimes(unsigned percent)
{
	return random_below(100) < percent;
}

#define ONE_OF(list) ((list)[random_below((unsigned)ARRAY_SIZE(list))])

/* ---- the line at hand ---- */

static char line[MAX_LINE];
static size_t length;

static void add(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void add(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	length += (size_t)vsnprintf(line + length, sizeof(line) - length, format, args);
	va_end(args);
}

/* ---- arguments ---- */

static unsigned random_page(void)
{
	return random_below(ARENA_PAGES);
}

static unsigned random_pages(unsigned from)
{
	unsigned left = ARENA_PAGES - from, n = 1 + random_below(sometimes(70) ? 8 : ARENA_PAGES);

	return n < left ? n : left;
}

static unsigned random_node(void)
{
	static const unsigned strange[] = {5,	9,   31,  32,	63,   64,  65,
					   100, 127, 128, 1000, 1022, 1023};

	if (sometimes(88))
		return random_below(machine.node_ids + (sometimes(15) ? 2 : 0));
	return ONE_OF(strange);
}

static unsigned long random_maxnode(void)
{
	static const unsigned long fixed[] = {
		0,    1,    2,	  3,	4,     5,     6,     8,	    9,	   31,	  32,
		33,   34,   63,	  64,	65,    66,    67,    100,   127,   128,	  129,
		130,  192,  193,  512,	513,   1000,  1022,  1023,  1024,  1025,  1026,
		1027, 1087, 1088, 1089, 1090,  1100,  1152,  1153,  2048,  2049,  4096,
		4097, 4160, 4161, 8192, 32704, 32767, 32768, 32769, 32770, 40000, 65536,
	};

	switch (random_below(8)) {
	case 0:
		return ONE_OF(fixed);
	case 1:
		return machine.node_ids + random_below(4) - 1;
	case 2:
		return sometimes(50) ? ULONG_MAX - random_below(70) : random_below(1300);
	default:
		return sometimes(50) ? 1025 : 65;
	}
}

/* Words of a mask with some nodes. */
static void add_words(void)
{
	unsigned long words[40] = {0};
	size_t last = 0, bits = sizeof(words[0]) * 8;

	for (unsigned i = random_below(5) + !sometimes(10); i > 0; i--)
		words[random_node() / bits] |= 1UL << random_node() % bits;
	if (sometimes(3))
		words[random_below(40)] |= 1UL << random_below((unsigned)bits);
	if (sometimes(2))
		memset(words, 0xff, sizeof(words) / 2);
	if (sometimes(8))
		memset(words, 0, sizeof(words));
	for (size_t i = 0; i < 40; i++)
		if (words[i])
			last = i;
	for (size_t i = 0; i <= last; i++)
		add("%c%lx", i ? ',' : ':', words[i]);
}

/* A place of which `size` bytes matter. */
static void add_place(unsigned size)
{
	unsigned kind = random_below(100);

	if (kind < 80)
		add(" o");
	else if (kind < 88)
		add(" n");
	else if (kind < 90)
		add(" b");
	else if (kind < 92)
		add(" k");
	else if (kind < 93)
		add(" r");
	else if (kind < 97)
		add(" e%u", size);
	else
		add(" e%u", random_below(2 * size + 9));
}

static unsigned mask_bytes(unsigned long maxnode)
{
	return maxnode < 40000 && maxnode ? (unsigned)((maxnode - 1 + 63) / 64 * 8) : 8;
}

static void add_mask(unsigned long maxnode)
{
	add_place(mask_bytes(maxnode));
	add_words();
}

static int random_mode(void)
{
	static const int flags[] = {MPOL_F_STATIC_NODES,
				    MPOL_F_RELATIVE_NODES,
				    MPOL_F_NUMA_BALANCING,
				    MPOL_F_NUMA_BALANCING | MPOL_F_STATIC_NODES,
				    MPOL_F_NUMA_BALANCING | MPOL_F_RELATIVE_NODES,
				    MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES,
				    MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES |
					    MPOL_F_NUMA_BALANCING};
	int mode = (int)random_below(7);

	if (sometimes(30))
		mode |= ONE_OF(flags);
	if (sometimes(3))
		mode = (int)random_below(12);
	if (sometimes(3))
		mode ^= (int)(1U << random_below(32));
	return mode;
}

/* A good way to call for a mask: no pitfalls. */
static void add_plain_mask(void)
{
	unsigned long words = 0;

	for (unsigned i = 1 + random_below(4); i > 0; i--)
		words |= 1UL << random_below(machine.node_ids < 32 ? machine.node_ids : 32);
	add(" o:%lx", words);
}

static void add_addr(void)
{
	static const unsigned long strange[] = {
		0, 1, 0x1000, ULONG_MAX, ULONG_MAX - 4095, ULONG_MAX / 2 + 1, ULONG_MAX / 2 - 4094};

	if (sometimes(5))
		add(" 0x%lx", ONE_OF(strange));
	else if (sometimes(5))
		add(" p%u+%u", random_page(), random_below(4096));
	else
		add(" p%u", random_page());
}

static void add_range(void)
{
	static const unsigned long strange[] = {0,
						1,
						4095,
						4097,
						ULONG_MAX,
						ULONG_MAX - 4095,
						ULONG_MAX - 4094,
						ULONG_MAX - 8191,
						ULONG_MAX / 2};
	unsigned page = random_page();

	if (sometimes(8)) {
		add_addr();
		add(" 0x%lx", sometimes(50) ? ONE_OF(strange) : random_below(100000));
		return;
	}
	add(" p%u %zu", page,
	    random_pages(page) * machine.page_size - (sometimes(5) ? random_below(4096) : 0));
}

static void add_pid(void)
{
	static const char *const strange[] = {"-1", "99999999", "kthread"};

	add(" %s", sometimes(90)   ? "0"
		   : sometimes(70) ? (sometimes(50) ? "self" : "tid")
				   : ONE_OF(strange));
}

static void add_protection(void)
{
	static const char *const other[] = {"-", "r", "w", "rx", "x"};

	add(" %s", sometimes(80) ? "rw" : ONE_OF(other));
}

/* ---- operations ---- */

static void make_map(void)
{
	unsigned page = random_page();

	add("map p%u %u", page, random_pages(page));
	add_protection();
}

/* Most mappings of a script are of one, so that there are several of it. */
static unsigned usual_object;

/* A page of an object, which may be beyond its end. */
static void make_object(void)
{
	unsigned page = random_page();

	add("object p%u %u", page, random_pages(page));
	add_protection();
	add(" %u %u %c", sometimes(60) ? usual_object : random_below(OBJECTS),
	    sometimes(50) ? 0 : random_below(OBJECT_PAGES + sometimes(10)),
	    sometimes(80) ? 's' : 'p');
}

static void make_remove(void)
{
	unsigned page = random_page();

	add("remove p%u %u", page, random_pages(page));
}

static void make_twice(void)
{
	unsigned page = random_page();

	add("twice p%u p%u %u", random_page(), page, random_pages(page));
}

static void make_unmap(void)
{
	unsigned page = random_page();

	add("unmap p%u %u", page,
	    sometimes(80) ? 1 + random_below(2) % (ARENA_PAGES - page) : random_pages(page));
}

static void make_prot(void)
{
	unsigned page = random_page();

	add("prot p%u %u", page, random_pages(page));
	add_protection();
}

static void make_touch(void)
{
	unsigned page = random_page();

	add("touch p%u %u %c", page, random_pages(page), sometimes(75) ? 'w' : 'r');
}

static void make_drop(void)
{
	unsigned page = random_page();

	add("drop p%u %u", page, random_pages(page));
}

static void make_remap(void)
{
	unsigned page = random_page(), pages = random_pages(page), to = random_page();

	if (sometimes(15))
		add("remap p%u %u p%u %u", page, pages, page, 1 + random_below(pages));
	else
		add("remap p%u %u p%u %u", page, pages, to,
		    sometimes(70) && pages < ARENA_PAGES - to ? pages : random_pages(to));
}

static void make_cpu(void)
{
	add("cpu %u", random_below(machine_cpus));
}

static void make_thread(void)
{
	add("thread %u", random_below(4));
}

static void make_fork(void)
{
	add("fork");
}

static void make_join(void)
{
	add("join");
}

static void make_get(void)
{
	unsigned long maxnode = random_maxnode(), flags = random_below(8);

	add("get");
	add_place(4);
	add_place(mask_bytes(maxnode));
	add(" 0x%lx", maxnode);
	if (sometimes(2))
		flags ^= 1UL << random_below((unsigned)sizeof(flags) * 8);
	if ((flags & MPOL_F_ADDR) ? sometimes(97) : sometimes(10))
		add_addr();
	else
		add(" 0");
	add(" 0x%lx", flags);
}

static void make_set(void)
{
	unsigned long maxnode = random_maxnode();

	add("set %d", random_mode());
	if (sometimes(60)) {
		add_plain_mask();
		maxnode = 65;
	} else {
		add_mask(maxnode);
	}
	add(" 0x%lx", maxnode);
}

static void make_mbind(void)
{
	unsigned long maxnode = random_maxnode(), mode = (unsigned long)random_mode();
	unsigned flags = random_below(8);

	add("mbind");
	add_range();
	if (sometimes(2))
		mode ^= 1UL << random_below((unsigned)sizeof(mode) * 8);
	add(" 0x%lx", mode);
	if (sometimes(75)) {
		add_plain_mask();
		maxnode = 65;
	} else {
		add_mask(maxnode);
	}
	if (sometimes(2))
		flags ^= 1U << random_below(32);
	add(" 0x%lx 0x%x", maxnode, sometimes(40) ? 0 : flags);
}

static void make_home(void)
{
	static const unsigned long strange[] = {64, 1023, 1024, ULONG_MAX, ULONG_MAX / 2 + 2};

	add("home");
	add_range();
	add(" 0x%lx %u", sometimes(92) ? random_node() : ONE_OF(strange),
	    sometimes(97) ? 0 : 1 << random_below(8));
}

static void make_migrate(void)
{
	unsigned long maxnode = sometimes(80) ? 65 : random_maxnode();

	add("migrate");
	add_pid();
	add(" 0x%lx", maxnode);
	for (int i = 0; i < 2; i++) {
		if (sometimes(85))
			add_plain_mask();
		else
			add_mask(maxnode);
	}
}

static void make_move(void)
{
	unsigned count = random_below(sometimes(80) ? 12 : 40);
	unsigned node = random_node();
	int flags = sometimes(70) ? MPOL_MF_MOVE : sometimes(70) ? MPOL_MF_MOVE_ALL : 0;

	if (sometimes(4))
		flags ^= (int)(1U << random_below(32));
	add("move");
	add_pid();
	if (sometimes(97))
		add(" %u", count);
	else
		add(" 0x%lx", sometimes(50) ? ULONG_MAX - random_below(9) : count + 200000UL);
	add_place(count * (unsigned)sizeof(void *));
	if (sometimes(30))
		add(" n");
	else
		add_place(count * 4);
	add_place(count * 4);
	add(" %d", flags);
	for (unsigned i = 0; i < count; i++) {
		add_addr();
		if (sometimes(30))
			node = sometimes(95) ? random_below(machine.node_ids) : random_node();
		if (sometimes(1))
			add(":%d", -(int)random_below(3));
		else
			add(":%u", node);
	}
}

static void make_dump(void)
{
	unsigned page = random_page();

	add("dump p%u %u", page, random_pages(page));
}

static const struct {
	unsigned share; /* of a hundred */
	void (*make)(void);
} kinds[] = {
	{5, make_map},	  {6, make_object}, {3, make_unmap},   {3, make_prot},	{12, make_touch},
	{3, make_drop},	  {1, make_remove}, {4, make_remap},   {2, make_twice}, {2, make_cpu},
	{3, make_thread}, {3, make_fork},   {3, make_join},    {9, make_get},	{7, make_set},
	{16, make_mbind}, {5, make_home},   {3, make_migrate}, {8, make_move},	{2, make_dump},
};

static void make_line(void)
{
	unsigned pick = random_below(100);

	length = 0;
	line[0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (pick < kinds[i].share) {
			kinds[i].make();
			return;
		}
		pick -= kinds[i].share;
	}
	make_get();
}

void script_generate(struct script *script, uint64_t seed, size_t n)
{
	state = seed * 0x9e3779b97f4a7c15ULL + 0x1234567;
	for (int i = 0; i < 8; i++)
		random_below(2);
	usual_object = random_below(OBJECTS);
	script->line = calloc(n, sizeof(script->line[0]));
	script->lines = n;
	for (size_t i = 0; i < n; i++) {
		make_line();
		if (i == 0)
			snprintf(line, sizeof(line), "inodes %u", random_below(INODE_REMAINDERS));
		if (i == 1)
			snprintf(line, sizeof(line), "map p0 %u rw", ARENA_PAGES);
		if (i + 1 == n)
			snprintf(line, sizeof(line), "dump p0 %u", ARENA_PAGES);
		script->line[i] = strdup(line);
	}
}
