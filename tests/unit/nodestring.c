/* SPDX-License-Identifier: MIT */
/*
 * Sets as text, as libnuma reads them, on machines made up for it: tables of text, answer for
 * nodes, answer for CPUs. Written answers: a set; U:x "unparseable x", R:x "x is out of range", E:x
 * (end of a range) "x out of range", M:x "missing x"; S failure without a word.
 */
#include "harness.h"
#include "unit/fixture.h"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>

#include "numa.h"

static int warnings;
static char last_warning[4096];

void numa_warn(int num, char *fmt, ...)
{
	va_list args;
	int n = snprintf(last_warning, sizeof(last_warning), "%d ", num);

	va_start(args, fmt);
	vsnprintf(last_warning + n, sizeof(last_warning) - (size_t)n, fmt, args);
	va_end(args);
	warnings++;
}

typedef struct bitmask *parser(const char *s);

struct row {
	const char *text;
	const char *nodes, *cpus; /* NULL: not asked */
};

/* One node, two CPUs; node masks have 1024 bits. */
static const struct row one_node[] = {
	{"", "{}", "{}"},
	{"0", "{0}", "{0}"},
	{"1", "R:1", "{1}"},
	{"0,1", "R:1", "{0-1}"},
	{"0-1", "E:1", "{0-1}"},
	{"1-0", "R:1", "{1}"},
	{"0-0", "{0}", "{0}"},
	{"0,0", "{0}", "{0}"},
	{"00", "{0}", "{0}"},
	{"01", "R:1", "{1}"},
	{"010", "R:8", "R:010"},
	{"08", "S", "S"},
	{"0x", "S", "S"},
	{"0x0", "{0}", "{0}"},
	{"0x1", "R:1", "{1}"},
	{"0X1", "R:1", "{1}"},
	{"2", "R:2", "R:2"},
	{"64", "R:64", "R:64"},
	{"1024", "R:1024", "R:1024"},
	{"2147483647", "R:2147483647", "R:2147483647"},
	{"99999999999999999999", "R:-1", "R:99999999999999999999"},
#if __SIZEOF_LONG__ == 8
	{"2147483648", "R:2147483648", "R:2147483648"},
	{"4294967296", "R:4294967296", "R:4294967296"},
	{"4294967297", "R:4294967297", "R:4294967297"},
	{"0-4294967296", "E:4294967296", "E:4294967296"},
	{"18446744073709551615", "R:-1", "R:18446744073709551615"},
	{"-18446744073709551615", "R:1", "R:-18446744073709551615"},
#endif
	{"-0", "R:0", "R:-0"},
	{"-1", "R:-1", "R:-1"},
	{" -0", "R:0", "R: -0"},
	{"+", "U:", "U:"},
	{"+0", "{0}", "{0}"},
	{"+1", "R:1024", "{1}"},
	{"+2", "R:1024", "R:2"},
	{"+0-1", "E:1024", "{0-1}"},
	{"+1-0", "R:1024", "{1}"},
	{"+-1", "R:1024", "R:-1"},
	{"++0", "{0}", "{0}"},
	{"+!0", "U:!0", "U:!0"},
	{"!", "U:", "U:"},
	{"!0", "{}", "{1}"},
	{"!1", "R:1", "{0}"},
	{"!!0", "U:!0", "U:!0"},
	{"! 0", "{}", "{1}"},
	{"!+0", "{}", "{1}"},
	{"!all", "{}", "{}"},
	{"!+all", "{}", "{}"},
	{"!0-1", "E:1", "{}"},
	{"all", "{0}", "{0-1}"},
	{"ALL", "U:ALL", "U:ALL"},
	{" all", "U: all", "U: all"},
	{"all ", "U:all ", "U:all "},
	{"all,0", "U:all,0", "U:all,0"},
	{"0,all", "{0}", "{0-1}"},
	{"+all", "{0}", "{0-1}"},
	{"0-all", "M:all", "M:all"},
	{"0,", "U:", "U:"},
	{"0-1,", "E:1", "U:"},
	{",", "U:,", "U:,"},
	{",0", "U:,0", "U:,0"},
	{"0,,1", "U:,1", "U:,1"},
	{"0-", "M:", "M:"},
	{"-", "U:-", "U:-"},
	{"0--1", "E:-1", "E:-1"},
	{"0-+1", "E:1", "{0-1}"},
	{"0,+1", "R:1", "{0-1}"},
	{"0-1-0", "E:1", "S"},
	{" 0", "{0}", "{0}"},
	{"\t0", "{0}", "{0}"},
	{"0 ", "S", "S"},
	{"0\n", "S", "S"},
	{"0 1", "S", "S"},
	{"0, 1", "R: 1", "{0-1}"},
	{"0 ,1", "S", "S"},
	{"0.5", "S", "S"},
	{"0:1", "S", "S"},
	{"0/2", "S", "S"},
	{"^0", "U:^0", "U:^0"},
	{"1e0", "R:1", "S"},
	{"a", "U:a", "U:a"},
	{"same", "U:same", "U:same"},
	{"0,!1", "U:!1", "U:!1"},
	{"0-99", "E:99", "E:99"},
	{"2-0", "R:2", "R:2-0"},
	{"netdev", "U:netdev", "U:netdev"},
	{"net:eth0", "U:net:eth0", "U:net:eth0"},
	{"Netdev:eth0", "U:Netdev:eth0", "U:Netdev:eth0"},
	{"netdev:eth0", NULL, "U:netdev:eth0"}, /* devices are for nodes only */
	{"\xff", "U:\xff", "U:\xff"},
};

