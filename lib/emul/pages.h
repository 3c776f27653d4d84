/* SPDX-License-Identifier: MIT */
/*
 * Which node each page is on.
 *
 * Nothing happens in the emulation when a program touches a page, so the node of a page is
 * settled later: when somebody asks, or when a policy is about to change by which it was placed.
 * It is then where the policy of its range or object, or else of the thread that asks, would put it
 * from the CPU that this thread is on. Settled pages stay where they are until they are moved, are
 * seen to be gone, or are reported gone.
 *
 * Call with the emulation's lock held.
 */
#ifndef MYNUMA_EMUL_PAGES_H
#define MYNUMA_EMUL_PAGES_H

#include "emul/binding.h"
#include "emul/machine.h"
#include "emul/presence.h"
#include "emul/task.h"

/* From where pages are looked at. */
struct pages_view {
	const struct emul_machine *machine;
	struct presence *presence;
	struct binding *binding; /* the last one that was looked up; at first all 0 */
	int local;		 /* node of the calling CPU */
};

/* Settles the pages of a range, all of it mapped, by the policies in force. 0 or -ENOMEM. */
int pages_settle(const struct pages_view *view, uintptr_t start, uintptr_t end);

/* As before for a range with holes, and forgets what is no longer mapped. 0 or -ENOMEM. */
int pages_settle_sparse(const struct pages_view *view, uintptr_t start, uintptr_t end);

/* All pages of the process. 0 or -ENOMEM. */
int pages_settle_all(const struct pages_view *view);

/* The pages of a range that is bound so: for bindings_set_policy(), with a view as ctx. */
int pages_settle_binding(const void *view, const struct binding *b, uintptr_t start, uintptr_t end);

/* The node of a page, which is present. Settles it. */
int pages_node(const struct pages_view *view, uintptr_t page);

/*
 * Where mbind() moves a page to. Older kernels go by the policy in force and the page's index;
 * later ones by the policy of the call, and add to the index of every page what is added for a new
 * one in the place of the first that moves. Where another policy than the call's is in force there,
 * of an object, and does not interleave, that leaves the index of the first out. Begin each call
 * with {0} for `first`.
 */
struct pages_first {
	bool known;
	uint64_t base; /* what is added to indices; wraps */
};
int pages_place_moved(const struct pages_view *view, uintptr_t page, const struct mempolicy *policy,
		      struct pages_first *first);

/* The page is on that node from now on. 0 or -ENOMEM. */
int pages_set_node(const struct pages_view *view, uintptr_t page, int node);

/* A word that is the same only for addresses of the same page. */
uintptr_t pages_identity(const struct pages_view *view, uintptr_t page);

/* Whether a settled page of the range lies on a node that is not in the mask. */
bool pages_misplaced(const struct pages_view *view, uintptr_t start, uintptr_t end,
		     const struct nodemask *mask);

/* Which pages move, and where to. */
struct migration {
	bool common; /* those that others have mapped too */
	bool (*leaves)(const void *ctx, int node);
	/* Asked in ascending order for each page that moves, and never for others. */
	int (*target)(void *ctx, const struct pages_view *view, uintptr_t page, int node);
	void *ctx;
};

/*
 * Moves settled pages of the range. 0; 1 when a page that was to move came up again in another
 * mapping, where a kernel fails to take hold of it once more; or -ENOMEM.
 */
int pages_migrate(const struct pages_view *view, uintptr_t start, uintptr_t end,
		  const struct migration *migration);

/* Nothing is known any more of the pages that a range had to itself. */
void pages_gone(uintptr_t start, uintptr_t end);

/* The pages of a range were discarded: the process's own, and those of objects that are gone. */
void pages_discarded(const struct pages_view *view, uintptr_t start, uintptr_t end);

/* A page was seen not to be there: if it comes again it is a new one. */
void pages_seen_absent(const struct pages_view *view, uintptr_t page);

/* Pages were moved by mremap(). */
void pages_moved(uintptr_t from, uintptr_t to, size_t len);

void pages_forget(void);

#endif
