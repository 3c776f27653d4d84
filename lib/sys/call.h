/* SPDX-License-Identifier: MIT */
/*
 * Raw system calls. sys_call(number, up to six arguments) gives what the kernel gives: the result,
 * or -errno. errno is not touched, nothing is a cancellation point, and a program that replaces
 * libc's syscall() is not heard here.
 *
 * An architecture supplies only how to trap, in arch-NAME.h: sys_trap(nr, a, b, c, d, e, f). The
 * generic one has the same contract on top of libc's syscall().
 */
#ifndef MYNUMA_SYS_CALL_H
#define MYNUMA_SYS_CALL_H

#include "sys/numbers.h"

#if defined(MYNUMA_GENERIC_SYSCALL)
#include "sys/arch-generic.h"
#elif defined(__x86_64__)
#include "sys/arch-x86_64.h"
#elif defined(__aarch64__)
#include "sys/arch-aarch64.h"
#elif defined(__riscv) && __riscv_xlen == 64
#include "sys/arch-riscv64.h"
#elif defined(__s390x__)
#include "sys/arch-s390x.h"
#elif defined(__powerpc64__)
#include "sys/arch-powerpc64.h"
#else
#include "sys/arch-generic.h"
#endif

#define SYS_ARG(x) ((long)(x))
#define SYS_CALL6(nr, a, b, c, d, e, f, ...)                                                       \
	sys_trap(nr, SYS_ARG(a), SYS_ARG(b), SYS_ARG(c), SYS_ARG(d), SYS_ARG(e), SYS_ARG(f))
/* The kernel's size of a signal set, in calls that ask for it; with <signal.h>. */
#define SIGSET_BYTES (_NSIG / 8)

#define sys_call(...) SYS_CALL6(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

#endif
