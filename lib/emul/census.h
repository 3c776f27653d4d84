/* SPDX-License-Identifier: MIT */
/* A count of where the emulation has the pages of this process. */
#ifndef MYNUMA_EMUL_CENSUS_H
#define MYNUMA_EMUL_CENSUS_H

#include <stdint.h>

#include "emul/mempolicy.h"

/* A part of a mapping in which all addresses have the same policy. */
struct census_part {
	uintptr_t start, end;
	const struct mempolicy *policy;	 /* NULL: none, so local */
	unsigned long pages[EMUL_NODES]; /* that are there, by node */
};

/*
 * Settles all pages of the process and calls each() for every part in ascending order, with the
 * emulation's lock held: it may only make system calls. A part without a policy of its own has the
 * calling thread's. 0, or -errno when the system does not tell what is mapped. *guessed: it does
 * not tell which pages are there, so all were counted.
 */
int emul_census(void (*each)(const struct census_part *part, void *arg), void *arg, bool *guessed);

#endif
