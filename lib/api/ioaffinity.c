/* SPDX-License-Identifier: MIT */
/*
 * The nodes near a device: "netdev:eth0", "block:sda", "file:/path", "ip:host", "pci:0:1f.2". Each
 * form is led to a device in /sys, whose numa_node file tells.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "api/api.h"
#include "sys/smallfile.h"

#define PATH_SIZE 512

/* Whether a device may say that it is near this node. */
static bool is_node(unsigned long node)
{
	const struct topology *t = topo_get();

	return node < t->node_bits && bits_test(t->existing, node);
}

static int warn_unknown(const char *class, const char *name)
{
	numa_warn(WARN_NODE_UNKNOWN, "Kernel does not know node mask for%s%s device `%s'",
		  *class ? " " : "", class, name);
	return -1;
}

static int warn_unreadable(const char *class, const char *name)
{
	numa_warn(WARN_NODE_UNREADABLE, "Cannot read node mask for %s device `%s'", class, name);
	return -1;
}

/*
 * Numbers between blanks and commas. 0; 1 when the kernel says -1, it does not know; -1 for
 * anything else.
 */
static int parse_nodes(const char *s, struct bitmask *nodes)
{
	bool any = false;

	for (;;) {
		char *end;
		long node;

		s += strspn(s, " \t\n,");
		if (*s == '\0')
			return any ? 0 : -1;
		node = strtol(s, &end, 0);
		if (end == s)
			return -1;
		if (node < 0)
			return 1;
		if (!is_node((unsigned long)node))
			return -1;
		if ((size_t)node < nodes->size)
			bits_set(nodes->maskp, (size_t)node);
		any = true;
		s = end;
	}
}

/* The numa_node file of a directory below /sys. `class` and `name` are for the messages. */
static int read_numa_node(const char *dir, const char *class, const char *name,
			  struct bitmask *nodes)
{
	char path[PATH_SIZE];
	struct text text;
	int err = -ENAMETOOLONG, known = -1;

	if (path_join(path, sizeof(path), topo_root(), dir, "/numa_node", (char *)NULL)) {
		err = text_read(&text, path, "");
		if (!err)
			known = parse_nodes(text.s, nodes);
		text_free(&text);
	}
	if (err)
		errno = -err;
	if (known < 0)
		return warn_unreadable(class, name);
	return known > 0 ? warn_unknown(class, name) : 0;
}

/* "0000:00:1f.2" up to the end of the component. */
static bool is_pci_function(const char *component)
{
	static const char form[] = "xxxx:xx:xx.x";
	size_t i = 0, digits = strspn(component, "0123456789abcdef");

	/* A segment may have more digits than four. */
	if (digits > 4)
		component += digits - 4;
	for (; form[i]; i++)
		if (form[i] == 'x' ? !strchr("0123456789abcdef", component[i]) || !component[i]
				   : component[i] != form[i])
			return false;
	return component[i] == '\0' || component[i] == '/';
}

/*
 * Cuts a device's path after its nearest PCI function, itself or an ancestor; false if it has none.
 */
static bool cut_to_pci(char *path)
{
	char *slash;

	while ((slash = strrchr(path, '/'))) {
		if (is_pci_function(slash + 1)) {
			slash[1 + strcspn(slash + 1, "/")] = '\0';
			return true;
		}
		*slash = '\0';
	}
	return false;
}

/*
 * Where a link below /sys leads, as a path that starts with "/devices/". The links are relative;
 * how many ".." they begin with does not matter.
 */
static bool device_path(const char *link, char *path, size_t size)
{
	char full[PATH_SIZE], target[PATH_SIZE];
	ssize_t n;
	char *devices;

	if (!path_join(full, sizeof(full), topo_root(), link, (char *)NULL))
		return false;
	n = readlink(full, target, sizeof(target) - 1);
	if (n < 0)
		return false;
	target[n] = '\0';
	devices = strstr(target, "/devices/");
	return devices && path_join(path, size, devices, (char *)NULL);
}

/*
 * A device with a link in /sys: its PCI function if it has one, else what the device itself says.
 */
static int linked_device(const char *link, const char *class, const char *name,
			 struct bitmask *nodes)
{
	char path[PATH_SIZE], dir[PATH_SIZE + 8];

	if (device_path(link, path, sizeof(path)) && cut_to_pci(path)) {
		char shown[PATH_SIZE + 1];

		path_join(dir, sizeof(dir), "/sys", path, (char *)NULL);
		path_join(shown, sizeof(shown), path, "/", (char *)NULL);
		return read_numa_node(dir, "", shown, nodes);
	}
	if (!path_join(dir, sizeof(dir), link, "/device", (char *)NULL)) {
		errno = ENAMETOOLONG;
		return warn_unreadable(class, name);
	}
	return read_numa_node(dir, class, name, nodes);
}

