/* SPDX-License-Identifier: MIT */
/*
 * The machine as /sys has it: the files that the topology of this process says, written below a
 * directory.
 */
#ifndef MYNUMA_SIM_TREE_H
#define MYNUMA_SIM_TREE_H

/*
 * `offline` has a bit for each of 8192 CPUs that exist and do not run; the topology knows only
 * those that do.
 *
 * Makes in the directory, which is empty:
 *	node	/sys/devices/system/node
 *	cpu	/sys/devices/system/cpu
 *	bus-node, bus-cpu	/sys/bus/node/devices, /sys/bus/cpu/devices
 *	weights	/sys/kernel/mm/mempolicy/weighted_interleave
 * 0 or -errno.
 */
int tree_write(int dir, const unsigned long *offline);

#endif
