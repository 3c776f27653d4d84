/* SPDX-License-Identifier: MIT */
/*
 * Linked to test programs for another machine with --wrap=execl: a program that runs itself again has
 * to go through the emulator named by TEST_EMULATOR, since the kernel cannot run it.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#define ARGS_MAX 16

int __wrap_execl(const char *path, const char *arg, ...)
{
	const char *emulator = getenv("TEST_EMULATOR");
	char *args[ARGS_MAX + 3] = {(char *)emulator, (char *)path};
	int n = 2;
	va_list rest;

	/* The emulator wants the path where the name of the program would be. */
	va_start(rest, arg);
	do
		args[n] = va_arg(rest, char *);
	while (args[n] && ++n < ARGS_MAX + 2);
	va_end(rest);
	return emulator ? execv(emulator, args) : execv(path, args + 1);
}
