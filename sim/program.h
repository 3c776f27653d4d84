/* SPDX-License-Identifier: MIT */
/* Whether a program can be simulated by preloading a library into it. */
#ifndef MYNUMA_SIM_PROGRAM_H
#define MYNUMA_SIM_PROGRAM_H

/*
 * Looks at the file that execvp() would start, and at the interpreters that it names. NULL if it
 * can, or if there is nothing that can be looked at; else what stands in the way.
 */
const char *program_obstacle(const char *name);

#endif
