/* SPDX-License-Identifier: MIT */
/*
 * The calls that move pages: migrate_pages and move_pages.
 *
 * Of other processes the emulation knows nothing. All checks are made; then migrate_pages() has
 * moved everything there was to move (0), and move_pages() finds no page where it is asked to
 * look (-ENOENT each).
 */
#include <errno.h>
#include <limits.h>

#include "emul/call.h"
#include "emul/emul.h"
#include "emul/process.h"
#include "emul/ranges.h"
#include "emul/usercopy.h"
#include "emul/abi.h"

/* ---- migrate_pages ---- */

struct node_sets {
	const struct nodemask *from, *to;
};

/*
 * The kernel moves pairs of nodes one after the other, those first whose target is not to be
 * emptied itself; sets in ascending order have no cycles, so that is the same as all at once.
 */
static int migration_target(void *ctx, const struct pages_view *view, uintptr_t page, int node)
{
	const struct node_sets *sets = ctx;

	(void)view;
	(void)page;
	return nodemask_remap(node, sets->from, sets->to);
}

static bool migration_leaves(const void *ctx, int node)
{
	const struct node_sets *sets = ctx;

	if (nodemask_weight(sets->from) != nodemask_weight(sets->to) &&
	    nodemask_has(sets->to, node))
		return false;
	return nodemask_remap(node, sets->from, sets->to) != node;
}

static int do_migrate(const struct emul_machine *machine, struct node_sets *sets, bool common)
{
	struct migration migration = {
		.common = common,
		.leaves = migration_leaves,
		.target = migration_target,
		.ctx = sets,
	};
	struct call call;
	int err;

	if (machine->memory_nodes == 1)
		return 0;
	call_begin(&call, machine, true);
	err = pages_settle_all(&call.view);
	if (!err)
		err = pages_migrate(&call.view, 0, UINTPTR_MAX - machine->page_size, &migration);
	call_end(&call);
	return err < 0 ? err : 0;
}

long emul_migrate_pages(int pid, unsigned long maxnode, const unsigned long *old_nodes,
			const unsigned long *new_nodes)
{
	const struct emul_machine *machine = emul_machine();
	struct nodemask from, to;
	struct node_sets sets = {.from = &from, .to = &to};
	bool nice;
	int err, process;

	err = mask_from_user(machine, &from, old_nodes, maxnode);
	if (!err)
		err = mask_from_user(machine, &to, new_nodes, maxnode);
	if (err)
		return err;
	process = process_of(pid);
	if (process < 0)
		return process;
	nice = process_may_nice();
	if (!nice && !nodemask_within(&to, &machine->allowed))
		return -EPERM;
	to = nodemask_and(&to, &machine->allowed);
	if (nodemask_empty(&to))
		return -EINVAL;
	if (process == PROCESS_OTHER)
		return process_has_memory(pid) ? 0 : -EINVAL;
	return do_migrate(machine, &sets, nice);
}

/* ---- move_pages: asking ---- */

/* A call works on so many entries before it lets others have the lock. */
#define GROUP 16U

static uintptr_t page_of(const struct emul_machine *machine, uintptr_t addr)
{
	return addr & ~(uintptr_t)(machine->page_size - 1);
}

/* What the system says of pages while nothing of it can matter that changes. */
struct survey {
	struct call *call;
	/* Pages of entries that follow each other, most often all: asked about at once. */
	uintptr_t start, end;
	enum { UNASKED, WHOLE, WITH_HOLES } mapped;
	struct mapping mapping; /* the last one looked up */
};

/* n entries are at hand, of which the first is dealt with next. */
static void survey_entries(struct survey *survey, void *const *entry, unsigned n)
{
	const struct emul_machine *machine = survey->call->view.machine;
	uintptr_t page = page_of(machine, untagged((uintptr_t)entry[0]));

	if (page >= survey->start && page < survey->end)
		return;
	survey->start = survey->end = page;
	survey->mapped = UNASKED;
	for (unsigned i = 0; i < n && page == survey->end && page >= survey->start; i++) {
		survey->end += machine->page_size;
		if (i + 1 < n)
			page = page_of(machine, untagged((uintptr_t)entry[i + 1]));
	}
	presence_expect(&survey->call->presence, survey->start, survey->end);
}

