/* SPDX-License-Identifier: MIT */
/*
 * System call numbers: the kernel headers', and a fallback for those that older headers lack.
 * A call that an architecture does not have gets SYS_NONE, which every kernel answers with ENOSYS.
 */
#ifndef MYNUMA_SYS_NUMBERS_H
#define MYNUMA_SYS_NUMBERS_H

#include <sys/syscall.h>

#define SYS_NONE (-1)

/*
 * set_mempolicy_home_node came with Linux 5.17, when all architectures already shared new numbers;
 * the exceptions add their own base.
 */
#ifndef __NR_set_mempolicy_home_node
#if defined(__alpha__)
#define __NR_set_mempolicy_home_node 560
#elif defined(__mips__) && defined(_ABIO32) && _MIPS_SIM == _ABIO32
#define __NR_set_mempolicy_home_node 4450
#elif defined(__mips__) && defined(_ABIN32) && _MIPS_SIM == _ABIN32
#define __NR_set_mempolicy_home_node 6450
#elif defined(__mips__)
#define __NR_set_mempolicy_home_node 5450
#elif defined(__x86_64__) && defined(__ILP32__)
#define __NR_set_mempolicy_home_node (0x40000000 + 450)
#else
#define __NR_set_mempolicy_home_node 450
#endif
#endif

/*
 * The other five are older than any header that can build this; an architecture without one lacks
 * it.
 */
#ifndef __NR_get_mempolicy
#define __NR_get_mempolicy SYS_NONE
#endif
#ifndef __NR_set_mempolicy
#define __NR_set_mempolicy SYS_NONE
#endif
#ifndef __NR_mbind
#define __NR_mbind SYS_NONE
#endif
#ifndef __NR_migrate_pages
#define __NR_migrate_pages SYS_NONE
#endif
#ifndef __NR_move_pages
#define __NR_move_pages SYS_NONE
#endif

#endif
