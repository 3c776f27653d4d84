/* SPDX-License-Identifier: MIT */
/*
 * mynuma run: starts a program with the simulation's library preloaded and its machine's files over
 * those of /sys, in its own place: no process stays between.
 */
#include <getopt.h>
#include <stdlib.h>

#include "sim/program.h"
#include "tools/common.h"
#include "tools/simulate.h"
#include "tools/subcommands.h"

/* Unlike any that programs have, since it is ours and no program's. */
#define STATUS_NOT_SIMULATED 123

static void help(void)
{
	fputs("Usage: mynuma run [OPTION]... [--] PROGRAM [ARGUMENT]...\n"
	      "Runs a program on a simulated machine.\n"
	      "\n"
	      "  -t, --topology SPEC  the machine: \"4x2:16G\", \"@FILE\"; see mynuma(1)\n"
	      "  -n, --no-sysfs       leave /sys as it is\n"
	      "  -h, --help           this text\n"
	      "\n"
	      "Without --topology the machine is that of MYNUMA_TOPOLOGY.\n"
	      "\n"
	      "Exit status: the program's, 2 for a wrong command line or description, 123 if the\n"
	      "program cannot be simulated, 125 if the simulation cannot be prepared, 126 if the\n"
	      "program cannot be started, 127 if there is none.\n",
	      stdout);
}

static int run(const char *spec, bool sysfs, char **program)
{
	const char *why;
	int status = use_topology(spec);

	if (status != STATUS_GOOD)
		return status;
	why = program_obstacle(program[0]);
	if (why) {
		message("%s: %s; it cannot be simulated by preloading", program[0], why);
		return STATUS_NOT_SIMULATED;
	}
	status = simulate(sysfs);
	return status == STATUS_GOOD ? become_program(program) : status;
}

int run_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"topology", required_argument, NULL, 't'},
		{"no-sysfs", no_argument, NULL, 'n'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	const char *spec;
	bool sysfs = true;
	int option;

	drop_wrong_topology();
	spec = getenv("MYNUMA_TOPOLOGY");

	while ((option = getopt_long(argc, argv, "+t:nh", options, NULL)) >= 0)
		switch (option) {
		case 't':
			spec = optarg;
			break;
		case 'n':
			sysfs = false;
			break;
		case 'h':
			help();
			return finish(STATUS_GOOD);
		default:
			return usage_hint();
		}
	if (!spec || !*spec)
		return usage("no machine is described");
	if (!argv[optind])
		return usage("no program is named");
	return run(spec, sysfs, argv + optind);
}
