/* SPDX-License-Identifier: MIT */
/*
 * Where the pages of a process are: what numa_maps, or the library's report of the emulation in the
 * same form, says, joined with the names that maps has.
 */
#ifndef MYNUMA_TOOLS_PAGEMAP_H
#define MYNUMA_TOOLS_PAGEMAP_H

#include <stdbool.h>
#include <stdio.h>

#define PAGEMAP_NODES 1024

struct node_pages {
	int node;
	unsigned long pages;
};

struct page_range {
	unsigned long start, end; /* end is 0 when it is not known */
	char *policy;
	char *name; /* "" for anonymous memory */
	unsigned long page_size;
	struct node_pages *on; /* ascending */
	int nodes;
};

struct pagemap {
	struct page_range *range;
	size_t count, room;
	unsigned long page_size;
	bool guessed; /* a line said that not all of these pages need be there */
	unsigned long long bytes[PAGEMAP_NODES]; /* of all ranges, by node */
};

/*
 * Reads lines of numa_maps until the file ends or a line "maps" comes, then those of maps. Progress
 * is told on stderr when it lasts.
 */
void pagemap_read(struct pagemap *map, FILE *numa_maps);
void pagemap_read_names(struct pagemap *map, FILE *maps);

#endif