static const struct row one_node_all[] = {
	{"", "{}", "{}"},     {"all", "{0}", "{0-1}"}, {"0", "{0}", "{0}"},
	{"1", "R:1", "{1}"},  {"+1", "R:1024", "{1}"}, {"!0", "{}", "{1}"},
	{"!all", "{}", "{}"}, {"2", "R:2", "R:2"},     {"0-1", "E:1", "{0-1}"},
};

/* Four nodes, eight CPUs. */
static const struct row four[] = {
	{"!0", "{1-3}", "{1-7}"},	   {"0-2", "{0-2}", "{0-2}"}, {"2-0", "{2}", "{2}"},
	{"+1-3", "{1-3}", "{1-3}"},	   {"010", "R:8", "R:010"},   {"3,1", "{1,3}", "{1,3}"},
	{"0-1,3-3", "{0-1,3}", "{0-1,3}"},
};

/* The same with nodes 1, 2 and CPUs 2-5 allowed. */
static const struct row cpuset[] = {
	{"all", "{1-2}", "{2-5}"},
	{"+1", "{2}", "{3}"},
	{"!1", "{0,2-3}", "R:1"},
	{"!+0", "{0,2-3}", "{0-1,3-7}"},
	{"!1-2", "{0,3}", "R:1-2"},
	{"!all", "{0,3}", "{0-1,6-7}"},
	{"3", "R:3", "{3}"},
	{"1-3", "E:3", "R:1-3"},
	{"!2", "{0-1,3}", "{0-1,3-7}"},
	{"0", "R:0", "R:0"},
	{"+0-1", "{1-2}", "{2-3}"},
	{"1,all", "{1-2}", "R:1,all"},
};
/* The same, and since load all four nodes. What was no failure is answered as before. */
static const struct row grown[] = {
	{"3", "{3}", "{3}"},	       {"0-3", "{0-3}", "R:0-3"},
	{"1-3", "{1-3}", "R:1-3"},     {"1-2", "{1-2}", "R:1-2"},
	{"2,0", "{0,2}", "R:0"},       {"+1", "{2}", "{3}"},
	{"+3", "{3}", "{5}"},	       {"!3", "{0-2}", "{0-2,4-7}"},
	{"0,all", "{0-3}", "R:0,all"}, {"all", "{1-2}", "{2-5}"},
	{"4", "R:4", "{4}"},	       {"0-4", "E:4", "R:0-4"},
	{"-1", "R:-1", "R:-1"},	       {"99999999999999999999", "R:-1", "R:99999999999999999999"},
};
/* And since then node 0 alone. */
static const struct row shrunk[] = {
	{"0", "{0}", "R:0"}, {"1", "{1}", "R:1"},	{"0-2", "{0-2}", "R:0-2"},
	{"3", "R:3", "{3}"}, {"all", "{1-2}", "{2-5}"},
};
static const struct row cpuset_all[] = {
	{"all", "{0-3}", "{0-7}"},	{"1-3", "{1-3}", "{1-3}"}, {"!1", "{0,2-3}", "{0,2-7}"},
	{"!all", "{}", "{}"},		{"+1", "{1}", "{1}"},	   {"0", "{0}", "{0}"},
	{"!2", "{0-1,3}", "{0-1,3-7}"},
};

