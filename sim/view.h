/* SPDX-License-Identifier: MIT */
/* A view of the file system of which only this process and its children know. */
#ifndef MYNUMA_SIM_VIEW_H
#define MYNUMA_SIM_VIEW_H

/*
 * Puts the machine's files over /sys/devices/system/node, /sys/devices/system/cpu, their twins in
 * /sys/bus, the weights of nodes and /proc/cpuinfo, and over what a cpuset says, in a mount
 * namespace of its own: plainly if the process may, else with a user namespace in which it has the
 * same user and group. NULL, or why not; then nothing has changed. `offline` is as in tree.h.
 */
const char *view_enter(const unsigned long *offline);

#endif