static int class_device(const char *class, const char *name, struct bitmask *nodes)
{
	char link[PATH_SIZE];

	name += strspn(name, " \t");
	if (strpbrk(name, "/.")) {
		numa_warn(WARN_CHARACTERS, "Illegal characters in `%s' specification", name);
		return -1;
	}
	if (!path_join(link, sizeof(link), "/sys/class/", class, "/", name, (char *)NULL)) {
		errno = ENAMETOOLONG;
		return warn_unreadable(class, name);
	}
	return linked_device(link, class, name, nodes);
}

static int netdev_nodes(const char *name, struct bitmask *nodes)
{
	return class_device("net", name, nodes);
}

static int block_nodes(const char *name, struct bitmask *nodes)
{
	return class_device("block", name, nodes);
}

/* The device that a special file stands for, or the one whose file system a file is on. */
static int file_nodes(const char *file, struct bitmask *nodes)
{
	char link[PATH_SIZE], full[PATH_SIZE], major_text[NUMBER_DIGITS], minor_text[NUMBER_DIGITS];
	struct stat st;
	bool is_char;
	dev_t dev;

	if (stat(file, &st) < 0) {
		numa_warn(WARN_STAT, "Cannot stat file %s", file);
		return -1;
	}
	is_char = S_ISCHR(st.st_mode);
	dev = is_char || S_ISBLK(st.st_mode) ? st.st_rdev : st.st_dev;
	path_join(link, sizeof(link), "/sys/dev/", is_char ? "char/" : "block/",
		  number_text(major_text, major(dev)), ":", number_text(minor_text, minor(dev)),
		  (char *)NULL);
	if (!path_join(full, sizeof(full), topo_root(), link, (char *)NULL) ||
	    access(full, F_OK) < 0) {
		numa_warn(WARN_BLOCK_DEVICE, "Cannot find block device %x:%x in sysfs for `%s'",
			  major(dev), minor(dev), file);
		return -1;
	}
	return linked_device(link, is_char ? "char" : "block", file, nodes);
}

/* A number in hex, moved over; false if there is none. */
static bool parse_hex(const char **s, unsigned *n)
{
	char *end;
	unsigned long value;

	if (!strchr("0123456789abcdefABCDEF", **s) || !**s)
		return false;
	value = strtoul(*s, &end, 16);
	*n = value <= UINT_MAX ? (unsigned)value : UINT_MAX;
	*s = end;
	return true;
}

static void hex_text(char *buf, unsigned n, int digits)
{
	while (digits < 8 && n >> (4 * digits))
		digits++;
	buf[digits] = '\0';
	while (digits-- > 0) {
		buf[digits] = "0123456789abcdef"[n & 15];
		n >>= 4;
	}
}

/* [SEGMENT:]BUS:DEVICE[.FUNCTION], all in hex; what follows is not looked at. */
static int pci_nodes(const char *name, struct bitmask *nodes)
{
	unsigned part[3] = {0}, function = 0;
	int parts = 0;
	char text[4][9], dir[PATH_SIZE];
	const char *s = name;

	while (parts < 3 && parse_hex(&s, &part[parts])) {
		parts++;
		if (*s != ':')
			break;
		s++;
	}
	if (parts < 2) {
		numa_warn(WARN_PCI, "Cannot parse PCI device `%s'", name);
		return -1;
	}
	if (*s == '.') {
		s++;
		parse_hex(&s, &function);
	}
	hex_text(text[0], parts == 3 ? part[0] : 0, 4);
	hex_text(text[1], part[parts - 2], 2);
	hex_text(text[2], part[parts - 1], 2);
	hex_text(text[3], function, 1);
	path_join(dir, sizeof(dir), "/sys/bus/pci/devices/", text[0], ":", text[1], ":", text[2],
		  ".", text[3], (char *)NULL);
	return read_numa_node(dir, "", name, nodes);
}

/* The route to an address, asked over rtnetlink. */

struct route_request {
	struct nlmsghdr header;
	struct rtmsg route;
	struct rtattr attr;
	unsigned char address[sizeof(struct in6_addr)];
};

/* The address and its length, or NULL for a family that has no routes here. */
static const void *route_address(const struct sockaddr *sa, unsigned short *len)
{
	if (sa->sa_family == AF_INET) {
		*len = sizeof(struct in_addr);
		return &((const struct sockaddr_in *)(const void *)sa)->sin_addr;
	}
	if (sa->sa_family == AF_INET6) {
		*len = sizeof(struct in6_addr);
		return &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr;
	}
	return NULL;
}

/* The errno value that the kernel answers with where it knows no route, or 0. */
static int reply_error(const unsigned char *reply, size_t len)
{
	const struct nlmsghdr *header = (const void *)reply;
	const struct nlmsgerr *error;

	if (len < NLMSG_LENGTH(sizeof(*error)) || header->nlmsg_type != NLMSG_ERROR)
		return 0;
	error = (const void *)(reply + NLMSG_LENGTH(0));
	return error->error < 0 && error->error >= -4095 ? -error->error : 0;
}

