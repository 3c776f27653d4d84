/* SPDX-License-Identifier: MIT */
/*
 * One line on stderr for whoever set an environment variable wrongly. Not for anything else:
 * failures are numa_error()'s.
 */
#ifndef MYNUMA_SYS_COMPLAIN_H
#define MYNUMA_SYS_COMPLAIN_H

/* Writes "libmynuma: ", the parts, which NULL ends, and a newline, in one write(2). */
void complain(const char *part, ...) __attribute__((sentinel));

#endif
