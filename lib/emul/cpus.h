/* SPDX-License-Identifier: MIT */
/*
 * The CPUs of a machine that only exists as a description, and who runs on which. Simulated CPU v
 * runs on the real CPU that is the v-th of those the process had at first, counted around. A thread
 * stays on one simulated CPU as long as its affinity lets it; threads are spread over the nodes by
 * their ids.
 *
 * A thread has a record, of which any thread of the process may read and write the affinity; no
 * lock is needed. For other processes, and for threads of which nothing is known, the real affinity
 * is asked and translated, so of simulated CPUs that share a real one either all or none are in it.
 * That is also done when somebody else has changed a thread's real affinity. A new thread starts
 * with the main thread's, unless whoever intercepts the creation of threads says otherwise.
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

/*
 * For a simulator, before any of the above: the real CPUs that the first process of the machine
 * had, and the id of its main thread, which is the first in the order of spreading.
 */
void cpus_machine(const unsigned long *real, size_t nbits, int first);

/* The calling thread's affinity if it ever was set, else NULL. cpus_bits() wide. */
const unsigned long *cpus_chosen(void);
size_t cpus_bits(void);

/*
 * The calling thread has this affinity from its start, and the real one already is as it should be.
 * 0, -EINVAL when no CPU of the machine is in it, -ENOMEM.
 */
int cpus_inherit(const unsigned long *cpus, size_t nbits);

/* A thread that is about to be made: its record, with its creator's affinity. NULL: no memory. */
struct cpus_thread;
struct cpus_thread *cpus_thread_new(void);
void cpus_thread_begin(struct cpus_thread *thread); /* called by the new thread */
void cpus_thread_end(struct cpus_thread *thread);   /* or when it could not be made */

/* Its id; waits until it has begun. */
int cpus_thread_id(const struct cpus_thread *thread);

/* The calling thread is now the main thread of a new process. */
void cpus_forked(void);

#endif
