/* SPDX-License-Identifier: MIT */
/*
 * The command `mynuma`: a table of subcommands, each in a file of its own, and what is the same for
 * all of them. What a subcommand does may not come in here.
 */
#include <stdio.h>
#include <string.h>

#include "tools/common.h"
#include "tools/subcommands.h"

static const struct subcommand {
	const char *name;
	const char *purpose;
	int (*main)(int argc, char **argv);
} subcommands[] = {
	{"topology", "show the machine: nodes, CPUs, memory, distances", topology_main},
#ifdef MYNUMA_SIM
	{"run", "run a program on a simulated machine", run_main},
#endif
	{"where", "show on which nodes a program's memory is", where_main},
	{"doctor", "tell why NUMA does or does not work here", doctor_main},
	{"trace", "write down a program's NUMA policy calls", trace_main},
};

#define SUBCOMMANDS (sizeof(subcommands) / sizeof(subcommands[0]))

static void help(FILE *out)
{
	fputs("Usage: mynuma COMMAND [OPTION]... [ARGUMENT]...\n"
	      "       mynuma --help | --version\n"
	      "\nCommands:\n",
	      out);
	for (size_t i = 0; i < SUBCOMMANDS; i++)
		fprintf(out, "  %-10s%s\n", subcommands[i].name, subcommands[i].purpose);
	fputs("\n`mynuma COMMAND --help` tells the options of a command.\n", out);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	if (!name) {
		help(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
		help(stdout);
		return finish(STATUS_GOOD);
	}
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
		puts("mynuma " MYNUMA_VERSION);
		return finish(STATUS_GOOD);
	}
	for (size_t i = 0; i < SUBCOMMANDS; i++)
		if (strcmp(name, subcommands[i].name) == 0) {
			common_start(name, argv);
			return subcommands[i].main(argc - 1, argv + 1);
		}
	if (strcmp(name, "run") == 0) /* else it is in the table */
		fputs("mynuma: \"run\" is there on 64-bit processors only; see mynuma-run(1)\n",
		      stderr);
	else
		fprintf(stderr, "mynuma: there is no command \"%s\"; see mynuma --help\n", name);
	return STATUS_USAGE;
}
