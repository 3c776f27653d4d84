/* SPDX-License-Identifier: MIT */
/*
 * By which policies the addresses of a mapping go. Memory of the process's own has the policy of
 * its addresses. A shared object has its own, by page of the object, whatever is mapped where. The
 * page cache of any other file has none, though the mapping has one for the copies that a private
 * mapping makes. Call with the emulation's lock held.
 */
#ifndef MYNUMA_EMUL_BINDING_H
#define MYNUMA_EMUL_BINDING_H

#include "emul/machine.h"
#include "emul/mappings.h"
#include "emul/mempolicy.h"
#include "emul/objects.h"
#include "emul/policymap.h"

/* A mapping, or a stretch of addresses of which no more is known than that it is mapped. */
struct binding {
	uintptr_t start, end;
	enum mapping_kind kind;
	bool shared;
	bool file;    /* pages can be the file's */
	bool object;  /* which is a shared memory object */
	bool segment; /* of System V memory */
	uint64_t device, inode;
	uintptr_t shift; /* page number in the file less that of the address; wraps */
};

/* A walk through the bindings in ascending order. */
struct bindings {
	struct mappings maps;
	size_t page_size;
	uint64_t signature; /* of what is mapped, where that matters */
	bool open;	    /* maps is */
};

/* 0, or -errno when the system does not tell; then nothing needs to be closed. */
int bindings_open(struct bindings *walk, size_t page_size);
void bindings_close(struct bindings *walk);

/* Something is mapped otherwise than before, by what the emulation was told. */
void bindings_changed(void);

/* The first binding that ends above `addr`, which grows from call to call. False: there is none. */
bool bindings_next(struct bindings *walk, uintptr_t addr, struct binding *found);

/* What an address that is mapped is bound to: always something. */
void binding_of(uintptr_t addr, size_t page_size, struct binding *found);

/* Memory of the process's own, for where the system does not tell. */
struct binding binding_unknown(uintptr_t start, uintptr_t end);

/* The policy that an address has, or NULL. */
const struct mempolicy *binding_policy(const struct binding *b, uintptr_t addr, size_t page_size);

/* The part of a binding from an address on that has the same policy all over. */
struct policy_part binding_part(const struct binding *b, uintptr_t from, size_t page_size);

/* The number of a page in its object or file, or of an address in the process's own memory. */
uint64_t binding_index(const struct binding *b, uintptr_t page, size_t page_size);

/*
 * The number from which interleaving places a new page. `of_file`: it is the file's, not a copy.
 * `release` is the kernel's.
 */
uint64_t binding_number(const struct binding *b, uintptr_t page, bool of_file, size_t page_size,
			int release);

/* Called before the policy of an object's pages at [start, end) changes. 0 or -errno. */
typedef int before_change(const void *ctx, const struct binding *b, uintptr_t start, uintptr_t end);

/*
 * mbind() without its pages: gives what is mapped in a range a policy, or none, as a kernel does:
 * parts of a mapping that have it already are left out, and one that gets it takes along what it
 * then is one with. `before` may be NULL. 0, -ENOMEM, or what `before` said.
 */
int bindings_set_policy(uintptr_t start, uintptr_t end, const struct emul_machine *machine,
			const struct mempolicy *policy, before_change *before, const void *ctx);

/*
 * Gives the policies in a range a home node. -ENOENT when there is none, -EOPNOTSUPP at one that
 * takes no home node (those before it have it then), else as above.
 */
int bindings_set_home(uintptr_t start, uintptr_t end, const struct emul_machine *machine, int home,
		      before_change *before, const void *ctx);

/* After mremap() to a range: its policies are for what is there now. 0 or -ENOMEM. */
int bindings_moved(uintptr_t start, uintptr_t end, size_t page_size);

#endif
