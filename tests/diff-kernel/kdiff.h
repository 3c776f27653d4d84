/* SPDX-License-Identifier: MIT */
/*
 * The differential test of the emulation against the running kernel. A script is a list of
 * lines, one operation each; it is generated from a seed, run twice in fresh processes, once
 * with the kernel's calls and once with the emulation's, and what each operation gave is
 * compared.
 *
 * Pages are called by their number in the arena, a range of addresses that is the same in every
 * run.
 *
 *	inodes N	   the objects' inode numbers have this remainder by INODE_REMAINDERS
 *	map P N PROT	   mmap N pages at page P; PROT of the letters r w x, or -
 *	object P N PROT O Q s|p   map N pages of object O from its page Q, shared or private
 *	unmap P N
 *	prot P N PROT
 *	touch P N r|w	   and tell where the pages are
 *	drop P N	   MADV_DONTNEED
 *	remove P N	   MADV_REMOVE
 *	remap P N Q M	   mremap N pages at P to M pages at Q
 *	twice P Q M	   mremap P, of length 0, to M pages at Q: a second mapping
 *	cpu N		   bind the thread to a CPU
 *	thread N	   the next operations are done by thread N (0: the first)
 *	fork, join	   the operations between are done by a child
 *	get MODE MASK MAXNODE ADDR FLAGS
 *	set MODE MASK MAXNODE
 *	mbind ADDR LEN MODE MASK MAXNODE FLAGS
 *	home ADDR LEN NODE FLAGS
 *	migrate PID MAXNODE MASK MASK
 *	move PID COUNT PAGES NODES STATUS FLAGS [ADDR:NODE]...
 *	dump P N	   policy of N pages, and the node of every page of the arena
 *
 * Numbers are as in C. An ADDR is a number, or pN+OFFSET in the arena. A place for the call to
 * read or write is n (NULL), b (an address that is not mapped), k (a kernel address), r
 * (read-only memory), o (enough room) or eN (N bytes before the end of a page that is followed
 * by nothing). What a MASK holds follows: o:1,0,ff (words, in hexadecimal).
 */
#ifndef TESTS_KDIFF_H
#define TESTS_KDIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "backend/backend.h"
#include "emul/machine.h"

#define ARENA_PAGES 48U
#define MAX_LINE 1024U

/* Shared memory objects: anonymous, memfd, tmpfs file, System V segment. */
#define OBJECTS 4
#define OBJECT_PAGES 24U

extern char *object_base[OBJECTS]; /* each mapped whole and shared */
extern int object_fd[OBJECTS];	   /* -1 for those without a descriptor */
/* Inode numbers of this remainder, but for one of the next. */
#define INODE_REMAINDERS 12U
void objects_make(unsigned remainder);
void objects_empty(void); /* without its pages, as when it was made */
void objects_end(void);

struct script {
	char **line;
	size_t lines;
};

/* The machine as /sys tells it, for the emulation and for the generator. */
extern struct emul_machine machine;
extern unsigned machine_cpus;
void machine_read(void);

/* A script of n operations; the same for the same seed, machine and word size. */
void script_generate(struct script *script, uint64_t seed, size_t n);

/*
 * What a script gives, in memory that its processes share: so that no process is woken for each line,
 * which under QEMU takes longer than the line. The end of it is kept free for the caller.
 */
#define OUTPUT_BYTES 131072U
#define OUTPUT_END 64U
struct output {
	size_t length;
	char text[OUTPUT_BYTES];
};

/* Runs a script in this process, which it ends. */
_Noreturn void script_run(const struct script *script, const struct backend_ops *ops, bool emulated,
			  struct output *output);

#endif
