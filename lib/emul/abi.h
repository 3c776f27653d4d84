/* SPDX-License-Identifier: MIT */
/*
 * The numbers of the kernel's interface. The public header numaif.h has the same ones, word for
 * word, for programs; nothing below lib/api includes it.
 */
#ifndef MYNUMA_EMUL_ABI_H
#define MYNUMA_EMUL_ABI_H

/* Modes. */
#define MPOL_DEFAULT 0
#define MPOL_PREFERRED 1
#define MPOL_BIND 2
#define MPOL_INTERLEAVE 3
#define MPOL_LOCAL 4
#define MPOL_PREFERRED_MANY 5
#define MPOL_WEIGHTED_INTERLEAVE 6

/* Flags of a mode. */
#define MPOL_F_NUMA_BALANCING (1 << 13)
#define MPOL_F_RELATIVE_NODES (1 << 14)
#define MPOL_F_STATIC_NODES (1 << 15)

/* Flags of get_mempolicy(). */
#define MPOL_F_NODE (1 << 0)
#define MPOL_F_ADDR (1 << 1)
#define MPOL_F_MEMS_ALLOWED (1 << 2)

/* Flags of mbind() and move_pages(). */
#define MPOL_MF_STRICT (1 << 0)
#define MPOL_MF_MOVE (1 << 1)
#define MPOL_MF_MOVE_ALL (1 << 2)

#endif
