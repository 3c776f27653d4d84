/* SPDX-License-Identifier: MIT */
/*
 * The four string parsers: a table of every form, then strings made by a grammar and by
 * mutation.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe.h"

static const char *const table[] = {
	"",
	"0",
	"1",
	"0,1",
	"0-1",
	"1-0",
	"0-0",
	"0,0",
	"00",
	"01",
	"010",
	"08",
	"0x",
	"0x0",
	"0x1",
	"0X1",
	"2",
	"3",
	"4",
	"5",
	"6",
	"7",
	"8",
	"9",
	"63",
	"64",
	"127",
	"128",
	"255",
	"256",
	"1023",
	"1024",
	"1025",
	"2147483647",
	"2147483648",
	"4294967295",
	"4294967296",
	"4294967297",
	"9223372036854775807",
	"9223372036854775808",
	"18446744073709551614",
	"18446744073709551615",
	"18446744073709551616",
	"99999999999999999999999",
	"-18446744073709551615",
	"-0",
	"-1",
	"-2",
	"+",
	"+0",
	"+1",
	"+2",
	"+3",
	"+5",
	"+0-1",
	"+1-0",
	"+1-3",
	"+0,1",
	"+0,2",
	"+-1",
	"++0",
	"++1",
	"+!0",
	"!+0",
	"!+1",
	"!",
	"!0",
	"!1",
	"!2",
	"!5",
	"!0,2",
	"!0-1",
	"!1-2",
	"!0-2",
	"!2-5",
	"!!0",
	"! 0",
	"!all",
	"!+all",
	"!63",
	"!7",
	"!",
	"!,",
	"all",
	"ALL",
	"All",
	" all",
	"all ",
	"all\n",
	"all,0",
	"0,all",
	"2,all",
	"+all",
	"0-all",
	"al",
	"alll",
	"all,all",
	"0,",
	"0-1,",
	",",
	",0",
	"0,,1",
	"0-",
	"1-",
	"-",
	"--",
	"0--1",
	"0-+1",
	"0,+1",
	"0-1-0",
	"0-1-",
	" 0",
	"\t0",
	"\n0",
	"0 ",
	"0\n",
	"0 1",
	"0, 1",
	"0 ,1",
	"0 -1",
	"0- 1",
	"0.5",
	"0:1",
	"0/2",
	"^0",
	"1e0",
	"a",
	"same",
	"0,!1",
	"0-99",
	"2-0",
	"0-2",
	"1-2",
	"1-3",
	"2-5",
	"5-2",
	"0-5",
	"0-7",
	"3-0",
	"3-6",
	"7-8",
	"0-8",
	"0,2,5",
	"2,5",
	"5,2",
	"0,2-5,7",
	"0,1,2,3,4,5,6,7",
	"4-7,0-3",
	"netdev",
	"net:eth0",
	"Netdev:eth0",
	"0x2-0x5",
	"02-05",
	"0-0x1",
	"0,010",
	"+010",
	"+0x1",
	"!0x1",
	"!010",
	"\xff",
	"0\xff",
	"\x01",
	"%s%n",
	"0,1-",
	"1-,0",
	"1-1-1",
	"+2-1",
	"!3-0",
	"0-1,1-2",
	"0,0,0,0",
	"2-2",
	"5-5",
	"!5-2",
};

static void parse(const char *s, const char *tag)
{
	/* The text of the case's name, with quotes: as C would write it. */
	char name[4096];
	size_t n = 0;

	for (const char *p = s; *p && n < sizeof(name) - 8; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '\n')
			n += (size_t)snprintf(name + n, 8, "\\n");
		else if (c < ' ' || c > '~')
			n += (size_t)snprintf(name + n, 8, "\\x%02x", c);
		else
			name[n++] = *p;
	}
	name[n] = 0;
	FCASE(numa_parse_nodestring, "(\"%s\")%s", name, tag)
	R_MASK('n', L.numa_parse_nodestring(s));
	FCASE(numa_parse_nodestring_all, "(\"%s\")%s", name, tag)
	R_MASK('n', L.numa_parse_nodestring_all(s));
	if (strchr(s, ':'))
		return;
	FCASE(numa_parse_cpustring, "(\"%s\")%s", name, tag) R_MASK('c', L.numa_parse_cpustring(s));
	FCASE(numa_parse_cpustring_all, "(\"%s\")%s", name, tag)
	R_MASK('c', L.numa_parse_cpustring_all(s));
}

void group_string(void)
{
	char tag[16];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		int again = 0;

		for (size_t j = 0; j < i; j++)
			again += !strcmp(table[i], table[j]);
		snprintf(tag, sizeof(tag), again ? "#%d" : "%.0d", again);
		parse(table[i], tag);
	}
	FCASE(numa_parse_nodestring, "(NULL)") R_MASK('n', L.numa_parse_nodestring(NULL));
	FCASE(numa_parse_nodestring_all, "(NULL)") R_MASK('n', L.numa_parse_nodestring_all(NULL));
	FCASE(numa_parse_cpustring, "(NULL)") R_MASK('c', L.numa_parse_cpustring(NULL));
	FCASE(numa_parse_cpustring_all, "(NULL)") R_MASK('c', L.numa_parse_cpustring_all(NULL));
	STORY("story: warnings of strings, once each")
	{
		R_MASK('n', L.numa_parse_nodestring("x"));
		R_MASK('n', L.numa_parse_nodestring("y"));
		R_MASK('n', L.numa_parse_nodestring("4000"));
		R_MASK('c', L.numa_parse_cpustring("x"));
		R_MASK('c', L.numa_parse_cpustring("y"));
		R_MASK('c', L.numa_parse_cpustring("4000"));
	}
}

