/* SPDX-License-Identifier: MIT */
/*
 * Sets of policies that ranges share: equal ones are one object, so that a million ranges cost
 * little and comparing is comparing pointers. An object lives while somebody holds it. Call with
 * the emulation's lock held.
 */
#ifndef MYNUMA_EMUL_POLICYSET_H
#define MYNUMA_EMUL_POLICYSET_H

#include <stdint.h>

#include "base/compiler.h"
#include "emul/mempolicy.h"
#include "emul/slab.h"

struct shared_policy {
	struct mempolicy policy;
	struct policyset *set;
	struct shared_policy *next;
	uintptr_t holders;
};

struct policyset {
	struct slab slab;
	struct shared_policy *table[512];
};

/* The process's own. */
extern HIDDEN struct policyset policies_of_process;

/* A set that takes its memory from there. */
void policyset_init(struct policyset *set, void *(*pages)(size_t bytes));

/* The object equal to `policy`, held once for the caller; NULL when memory ran out. */
struct shared_policy *policyset_get(struct policyset *set, const struct mempolicy *policy);

void policyset_hold(struct shared_policy *shared);
void policyset_drop(struct shared_policy *shared);

/* As these, for the words of struct ranges: a pointer to a shared policy, or anything odd. */
void policyset_hold_word(uintptr_t word);
void policyset_drop_word(uintptr_t word);

/* The set is empty; what was in it is lost. */
void policyset_forget(struct policyset *set);

#endif