/* Nodes 0, 2, 5, of which 2 and 5 are allowed; node masks have 64 bits. */
static const struct row sparse[] = {
	{"0", "R:0", NULL},	  {"2-5", "{2,5}", NULL}, {"5-2", "{5}", NULL},
	{"+0", "{2}", NULL},	  {"+2", "R:64", NULL},	  {"!2", "{0,5}", NULL},
	{"!+0", "{0,5}", NULL},	  {"!5", "{0,2}", NULL},  {"!all", "{0}", NULL},
	{"2,all", "{2,5}", NULL}, {"2-4", "E:4", NULL},	  {"all", "{2,5}", NULL},
};
static const struct row sparse_all[] = {
	{"1", "{1}", NULL},	 {"0-5", "{0-5}", NULL}, {"all", "{0-5}", NULL},
	{"!0", "{2,5}", NULL},	 {"!2", "{0,5}", NULL},	 {"!5", "{0,2}", NULL},
	{"!all", "{}", NULL},	 {"!0,2", "{5}", NULL},	 {"6", "R:6", NULL},
	{"!1", "{0,2,5}", NULL},
};

/* Nodes 0-2, 1 without memory and hence not allowed. */
static const struct row memoryless[] = {
	{"0-2", "{0,2}", NULL}, {"!0", "{1-2}", NULL},	{"!2", "{0-1}", NULL},
	{"1", "R:1", NULL},	{"all", "{0,2}", NULL}, {"+1", "{2}", NULL},
};

/* Nodes 0, 1, 63 in masks of 64 bits. */
static const struct row last_bit[] = {
	{"63", "{63}", NULL},	{"+2", "{63}", NULL},	    {"!0", "{1,63}", NULL},
	{"!63", "{0-1}", NULL}, {"0-63", "{0-1,63}", NULL}, {"64", "R:64", NULL},
};
static const struct row last_bit_all[] = {
	{"all", "{0-63}", NULL},
	{"!63", "{0-1}", NULL},
	{"63-63", "{63}", NULL},
};

/* No nodes in /sys: there is node 0. */
static const struct row no_nodes[] = {
	{"all", "{0}", NULL}, {"0", "{0}", NULL}, {"+0", "{0}", NULL},
	{"!0", "{}", NULL},   {"1", "R:1", NULL}, {"", "{}", NULL},
};

static void want_message(char *to, size_t size, const char *want, bool nodes)
{
	static const char *const forms[][3] = {
		{"U", "10 unparseable node description `%s'\n",
		 "9 unparseable cpu description `%s'\n"},
		{"R", "10 node argument %s is out of range\n",
		 "9 cpu argument %s is out of range\n"},
		{"E", "10 node argument %s out of range\n", "9 cpu argument %s out of range\n"},
		{"M", "10 missing node argument %s\n", "9 missing cpu argument %s\n"},
	};

	*to = '\0';
	for (size_t i = 0; i < 4; i++)
		if (want[0] == forms[i][0][0] && want[1] == ':') {
			const char *form = nodes ? forms[i][1] : forms[i][2];
			const char *at = strstr(form, "%s");
			const char *shown = want + 2;

			/* Nodes show the number, CPUs the text: of both only one has the blank. */
			if (nodes && (*want == 'R' || *want == 'E') && *shown == ' ')
				shown++;
			snprintf(to, size, "%.*s%s%s", (int)(at - form), form, shown, at + 2);
		}
}

