/* SPDX-License-Identifier: MIT */
/* Reading numa_maps and maps; pagemap.h has the contract. */
#include "tools/pagemap.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/common.h"

static struct page_range *add_range(struct pagemap *map)
{
	if (map->count == map->room) {
		map->room = map->room ? 2 * map->room : 256;
		map->range = realloc(map->range, map->room * sizeof(map->range[0]));
		if (!map->range) {
			message("there is not enough memory");
			exit(STATUS_FAILED);
		}
	}
	map->range[map->count] = (struct page_range){.page_size = map->page_size};
	return &map->range[map->count++];
}

/* Where what follows the policy begins; the policy may have blanks in it: "prefer (many):0". */
static char *after_policy(char *s)
{
	static const char *const keys[] = {
		"file=",
		"anon=",
		"heap",
		"stack",
		"huge",
		"mapped=",
		"mapmax=",
		"swapcache=",
		"dirty=",
		"active=",
		"locked=",
		"writeback=",
		"kernelpagesize_kB=",
		NULL,
	};

	for (char *word = s; (word = strchr(word, ' '));) {
		word++;
		if (*word == 'N' && word[1] >= '0' && word[1] <= '9')
			return word;
		for (int i = 0; keys[i]; i++)
			if (strncmp(word, keys[i], strlen(keys[i])) == 0)
				return word;
	}
	return s + strlen(s);
}

static void add_pages(struct page_range *r, int node, unsigned long pages)
{
	for (int i = 0; i < r->nodes; i++)
		if (r->on[i].node == node) {
			r->on[i].pages += pages;
			return;
		}
	r->on = realloc(r->on, (size_t)(r->nodes + 1) * sizeof(r->on[0]));
	if (!r->on)
		exit(STATUS_FAILED);
	r->on[r->nodes++] = (struct node_pages){.node = node, .pages = pages};
}

/* "N0=5", "file=/lib/x", "heap", "kernelpagesize_kB=4" */
static void read_word(struct page_range *r, const char *word)
{
	char *end;

	if (*word == 'N' && word[1] >= '0' && word[1] <= '9') {
		long node = strtol(word + 1, &end, 10);

		if (*end == '=' && node < PAGEMAP_NODES)
			add_pages(r, (int)node, strtoul(end + 1, NULL, 10));
	} else if (strncmp(word, "file=", 5) == 0) {
		free(r->name);
		r->name = strdup(word + 5);
	} else if ((strcmp(word, "heap") == 0 || strcmp(word, "stack") == 0) && !r->name) {
		r->name = allocate(8, 1);
		sprintf(r->name, "[%s]", word);
	} else if (strncmp(word, "kernelpagesize_kB=", 18) == 0) {
		unsigned long kb = strtoul(word + 18, NULL, 10);

		r->page_size = kb > 0 && kb <= 1UL << 21 ? kb * 1024 : r->page_size;
	}
}

static void read_line(struct pagemap *map, char *line)
{
	char *policy, *words;
	unsigned long start = strtoul(line, &policy, 16), end = 0;
	struct page_range *r = map->count ? &map->range[map->count - 1] : NULL;

	if (policy > line && *policy == '-')
		end = strtoul(policy + 1, &policy, 16);
	if (policy == line || *policy != ' ')
		return;
	policy++;
	words = after_policy(policy);
	/* A line that goes on in the next one begins with the same address. */
	if (!r || r->start != start) {
		r = add_range(map);
		r->start = start;
		r->end = end;
		r->policy = strndup(policy, (size_t)(words - policy) - (*words != '\0'));
	}
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		read_word(r, word);
}

static void tell_progress(const struct pagemap *map, time_t began, time_t *told)
{
	time_t now = time(NULL);

	if (now - began < 2 || now == *told || !isatty(2))
		return;
	*told = now;
	fprintf(stderr, "\r%zu mappings read ", map->count);
}

static void sum(struct pagemap *map)
{
	for (size_t i = 0; i < map->count; i++)
		for (int k = 0; k < map->range[i].nodes; k++)
			map->bytes[map->range[i].on[k].node] +=
				(unsigned long long)map->range[i].on[k].pages *
				map->range[i].page_size;
}

void pagemap_read(struct pagemap *map, FILE *numa_maps)
{
	char *line = NULL;
	size_t room = 0;
	time_t began = time(NULL), told = 0;

	if (map->page_size == 0)
		map->page_size = (unsigned long)sysconf(_SC_PAGESIZE);
	while (getline(&line, &room, numa_maps) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "maps") == 0)
			break;
		map->guessed |= strcmp(line, "guessed") == 0;
		read_line(map, line);
		tell_progress(map, began, &told);
	}
	if (told)
		fputs("\r                                \r", stderr);
	free(line);
	sum(map);
}

/* "START-END perms offset dev inode   NAME": of the ranges in it, ends and names. */
void pagemap_read_names(struct pagemap *map, FILE *maps)
{
	char *line = NULL;
	size_t room = 0, i = 0;

	while (getline(&line, &room, maps) > 0) {
		unsigned long start, end;
		int name = 0;

		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%lx-%lx %*s %*s %*s %*s %n", &start, &end, &name) < 2)
			continue;
		while (i < map->count && map->range[i].start < start)
			i++;
		for (; i < map->count && map->range[i].start < end; i++) {
			struct page_range *r = &map->range[i];
			bool more = i + 1 < map->count && map->range[i + 1].start < end;

			if (!r->end)
				r->end = more ? map->range[i + 1].start : end;
			if (!r->name)
				r->name = strdup(name ? line + name : "");
		}
	}
	free(line);
}
