/* SPDX-License-Identifier: MIT */
/* MYNUMA_WHERE: at its end a process writes down where its memory is. */
#ifndef MYNUMA_BACKEND_WHERE_H
#define MYNUMA_BACKEND_WHERE_H

/*
 * Does nothing unless MYNUMA_WHERE=FILE is set. Then it writes FILE.PID:
 *
 *	native | emulated | guessed		which backend; guessed: emulated, and the system
 *						does not tell which pages are there
 *	page PAGE-SIZE
 *	...					/proc/self/numa_maps, or such lines, with START-END
 *	maps
 *	...					/proc/self/maps
 */
void where_report(void);

#endif
