/* SPDX-License-Identifier: MIT */
/*
 * mynuma run --topology SPEC -- PROGRAM ARGS: starts the program with the simulation's library
 * preloaded and its machine's files over those of /sys, in its own place: no process stays between.
 *
 * The topology of a process is what MYNUMA_TOPOLOGY said when it began, so this program starts
 * itself anew with that set, and then has the machine's topology at hand.
 */
#include "run.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/prepare.h"
#include "sim/program.h"
#include "sim/view.h"

enum status {
	STATUS_USAGE = 2,
	STATUS_NOT_SIMULATED = 123,
	STATUS_FAILED = 125,
	STATUS_CANNOT_RUN = 126,
	STATUS_NOT_FOUND = 127,
};

static const char usage[] =
	"usage: mynuma run -t SPEC [-n] [--] PROGRAM [ARG ...]\n"
	"Runs a program on a simulated NUMA machine.\n"
	"\n"
	"  -t, --topology SPEC  the machine: groups COUNTxCPUS[:MEMORY] and dist=DISTANCE,\n"
	"                       separated by commas, as in 4x2:16G,dist=21\n"
	"  -n, --no-sysfs       leave /sys as it is\n"
	"  -h, --help           say this\n"
	"\n"
	"Without -t the machine is that of MYNUMA_TOPOLOGY. The exit status is the program's;\n"
	"2: wrong usage or description, 123: the program cannot be simulated, 125: mynuma\n"
	"failed, 126: the program cannot be run, 127: it was not found.\n";

struct options {
	const char *topology;
	bool sysfs;
	char **program;
};

static int bad_usage(const char *what)
{
	fprintf(stderr, "mynuma run: %s; see mynuma run --help\n", what);
	return STATUS_USAGE;
}

/* 0 when there is a program to be run, 1 when all is done, or a status. */
static int parse(struct options *options, int argc, char **argv)
{
	static const struct option longs[] = {
		{"topology", required_argument, NULL, 't'},
		{"no-sysfs", no_argument, NULL, 'n'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int option;

	options->topology = getenv("MYNUMA_TOPOLOGY");
	options->sysfs = true;
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+t:nh", longs, NULL)) >= 0) {
		switch (option) {
		case 't':
			options->topology = optarg;
			break;
		case 'n':
			options->sysfs = false;
			break;
		case 'h':
			fputs(usage, stdout);
			return 1;
		default:
			return bad_usage("there is a wrong option, or one without its value");
		}
	}
	options->program = argv + optind;
	if (!options->topology || !*options->topology)
		return bad_usage("no machine is described: -t is missing");
	return *options->program ? 0 : bad_usage("no program is named");
}

/* A description in a file is for every program below too, wherever it is. */
static const char *absolute(const char *topology)
{
	static char text[PATH_MAX + 1] = "@";

	if (topology[0] != '@' || topology[1] == '/')
		return topology;
	return realpath(topology + 1, text + 1) ? text : topology;
}

static int become_the_machines(const char *topology, int argc, char **argv)
{
	char **all = calloc((size_t)argc + 2, sizeof(*all));
	static char mynuma[] = "mynuma", run[] = "run";

	if (!all)
		return STATUS_FAILED;
	all[0] = mynuma;
	all[1] = run;
	memcpy(all + 2, argv + 1, (size_t)(argc - 1) * sizeof(*all));
	setenv("MYNUMA_TOPOLOGY", topology, 1);
	execv("/proc/self/exe", all);
	fprintf(stderr, "mynuma run: /proc/self/exe: %s\n", strerror(errno));
	return STATUS_FAILED;
}

/* Puts an element in front of a list in the environment, unless it is there. */
static bool put_first(const char *name, const char *element, const char *separators)
{
	const char *old = getenv(name);
	size_t len = strlen(element);
	char *list;
	int size;

	for (const char *at = old; at && *at; at += strcspn(at, separators), at += *at != '\0')
		if (strcspn(at, separators) == len && strncmp(at, element, len) == 0)
			return true;
	size = asprintf(&list, "%s%s%s", element, old && *old ? ":" : "", old ? old : "");
	if (size < 0)
		return false;
	setenv(name, list, 1);
	free(list);
	return true;
}

/* The library goes first, so that nothing that is preloaded beside it gets past it. */
static bool preload(void)
{
	const char *wanted = getenv("MYNUMA_SIM_LIB");
	char path[PATH_MAX];

	if (!wanted || !*wanted)
		wanted = SIM_LIBRARY;
	if (!realpath(wanted, path)) {
		fprintf(stderr, "mynuma run: %s: %s\n", wanted, strerror(errno));
		return false;
	}
	if (strpbrk(path, ": ;")) {
		fprintf(stderr, "mynuma run: %s: a path with such characters cannot be preloaded\n",
			path);
		return false;
	}
	if (!put_first("LD_PRELOAD", path, ": "))
		return false;
	*strrchr(path, '/') = '\0';
	return put_first("LD_LIBRARY_PATH", path, ":;");
}

/* What the library wants to know of the real machine; and no state of another one. */
static void describe_host(void)
{
	char cpus[16384] = "", text[sizeof(cpus) + 16];

	prepare_host_cpus(cpus, sizeof(cpus));
	snprintf(text, sizeof(text), "%d:%s", (int)getpid(), cpus);
	setenv("MYNUMA_SIM", text, 1);
	setenv("MYNUMA_TASK", "", 1);
}

static int start(char **program)
{
	execvp(program[0], program);

	int err = errno;

	fprintf(stderr, "mynuma run: %s: %s\n", program[0], strerror(err));
	return err == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}

int run_main(int argc, char **argv)
{
	struct options options;
	const char *current = getenv("MYNUMA_TOPOLOGY"), *why;
	char fault[1024];
	int status = parse(&options, argc, argv);

	if (status)
		return status == 1 ? 0 : status;
	options.topology = absolute(options.topology);
	if (!prepare_check(options.topology, fault, sizeof(fault))) {
		fprintf(stderr, "mynuma run: %s\n", fault);
		return STATUS_USAGE;
	}
	if (!current || strcmp(current, options.topology) != 0)
		return become_the_machines(options.topology, argc, argv);
	why = program_obstacle(options.program[0]);
	if (why) {
		fprintf(stderr, "mynuma run: %s: %s; it cannot be simulated by preloading\n",
			options.program[0], why);
		return STATUS_NOT_SIMULATED;
	}
	if (!preload())
		return STATUS_FAILED;
	why = options.sysfs ? view_enter() : NULL;
	if (why)
		fprintf(stderr, "mynuma run: %s; the program sees the real /sys\n", why);
	describe_host();
	return start(options.program);
}