static bool is_mapped(struct survey *survey, uintptr_t page)
{
	size_t size = survey->call->view.machine->page_size;

	if (survey->mapped == UNASKED)
		survey->mapped = mapped_whole(survey->start, survey->end) ? WHOLE : WITH_HOLES;
	if (survey->mapped == WHOLE || survey->end - survey->start == size)
		return survey->mapped == WHOLE;
	return mapped_whole(page, page + size);
}

/* The mapping of a page; NULL where there is none or the system does not tell. */
static const struct mapping *mapping_at(struct survey *survey, uintptr_t page)
{
	struct mapping *mapping = &survey->mapping;

	if (page < mapping->start || page >= mapping->end) {
		if (!mapping_of(page, mapping)) {
			*mapping = (struct mapping){0};
			return NULL;
		}
	}
	return mapping;
}

static bool is_kind(struct survey *survey, uintptr_t page, enum mapping_kind kind)
{
	const struct mapping *mapping = mapping_at(survey, page);

	return mapping && mapping->kind == kind;
}

/* Before this release a query saw less. */
#define RELEASE_QUERIES_ALL 609

/* What is said of a page that is not there, which is forgotten, or that is no page of memory. */
static int absent_status(struct survey *survey, uintptr_t page)
{
	pages_seen_absent(&survey->call->view, page);
	if (!is_mapped(survey, page))
		return -EFAULT;
	if (survey->call->view.machine->release < RELEASE_QUERIES_ALL &&
	    is_kind(survey, page, MAPPING_ANONYMOUS))
		return -EFAULT;
	return -ENOENT;
}

/* Old kernels did not see the pages of a mapping that must not be accessed. */
static bool is_hidden(struct survey *survey, uintptr_t page)
{
	const struct mapping *mapping;

	if (survey->call->view.machine->release >= RELEASE_QUERIES_ALL)
		return false;
	mapping = mapping_at(survey, page);
	return mapping && !mapping->accessible;
}

/* The node of a page, or what else a query says of it. */
static int query(struct survey *survey, uintptr_t page)
{
	struct call *call = survey->call;
	const struct emul_machine *machine = call->view.machine;
	enum page_state state = presence_of(&call->presence, page);

	if (state == PAGE_ABSENT)
		return absent_status(survey, page);
	if (is_hidden(survey, page))
		return -ENOENT;
	if (state == PAGE_ZERO)
		return -EFAULT;
	if (state == PAGE_COMMON && is_kind(survey, page, MAPPING_DEVICE))
		return -ENOENT;
	if (machine->memory_nodes == 1)
		return nodemask_first(&machine->memory);
	return pages_node(&call->view, page);
}

/* What is said of each entry of a group; nothing is known of other processes' pages. */
static void query_all(struct call *call, bool self, void *const *page, int *answer, unsigned n)
{
	const struct emul_machine *machine = call->view.machine;
	struct survey survey = {.call = call};

	emul_lock(&call->guard);
	for (unsigned i = 0; i < n; i++) {
		answer[i] = -ENOENT;
		if (!self)
			continue;
		survey_entries(&survey, page + i, n - i);
		answer[i] = query(&survey, page_of(machine, untagged((uintptr_t)page[i])));
	}
	emul_unlock(&call->guard);
}

static int do_query(const struct emul_machine *machine, bool self, unsigned long count,
		    uintptr_t pages, uintptr_t status)
{
	void *page[GROUP];
	int answer[GROUP];
	struct call call;
	int err = 0;

	call_open(&call, machine, self);
	for (unsigned n; count && !err; count -= n) {
		n = count < GROUP ? (unsigned)count : GROUP;
		err = user_read(page, pages, n * sizeof(page[0]));
		if (err)
			break;
		query_all(&call, self, page, answer, n);
		err = user_write(status, answer, n * sizeof(answer[0]));
		pages += n * sizeof(page[0]);
		status += n * sizeof(answer[0]);
	}
	call_close(&call);
	return err;
}

