/* SPDX-License-Identifier: MIT */
/*
 * The machine as the library tells it through its public functions, and what no function tells
 * (offline CPUs, weights) from /sys, or from the description of a simulated one.
 */
#ifndef MYNUMA_TOOLS_MACHINE_H
#define MYNUMA_TOOLS_MACHINE_H

#include <stdbool.h>
#include <stdio.h>

struct bitmask;

struct machine_node {
	int id;
	struct bitmask *cpus; /* NULL: not told */
	struct bitmask *all;  /* those that do not run, too, where it is known whose they are */
	long long memory;     /* bytes; -1: not told */
	long long free;
	int weight; /* 0: not told */
};

struct machine {
	bool simulated;
	int nodes;
	struct machine_node *node; /* in ascending order */
	int *distances;		   /* a square of `nodes`; all 0 when not told */
	bool has_distances;
	struct bitmask *offline; /* CPUs that do not run */
};

/* The machine, allocated; the status of a wrong MYNUMA_TOPOLOGY ends the command. */
const struct machine *machine_get(void);

/* The distance of the i-th and the j-th node. */
static inline int machine_distance(const struct machine *m, int i, int j)
{
	return m->distances[i * m->nodes + j];
}

/* A set as "0-3,8", as the kernel writes it. */
void print_list(FILE *out, const struct bitmask *set);

/* In the form that MYNUMA_TOPOLOGY=@FILE reads. */
void machine_save(const struct machine *m, FILE *out);

/* As a picture. */
void machine_svg(const struct machine *m, FILE *out);

#endif
