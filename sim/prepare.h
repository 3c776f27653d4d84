/* SPDX-License-Identifier: MIT */
/* What is asked of the library before a machine is made. */
#ifndef MYNUMA_SIM_PREPARE_H
#define MYNUMA_SIM_PREPARE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a text describes a machine; if not, a line that says where it is wrong, and why. */
bool prepare_check(const char *description, char *fault, size_t size);

/* The real CPUs that the process may use, "0-3,8", also when it runs on a simulated machine. */
void prepare_host_cpus(char *list, size_t size);

#endif
