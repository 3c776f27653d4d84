/* SPDX-License-Identifier: MIT */
/*
 * What keeps the pages of a mapped file, by its device number. Asked of the system at the first
 * question about each. Call with the emulation's lock held.
 */
#ifndef MYNUMA_EMUL_FILESYSTEM_H
#define MYNUMA_EMUL_FILESYSTEM_H

#include <stdint.h>

enum filesystem {
	FILESYSTEM_UNKNOWN = 1, /* huge pages too: their mappings keep policies themselves */
	FILESYSTEM_SHMEM,	/* tmpfs, memfd, shared anonymous and System V memory */
	FILESYSTEM_CACHE,	/* the page cache, as of every ordinary file */
};

enum filesystem filesystem_of(uint64_t device);

#endif
