/* SPDX-License-Identifier: MIT */
/*
 * syscall(): the calls that have to do with the machine, whoever makes them. All others go to the
 * kernel as they are.
 */
#include <sched.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "backend/backend.h"
#include "emul/cpus.h"
#include "emul/usercopy.h"
#include "sim/sim.h"
#include "sys/call.h"
#include "topology/topology.h"

#ifndef __NR_fork
#define __NR_fork (SYS_NONE - 1)
#endif
#ifndef __NR_clone3
#define __NR_clone3 435
#endif

/* The start of clone3()'s structure. */
struct clone3_args {
	unsigned long long flags;
};

static long get_cpu(unsigned *cpu, unsigned *node)
{
	int current = cpus_current(), of = topo_cpu_node(current);
	unsigned here = (unsigned)current, there = of < 0 ? 0 : (unsigned)of;

	if ((cpu && user_write((uintptr_t)cpu, &here, sizeof(here)) < 0) ||
	    (node && user_write((uintptr_t)node, &there, sizeof(there)) < 0))
		return -EFAULT;
	return 0;
}

static long make_process(long nr, const long a[6])
{
	bool shares = (nr == __NR_clone && (a[0] & CLONE_VM)) ||
		      (nr == __NR_clone3 && a[0] &&
		       (((const struct clone3_args *)a[0])->flags & CLONE_VM));
	long ret = sys_call(nr, a[0], a[1], a[2], a[3], a[4], a[5]);

	if (ret == 0 && !shares)
		sim_forked();
	return ret;
}

/* On a machine that is simulated. False: not a call of ours. */
static bool answer(long nr, const long a[6], long *ret)
{
	const struct backend_ops *ops = backend();

	switch (nr) {
	case __NR_get_mempolicy:
		*ret = ops->get_mempolicy((int *)a[0], (unsigned long *)a[1], (unsigned long)a[2],
					  (void *)a[3], (unsigned long)a[4]);
		return true;
	case __NR_set_mempolicy:
		*ret = ops->set_mempolicy((int)a[0], (unsigned long *)a[1], (unsigned long)a[2]);
		return true;
	case __NR_mbind:
		*ret = ops->mbind((void *)a[0], (unsigned long)a[1], (unsigned long)a[2],
				  (unsigned long *)a[3], (unsigned long)a[4], (unsigned)a[5]);
		return true;
	case __NR_migrate_pages:
		*ret = ops->migrate_pages((int)a[0], (unsigned long)a[1], (unsigned long *)a[2],
					  (unsigned long *)a[3]);
		return true;
	case __NR_move_pages:
		*ret = ops->move_pages((int)a[0], (unsigned long)a[1], (void **)a[2], (int *)a[3],
				       (int *)a[4], (int)a[5]);
		return true;
	case __NR_set_mempolicy_home_node:
		*ret = ops->set_mempolicy_home_node((unsigned long)a[0], (unsigned long)a[1],
						    (unsigned long)a[2], (unsigned long)a[3]);
		return true;
	case __NR_getcpu:
		*ret = get_cpu((unsigned *)a[0], (unsigned *)a[1]);
		return true;
	case __NR_sched_setaffinity:
		*ret = cpus_set_affinity((int)a[0], (unsigned)a[1], (unsigned long *)a[2]);
		return true;
	case __NR_sched_getaffinity:
		*ret = cpus_get_affinity((int)a[0], (unsigned)a[1], (unsigned long *)a[2]);
		return true;
#if !defined(__s390x__) && !defined(__NR_mmap2)
	case __NR_mmap:
		*ret = sim_mmap((void *)a[0], (size_t)a[1], (int)a[2], (int)a[3], (int)a[4], a[5]);
		return true;
#endif
	case __NR_munmap:
		*ret = sim_munmap((void *)a[0], (size_t)a[1]);
		return true;
	case __NR_mremap:
		*ret = sim_mremap((void *)a[0], (size_t)a[1], (size_t)a[2], (int)a[3],
				  (void *)a[4]);
		return true;
	case __NR_madvise:
		*ret = sim_madvise((void *)a[0], (size_t)a[1], (int)a[2]);
		return true;
	case __NR_brk:
		*ret = sim_brk((void *)a[0]);
		return true;
	case __NR_execve:
		*ret = sys_call(nr, a[0], a[1], sim_environment((char *const *)a[2]));
		return true;
	case __NR_execveat:
		*ret = sys_call(nr, a[0], a[1], a[2], sim_environment((char *const *)a[3]), a[4]);
		return true;
	case __NR_fork:
	case __NR_clone:
	case __NR_clone3:
		*ret = make_process(nr, a);
		return true;
	default:
		return false;
	}
}

INTERPOSED long syscall(long nr, ...)
{
	long a[6], ret;
	va_list args;

	va_start(args, nr);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	sim_begin();
	if (!topo_is_synthetic() || !answer(nr, a, &ret))
		ret = sys_call(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	return sim_result(ret);
}
