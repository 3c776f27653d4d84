/* SPDX-License-Identifier: MIT */
/*
 * Memory with a policy: new pages, and the policy of pages that are there. Every policy is set in
 * bind_range(), every page comes from new_pages().
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "api/api.h"
#include "backend/backend.h"
#include "sys/call.h"

static size_t page_size(void)
{
	static atomic_int known;
	int size = atomic_load_explicit(&known, memory_order_relaxed);

	if (unlikely(!size)) {
		size = getpagesize();
		atomic_store_explicit(&known, size, memory_order_relaxed);
	}
	return (size_t)size;
}

int numa_pagesize(void)
{
	return (int)page_size();
}

static int try_bind(void *mem, size_t size, int mode, const struct bitmask *nodes)
{
	struct nodes_arg arg = nodes_arg(nodes);

	return mbind(mem, size, mode, arg.words, arg.maxnode, mbind_flags()) == 0 ? 0 : -1;
}

/* errno says why, whatever a program's numa_error() did to it. */
static int tell_of_failure(void)
{
	int err = errno;

	numa_error("mbind");
	errno = err;
	return -1;
}

int bind_range(void *mem, size_t size, int mode, const struct bitmask *nodes)
{
	return try_bind(mem, size, mode, nodes) == 0 ? 0 : tell_of_failure();
}

/*
 * To all allowed nodes. Those that were allowed at load may no longer be; where the kernel refuses
 * them it is asked which are.
 */
static int bind_everywhere(void *mem, size_t size, int mode)
{
	struct bitmask all = allowed_nodes();
	int saved = errno, err, ret = -1;
	struct scratch now;

	if (try_bind(mem, size, mode, &all) == 0)
		return 0;
	err = errno;
	if (err == EINVAL && allowed_nodes_now(&now)) {
		if (!bits_equal(all.maskp, all.size, now.mask.maskp, now.mask.size))
			ret = try_bind(mem, size, mode, &now.mask);
		scratch_free(&now);
	}
	errno = ret == 0 ? saved : err;
	return ret == 0 ? 0 : tell_of_failure();
}

static void drop_pages(void *mem, size_t size)
{
	int saved = errno;

	backend()->unmapped(mem, size);
	errno = saved;
	munmap(mem, size);
}

/* NULL with mmap's errno: EINVAL for no bytes, ENOMEM for too many. */
static void *new_pages(size_t size, int flags)
{
	void *mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags,
			 -1, 0);

	return mem == MAP_FAILED ? NULL : mem;
}

/* What becomes of new pages whose policy was set, or not. */
static void *bound_or_not(void *mem, size_t size, int bound)
{
	if (bound < 0 && numa_fail_alloc_on_error) {
		int err = errno;

		drop_pages(mem, size);
		errno = err;
		return NULL;
	}
	return mem;
}

void *alloc_bound(size_t size, int mode, const struct bitmask *nodes)
{
	void *mem = new_pages(size, 0);

	return mem ? bound_or_not(mem, size, bind_range(mem, size, mode, nodes)) : NULL;
}

static void *alloc_everywhere(size_t size, int mode)
{
	void *mem = new_pages(size, 0);

	return mem ? bound_or_not(mem, size, bind_everywhere(mem, size, mode)) : NULL;
}

/* A mask of one node, empty when no mask can hold it. False with errno ENOMEM. */
static bool one_node(struct scratch *s, int node)
{
	bool possible = node >= 0 && (unsigned)node < topo_get()->node_bits;

	if (!scratch_init(s, possible ? (size_t)node + 1 : 1))
		return false;
	if (possible)
		bits_set(s->mask.maskp, (size_t)node);
	return true;
}

void *numa_alloc_onnode(size_t size, int node)
{
	struct scratch s;
	void *mem;

	if (!one_node(&s, node))
		return NULL;
	mem = alloc_bound(size, bind_mode(), &s.mask);
	scratch_free(&s);
	return mem;
}

