/* SPDX-License-Identifier: MIT */
/*
 * confined refuse|kill PROGRAM [ARG ...]
 *
 * Runs a program under a filter that refuses new namespaces and mounts, or kills who asks for one.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static const char *const calls[] = {"unshare", "mount", "setns"};
	scmp_filter_ctx ctx;
	uint32_t action;

	if (argc < 3)
		return 99;
	action = strcmp(argv[1], "kill") == 0 ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM);
	ctx = seccomp_init(SCMP_ACT_ALLOW);
	if (!ctx)
		return 99;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (seccomp_rule_add(ctx, action, seccomp_syscall_resolve_name(calls[i]), 0) < 0)
			return 99;
	if (seccomp_load(ctx) < 0)
		return 99;
	seccomp_release(ctx);
	execvp(argv[2], argv + 2);
	fprintf(stderr, "confined: %s: %s\n", argv[2], strerror(errno));
	return 99;
}
