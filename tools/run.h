/* SPDX-License-Identifier: MIT */
/* mynuma run: a program on a simulated machine. */
#ifndef MYNUMA_TOOLS_RUN_H
#define MYNUMA_TOOLS_RUN_H

/* argv[0] is "run". Does not return when the program starts. */
int run_main(int argc, char **argv);

#endif
