/* SPDX-License-Identifier: MIT */
/* How many CPUs there are, on which the caller runs and on which threads may run. */
#include <sched.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/bits.h"
#include "emul/cpus.h"
#include "sim/sim.h"
#include "sys/call.h"
#include "topology/topology.h"

HAS_NEXT(sysconf);

INTERPOSED int sched_getcpu(void)
{
	sim_begin();
	return cpus_current();
}

INTERPOSED int getcpu(unsigned *cpu, unsigned *node)
{
	int current, of;

	sim_begin();
	if (!topo_is_synthetic())
		return (int)sim_result(sys_call(__NR_getcpu, cpu, node, NULL));
	current = cpus_current();
	of = topo_cpu_node(current);
	if (cpu)
		*cpu = (unsigned)current;
	if (node)
		*node = of < 0 ? 0 : (unsigned)of;
	return 0;
}

INTERPOSED int sched_setaffinity(pid_t pid, size_t bytes, const cpu_set_t *cpus)
{
	sim_begin();
	if (!topo_is_synthetic())
		return (int)sim_result(sys_call(__NR_sched_setaffinity, pid, bytes, cpus));
	return (int)sim_result(cpus_set_affinity(pid, bytes, (const unsigned long *)cpus));
}

/* libc's tells of success only, and clears what the kernel leaves. */
INTERPOSED int sched_getaffinity(pid_t pid, size_t bytes, cpu_set_t *cpus)
{
	long ret;

	sim_begin();
	if (topo_is_synthetic())
		ret = cpus_get_affinity(pid, bytes, (unsigned long *)cpus);
	else
		ret = sys_call(__NR_sched_getaffinity, pid, bytes, cpus);
	if (ret < 0)
		return (int)sim_result(ret);
	memset((char *)cpus + ret, 0, bytes - (size_t)ret);
	return 0;
}

static long online(void)
{
	const struct topology *t = topo_get();

	return (long)bits_weight(t->allowed_cpus, t->cpu_bits);
}

INTERPOSED long sysconf(int name)
{
	if (name == _SC_NPROCESSORS_CONF && topo_is_synthetic())
		return topo_cpus();
	if (name == _SC_NPROCESSORS_ONLN && topo_is_synthetic())
		return online();
	return NEXT(sysconf)(name);
}

INTERPOSED int get_nprocs_conf(void)
{
	return (int)sysconf(_SC_NPROCESSORS_CONF);
}

INTERPOSED int get_nprocs(void)
{
	return (int)sysconf(_SC_NPROCESSORS_ONLN);
}