static void check_parse(parser *parse, const char *text, const char *want, bool nodes)
{
	struct bitmask *mask;
	char message[256];
	const char *got;
	int saved;

	if (!want)
		return;
	want_message(message, sizeof(message), want, nodes);
	warnings = 0;
	last_warning[0] = '\0';
	errno = 0;
	mask = parse(text);
	saved = errno;
	got = mask ? fixture_list(mask->maskp, mask->size) : warnings ? "message" : "S";
	if ((mask || !warnings ? strcmp(got, want) : strcmp(last_warning, message)) != 0) {
		tap_failures++;
		DIAG("\"%s\" (%s): %s %s, wanted %s", text, nodes ? "nodes" : "cpus", got,
		     last_warning, want);
	}
	CHECK_EQ(warnings, message[0] != '\0');
	CHECK_EQ(saved, strlen(text) > 19 && strspn(text, "0123456789") == strlen(text) &&
					strcmp(text, "18446744073709551615") > 0
				? ERANGE
				: 0);
	if (mask) {
		CHECK_EQ(mask->size, nodes ? numa_num_possible_nodes() : numa_num_possible_cpus());
		numa_bitmask_free(mask);
	}
}

#define TABLE(rows, node_parser, cpu_parser)                                                       \
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {                              \
		check_parse(node_parser, rows[i].text, rows[i].nodes, true);                       \
		check_parse(cpu_parser, rows[i].text, rows[i].cpus, false);                        \
	}
#define PLAIN(rows) TABLE(rows, numa_parse_nodestring, numa_parse_cpustring)
#define ALL(rows) TABLE(rows, numa_parse_nodestring_all, numa_parse_cpustring_all)

/* Devices: text, the set or the warning. */
static const struct {
	const char *text, *want;
	int err;
} devices[] = {
	{"netdev:eth0", "{2}", 0},
	{"netdev: \teth0", "{2}", 0},
	{"!netdev:eth0", "{0-1,3}", 0},
	{"0,netdev:eth0", "{0,2}", 0},
	{"+0,netdev:eth0", "{0,2}", 0},
	{"netdev:bridged", "{1}", 0},  /* root port 3, device behind it 1: the device's own */
	{"netdev:platform", "{1}", 0}, /* no PCI at all */
	{"netdev:virtual", "{0-1}", 0},
	{"netdev:unknown", "25 Kernel does not know node mask for net device `unknown'", 0},
	{"netdev:pciunknown",
	 "25 Kernel does not know node mask for device `/devices/pci0000:00/0000:00:05.0/'", 0},
	{"netdev:junk", "26 Cannot read node mask for net device `junk'", 0},
	{"netdev:empty", "26 Cannot read node mask for net device `empty'", 0},
	{"netdev:nine", "26 Cannot read node mask for net device `nine'", 0},
	{"netdev:huge", "26 Cannot read node mask for net device `huge'", 0},
	{"netdev:none", "26 Cannot read node mask for net device `none'", ENOENT},
	{"netdev:eth0,0", "26 Cannot read node mask for net device `eth0,0'", ENOENT},
	{"netdev:", "26 Cannot read node mask for net device `'", ENOENT},
	{"netdev:../x", "28 Illegal characters in `../x' specification", 0},
	{"netdev:eth0.1", "28 Illegal characters in `eth0.1' specification", 0},
	{"block:disk", "{2}", 0},
	{"block:/dev/disk", "28 Illegal characters in `/dev/disk' specification", 0},
	{"block:nosuch", "26 Cannot read node mask for block device `nosuch'", ENOENT},
	{"file:/nosuch", "11 Cannot stat file /nosuch", ENOENT},
	{"file:", "11 Cannot stat file ", ENOENT},
	{"pci:0000:00:03.0", "{2}", 0},
	{"pci:00:03.0", "{2}", 0},
	{"pci:00:03", "{2}", 0},
	{"pci:0:3", "{2}", 0},
	{"pci:0:0:3", "{2}", 0},
	{"pci:00:03.0junk", "{2}", 0},
	{"pci:1:40:5.1", "{3}", 0},
	{"pci:00:05.0", "25 Kernel does not know node mask for device `00:05.0'", 0},
	{"pci:00:1e.0", "26 Cannot read node mask for  device `00:1e.0'", ENOENT},
	{"pci:", "23 Cannot parse PCI device `'", 0},
	{"pci:zz", "23 Cannot parse PCI device `zz'", 0},
	{"pci:1", "23 Cannot parse PCI device `1'", 0},
	{"pci:-1:0", "23 Cannot parse PCI device `-1:0'", 0},
	{"pci:0x1:0", "26 Cannot read node mask for  device `0x1:0'", ENOENT},
	{"ip:127.0.0.1", "{3}", 0},
	{"ip:::1", "{3}", 0},
};