static void number(char *s, size_t room)
{
	static const char *const style[] = {"%u",   "%u",  "%u",  "%u",	 "%u",
					    "0x%x", "0%o", " %u", "%03u"};

	/* Drawn one by one: the order in which arguments are evaluated is the compiler's. */
	unsigned limit = below(8) ? 8 : 70, value = below(limit);
	const char *form = style[below(ARRAY_SIZE(style))];

	/* The table is of literals, each with one number. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(s, room, form, value);
#pragma GCC diagnostic pop
}

static void from_grammar(char *s, size_t room)
{
	char a[32], b[32];
	unsigned items = 1 + below(4);
	size_t n = 0;

	n += (size_t)snprintf(s + n, room - n, "%s", below(4) ? "" : "!");
	n += (size_t)snprintf(s + n, room - n, "%s", below(4) ? "" : "+");
	for (unsigned i = 0; i < items; i++) {
		number(a, sizeof(a));
		number(b, sizeof(b));
		if (below(2))
			b[0] = 0;
		n += (size_t)snprintf(s + n, room - n, "%s%s%s%s", i ? "," : "", a, *b ? "-" : "",
				      b);
	}
	if (!below(12))
		snprintf(s + n, room - n, ",all");
}

static void mutate(char *s)
{
	static const char letters[] = "0123456789,-+! xal\t";
	size_t n = strlen(s), at = below((unsigned)n + 1);

	switch (below(3)) {
	case 0:
		memmove(s + at + 1, s + at, n - at + 1);
		s[at] = letters[below(sizeof(letters) - 1)];
		break;
	case 1:
		if (at < n)
			memmove(s + at, s + at + 1, n - at);
		break;
	default:
		if (at < n)
			s[at] = letters[below(sizeof(letters) - 1)];
	}
}

/* A range whose end is huge costs older libraries seconds for each. */
static int slow(const char *s)
{
	size_t run = 0, longest = 0;

	for (; *s; s++) {
		run = strchr("0123456789abcdefx", *s) ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest > 5;
}

void group_string_random(void)
{
	char s[512], tag[16];

	seed = 88172645463325252ULL;
	for (int i = 0; i < 360; i++) {
		if (i % 3 == 0) {
			from_grammar(s, sizeof(s));
		} else if (i % 3 == 1) {
			from_grammar(s, sizeof(s));
			mutate(s);
		} else {
			snprintf(s, sizeof(s), "%s", table[below(ARRAY_SIZE(table))]);
			for (unsigned k = 1 + below(3); k; k--)
				mutate(s);
		}
		snprintf(tag, sizeof(tag), "#%d", i);
		if (!slow(s))
			parse(s, tag);
	}
}

static const char *const devices[] = {
	"netdev:eth0",
	"netdev: eth0",
	"0,netdev:eth0",
	"+0,netdev:eth0",
	"!netdev:eth0",
	"netdev:lo",
	"netdev:eth0,0",
	"netdev:",
	"netdev:../x",
	"netdev:eth0.1",
	"netdev:eth1",
	"netdev:eth2",
	"netdev:eth3",
	"netdev:eth4",
	"netdev:eth5",
	"netdev:eth6",
	"netdev:eth7",
	"netdev:eth8",
	"netdev:nosuch",
	"netdev:/",
	"netdev:.",
	"NETDEV:eth0",
	"netdev :eth0",
	"0-netdev:eth0",
	"netdev:eth0 ",
	"netdev:eth0\n",
	"block:vda",
	"block:vdb",
	"block:/dev/vda",
	"block:nosuch",
	"block:",
	"block: vda",
	"!block:vda",
	"file:/",
	"file:/dev/null",
	"file:/nosuch",
	"file:",
	"file:relative/nosuch",
	"ip:127.0.0.1",
	"ip:localhost",
	"ip:::1",
	"ip:",
	"ip:999.1.1.1",
	"ip:127.0.0.1,0",
	"pci:0000:00:00.0",
	"pci:00:00.0",
	"pci:00:00",
	"pci:0:0:0",
	"pci:0000:00:03.0",
	"pci:00:03.0",
	"pci:00:03",
	"pci:3:0",
	"pci:00:03.0junk",
	"pci:1:40:5.1",
	"pci:01:00.0",
	"pci:0000:01:00.0",
	"pci:ff:ff.7",
	"pci:",
	"pci:zz",
	"pci:1",
	"pci:1:2:3:4",
	"pci:-1:0",
	"pci: 00:03.0",
	"pci:00000:00:03.0",
	"pci:0x0:0x3.0",
	"pci:00:03.",
	"pci:.",
	"PCI:00:03.0",
	"0,1,pci:00:03.0",
	"!pci:00:03.0",
	"all,netdev:eth0",
	"netdev:eth0,all",
	"usb:1",
};

void group_io(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		/* What a real machine has here is its own matter. */
		if (!root_dir && (strstr(devices[i], "eth") || strstr(devices[i], "vda") ||
				  strstr(devices[i], ":/dev") || strstr(devices[i], ":0") ||
				  !strcmp(devices[i], "file:/") || strstr(devices[i], "3:0")))
			continue;
		parse(devices[i], "");
	}
}