/* ---- move_pages: moving ---- */

#define NO_NODE (-1)
#define QUEUED INT_MAX /* no status yet */

/* One call. Entries [start, here) are queued: to be moved to `node` together. */
struct mover {
	struct call call;
	const struct emul_machine *machine;
	bool self;   /* the process is our own */
	bool common; /* pages that others have mapped are moved too */
	unsigned long count;
	uintptr_t pages, nodes, status; /* the caller's arrays */
	unsigned long start;
	int node;
	struct survey survey; /* valid as long as nothing is written to the caller's memory */
	struct ranges queue;  /* the queued pages */
	struct ranges seen;   /* what they are, by pages_identity() */

	/* Entries read ahead, from `first` on. */
	unsigned long first, have;
	void *page[GROUP];
	int to[GROUP];
};

static int read_entries(struct mover *m, unsigned long from, unsigned long n)
{
	int err = user_read(m->page, m->pages + from * sizeof(m->page[0]), n * sizeof(m->page[0]));

	if (!err)
		err = user_read(m->to, m->nodes + from * sizeof(m->to[0]), n * sizeof(m->to[0]));
	m->first = from;
	m->have = err ? 0 : n;
	return err;
}

/* An entry; a group is read at once, but an unreadable entry counts when its turn comes. */
static int read_entry(struct mover *m, unsigned long i, uintptr_t *page, int *node)
{
	unsigned long left = m->count - i;
	int err = 0;

	if (i - m->first >= m->have)
		err = read_entries(m, i, left < GROUP ? left : GROUP);
	if (err)
		err = read_entries(m, i, 1);
	if (err)
		return err;
	*page = page_of(m->machine, untagged((uintptr_t)m->page[i - m->first]));
	*node = m->to[i - m->first];
	return 0;
}

static int check_node(const struct emul_machine *machine, int node)
{
	if (!nodemask_has(&machine->memory, node))
		return -ENODEV;
	return nodemask_has(&machine->allowed, node) ? 0 : -EACCES;
}

/* Writing may bring pages in, of which entries can be. */
static void end_survey(struct mover *m)
{
	m->survey = (struct survey){.call = &m->call};
}

static int store_status(struct mover *m, unsigned long i, int status)
{
	end_survey(m);
	return user_put(m->status + i * sizeof(int), status);
}

/* How many of the queued pages could not be moved: only where memory for knowing it ran out. */
static int move_queue(struct mover *m)
{
	const struct range *range;
	uintptr_t at = 0;
	int failed = 0;

	emul_lock(&m->call.guard);
	while ((range = ranges_at_or_after(&m->queue, at))) {
		for (at = range->start; at < range->end; at += m->machine->page_size)
			failed += pages_set_node(&m->call.view, at, m->node) < 0;
	}
	ranges_set(&m->queue, 0, UINTPTR_MAX, 0);
	ranges_set(&m->seen, 0, UINTPTR_MAX, 0);
	emul_unlock(&m->call.guard);
	return failed;
}

/*
 * Moves the queue, and if that went well writes the statuses of its entries [start, end). 0,
 * -EFAULT, or how many pages could not be moved.
 */
static long flush(struct mover *m, unsigned long end)
{
	/* No int of an array that is aligned lies across a page's end. */
	unsigned group = m->status % sizeof(int) ? 1 : GROUP;
	int status[GROUP], failed, err;

	if (m->node == NO_NODE || m->start == end)
		return 0;
	failed = move_queue(m);
	end_survey(m);
	for (unsigned i = 0; i < GROUP; i++)
		status[i] = m->node;
	for (unsigned long n; !failed && m->start < end; m->start += n) {
		n = end - m->start < group ? end - m->start : group;
		err = n == 1 ? store_status(m, m->start, m->node)
			     : user_write(m->status + m->start * sizeof(int), status,
					  n * sizeof(int));
		if (err)
			return err;
	}
	m->node = NO_NODE;
	return failed;
}