static void device(const char *root, const char *path, const char *node)
{
	fixture_put(root, node, "sys/devices/%s/numa_node", path);
}

static void linked(const char *root, const char *target, const char *name)
{
	char path[8192];

	fixture_put(root, "", "sys/%s.dir", name); /* for the directories above */
	snprintf(path, sizeof(path), "%s/sys/%s", root, name);
	if (symlink(target, path) < 0)
		fixture_fail(path);
}

#define BUS0 "pci0000:00/0000:00:"

static void make_devices(const char *root)
{
	struct stat st;
	char name[64];

	device(root, BUS0 "03.0", "2\n");
	linked(root, "../../devices/" BUS0 "03.0/net/eth0", "class/net/eth0");
	linked(root, "../../devices/" BUS0 "03.0/virtio1/block/disk", "class/block/disk");
	linked(root, "../../../devices/" BUS0 "03.0", "bus/pci/devices/0000:00:03.0");
	device(root, BUS0 "04.0", "3\n");
	device(root, BUS0 "04.0/0000:05:00.0", "1\n");
	linked(root, "../../devices/" BUS0 "04.0/0000:05:00.0/net/bridged", "class/net/bridged");
	device(root, BUS0 "05.0", "-1\n");
	linked(root, "../../devices/" BUS0 "05.0/net/pciunknown", "class/net/pciunknown");
	linked(root, "../../../devices/" BUS0 "05.0", "bus/pci/devices/0000:00:05.0");
	device(root, "pci0001:40/0001:40:05.1", "3\n");
	linked(root, "../../../devices/pci0001:40/0001:40:05.1", "bus/pci/devices/0001:40:05.1");
	fixture_put(root, "1\n", "sys/class/net/platform/device/numa_node");
	fixture_put(root, "0,1\n", "sys/class/net/virtual/device/numa_node");
	fixture_put(root, "-1\n", "sys/class/net/unknown/device/numa_node");
	fixture_put(root, "abc\n", "sys/class/net/junk/device/numa_node");
	fixture_put(root, "", "sys/class/net/empty/device/numa_node");
	fixture_put(root, "9\n", "sys/class/net/nine/device/numa_node");
	fixture_put(root, "99999999999999999999\n", "sys/class/net/huge/device/numa_node");
	fixture_put(root, "3\n", "sys/class/net/lo/device/numa_node");
	/* The file system that the fixture is on, and a character device. */
	if (stat(root, &st) == 0) {
		snprintf(name, sizeof(name), "dev/block/%u:%u", major(st.st_dev), minor(st.st_dev));
		fixture_put(root, "1\n", "sys/devices/" BUS0 "03.0/block/disk/part1/partition");
		linked(root, "../../devices/" BUS0 "03.0/block/disk/part1", name);
	}
	fixture_put(root, "1:3\n", "sys/devices/" BUS0 "05.0/misc/null/dev");
	linked(root, "../../devices/" BUS0 "05.0/misc/null", "dev/char/1:3");
}

static void device_strings(void)
{
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		struct bitmask *mask;

		warnings = 0;
		errno = 0;
		mask = numa_parse_nodestring(devices[i].text);
		if (!mask && devices[i].err)
			CHECK_EQ(errno, devices[i].err);
		CHECK_EQ(warnings, mask ? 0 : 1);
		if (strcmp(mask ? fixture_list(mask->maskp, mask->size) : last_warning,
			   devices[i].want) != 0) {
			tap_failures++;
			DIAG("\"%s\": %s, wanted %s", devices[i].text,
			     mask ? fixture_list(mask->maskp, mask->size) : last_warning,
			     devices[i].want);
		}
		numa_bitmask_free(mask);
	}
}

/* What the kernel answers about a route, if not 0. */
static int route_error;

ssize_t recv(int fd, void *data, size_t size, int flags)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} reply = {
		.header = {.nlmsg_len = sizeof(reply), .nlmsg_type = NLMSG_ERROR},
		.error = {.error = -route_error},
	};

	if (!route_error)
		return recvfrom(fd, data, size, flags, NULL, NULL);
	memcpy(data, &reply, sizeof(reply));
	return sizeof(reply);
}

