/* SPDX-License-Identifier: MIT */
/*
 * Shared memory objects (tmpfs, memfd, shared anonymous and System V memory): the policies that
 * were set on them and where their pages are, by page number in the object. Both belong to the
 * object and not to any mapping of it, and are common to a process and its children by fork(); see
 * arena.h.
 *
 * What an object was is kept after its last mapping is gone, since most can be mapped again. No
 * call tells when one has ceased to be, so when memory runs out those are given up that this
 * process could not map. Call with the emulation's lock held.
 */
#ifndef MYNUMA_EMUL_OBJECTS_H
#define MYNUMA_EMUL_OBJECTS_H

#include <stdint.h>

#include "emul/policymap.h"

struct object;

/* Whether anything is known of any object; needs no lock. */
bool objects_known(void);

/* The object of an inode, if anything is known of it; else NULL. */
struct object *object_find(uint64_t device, uint64_t inode);

/* The object of an inode; NULL when there is no memory. */
struct object *object_get(uint64_t device, uint64_t inode);

/* By page number: its policies, and where its pages are (see located.h). */
struct ranges *object_policies(struct object *object);
struct ranges *object_located(struct object *object);

/*
 * Giving up objects: mark none, mark what is to stay, and drop the others.
 */
void objects_unmark(void);
void object_mark(uint64_t device, uint64_t inode);
void objects_drop_unmarked(void);

/* The set for the policies in those maps. */
struct policyset *object_policyset(void);

#endif
