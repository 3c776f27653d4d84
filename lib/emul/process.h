/* SPDX-License-Identifier: MIT */
/* Who may do what to which process, asked of the system. */
#ifndef MYNUMA_EMUL_PROCESS_H
#define MYNUMA_EMUL_PROCESS_H

#include <stdbool.h>

/* Whether the caller has CAP_SYS_NICE where it counts: in the initial user namespace. */
bool process_may_nice(void);

enum process { PROCESS_SELF, PROCESS_OTHER };

/*
 * Which process a pid (or thread id; 0 is the caller) names. -ESRCH when none; -EPERM when the
 * caller may not look at it.
 */
int process_of(int pid);

/* Whether it has memory: not so for kernel threads and zombies. */
bool process_has_memory(int pid);

#endif