static void no_route_has_a_reason(void)
{
	char want[128];

	snprintf(want, sizeof(want), "17 Cannot request rtnetlink route: %s",
		 strerror(ENETUNREACH));
	route_error = ENETUNREACH;
	CHECK(!numa_parse_nodestring("ip:127.0.0.1"));
	CHECK_EQ(errno, ENETUNREACH);
	route_error = 0;
	CHECK_STR(last_warning, want);
}

static void files_stand_for_their_disk(void)
{
	char text[8192];
	struct bitmask *mask;

	snprintf(text, sizeof(text), "file:%s", getenv("MYNUMA_ROOT"));
	mask = numa_parse_nodestring(text);
	CHECK_STR(mask ? fixture_list(mask->maskp, mask->size) : last_warning, "{2}");
	numa_bitmask_free(mask);
	CHECK(!numa_parse_nodestring("file:/dev/null"));
	CHECK_STR(last_warning,
		  "25 Kernel does not know node mask for device `/devices/" BUS0 "05.0/'");
	CHECK(!numa_parse_nodestring("file:/proc/self/status"));
	CHECK(strncmp(last_warning, "15 Cannot find block device 0:", 30) == 0);
}

static void null_is_einval(void)
{
	static parser *const parsers[] = {numa_parse_nodestring, numa_parse_nodestring_all,
					  numa_parse_cpustring, numa_parse_cpustring_all};

	for (int i = 0; i < 4; i++) {
		errno = 0;
		CHECK(!parsers[i](NULL));
		CHECK_EQ(errno, EINVAL);
	}
}

/* A range to the highest number there is must end, and soon. */
static void very_long_texts(void)
{
	size_t size = 1 << 20;
	char *text = malloc(size + 1);
	struct bitmask *mask;

	for (size_t i = 0; i < size; i += 2)
		memcpy(text + i, "0,", 2);
	text[size - 1] = '\0';
	mask = numa_parse_nodestring(text);
	CHECK(mask && numa_bitmask_weight(mask) == 1);
	numa_bitmask_free(mask);
	memset(text, '9', size);
	text[size] = '\0';
	CHECK(!numa_parse_cpustring(text));
	memset(text, 'a', size);
	CHECK(!numa_parse_nodestring(text));
	memcpy(text, "netdev:", 7);
	CHECK(!numa_parse_nodestring(text));
	CHECK_EQ(errno, ENAMETOOLONG);
	memcpy(text, "file:aa", 7);
	CHECK(!numa_parse_nodestring(text));
	free(text);
}

#define MEMS_0 "00000000,00000000,00000000,00000000,00000000,00000000,00000000,00000000,"
#define MEMS(last)                                                                                 \
	MEMS_0 MEMS_0 MEMS_0 "00000000,00000000,00000000,00000000,00000000,00000000,"              \
			     "00000000," last

static const struct fixture_node nodes_1[] = {{0, "3\n", 1000}};
static const struct fixture_node nodes_4[] = {
	{0, "03\n", 1000}, {1, "0c\n", 1000}, {2, "30\n", 1000}, {3, "c0\n", 1000}};
static const struct fixture_node nodes_025[] = {
	{0, "03\n", 1000}, {2, "0c\n", 1000}, {5, "f0\n", 1000}};
static const struct fixture_node nodes_0_2[] = {{0, "1\n", 1000}, {1, "2\n", 0}, {2, "4\n", 1000}};
static const struct fixture_node nodes_63[] = {
	{0, "1\n", 1000}, {1, "2\n", 1000}, {63, "4\n", 1000}};

