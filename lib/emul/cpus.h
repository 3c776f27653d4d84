/* SPDX-License-Identifier: MIT */
/*
 * The CPUs of a machine that only exists as a description, and who runs on which. Simulated CPU v
 * runs on the real CPU that is the v-th of those the process had at first, counted around. A thread
 * stays on one simulated CPU as long as its affinity lets it; threads are spread by their ids.
 *
 * A thread's affinity is known to itself. For another thread or process the real one is asked and
 * translated, so of simulated CPUs that share a real one either all or none are in it. A new thread
 * starts with the main thread's.
 */
#ifndef MYNUMA_EMUL_CPUS_H
#define MYNUMA_EMUL_CPUS_H

#include <stddef.h>

/*
 * sched_setaffinity(2) and sched_getaffinity(2), in simulated CPUs; 0 or bytes written, or -errno.
 */
long cpus_set_affinity(int pid, size_t bytes, const unsigned long *cpus);
long cpus_get_affinity(int pid, size_t bytes, unsigned long *cpus);

/* The CPU that the calling thread runs on: a simulated one if the machine is, else the real one. */
int cpus_current(void);

#endif