/* The status of a page that shall go to m->node, or QUEUED. */
static int enqueue_page(struct mover *m, uintptr_t page)
{
	enum page_state state = presence_of(&m->call.presence, page);
	uintptr_t identity;
	int node;

	if (state == PAGE_ABSENT)
		return absent_status(&m->survey, page);
	if (is_hidden(&m->survey, page))
		return -ENOENT;
	if (state == PAGE_ZERO)
		return -EFAULT;
	if (state == PAGE_COMMON && is_kind(&m->survey, page, MAPPING_DEVICE))
		return -EFAULT;
	node = m->machine->memory_nodes == 1 ? nodemask_first(&m->machine->memory)
					     : pages_node(&m->call.view, page);
	if (node == m->node)
		return node;
	if (state == PAGE_COMMON && !m->common)
		return -EACCES;
	identity = pages_identity(&m->call.view, page);
	if (ranges_get(&m->seen, identity) ||
	    (state == PAGE_COMMON && is_kind(&m->survey, page, MAPPING_KERNEL)))
		return -EBUSY;
	if (ranges_set(&m->seen, identity, identity + 1, 1) < 0 ||
	    ranges_set(&m->queue, page, page + m->machine->page_size, 1) < 0)
		return -ENOMEM;
	return QUEUED;
}

/* The entry of that number is for this page. */
static int enqueue(struct mover *m, unsigned long i, uintptr_t page)
{
	unsigned at = (unsigned)(i - m->first);
	int status;

	if (!m->self)
		return -ENOENT;
	emul_lock(&m->call.guard);
	survey_entries(&m->survey, m->page + at, (unsigned)m->have - at);
	status = enqueue_page(m, page);
	emul_unlock(&m->call.guard);
	return status;
}

/*
 * One entry. 0 to go on; a positive result, or -errno, ends the call: pages not moved, or an
 * error after which what is queued is still moved.
 */
static long move_entry(struct mover *m, unsigned long i)
{
	long result;
	uintptr_t page = 0;
	int node = 0, status;

	result = read_entry(m, i, &page, &node);
	if (!result)
		result = check_node(m->machine, node);
	if (result)
		return result;
	if (m->node != node) {
		result = flush(m, i);
		if (result)
			return result > 0 ? result + (long)(m->count - i) : result;
		m->node = node;
		m->start = i;
	}
	status = enqueue(m, i, page);
	if (status == QUEUED)
		return 0;
	if (store_status(m, i, status) < 0)
		return -EFAULT;
	result = flush(m, i);
	m->node = NO_NODE;
	return result > 0 ? result + (long)(m->count - i - 1) : result;
}

static long do_move(struct mover *m)
{
	unsigned long i = 0;
	long result = 0;

	call_open(&m->call, m->machine, m->self);
	end_survey(m);
	while (i < m->count && !result) {
		result = move_entry(m, i);
		i += !result;
	}
	if (result <= 0) {
		long last = flush(m, i);

		result = result ? result : last;
	}
	call_close(&m->call);
	return result;
}

long emul_move_pages(int pid, unsigned long count, void **pages, const int *nodes, int *status,
		     int flags)
{
	const struct emul_machine *machine = emul_machine();
	struct mover mover;
	int process;

	if (flags & ~(MPOL_MF_MOVE | MPOL_MF_MOVE_ALL))
		return -EINVAL;
	if ((flags & MPOL_MF_MOVE_ALL) && !process_may_nice())
		return -EPERM;
	process = process_of(pid);
	if (process < 0)
		return process;
	if (process == PROCESS_OTHER && !process_has_memory(pid))
		return -EINVAL;
	if (!nodes)
		return do_query(machine, process == PROCESS_SELF, count, (uintptr_t)pages,
				(uintptr_t)status);
	mover = (struct mover){
		.machine = machine,
		.self = process == PROCESS_SELF,
		.common = flags & MPOL_MF_MOVE_ALL,
		.count = count,
		.pages = (uintptr_t)pages,
		.nodes = (uintptr_t)nodes,
		.status = (uintptr_t)status,
		.node = NO_NODE,
	};
	return do_move(&mover);
}
