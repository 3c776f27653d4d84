/* SPDX-License-Identifier: MIT */
/* Each question is put to a system call that makes the kernel do the very check that is meant. */
#include "emul/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <unistd.h>

#include "sys/call.h"
#include "sys/smallfile.h"

/* The initial user namespace has the same number in every kernel. */
#define INITIAL_USER_NAMESPACE "user:[4026531837]"

/* Taken as true where /proc does not tell. */
static bool in_initial_user_namespace(void)
{
	char link[sizeof(INITIAL_USER_NAMESPACE)];
	long len = sys_call(__NR_readlinkat, AT_FDCWD, "/proc/self/ns/user", link, sizeof(link));

	return len < 0 || (len == sizeof(link) - 1 &&
			   memcmp(link, INITIAL_USER_NAMESPACE, sizeof(link) - 1) == 0);
}

bool process_may_nice(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (sys_call(__NR_capget, &header, data) < 0)
		return geteuid() == 0;
	return (data[CAP_SYS_NICE / 32].effective >> (CAP_SYS_NICE % 32) & 1) &&
	       in_initial_user_namespace();
}

/*
 * get_robust_list() wants the same right to look at a thread as the calls on other processes'
 * memory.
 */
static bool may_look_at(int pid)
{
	void *head;
	size_t len;

	return sys_call(__NR_get_robust_list, pid, &head, &len) != -EPERM;
}

int process_of(int pid)
{
	if (pid == 0 || pid == getpid())
		return PROCESS_SELF;
	if (pid < 0 || sys_call(__NR_sched_getscheduler, pid) == -ESRCH)
		return -ESRCH;
	if (sys_call(__NR_tgkill, getpid(), pid, 0) == 0)
		return PROCESS_SELF;
	return may_look_at(pid) ? PROCESS_OTHER : -EPERM;
}

bool process_has_memory(int pid)
{
	char path[64], digits[NUMBER_DIGITS];
	struct text text;
	bool has;

	if (!path_join(path, sizeof(path), "/proc/", number_text(digits, (unsigned long)pid),
		       "/statm", (char *)NULL))
		return true;
	has = text_read(&text, path, "") < 0 || strncmp(text.s, "0 ", 2) != 0;
	text_free(&text);
	return has;
}
