/* SPDX-License-Identifier: MIT */
/* A line on stderr without stdio and without the heap. */
#include "sys/complain.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "sys/call.h"

/* What a user gave may be long, and hold what is no text: neither may spoil the line. */
#define PART_MAX 160

static size_t add_part(char *at, size_t room, const char *part)
{
	size_t n = strnlen(part, PART_MAX + 1);
	bool cut = n > PART_MAX;

	n = cut ? PART_MAX : n;
	n = n < room ? n : room;
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)part[i] < ' ' || part[i] == 127)
			at[i] = '?';
		else
			at[i] = part[i];
	}
	for (size_t i = 1; cut && i <= 3 && i <= n; i++)
		at[n - i] = '.';
	return n;
}

void complain(const char *part, ...)
{
	char line[512] = "libmynuma: ";
	size_t len = strlen(line);
	va_list parts;

	va_start(parts, part);
	for (; part; part = va_arg(parts, const char *))
		len += add_part(line + len, sizeof(line) - 1 - len, part);
	va_end(parts);
	line[len++] = '\n';
	sys_call(__NR_write, 2, line, len);
}
