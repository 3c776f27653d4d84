/* SPDX-License-Identifier: MIT */
/* What is asked of the real machine before another one is made. */
#ifndef MYNUMA_SIM_HOST_H
#define MYNUMA_SIM_HOST_H

#include <stddef.h>

/* The real CPUs that the process may use, "0-3,8", also when it runs on a simulated machine. */
void host_cpus_list(char *list, size_t size);

#endif
