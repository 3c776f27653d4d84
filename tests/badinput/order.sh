#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: the library is called before its constructor, from a malloc() that is preloaded, and
# after everybody's destructors. The programs are built here, with the shared object.
set -eu
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${CC:=cc}"
. "$top_srcdir/tests/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
libdir=${MYNUMA_LIB%/*}

cat >"$work/early.c" <<'C'
/* A malloc() that asks about the machine from its very first call, as some replacements do. */
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "numa.h"

static char heap[64 << 20] __attribute__((aligned(64)));
static size_t used;
static int asked, asking, answers[4];

static void ask(void)
{
	if (asking++)
		return;
	answers[0] = numa_available();
	answers[1] = numa_max_node();
	answers[2] = numa_node_of_cpu(0);
	answers[3] = numa_distance(0, 0);
	asked = 1;
}

void *malloc(size_t size)
{
	size_t at;

	ask();
	at = __atomic_fetch_add(&used, (size + 127) & ~(size_t)63, __ATOMIC_RELAXED);
	if (size > sizeof(heap) || at + size + 64 > sizeof(heap))
		return NULL;
	memcpy(heap + at, &size, sizeof(size));
	return heap + at + 64;
}

void free(void *p)
{
	(void)p;
}

void *calloc(size_t n, size_t size)
{
	return malloc(n * size);
}

void *realloc(void *old, size_t size)
{
	char *new = malloc(size);
	size_t had;

	if (old && new) {
		memcpy(&had, (char *)old - 64, sizeof(had));
		memcpy(new, old, had < size ? had : size);
	}
	return new;
}

__attribute__((destructor)) static void tell(void)
{
	char good = asked && answers[0] == numa_available() && answers[1] == numa_max_node() &&
		    answers[2] == numa_node_of_cpu(0) && answers[3] == numa_distance(0, 0);

	/* By now the program may have closed its stderr. */
	int fd = open(getenv("EARLY_OUT"), O_WRONLY | O_CREAT | O_APPEND, 0600);

	if (fd < 0 || write(fd, good ? "good\n" : "bad\n", good ? 5 : 4) < 0)
		_exit(98);
	close(fd);
}
C

cat >"$work/late.c" <<'C'
/* A library whose destructor runs after the program's, and calls much of libnuma. */
#include <stdio.h>

#include "badinput/everything.h"

void numa_error(char *where)
{
	(void)where;
}

void numa_warn(int num, char *fmt, ...)
{
	(void)num;
	(void)fmt;
}

static void all(const char *when)
{
	struct bitmask *mask = numa_parse_nodestring("all");

	everything();
	printf("%s %d %u\n", when, numa_max_node(), mask ? numa_bitmask_weight(mask) : 0);
	numa_bitmask_free(mask);
	fflush(stdout);
}

__attribute__((constructor)) static void first(void)
{
	all("constructor");
}

__attribute__((destructor)) static void last(void)
{
	all("destructor");
}

void at_exit(void);
void at_exit(void)
{
	all("atexit");
}
C

cat >"$work/program.c" <<'C'
#include <stdlib.h>

void at_exit(void);

int main(void)
{
	return atexit(at_exit);
}
C

build() { # output flags...
	out=$1
	shift
	$CC -D_GNU_SOURCE -g -O1 -o "$work/$out" "$@" -iquote "$top_srcdir/include" \
		-iquote "$top_srcdir/tests" -Wl,-rpath,"$libdir"
}

check "a malloc that asks is built" build early.so -shared -fPIC -fno-builtin-malloc \
	"$work/early.c" "$MYNUMA_LIB"
check "a library that asks late is built" build late.so -shared -fPIC "$work/late.c" "$MYNUMA_LIB"
check "its program is built" build program "$work/program.c" "$work/late.so" "$MYNUMA_LIB" \
	-Wl,-rpath,"$work"

# Every process of the command that used malloc() was answered the same early and late.
EARLY_OUT=$work/early.out
export EARLY_OUT
early() { # preload command...
	preload=$1
	shift
	rm -f "$EARLY_OUT"
	timeout 20 env LD_PRELOAD="$preload" "$@" >"$work/out" 2>&1 || {
		status=$?
		cat "$work/out"
		return "$status"
	}
	sort "$EARLY_OUT" | uniq -c
	[ "$(sort -u "$EARLY_OUT")" = good ]
}
check "malloc may ask before the constructor ran: cat" early "$work/early.so" /bin/cat /dev/null
check "malloc may ask before the constructor ran: sort" early "$work/early.so" \
	/usr/bin/sort /etc/passwd
check "malloc may ask before the constructor ran: ls" early "$work/early.so" /bin/ls -l /
check "also when the library is preloaded itself" early "$work/early.so $MYNUMA_LIB" /bin/ls -l /

numbers() { # preload
	timeout 20 env LD_PRELOAD="$1" "$work/program" >"$work/out" || return
	cat "$work/out"
	[ "$(cut -d' ' -f1 "$work/out" | tr '\n' ' ')" = 'constructor atexit destructor ' ] &&
		[ "$(cut -d' ' -f2- "$work/out" | sort -u | wc -l)" -eq 1 ]
}
check "constructors and destructors of others hear the same" numbers ""
check "with a malloc that asks, too" numbers "$work/early.so"
check "with the replacement loaded beside it" numbers "$MYNUMA_REPLACE/libnuma.so.1"
tap_done
