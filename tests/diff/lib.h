/* SPDX-License-Identifier: MIT */
/*
 * The interface under test, written down once: every exported function as
 * X(version, return type, name, arguments). The library is opened at run time, so
 * the same program runs on any library, whatever header its builder had; a function the library
 * does not have is a null pointer and its cases say "absent".
 */
#ifndef TESTS_DIFF_LIB_H
#define TESTS_DIFF_LIB_H

#include <stddef.h>
#include <sys/types.h>

struct bitmask {
	unsigned long size;
	unsigned long *maskp;
};

#define WORD_BITS (8 * sizeof(unsigned long))
#if defined(__x86_64__) || defined(__i386__)
#define NODEMASK_BITS 128
#else
#define NODEMASK_BITS 2048
#endif

typedef struct bitmask BM;
typedef struct {
	unsigned long n[NODEMASK_BITS / WORD_BITS];
} NM;
typedef unsigned long UL;

/* The 14 functions of two versions: X1 the old one, X2 the default. */
#define LIB_DUAL(X1, X2)                                                                           \
	X1(void *, numa_alloc_interleaved_subset, (size_t, const NM *))                            \
	X2(void *, numa_alloc_interleaved_subset, (size_t, BM *))                                  \
	X1(void, numa_bind, (const NM *))                                                          \
	X2(void, numa_bind, (BM *))                                                                \
	X1(NM, numa_get_interleave_mask, (void))                                                   \
	X2(BM *, numa_get_interleave_mask, (void))                                                 \
	X1(NM, numa_get_membind, (void))                                                           \
	X2(BM *, numa_get_membind, (void))                                                         \
	X1(NM, numa_get_run_node_mask, (void))                                                     \
	X2(BM *, numa_get_run_node_mask, (void))                                                   \
	X1(void, numa_interleave_memory, (void *, size_t, const NM *))                             \
	X2(void, numa_interleave_memory, (void *, size_t, BM *))                                   \
	X1(int, numa_node_to_cpus, (int, UL *, int))                                               \
	X2(int, numa_node_to_cpus, (int, BM *))                                                    \
	X1(int, numa_parse_bitmap, (char *, UL *, int))                                            \
	X2(int, numa_parse_bitmap, (char *, BM *))                                                 \
	X1(int, numa_run_on_node_mask, (const NM *))                                               \
	X2(int, numa_run_on_node_mask, (BM *))                                                     \
	X1(int, numa_sched_getaffinity, (pid_t, unsigned, const UL *))                             \
	X2(int, numa_sched_getaffinity, (pid_t, BM *))                                             \
	X1(int, numa_sched_setaffinity, (pid_t, unsigned, const UL *))                             \
	X2(int, numa_sched_setaffinity, (pid_t, BM *))                                             \
	X1(void, numa_set_interleave_mask, (NM *))                                                 \
	X2(void, numa_set_interleave_mask, (BM *))                                                 \
	X1(void, numa_set_membind, (const NM *))                                                   \
	X2(void, numa_set_membind, (BM *))                                                         \
	X1(void, numa_tonodemask_memory, (void *, size_t, const NM *))                             \
	X2(void, numa_tonodemask_memory, (void *, size_t, BM *))

