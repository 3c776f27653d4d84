/* SPDX-License-Identifier: MIT */
/*
 * Description: every function and object that libnuma exports, with its type and nothing in it.
 *
 * Compiled against a set of headers it shows that their declarations have these types, and what
 * comes out stands in for a library: with STUB_VERSIONED (and lib/libmynuma.map) one to compare
 * types with, without one of the days before symbol versions.
 */
#include <numa.h>
#include <numaif.h>

#pragma GCC diagnostic ignored "-Wunused-parameter"
#define WEAK __attribute__((weak))

int numa_exit_on_error;
int numa_exit_on_warn;
int numa_fail_alloc_on_error;
nodemask_t numa_all_nodes;
nodemask_t numa_no_nodes;
struct bitmask *numa_all_nodes_ptr;
struct bitmask *numa_no_nodes_ptr;
struct bitmask *numa_all_cpus_ptr;
struct bitmask *numa_nodes_ptr;

/* A line each. */
/* clang-format off */
void *numa_alloc_interleaved_subset(size_t size, struct bitmask *mask) { return 0; }
void numa_bind(struct bitmask *mask) {}
struct bitmask *numa_get_interleave_mask(void) { return 0; }
struct bitmask *numa_get_membind(void) { return 0; }
struct bitmask *numa_get_run_node_mask(void) { return 0; }
void numa_interleave_memory(void *mem, size_t size, struct bitmask *mask) {}
int numa_node_to_cpus(int node, struct bitmask *buf) { return 0; }
int numa_parse_bitmap(char *line, struct bitmask *mask) { return 0; }
int numa_run_on_node_mask(struct bitmask *mask) { return 0; }
int numa_sched_getaffinity(pid_t pid, struct bitmask *mask) { return 0; }
int numa_sched_setaffinity(pid_t pid, struct bitmask *mask) { return 0; }
void numa_set_interleave_mask(struct bitmask *mask) {}
void numa_set_membind(struct bitmask *mask) {}
void numa_tonodemask_memory(void *mem, size_t size, struct bitmask *mask) {}
WEAK long get_mempolicy(int *mode, unsigned long *nmask, unsigned long maxnode, void *addr,
			unsigned flags)
{
	return 0;
}
WEAK long set_mempolicy(int mode, const unsigned long *nmask, unsigned long maxnode) { return 0; }
WEAK long mbind(void *start, unsigned long len, int mode, const unsigned long *nmask,
		unsigned long maxnode, unsigned flags)
{
	return 0;
}
WEAK void numa_error(char *where) {}
WEAK void numa_warn(int num, char *fmt, ...) {}
void *numa_alloc(size_t size) { return 0; }
void *numa_alloc_interleaved(size_t size) { return 0; }
void *numa_alloc_local(size_t size) { return 0; }
void *numa_alloc_onnode(size_t size, int node) { return 0; }
int numa_available(void) { return 0; }
int numa_distance(int node1, int node2) { return 0; }
void numa_free(void *mem, size_t size) {}
int numa_get_interleave_node(void) { return 0; }
int numa_max_node(void) { return 0; }
int numa_migrate_pages(int pid, struct bitmask *from, struct bitmask *to) { return 0; }
long numa_node_size(int node, long *freep) { return 0; }
long long numa_node_size64(int node, long long *freep) { return 0; }
void numa_node_to_cpu_update(void) {}
int numa_pagesize(void) { return 0; }
void numa_police_memory(void *start, size_t size) {}
int numa_preferred(void) { return 0; }
int numa_preferred_err(void) { return 0; }
int numa_run_on_node(int node) { return 0; }
void numa_set_bind_policy(int strict) {}
void numa_set_localalloc(void) {}
void numa_set_preferred(int node) {}
void numa_set_strict(int flag) {}
void numa_setlocal_memory(void *start, size_t size) {}
void numa_tonode_memory(void *start, size_t size, int node) {}
WEAK long migrate_pages(int pid, unsigned long maxnode, const unsigned long *from,
			const unsigned long *to)
{
	return 0;
}
WEAK long move_pages(int pid, unsigned long count, void **pages, const int *nodes, int *status,
		     int flags)
{
	return 0;
}
void copy_bitmask_to_bitmask(struct bitmask *from, struct bitmask *to) {}
void copy_bitmask_to_nodemask(struct bitmask *from, nodemask_t *to) {}
void copy_nodemask_to_bitmask(nodemask_t *from, struct bitmask *to) {}
struct bitmask *numa_allocate_cpumask(void) { return 0; }
struct bitmask *numa_allocate_nodemask(void) { return 0; }
struct bitmask *numa_bitmask_alloc(unsigned int nbits) { return 0; }
struct bitmask *numa_bitmask_clearall(struct bitmask *mask) { return 0; }
struct bitmask *numa_bitmask_setall(struct bitmask *mask) { return 0; }
struct bitmask *numa_bitmask_clearbit(struct bitmask *mask, unsigned int n) { return 0; }
struct bitmask *numa_bitmask_setbit(struct bitmask *mask, unsigned int n) { return 0; }
int numa_bitmask_equal(const struct bitmask *a, const struct bitmask *b) { return 0; }
void numa_bitmask_free(struct bitmask *mask) {}
int numa_bitmask_isbitset(const struct bitmask *mask, unsigned int n) { return 0; }
unsigned int numa_bitmask_nbytes(struct bitmask *mask) { return 0; }
unsigned int numa_bitmask_weight(const struct bitmask *mask) { return 0; }
struct bitmask *numa_get_mems_allowed(void) { return 0; }
int numa_max_possible_node(void) { return 0; }
int numa_move_pages(int pid, unsigned long count, void **pages, const int *nodes, int *status,
		    int flags)
{
	return 0;
}
int numa_node_of_cpu(int cpu) { return 0; }
int numa_num_configured_cpus(void) { return 0; }
int numa_num_configured_nodes(void) { return 0; }
int numa_num_possible_nodes(void) { return 0; }
int numa_num_task_cpus(void) { return 0; }
int numa_num_task_nodes(void) { return 0; }
int numa_num_thread_cpus(void) { return 0; }
int numa_num_thread_nodes(void) { return 0; }
struct bitmask *numa_parse_cpustring(const char *string) { return 0; }
struct bitmask *numa_parse_nodestring(const char *string) { return 0; }
void *numa_realloc(void *old, size_t old_size, size_t new_size) { return 0; }
struct bitmask *numa_parse_cpustring_all(const char *string) { return 0; }
struct bitmask *numa_parse_nodestring_all(const char *string) { return 0; }
int numa_num_possible_cpus(void) { return 0; }
int numa_run_on_node_mask_all(struct bitmask *mask) { return 0; }
void numa_set_membind_balancing(struct bitmask *mask) {}
int numa_has_preferred_many(void) { return 0; }
void numa_set_preferred_many(struct bitmask *mask) {}
struct bitmask *numa_preferred_many(void) { return 0; }
int numa_has_home_node(void) { return 0; }
int numa_set_mempolicy_home_node(void *start, unsigned long len, int home_node, int flags)
{
	return 0;
}
void numa_set_weighted_interleave_mask(struct bitmask *mask) {}
struct bitmask *numa_get_weighted_interleave_mask(void) { return 0; }
void *numa_alloc_weighted_interleaved(size_t size) { return 0; }
void *numa_alloc_weighted_interleaved_subset(size_t size, struct bitmask *mask) { return 0; }
void numa_weighted_interleave_memory(void *mem, size_t size, struct bitmask *mask) {}

