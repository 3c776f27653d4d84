/* SPDX-License-Identifier: MIT */
/* Making the machine of MYNUMA_TOPOLOGY a whole one for the programs that are started. */
#ifndef MYNUMA_TOOLS_SIMULATE_H
#define MYNUMA_TOOLS_SIMULATE_H

#include <stdbool.h>

/*
 * Puts the simulation's library before what is started from now on and, if `sysfs`, the machine's
 * files over those of /sys; a notice tells where those cannot be. STATUS_GOOD, or another status,
 * told on stderr. In a build without the simulation nothing happens: libnuma alone has the machine.
 */
int simulate(bool sysfs);

/* In the process that is about to become the machine's first program, after simulate(). */
void simulate_first(void);

/* The simulation cannot be prepared; unlike what programs end with. */
#define STATUS_NOT_PREPARED 125

#endif