#define LIB_SINGLE(X)                                                                              \
	X("1.1", long, get_mempolicy, (int *, UL *, UL, void *, unsigned))                         \
	X("1.1", long, set_mempolicy, (int, const UL *, UL))                                       \
	X("1.1", long, mbind, (void *, UL, int, const UL *, UL, unsigned))                         \
	X("1.1", void, numa_error, (char *))                                                       \
	X("1.1", void, numa_warn, (int, char *, ...))                                              \
	X("1.1", void *, numa_alloc, (size_t))                                                     \
	X("1.1", void *, numa_alloc_interleaved, (size_t))                                         \
	X("1.1", void *, numa_alloc_local, (size_t))                                               \
	X("1.1", void *, numa_alloc_onnode, (size_t, int))                                         \
	X("1.1", int, numa_available, (void))                                                      \
	X("1.1", int, numa_distance, (int, int))                                                   \
	X("1.1", void, numa_free, (void *, size_t))                                                \
	X("1.1", int, numa_get_interleave_node, (void))                                            \
	X("1.1", int, numa_max_node, (void))                                                       \
	X("1.1", int, numa_migrate_pages, (int, BM *, BM *))                                       \
	X("1.1", long, numa_node_size, (int, long *))                                              \
	X("1.1", long long, numa_node_size64, (int, long long *))                                  \
	X("1.1", void, numa_node_to_cpu_update, (void))                                            \
	X("1.1", int, numa_pagesize, (void))                                                       \
	X("1.1", void, numa_police_memory, (void *, size_t))                                       \
	X("1.1", int, numa_preferred, (void))                                                      \
	X("1.1", int, numa_preferred_err, (void))                                                  \
	X("1.1", int, numa_run_on_node, (int))                                                     \
	X("1.1", void, numa_set_bind_policy, (int))                                                \
	X("1.1", void, numa_set_localalloc, (void))                                                \
	X("1.1", void, numa_set_preferred, (int))                                                  \
	X("1.1", void, numa_set_strict, (int))                                                     \
	X("1.1", void, numa_setlocal_memory, (void *, size_t))                                     \
	X("1.1", void, numa_tonode_memory, (void *, size_t, int))                                  \
	X("1.2", long, migrate_pages, (int, UL, const UL *, const UL *))                           \
	X("1.2", long, move_pages, (int, UL, void **, const int *, int *, int))                    \
	X("1.2", void, copy_bitmask_to_bitmask, (BM *, BM *))                                      \
	X("1.2", void, copy_bitmask_to_nodemask, (BM *, NM *))                                     \
	X("1.2", void, copy_nodemask_to_bitmask, (NM *, BM *))                                     \
	X("1.2", BM *, numa_allocate_cpumask, (void))                                              \
	X("1.2", BM *, numa_allocate_nodemask, (void))                                             \
	X("1.2", BM *, numa_bitmask_alloc, (unsigned))                                             \
	X("1.2", BM *, numa_bitmask_clearall, (BM *))                                              \
	X("1.2", BM *, numa_bitmask_setall, (BM *))                                                \
	X("1.2", BM *, numa_bitmask_clearbit, (BM *, unsigned))                                    \
	X("1.2", BM *, numa_bitmask_setbit, (BM *, unsigned))                                      \
	X("1.2", int, numa_bitmask_equal, (const BM *, const BM *))                                \
	X("1.2", void, numa_bitmask_free, (BM *))                                                  \
	X("1.2", int, numa_bitmask_isbitset, (const BM *, unsigned))                               \
	X("1.2", unsigned, numa_bitmask_nbytes, (BM *))                                            \
	X("1.2", unsigned, numa_bitmask_weight, (const BM *))                                      \
	X("1.2", BM *, numa_get_mems_allowed, (void))                                              \
	X("1.2", int, numa_max_possible_node, (void))                                              \
	X("1.2", int, numa_move_pages, (int, UL, void **, const int *, int *, int))                \
	X("1.2", int, numa_node_of_cpu, (int))                                                     \
	X("1.2", int, numa_num_configured_cpus, (void))                                            \
	X("1.2", int, numa_num_configured_nodes, (void))                                           \
	X("1.2", int, numa_num_possible_nodes, (void))                                             \
	X("1.2", int, numa_num_task_cpus, (void))                                                  \
	X("1.2", int, numa_num_task_nodes, (void))                                                 \
	X("1.2", int, numa_num_thread_cpus, (void))                                                \
	X("1.2", int, numa_num_thread_nodes, (void))                                               \
	X("1.2", BM *, numa_parse_cpustring, (const char *))                                       \
	X("1.2", BM *, numa_parse_nodestring, (const char *))                                      \
	X("1.2", void *, numa_realloc, (void *, size_t, size_t))                                   \
	X("1.3", BM *, numa_parse_cpustring_all, (const char *))                                   \
	X("1.3", BM *, numa_parse_nodestring_all, (const char *))                                  \
	X("1.3", int, numa_num_possible_cpus, (void))                                              \
	X("1.4", int, numa_run_on_node_mask_all, (BM *))                                           \
	X("1.5", void, numa_set_membind_balancing, (BM *))                                         \
	X("1.6", int, numa_has_preferred_many, (void))                                             \
	X("1.6", void, numa_set_preferred_many, (BM *))                                            \
	X("1.6", BM *, numa_preferred_many, (void))                                                \
	X("1.7", int, numa_has_home_node, (void))                                                  \
	X("1.7", int, numa_set_mempolicy_home_node, (void *, UL, int, int))                        \
	X("2.1", void, numa_set_weighted_interleave_mask, (BM *))                                  \
	X("2.1", BM *, numa_get_weighted_interleave_mask, (void))                                  \
	X("2.1", void *, numa_alloc_weighted_interleaved, (size_t))                                \
	X("2.1", void *, numa_alloc_weighted_interleaved_subset, (size_t, BM *))                   \
	X("2.1", void, numa_weighted_interleave_memory, (void *, size_t, BM *))

/* The 9 data objects. */
#define LIB_DATA(X)                                                                                \
	X("1.1", NM, numa_all_nodes)                                                               \
	X("1.1", NM, numa_no_nodes)                                                                \
	X("1.1", int, numa_exit_on_error)                                                          \
	X("1.1", int, numa_exit_on_warn)                                                           \
	X("1.2", BM *, numa_all_nodes_ptr)                                                         \
	X("1.2", BM *, numa_no_nodes_ptr)                                                          \
	X("1.2", BM *, numa_all_cpus_ptr)                                                          \
	X("1.2", BM *, numa_nodes_ptr)                                                             \
	X("2.2", int, numa_fail_alloc_on_error)

#define LIB_MEMBER_V1(ret, name, args) ret(*v1_##name) args;
#define LIB_MEMBER_V2(ret, name, args) ret(*name) args;
#define LIB_MEMBER(version, ret, name, args) ret(*name) args;
#define LIB_POINTER(version, type, name) type *name;

struct lib {
	void *handle;
	LIB_DUAL(LIB_MEMBER_V1, LIB_MEMBER_V2)
	LIB_SINGLE(LIB_MEMBER)
	LIB_DATA(LIB_POINTER)
};

extern struct lib L;

/* Opens the library and fills L; a path that cannot be opened ends the program. */
void lib_open(const char *path);
void lib_close(void);
/* Writes one line for each function of the interface, as its cases are named. */
void lib_list(void);

#endif