WEAK int set_mempolicy_home_node(void *start, unsigned long len, int home_node, int flag)
{
	return 0;
}

#ifdef STUB_VERSIONED
#include "../../lib/base/symver.h"
#define OLD(name) SYMVER_OLD(name##_v1, name, "libnuma_1.1")

OLD(numa_alloc_interleaved_subset)
void *numa_alloc_interleaved_subset_v1(size_t size, const nodemask_t *mask) { return 0; }
OLD(numa_bind)
void numa_bind_v1(const nodemask_t *mask) {}
OLD(numa_get_interleave_mask)
nodemask_t numa_get_interleave_mask_v1(void)
{
	nodemask_t none;
	memset(&none, 0, sizeof(none));
	return none;
}
OLD(numa_get_membind)
nodemask_t numa_get_membind_v1(void)
{
	nodemask_t none;
	memset(&none, 0, sizeof(none));
	return none;
}
OLD(numa_get_run_node_mask)
nodemask_t numa_get_run_node_mask_v1(void)
{
	nodemask_t none;
	memset(&none, 0, sizeof(none));
	return none;
}
OLD(numa_interleave_memory)
void numa_interleave_memory_v1(void *mem, size_t size, const nodemask_t *mask) {}
OLD(numa_node_to_cpus)
int numa_node_to_cpus_v1(int node, unsigned long *buf, int buflen) { return 0; }
OLD(numa_parse_bitmap)
int numa_parse_bitmap_v1(char *line, unsigned long *mask, int ncpus) { return 0; }
OLD(numa_run_on_node_mask)
int numa_run_on_node_mask_v1(const nodemask_t *mask) { return 0; }
OLD(numa_sched_getaffinity)
int numa_sched_getaffinity_v1(pid_t pid, unsigned len, const unsigned long *mask) { return 0; }
OLD(numa_sched_setaffinity)
int numa_sched_setaffinity_v1(pid_t pid, unsigned len, const unsigned long *mask) { return 0; }
OLD(numa_set_interleave_mask)
void numa_set_interleave_mask_v1(nodemask_t *mask) {}
OLD(numa_set_membind)
void numa_set_membind_v1(const nodemask_t *mask) {}
OLD(numa_tonodemask_memory)
void numa_tonodemask_memory_v1(void *mem, size_t size, const nodemask_t *mask) {}
#endif
