/* SPDX-License-Identifier: MIT */
/*
 * The machine as /sys has it: the files that the topology of this process says, written below a
 * directory.
 */
#ifndef MYNUMA_SIM_TREE_H
#define MYNUMA_SIM_TREE_H

/*
 * Makes in the directory, which is empty:
 *	node	/sys/devices/system/node
 *	cpu	/sys/devices/system/cpu
 *	bus-node, bus-cpu	/sys/bus/node/devices, /sys/bus/cpu/devices
 * 0 or -errno.
 */
int tree_write(int dir);

#endif
