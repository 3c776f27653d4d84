/* SPDX-License-Identifier: MIT */
/*
 * A machine made from a description: MYNUMA_TOPOLOGY, which is groups as in description.h, or "@"
 * and the name of a file that has a description.
 */
#ifndef MYNUMA_TOPOLOGY_SYNTHETIC_H
#define MYNUMA_TOPOLOGY_SYNTHETIC_H

#include "topology/source.h"

/* The source for what MYNUMA_TOPOLOGY says, or NULL; a bad description was told on stderr, once. */
const struct topo_source *synthetic_source(void);

#endif
