/* SPDX-License-Identifier: MIT */
/*
 * The subcommands of `mynuma`. Each is called as main() is, with its own name as argv[0], and its
 * result is the exit status.
 */
#ifndef MYNUMA_TOOLS_SUBCOMMANDS_H
#define MYNUMA_TOOLS_SUBCOMMANDS_H

int doctor_main(int argc, char **argv);
int run_main(int argc, char **argv);
int topology_main(int argc, char **argv);
int trace_main(int argc, char **argv);
int where_main(int argc, char **argv);

#endif
