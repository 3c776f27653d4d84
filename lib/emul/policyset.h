/* SPDX-License-Identifier: MIT */
/*
 * Policies that ranges share: equal ones are one object, so that a million ranges cost little
 * and comparing is comparing pointers. An object lives while somebody holds it. Call with the
 * emulation's lock held.
 */
#ifndef MYNUMA_EMUL_POLICYSET_H
#define MYNUMA_EMUL_POLICYSET_H

#include <stdint.h>

#include "emul/mempolicy.h"

struct shared_policy {
	struct mempolicy policy;
	struct shared_policy *next;
	uintptr_t holders;
};

/* The object equal to `policy`, held once for the caller; NULL when memory ran out. */
struct shared_policy *policyset_get(const struct mempolicy *policy);

void policyset_hold(struct shared_policy *shared);
void policyset_drop(struct shared_policy *shared);

/* The set is empty; what was in it is lost. */
void policyset_forget(void);

#endif