void numa_tonode_memory(void *mem, size_t size, int node)
{
	struct scratch s;

	if (!one_node(&s, node)) {
		numa_error("mbind");
		return;
	}
	bind_range(mem, size, bind_mode(), &s.mask);
	scratch_free(&s);
}

void *numa_alloc_local(size_t size)
{
	return alloc_bound(size, MPOL_LOCAL, NULL);
}

void *numa_alloc_interleaved_subset(size_t size, struct bitmask *mask)
{
	return alloc_bound(size, MPOL_INTERLEAVE, mask);
}

void *numa_alloc_interleaved(size_t size)
{
	return alloc_everywhere(size, MPOL_INTERLEAVE);
}

void *numa_alloc_weighted_interleaved_subset(size_t size, struct bitmask *mask)
{
	return alloc_bound(size, MPOL_WEIGHTED_INTERLEAVE, mask);
}

void *numa_alloc_weighted_interleaved(size_t size)
{
	return alloc_everywhere(size, MPOL_WEIGHTED_INTERLEAVE);
}

void numa_interleave_memory(void *mem, size_t size, struct bitmask *mask)
{
	bind_range(mem, size, MPOL_INTERLEAVE, mask);
}

void numa_weighted_interleave_memory(void *mem, size_t size, struct bitmask *mask)
{
	bind_range(mem, size, MPOL_WEIGHTED_INTERLEAVE, mask);
}

void numa_tonodemask_memory(void *mem, size_t size, struct bitmask *mask)
{
	bind_range(mem, size, bind_mode(), mask);
}

void numa_setlocal_memory(void *mem, size_t size)
{
	bind_range(mem, size, MPOL_LOCAL, NULL);
}

/*
 * Writes to each page that the range overlaps without changing it. By compare-and-swap, since
 * compilers turn an atomic addition of nothing into a read.
 */
static void police(void *mem, size_t size)
{
	uintptr_t page = page_size();
	uintptr_t first = (uintptr_t)mem & ~(page - 1);
	size_t pages = size ? ((uintptr_t)mem - first + size - 1) / page + 1 : 0;

	for (uintptr_t at = first; pages > 0; pages--, at += page) {
		unsigned long *word = (unsigned long *)at;
		unsigned long value = 0;

		/* First the value of a new page: reading that would bring it in to be read only. */
		if (!__atomic_compare_exchange_n(word, &value, value, false, __ATOMIC_RELAXED,
						 __ATOMIC_RELAXED))
			__atomic_compare_exchange_n(word, &value, value, false, __ATOMIC_RELAXED,
						    __ATOMIC_RELAXED);
	}
}

void numa_police_memory(void *mem, size_t size)
{
	police(mem, size);
}

/* So many pages are quicker brought in one by one. */
#define FEW_PAGES 4

/* Of many pages, what the kernel cannot bring in now comes when it is used. */
void *numa_alloc(size_t size)
{
	bool many = size > FEW_PAGES * page_size();
	void *mem = new_pages(size, many ? MAP_POPULATE : 0);

	if (mem && !many)
		police(mem, size);
	return mem;
}

/*
 * The policy of the area stays with it, also when it moves. Where somebody listens to libc's
 * mremap() (a simulated machine does) the move would be told twice.
 */
void *numa_realloc(void *old_addr, size_t old_size, size_t new_size)
{
	long ret = sys_call(__NR_mremap, old_addr, old_size, new_size, MREMAP_MAYMOVE);
	void *mem = (void *)(uintptr_t)ret;

	if (ret < 0 && ret > -4096) {
		errno = (int)-ret;
		return NULL;
	}
	backend()->moved(old_addr, old_size, mem, new_size);
	return mem;
}

/* There is nobody to tell of a failure; errno has munmap's reason. */
void numa_free(void *mem, size_t size)
{
	drop_pages(mem, size);
}
