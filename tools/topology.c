/* SPDX-License-Identifier: MIT */
/*
 * mynuma topology: shows the machine, real or simulated, as text in numactl's layout, as JSON, as a
 * description that can be read again, or as a picture.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "numa.h"
#include "tools/common.h"
#include "tools/machine.h"
#include "tools/subcommands.h"

static void help(void)
{
	fputs("Usage: mynuma topology [OPTION]...\n"
	      "Shows the nodes of the machine, their CPUs, memory and distances, in the layout of\n"
	      "numactl.\n"
	      "\n"
	      "  --topology SPEC  a simulated machine: \"4x2:16G\", \"@FILE\"; see mynuma(1)\n"
	      "  --json           as JSON\n"
	      "  --save[=FILE]    as a description for SPEC; to FILE or to standard output\n"
	      "  --svg[=FILE]     as a picture; to FILE or to standard output\n"
	      "  --help           this text\n"
	      "\n"
	      "Exit status: 0, 1 if the file could not be written, 2 for a wrong command line or\n"
	      "description.\n",
	      stdout);
}

static void show_text(const struct machine *m, FILE *out)
{
	fprintf(out, "available: %d nodes (", m->nodes);
	print_list(out, numa_nodes_ptr);
	fputs(")\n", out);
	for (int i = 0; i < m->nodes; i++) {
		const struct machine_node *n = &m->node[i];

		fprintf(out, "node %d cpus:", n->id);
		for (unsigned cpu = 0; n->cpus && cpu < n->cpus->size; cpu++)
			if (numa_bitmask_isbitset(n->cpus, cpu))
				fprintf(out, " %u", cpu);
		fputc('\n', out);
		if (n->memory < 0)
			fprintf(out, "node %d size: <not available>\n", n->id);
		else
			fprintf(out, "node %d size: %lld MB\n", n->id, n->memory >> 20);
		fprintf(out, "node %d free: %lld MB\n", n->id, n->free >> 20);
	}
	if (!m->has_distances) {
		fputs("No distance information available.\n", out);
		return;
	}
	fputs("node distances:\nnode ", out);
	for (int i = 0; i < m->nodes; i++)
		fprintf(out, "% 3d ", m->node[i].id);
	for (int i = 0; i < m->nodes; i++) {
		fprintf(out, "\n% 3d: ", m->node[i].id);
		for (int j = 0; j < m->nodes; j++)
			fprintf(out, "% 3d ", machine_distance(m, i, j));
	}
	fputc('\n', out);
}

static void json_numbers(FILE *out, const struct bitmask *set)
{
	const char *comma = "";

	fputc('[', out);
	for (unsigned i = 0; set && i < set->size; i++)
		if (numa_bitmask_isbitset(set, i)) {
			fprintf(out, "%s%u", comma, i);
			comma = ", ";
		}
	fputc(']', out);
}

static void json_number(FILE *out, const char *name, long long n, bool known)
{
	if (known)
		fprintf(out, ", \"%s\": %lld", name, n);
	else
		fprintf(out, ", \"%s\": null", name);
}

static void show_json(const struct machine *m, FILE *out)
{
	fprintf(out, "{\n  \"simulated\": %s,\n  \"nodes\": [", m->simulated ? "true" : "false");
	for (int i = 0; i < m->nodes; i++) {
		const struct machine_node *n = &m->node[i];

		fprintf(out, "%s\n    {\"id\": %d, \"cpus\": ", i ? "," : "", n->id);
		json_numbers(out, n->cpus);
		json_number(out, "memory", n->memory, n->memory >= 0);
		json_number(out, "free", n->free, n->memory >= 0);
		json_number(out, "weight", n->weight, n->weight > 0);
		fputs(", \"distances\": [", out);
		for (int j = 0; m->has_distances && j < m->nodes; j++)
			fprintf(out, "%s%d", j ? ", " : "", machine_distance(m, i, j));
		fputs("]}", out);
	}
	fputs("\n  ],\n  \"offline_cpus\": ", out);
	json_numbers(out, m->offline);
	fputs("\n}\n", out);
}

/* Writes to the file, or to stdout for NULL or "-". */
static int write_to(const char *path, const struct machine *m,
		    void (*show)(const struct machine *m, FILE *out))
{
	FILE *out = path && strcmp(path, "-") != 0 ? fopen(path, "we") : stdout;
	bool good;

	if (out == stdout) {
		show(m, stdout);
		return finish(STATUS_GOOD);
	}
	if (out) {
		show(m, out);
		good = !ferror(out);
		if ((fclose(out) == 0) & good)
			return STATUS_GOOD;
	}
	message("%s: %s", path, strerror(errno));
	return STATUS_FAILED;
}

int topology_main(int argc, char **argv)
{
	enum { JSON = 1, SAVE, SVG, TOPOLOGY, HELP };
	static const struct option options[] = {
		{"json", no_argument, NULL, JSON},
		{"save", optional_argument, NULL, SAVE},
		{"svg", optional_argument, NULL, SVG},
		{"topology", required_argument, NULL, TOPOLOGY},
		{"help", no_argument, NULL, HELP},
		{NULL, 0, NULL, 0},
	};
	void (*show)(const struct machine *m, FILE *out) = NULL;
	const char *spec = NULL, *path = NULL;
	int option, status;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == HELP || option == 'h') {
			help();
			return finish(STATUS_GOOD);
		}
		if (option == '?')
			return usage_hint();
		if (option == TOPOLOGY) {
			spec = optarg;
			continue;
		}
		if (show)
			return usage("only one of --json, --save and --svg can be given");
		show = option == JSON ? show_json : option == SAVE ? machine_save : machine_svg;
		path = optarg;
	}
	/* "--save FILE" too. */
	if (optind < argc && show && show != show_json && !path)
		path = argv[optind++];
	if (optind < argc)
		return usage("what is \"%s\"?", argv[optind]);
	status = spec ? use_topology(spec) : STATUS_GOOD;
	if (status != STATUS_GOOD)
		return status;
	return write_to(path, machine_get(), show ? show : show_text);
}