static void test_one_node(void)
{
	PLAIN(one_node)
}
static void test_one_node_all(void)
{
	ALL(one_node_all)
}
static void test_four(void)
{
	PLAIN(four)
}
static void test_cpuset(void)
{
	PLAIN(cpuset)
}
static void test_cpuset_all(void)
{
	ALL(cpuset_all)
}
/* The process's nodes from now on. */
static void allow(const char *mems)
{
	char status[256];

	snprintf(status, sizeof(status), "Cpus_allowed:\t3c\nMems_allowed:\t%s\n", mems);
	fixture_put(getenv("MYNUMA_ROOT"), status, "proc/self/status");
}
static void test_grown(void)
{
	allow("00000000,0000000f");
	PLAIN(grown)
}
static void test_shrunk(void)
{
	allow("00000000,00000001");
	PLAIN(shrunk)
}
/* A program that has set the variable knows better. */
static void test_set_by_the_program(void)
{
	allow("00000000,0000000f");
	numa_bitmask_clearbit(numa_all_nodes_ptr, 2);
	check_parse(numa_parse_nodestring, "1", "{1}", true);
	check_parse(numa_parse_nodestring, "2", "R:2", true);
	check_parse(numa_parse_nodestring, "3", "R:3", true);
}
static void test_sparse(void)
{
	PLAIN(sparse)
}
static void test_sparse_all(void)
{
	ALL(sparse_all)
}
static void test_memoryless(void)
{
	PLAIN(memoryless)
}
static void test_last_bit(void)
{
	PLAIN(last_bit)
}
static void test_last_bit_all(void)
{
	ALL(last_bit_all)
}
static void test_no_nodes(void)
{
	PLAIN(no_nodes) ALL(no_nodes)
}

#define N(nodes) nodes, sizeof(nodes) / sizeof(nodes[0])

static const struct machine {
	const char *name;
	const struct fixture_node *nodes;
	size_t n;
	const char *mems, *cpus, *possible;
	void (*prepare)(const char *root);
	void (*tests[6])(void);
} machines[] = {
	{"one node",
	 N(nodes_1),
	 MEMS("00000001"),
	 "3",
	 "0-1",
	 NULL,
	 {test_one_node, test_one_node_all, null_is_einval, very_long_texts}},
	{"four nodes", N(nodes_4), "00000000,0000000f", "ff", "0-7", NULL, {test_four}},
	{"a cpuset",
	 N(nodes_4),
	 "00000000,00000006",
	 "3c",
	 "0-7",
	 NULL,
	 {test_cpuset, test_cpuset_all}},
	{"a cpuset that changes",
	 N(nodes_4),
	 "00000000,00000006",
	 "3c",
	 "0-7",
	 NULL,
	 {test_grown, test_shrunk, test_set_by_the_program}},
	{"sparse nodes",
	 N(nodes_025),
	 "00000000,00000024",
	 "ff",
	 "0-7",
	 NULL,
	 {test_sparse, test_sparse_all}},
	{"a memory-less node",
	 N(nodes_0_2),
	 "00000000,00000005",
	 "7",
	 "0-2",
	 NULL,
	 {test_memoryless}},
	{"the last node of a mask",
	 N(nodes_63),
	 "80000000,00000003",
	 "7",
	 "0-2",
	 NULL,
	 {test_last_bit, test_last_bit_all}},
	{"no nodes in /sys", NULL, 0, "00000000,00000001", "3", "0-1", NULL, {test_no_nodes}},
	{"devices",
	 N(nodes_4),
	 "00000000,0000000f",
	 "ff",
	 "0-7",
	 make_devices,
	 {device_strings, no_route_has_a_reason, files_stand_for_their_disk}},
};

static int run_machine(const struct machine *m)
{
	printf("# %s\n", m->name);
	for (int i = 0; i < 6 && m->tests[i]; i++) {
		tap_failures = 0;
		m->tests[i]();
		tap_failed_cases += tap_failures != 0;
	}
	fflush(stdout);
	return tap_failed_cases != 0;
}

static const char *program;
static size_t current;

static void on_a_machine(void)
{
	const struct machine *m = &machines[current];
	char name[8];

	fixture_remove();
	fixture_owner = 0;
	fixture_machine(fixture_root(), m->nodes, m->n, m->mems, m->cpus, m->possible);
	if (m->prepare)
		m->prepare(fixture_root());
	snprintf(name, sizeof(name), "%zu", current);
	CHECK(fixture_run(program, name));
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return run_machine(&machines[atoi(argv[1])]);
	program = argv[0];
	for (; current < sizeof(machines) / sizeof(machines[0]); current++)
		tap_run(machines[current].name, on_a_machine);
	return tap_done();
}
