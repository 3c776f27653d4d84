/* SPDX-License-Identifier: MIT */
/*
 * Device strings, with everything that the system says of devices from the input: links and numbers
 * of /sys, the kind of a file, addresses, the kernel's reply about a route. The input is parts with a
 * zero byte between: the string, then one part for each question in turn.
 */
#include "fuzz/fuzz.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "api/api.h"
#include "sys/smallfile.h"

static struct supply input;
static struct addrinfo route_target;
static struct sockaddr_in6 address_bytes;

static int fuzz_text_read(struct text *t, const char *path, const char *last);
static void fuzz_text_free(struct text *t);
static ssize_t fuzz_readlink(const char *path, char *buf, size_t size);
static int fuzz_stat(const char *path, struct stat *st);
static int fuzz_access(const char *path, int mode);
static int fuzz_getaddrinfo(struct addrinfo **found);
static int fuzz_socket(void);
static ssize_t fuzz_recv(void *buf, size_t size);
static char *fuzz_if_indextoname(char *name);

#undef text_read
#undef text_free
#define text_read fuzz_text_read
#define text_free fuzz_text_free
#define readlink fuzz_readlink
#define stat(path, st) fuzz_stat(path, st)
#define access fuzz_access
#define getaddrinfo(host, service, hints, found) ((void)(hints), fuzz_getaddrinfo(found))
#define freeaddrinfo(found) ((void)(found))
#define socket(family, type, protocol) fuzz_socket()
#define send(fd, data, size, flags) ((ssize_t)(size))
#define recv(fd, data, size, flags) fuzz_recv(data, size)
#define close(fd) ((void)(fd))
#define if_indextoname(index, name) fuzz_if_indextoname(name)
#include "api/ioaffinity.c"

void numa_error(char *where)
{
	(void)where;
}

void numa_warn(int num, char *fmt, ...)
{
	char text[64];
	va_list args;

	/* The strings that the message names must be such. */
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	(void)num;
}

/* The next part. */
static struct supply next_part(void)
{
	const uint8_t *end = input.left ? memchr(input.data, 0, input.left) : NULL;
	struct supply part = {input.data, end ? (size_t)(end - input.data) : input.left};
	size_t used = part.left + (end != NULL);

	input.data = input.left ? input.data + used : input.data;
	input.left -= used;
	return part;
}

static int fuzz_text_read(struct text *t, const char *path, const char *last)
{
	struct supply part = next_part();

	MUST(strncmp(path, "/sys/", 5) == 0 && last);
	t->s = text_of(part.data, part.left);
	t->len = part.left;
	return part.left == 1 ? -(int)*part.data : 0;
}

static void fuzz_text_free(struct text *t)
{
	free(t->s);
}

/* Does not end what it writes, as the real one. */
static ssize_t fuzz_readlink(const char *path, char *buf, size_t size)
{
	struct supply part = next_part();
	size_t n = part.left < size ? part.left : size;

	MUST(strncmp(path, "/sys/", 5) == 0);
	if (!n) {
		errno = ENOENT;
		return -1;
	}
	memcpy(buf, part.data, n);
	return (ssize_t)n;
}

static int fuzz_stat(const char *path, struct stat *st)
{
	static const mode_t kinds[] = {S_IFREG, S_IFCHR, S_IFBLK, S_IFDIR};
	struct supply part = next_part();

	MUST(path);
	memset(st, 0, sizeof(*st));
	if (!part.left) {
		errno = ENOENT;
		return -1;
	}
	st->st_mode = kinds[supply_byte(&part) % 4];
	st->st_dev = makedev(supply_byte(&part) << 8, supply_byte(&part));
	st->st_rdev = makedev(supply_byte(&part), supply_byte(&part) << 12);
	return 0;
}

static int fuzz_access(const char *path, int mode)
{
	struct supply part = next_part();

	MUST(strncmp(path, "/sys/dev/", 9) == 0 && mode == F_OK);
	return part.left ? 0 : -1;
}

static int fuzz_getaddrinfo(struct addrinfo **found)
{
	static const unsigned short families[] = {AF_INET, AF_INET6, AF_UNIX, AF_UNSPEC};
	struct supply part = next_part();

	if (!part.left)
		return EAI_NONAME;
	address_bytes.sin6_family = families[supply_byte(&part) % 4];
	route_target.ai_addr = (struct sockaddr *)&address_bytes;
	*found = &route_target;
	return 0;
}

static int fuzz_socket(void)
{
	struct supply part = next_part();

	if (!part.left)
		errno = EMFILE;
	return part.left ? 1000 : -1;
}

/* All that is left, zeroes as well: a reply is made of numbers. */
static ssize_t fuzz_recv(void *buf, size_t size)
{
	size_t n = input.left < size ? input.left : size;

	if (n)
		memcpy(buf, input.data, n);
	if (!n)
		errno = ENOBUFS;
	return n ? (ssize_t)n : -1;
}

static char *fuzz_if_indextoname(char *name)
{
	size_t n = input.left < IF_NAMESIZE - 1 ? input.left : IF_NAMESIZE - 1;

	if (!n)
		return NULL;
	memcpy(name, input.data + input.left - n, n);
	name[n] = '\0';
	input.left = 0;
	return name;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned long words[2] = {0, 0x1234567};
	struct bitmask nodes = {.size = BITS_PER_LONG, .maskp = words};
	struct supply part;
	char *s;
	int ret;

	input = (struct supply){data, size};
	part = next_part();
	s = text_of(part.data, part.left);
	ret = device_nodes(s, &nodes);
	MUST(ret >= -1 && ret <= 1);
	MUST(words[1] == 0x1234567);
	if (ret == 0)
		MUST(words[0]);
	for (bits_each(node, words, BITS_PER_LONG))
		MUST(is_node(node));
	free(s);
	return 0;
}
