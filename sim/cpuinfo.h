/* SPDX-License-Identifier: MIT */
/* The machine's CPUs as /proc/cpuinfo has them. */
#ifndef MYNUMA_SIM_CPUINFO_H
#define MYNUMA_SIM_CPUINFO_H

/*
 * Writes the file into the directory, if the real one is of the sort that is known: a block for
 * each CPU, which begins with its number. 0 or -errno.
 */
int cpuinfo_write(int dir, const char *name);

#endif
