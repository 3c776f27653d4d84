/* SPDX-License-Identifier: MIT */
/*
 * sandbox PROFILE PROGRAM [ARG ...]
 *
 * Runs a program under a seccomp filter that does to the six NUMA calls what the sandbox of that
 * name does to them, and to no other call anything; but no-msync refuses that call. A filter answers
 * before the kernel does. As root the program may still gain privileges by a setuid file, as in a
 * container.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const calls[] = {
	"get_mempolicy", "set_mempolicy",	    "mbind", "migrate_pages",
	"move_pages",	 "set_mempolicy_home_node", "msync",
};

#define CALLS (sizeof(calls) / sizeof(calls[0]))

/* Numbers that libseccomp may be too old to know. */
#ifndef __NR_set_mempolicy_home_node
#define __NR_set_mempolicy_home_node 450
#endif

static const struct profile {
	const char *name;
	int answer[CALLS]; /* an errno, or 0: as the kernel has it */
} profiles[] = {
	{"none", {0}},
	{"enosys", {ENOSYS, ENOSYS, ENOSYS, ENOSYS, ENOSYS, ENOSYS}},
	{"eperm", {EPERM, EPERM, EPERM, EPERM, EPERM, EPERM}},
	/* moby since February 2024, containerd since January 2024: without CAP_SYS_NICE, with it. */
	{"docker", {EPERM, EPERM, EPERM, EPERM, EPERM, EPERM}},
	{"docker-sysnice", {0, 0, 0, EPERM, EPERM, 0}},
	/*
	 * Before, their profiles did not name the newest call, and a number above all that a profile
	 * names is ENOSYS by runc's doing.
	 */
	{"docker-old", {EPERM, EPERM, EPERM, EPERM, EPERM, ENOSYS}},
	/* Until July 2022 no capability helped. */
	{"containerd-old", {EPERM, EPERM, EPERM, EPERM, EPERM, ENOSYS}},
	/* Also Buildah and CRI-O; before June 2021, without CAP_SYS_NICE. */
	{"podman", {0, 0, 0, EPERM, EPERM, ENOSYS}},
	{"podman-old", {EPERM, EPERM, EPERM, EPERM, EPERM, ENOSYS}},
	{"flatpak", {EPERM, EPERM, EPERM, EPERM, EPERM, 0}},
	{"snap", {0, 0, 0, EPERM, EPERM, EPERM}},
	/* Without CAP_SYS_NICE; refuse_new_modes() has the rest. */
	{"gvisor", {0, 0, 0, EPERM, EPERM, ENOSYS}},
	/* No known sandbox's, but one is enough to be refused. */
	{"no-set", {0, EPERM, 0, 0, 0, 0}},
	{"no-mbind", {0, 0, EPERM, 0, 0, 0}},
	{"no-mbind-enosys", {0, 0, ENOSYS, 0, 0, 0}},
	/* By which the emulation learns what is mapped. */
	{"no-msync", {0, 0, 0, 0, 0, 0, EPERM}},
};

__attribute__((noreturn)) static void fail(const char *what, int err)
{
	fprintf(stderr, "sandbox: %s: %s\n", what, strerror(err));
	exit(99);
}

static int number_of(const char *call)
{
	int nr = seccomp_syscall_resolve_name(call);

	return nr == __NR_SCMP_ERROR ? __NR_set_mempolicy_home_node : nr;
}

static void answer(scmp_filter_ctx ctx, const char *call, int err, unsigned n,
		   const struct scmp_arg_cmp *args)
{
	int ret = seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO((unsigned)err), number_of(call), n,
					 args);

	if (ret < 0)
		fail(call, -ret);
}

/* gVisor has modes 0 to 4 only, no MPOL_F_NUMA_BALANCING, and wants a mask for MEMS_ALLOWED. */
static void refuse_new_modes(scmp_filter_ctx ctx)
{
	const struct scmp_arg_cmp no_mask[] = {SCMP_A1(SCMP_CMP_EQ, 0, 0),
					       SCMP_A4(SCMP_CMP_EQ, 4, 0)};

	answer(ctx, "get_mempolicy", EINVAL, 2, no_mask);
	for (unsigned mode = 5; mode <= 6; mode++) {
		const struct scmp_arg_cmp set = SCMP_A0(SCMP_CMP_MASKED_EQ, 0xfff, mode);
		const struct scmp_arg_cmp bind = SCMP_A2(SCMP_CMP_MASKED_EQ, 0xfff, mode);

		answer(ctx, "set_mempolicy", EINVAL, 1, &set);
		answer(ctx, "mbind", EINVAL, 1, &bind);
	}
	const struct scmp_arg_cmp balancing = SCMP_A0(SCMP_CMP_MASKED_EQ, 1 << 13, 1 << 13);

	answer(ctx, "set_mempolicy", EINVAL, 1, &balancing);
}

static const struct profile *profile_named(const char *name)
{
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
		if (strcmp(profiles[i].name, name) == 0)
			return &profiles[i];
	fail(name, ENOENT);
}

int main(int argc, char **argv)
{
	const struct profile *profile;
	scmp_filter_ctx ctx;
	int ret;

	if (argc < 3) {
		fputs("usage: sandbox PROFILE PROGRAM [ARG ...]\n", stderr);
		return 99;
	}
	profile = profile_named(argv[1]);
	ctx = seccomp_init(SCMP_ACT_ALLOW);
	if (!ctx)
		fail("seccomp_init", ENOMEM);
	for (size_t i = 0; i < CALLS; i++)
		if (profile->answer[i])
			answer(ctx, calls[i], profile->answer[i], 0, NULL);
	if (strcmp(profile->name, "gvisor") == 0)
		refuse_new_modes(ctx);
	if (geteuid() == 0)
		seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 0);
	ret = seccomp_load(ctx);
	if (ret < 0)
		fail("seccomp_load", -ret);
	seccomp_release(ctx);
	execvp(argv[2], argv + 2);
	fail(argv[2], errno);
}
