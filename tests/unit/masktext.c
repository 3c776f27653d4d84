/* SPDX-License-Identifier: MIT */
/* base/masktext: the kernel's two mask texts, and what is neither. */
#include "harness.h"
#include "unit/fixture.h"

#include "base/bits.h"
#include "base/masktext.h"

#define BAD "bad"

struct row {
	const char *text;
	size_t nbits;
	const char *want; /* the set, or BAD */
	bool lost;
};

static const struct row hex[] = {
	{"0", 64, "{}", false},
	{"1", 64, "{0}", false},
	{"3\n", 64, "{0-1}", false},
	{"f", 64, "{0-3}", false},
	{"F", 64, "{0-3}", false},
	{"aA", 64, "{1,3,5,7}", false},
	{"80000000", 64, "{31}", false},
	{"00000001,00000000", 64, "{32}", false},
	{"00000001,00000002\n", 64, "{1,32}", false},
	{"1,2", 64, "{1,32}", false}, /* groups are numbers, not glued digits */
	{"\t00000000,00000003\n", 64, "{0-1}", false},
	{"  3\n", 64, "{0-1}", false},
	{"  3  \n", 64, BAD, false},
	{"3\nffff", 64, "{0-1}", false}, /* only the line */
	{"ffffffff,ffffffff", 64, "{0-63}", false},
	{"ffffffff,ffffffff", 63, "{0-62}", true},
	{"ffffffff,ffffffff", 1, "{0}", true},
	{"00000000,00000000,00000000,00000001", 1, "{0}", false}, /* surplus zeroes are no loss */
	{"00000001,00000000,00000000,00000001", 64, "{0}", true},
	{"00000001,00000000,00000000,00000001", 97, "{0,96}", false},
	{"1,00000000,00000000", 65, "{64}", false},
	{"10", 4, "{}", true},
	{"f", 0, "{}", true},
	{"0", 0, "{}", false},
	{"", 64, BAD, false},
	{"\n", 64, BAD, false},
	{" \t", 64, BAD, false},
	{",", 64, BAD, false},
	{",1", 64, BAD, false},
	{"1,", 64, BAD, false},
	{"1,,1", 64, BAD, false},
	{"g", 64, BAD, false},
	{"1g", 64, BAD, false},
	{"0x3", 64, BAD, false},
	{"-1", 64, BAD, false},
	{"+1", 64, BAD, false},
	{"1 2", 64, BAD, false},
	{"1 ,2", 64, BAD, false},
	{"123456789", 64, BAD, false}, /* a group has eight digits */
	{"1,123456789", 64, BAD, false},
	{"00000000\xff", 64, BAD, false},
	{"\xff\xfe\x80", 64, BAD, false},
	{"(null)", 64, BAD, false},
};

static const struct row list[] = {
	{"", 64, "{}", false},
	{"\n", 64, "{}", false},
	{" \n", 64, "{}", false},
	{"0", 64, "{0}", false},
	{"0\n", 64, "{0}", false},
	{"0-1\n", 64, "{0-1}", false},
	{"0,2-3", 64, "{0,2-3}", false},
	{"3,0", 64, "{0,3}", false},
	{"1,1,1", 64, "{1}", false},
	{"007", 64, "{7}", false},
	{"5-5", 64, "{5}", false},
	{"0-63", 64, "{0-63}", false},
	{"0-64", 64, "{0-63}", true},
	{"63-64,0", 64, "{0,63}", true},
	{"64,1-3,70,60-66", 64, "{1-3,60-63}", true}, /* what is lost ends no range after it */
	{"64", 64, "{}", true},
	{"0-4294967295", 64, "{0-63}", true},
	{"0-18446744073709551616", 64, "{0-63}", true},
	{"99999999999999999999999999", 64, "{}", true},
	{"4294967296", 64, "{}", true}, /* not 0 */
	{"1-2\n3", 64, "{1-2}", false},
	{" 1-2 \n", 64, "{1-2}", false},
	{"0", 0, "{}", true},
	{"3-1", 64, BAD, false},
	{",", 64, BAD, false},
	{"0,", 64, BAD, false},
	{",0", 64, BAD, false},
	{"0,,1", 64, BAD, false},
	{"-1", 64, BAD, false},
	{"1-", 64, BAD, false},
	{"1--2", 64, BAD, false},
	{"1-2-3", 64, BAD, false},
	{"0 1", 64, BAD, false},
	{"0, 1", 64, BAD, false},
	{"a", 64, BAD, false},
	{"0x1", 64, BAD, false},
	{"1:2/3", 64, BAD, false},
	{"\xff", 64, BAD, false},
};

typedef bool parser(const char *s, unsigned long *words, size_t nbits, bool *lost);

static void run(const struct row *rows, size_t n, parser *parse)
{
	for (size_t i = 0; i < n; i++) {
		unsigned long words[8] = {~0UL, ~0UL, ~0UL, ~0UL, ~0UL, ~0UL, ~0UL, 0x5a5a};
		size_t used = bits_words(rows[i].nbits);
		bool lost = true;
		bool good = parse(rows[i].text, words, rows[i].nbits, &lost);
		const char *got = good ? fixture_list(words, rows[i].nbits) : BAD;

		if (strcmp(got, rows[i].want) != 0 || (good && lost != rows[i].lost)) {
			tap_failures++;
			DIAG("\"%s\" in %zu bits: %s%s, wanted %s%s", rows[i].text, rows[i].nbits,
			     got, lost ? " lost" : "", rows[i].want, rows[i].lost ? " lost" : "");
		}
		/* Nothing behind the mask is written, and a null `lost` is allowed. */
		CHECK(words[7] == 0x5a5a);
		for (size_t w = used; w < 7; w++)
			CHECK(words[w] == ~0UL);
		CHECK(parse(rows[i].text, words, rows[i].nbits, NULL) == good);
	}
}

static void hex_groups(void)
{
	run(hex, sizeof(hex) / sizeof(hex[0]), mask_parse_hex);
}

static void lists(void)
{
	run(list, sizeof(list) / sizeof(list[0]), mask_parse_list);
}

static void digits_are_counted_to_the_end_of_the_line(void)
{
	CHECK_EQ(mask_hex_digits(""), 0);
	CHECK_EQ(mask_hex_digits("\n"), 0);
	CHECK_EQ(mask_hex_digits("3\n"), 1);
	CHECK_EQ(mask_hex_digits("\t00000000,00000003\nabc"), 16);
	CHECK_EQ(mask_hex_digits("0f \n"), 2);
}

/* Every mask of two words that has one or two members, written by hand and read back. */
static void written_masks_read_back(void)
{
	for (size_t a = 0; a < 96; a++)
		for (size_t b = 0; b < 96; b++) {
			uint32_t group[3] = {0};
			unsigned long words[3], want[3] = {0};
			char text[64];
			bool lost;

			group[a / 32] |= UINT32_C(1) << a % 32;
			group[b / 32] |= UINT32_C(1) << b % 32;
			bits_set(want, a);
			bits_set(want, b);
			sprintf(text, "%08x,%08x,%08x\n", group[2], group[1], group[0]);
			CHECK(mask_parse_hex(text, words, 96, &lost) && !lost);
			CHECK(bits_equal(words, 96, want, 96));
			sprintf(text, "%zu,%zu", a, b);
			CHECK(mask_parse_list(text, words, 96, &lost) && !lost);
			CHECK(bits_equal(words, 96, want, 96));
		}
}

int main(void)
{
	RUN(hex_groups);
	RUN(lists);
	RUN(digits_are_counted_to_the_end_of_the_line);
	RUN(written_masks_read_back);
	return tap_done();
}
