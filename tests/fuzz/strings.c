/* SPDX-License-Identifier: MIT */
/*
 * Node and CPU strings: what comes out is a mask of the right size within the machine, says so again
 * when it is written out, and is what a simple reader makes of plain lists. Devices are ioaffinity's
 * part. The first byte chooses the function.
 */
#include "fuzz/fuzz.h"

#include <ctype.h>
#include <errno.h>

#include "base/bits.h"
#include "numa.h"

static int warnings;

void numa_error(char *where)
{
	(void)where;
}

void numa_warn(int num, char *fmt, ...)
{
	(void)num;
	(void)fmt;
	warnings++;
}

static const struct kind {
	struct bitmask *(*parse)(const char *s);
	bool nodes, all;
} kinds[] = {
	{numa_parse_nodestring, true, false},
	{numa_parse_nodestring_all, true, true},
	{numa_parse_cpustring, false, false},
	{numa_parse_cpustring_all, false, true},
};

static bool is_member(const struct kind *kind, unsigned long n)
{
	unsigned highest = kind->nodes ? (unsigned)numa_max_node() + 1
				       : (unsigned)numa_num_configured_cpus();

	if (kind->all)
		return n < highest;
	return numa_bitmask_isbitset(kind->nodes ? numa_all_nodes_ptr : numa_all_cpus_ptr,
				     (unsigned)n);
}

/* 1: a plain list of numbers and ranges, into bit[]; 0: a plain list that must fail; -1: other. */
static int read_plain(const struct kind *kind, const char *s, bool *bit, size_t nbits)
{
	for (;;) {
		unsigned long n[2] = {0, 0};
		int which = 0;

		for (;; which = 1, s++) {
			const char *start = s;

			for (; *s >= '0' && *s <= '9' && s - start < 7; s++)
				n[which] = n[which] * 10 + (unsigned long)(*s - '0');
			/* 010 is octal, 0x10 hex. */
			if (s == start || s - start > 6 || (*start == '0' && s - start > 1) ||
			    isalpha((unsigned char)*s))
				return -1;
			if (which == 1 || *s != '-')
				break;
		}
		if (*s && *s != ',')
			return -1;
		if (!is_member(kind, n[0]) || (which && !is_member(kind, n[1])))
			return 0;
		bit[n[0]] = true;
		for (unsigned long k = n[0]; which && k <= n[1] && k < nbits; k++)
			bit[k] = bit[k] || is_member(kind, k);
		if (!*s++)
			return 1;
	}
}

static void check_mask(const struct kind *kind, const char *s, struct bitmask *mask)
{
	static bool bit[1 << 20];
	size_t nbits = (size_t)(kind->nodes ? numa_num_possible_nodes() : numa_num_possible_cpus());
	int plain;

	memset(bit, 0, nbits);
	plain = *s ? read_plain(kind, s, bit, nbits) : -1;
	if (plain == 0)
		MUST(!mask && warnings > 0);
	if (plain == 1)
		MUST(mask);
	if (!mask)
		return;
	MUST(mask->size == nbits);
	for (size_t n = 0; n < nbits; n++) {
		bool in = bits_test(mask->maskp, n);

		if (plain == 1)
			MUST(in == bit[n]);
		if (in && *s != '!')
			MUST(is_member(kind, n));
	}
}

/* Written as a list and read again it is the same. */
static void check_again(const struct kind *kind, const struct bitmask *mask)
{
	char text[4096] = "";
	size_t len = 0;
	struct bitmask *again;

	for (bits_each(n, mask->maskp, mask->size)) {
		if (!is_member(kind, n) || len > sizeof(text) - 16)
			return;
		len += (size_t)sprintf(text + len, "%s%zu", len ? "," : "", n);
	}
	again = kind->parse(text);
	MUST(again && numa_bitmask_equal(again, mask));
	numa_bitmask_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct supply in = {data, size};
	const struct kind *kind = &kinds[supply_byte(&in) % 4];
	char *s = text_of(in.data, in.left);
	struct bitmask *mask;

	/* What asks the system or the network. */
	if (!strchr(s, ':')) {
		warnings = 0;
		mask = kind->parse(s);
		check_mask(kind, s, mask);
		if (mask)
			check_again(kind, mask);
		numa_bitmask_free(mask);
	}
	free(s);
	return 0;
}