/* The interface that a reply names, or 0. */
static unsigned reply_interface(const unsigned char *reply, size_t len)
{
	const struct nlmsghdr *header = (const void *)reply;
	const struct rtattr *attr;
	size_t left;

	if (len < NLMSG_LENGTH(sizeof(struct rtmsg)) || header->nlmsg_len > len ||
	    header->nlmsg_len < NLMSG_LENGTH(sizeof(struct rtmsg)) ||
	    header->nlmsg_type != RTM_NEWROUTE)
		return 0;
	attr = (const void *)(reply + NLMSG_LENGTH(sizeof(struct rtmsg)));
	left = header->nlmsg_len - NLMSG_LENGTH(sizeof(struct rtmsg));
	while (left >= sizeof(*attr) && attr->rta_len >= sizeof(*attr) && attr->rta_len <= left) {
		size_t step = RTA_ALIGN(attr->rta_len);

		if (attr->rta_type == RTA_OIF && attr->rta_len >= RTA_LENGTH(sizeof(unsigned))) {
			unsigned index;

			memcpy(&index, RTA_DATA(attr), sizeof(index));
			return index;
		}
		if (step > left)
			break;
		left -= step;
		attr = (const void *)((const unsigned char *)attr + step);
	}
	return 0;
}

/* Sends the request and reads the reply; false with errno, which may be what the reply tells. */
static bool route_query(struct route_request *request, unsigned char *reply, size_t size,
			size_t *len)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	ssize_t n = -1;
	int err;

	if (fd < 0)
		return false;
	if (send(fd, request, request->header.nlmsg_len, 0) >= 0)
		do
			n = recv(fd, reply, size, 0);
		while (n < 0 && errno == EINTR);
	*len = n < 0 ? 0 : (size_t)n;
	err = n < 0 ? errno : reply_error(reply, *len);
	close(fd);
	if (err)
		errno = err;
	return !err;
}

/*
 * The index of the interface on the way to an address; 0 when there is none, and a warning said so.
 */
static unsigned route_interface(const struct sockaddr *sa)
{
	struct route_request request = {
		.header = {.nlmsg_type = RTM_GETROUTE, .nlmsg_flags = NLM_F_REQUEST},
		.route = {.rtm_family = (unsigned char)sa->sa_family},
		.attr = {.rta_type = RTA_DST},
	};
	_Alignas(struct nlmsghdr) unsigned char reply[4096];
	unsigned short address_len = 0;
	const void *address = route_address(sa, &address_len);
	unsigned index;
	size_t len;

	if (!address) {
		numa_warn(WARN_NET_FAMILY, "Cannot handle network family %x", sa->sa_family);
		return 0;
	}
	memcpy(request.address, address, address_len);
	request.route.rtm_dst_len = (unsigned char)(8 * address_len);
	request.attr.rta_len = (unsigned short)RTA_LENGTH(address_len);
	request.header.nlmsg_len =
		(unsigned)(offsetof(struct route_request, address) + address_len);
	if (!route_query(&request, reply, sizeof(reply), &len)) {
		numa_warn(WARN_ROUTE, "Cannot request rtnetlink route: %s", strerror(errno));
		return 0;
	}
	index = reply_interface(reply, len);
	if (!index)
		numa_warn(WARN_ROUTE_REPLY, "rtnetlink query did not return interface");
	return index;
}

static int ip_nodes(const char *host, struct bitmask *nodes)
{
	struct addrinfo *found, hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	char name[IF_NAMESIZE];
	unsigned index;
	int err = getaddrinfo(host, NULL, &hints, &found);

	if (err) {
		numa_warn(WARN_RESOLVE, "Cannot resolve %s: %s", host, gai_strerror(err));
		return -1;
	}
	index = route_interface(found->ai_addr);
	freeaddrinfo(found);
	if (!index)
		return -1;
	if (!if_indextoname(index, name)) {
		numa_warn(WARN_INTERFACE, "Cannot resolve network interface %d", index);
		return -1;
	}
	return netdev_nodes(name, nodes);
}

static const struct {
	const char *prefix;
	int (*nodes)(const char *name, struct bitmask *nodes);
} forms[] = {
	{"netdev:", netdev_nodes}, {"block:", block_nodes}, {"file:", file_nodes},
	{"ip:", ip_nodes},	   {"pci:", pci_nodes},
};

int device_nodes(const char *name, struct bitmask *nodes)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		size_t len = strlen(forms[i].prefix);

		if (strncmp(name, forms[i].prefix, len) == 0)
			return forms[i].nodes(name + len, nodes);
	}
	return 1;
}
