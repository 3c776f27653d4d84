/* SPDX-License-Identifier: MIT */
/*
 * mynuma where: on which nodes a program's memory is. Of a running process /proc tells it; a program
 * that is started here tells it itself at its end, by the library's MYNUMA_WHERE, since of pages
 * that are emulated no kernel knows.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/common.h"
#include "tools/pagemap.h"
#include "tools/subcommands.h"

#define BAR 30

struct output {
	FILE *file;
	bool json;
	bool all; /* mappings without pages, too */
	int processes;
};

struct process {
	long pid;
	char *name;
	const char *source; /* "kernel", "emulation", "emulation, guessed" */
	struct pagemap map;
};

static void help(void)
{
	fputs("Usage: mynuma where [OPTION]... PID\n"
	      "       mynuma where [OPTION]... -- PROGRAM [ARGUMENT]...\n"
	      "Shows on which nodes the memory of a process is, mapping by mapping, with the "
	      "policy\n"
	      "of each. A program is run, and it and its children are shown as they end.\n"
	      "\n"
	      "  -a, --all          mappings without pages, too\n"
	      "  --json             as JSON\n"
	      "  -o, --output FILE  to FILE instead of standard output\n"
	      "  --topology SPEC    on a simulated machine: \"4x2:16G\", \"@FILE\"; see mynuma(1)\n"
	      "  -h, --help         this text\n"
	      "\n"
	      "Exit status: 0, or that of the program; 1 if nothing could be found out, 2 for a\n"
	      "wrong command line, 125 if the simulation cannot be prepared, 126 if the program\n"
	      "cannot be started, 127 if there is none.\n",
	      stdout);
}

/* Text */

static const char *size_text(char *buf, size_t size, unsigned long long bytes)
{
	if (bytes < 1024ULL * 1024)
		snprintf(buf, size, "%llu KiB", bytes / 1024);
	else if (bytes < 1024ULL * 1024 * 1024)
		snprintf(buf, size, "%.1f MiB", (double)bytes / (1024 * 1024));
	else
		snprintf(buf, size, "%.1f GiB", (double)bytes / (1024 * 1024 * 1024));
	return buf;
}

static void bar(FILE *out, unsigned long long part, unsigned long long whole)
{
	int n = whole ? (int)((double)part / (double)whole * BAR + 0.5) : 0;

	/* What is there is seen, however little it is. */
	for (n += part && !n; n > 0; n--)
		fputc('#', out);
	fputc('\n', out);
}

static void show_totals(const struct pagemap *map, FILE *out)
{
	unsigned long long all = 0;
	char size[32];

	for (int node = 0; node < PAGEMAP_NODES; node++)
		all += map->bytes[node];
	for (int node = 0; node < PAGEMAP_NODES; node++) {
		if (!map->bytes[node])
			continue;
		fprintf(out, "node %4d %12s %3.0f%%  ", node,
			size_text(size, sizeof(size), map->bytes[node]),
			100.0 * (double)map->bytes[node] / (double)all);
		bar(out, map->bytes[node], all);
	}
	if (!all)
		fputs("no memory\n", out);
}

static void show_ranges(const struct process *p, bool all, FILE *out)
{
	int wide = 8;

	for (size_t i = 0; i < p->map.count; i++) {
		int n = (int)strlen(p->map.range[i].policy);

		wide = n > wide && n <= 32 ? n : wide;
	}
	fprintf(out, "%-12s  %-*s  %s\n", "address", wide, "policy", "pages by node, mapping");
	for (size_t i = 0; i < p->map.count; i++) {
		const struct page_range *r = &p->map.range[i];

		if (!r->nodes && !all)
			continue;
		fprintf(out, "%012lx  %-*s ", r->start, wide, r->policy);
		for (int k = 0; k < r->nodes; k++)
			fprintf(out, " N%d=%lu", r->on[k].node, r->on[k].pages);
		fprintf(out, "%s  %s", r->nodes ? "" : " -",
			r->name && *r->name ? r->name : "[anonymous]");
		if (r->page_size != p->map.page_size)
			fprintf(out, " (pages of %lu KiB)", r->page_size / 1024);
		fputc('\n', out);
	}
}

static void show_text(const struct process *p, const struct output *to)
{
	FILE *out = to->file;

	if (to->processes > 1)
		fputc('\n', out);
	fprintf(out, "process %ld %s, pages of %lu KiB, told by the %s\n", p->pid, p->name,
		p->map.page_size / 1024, p->source);
	show_totals(&p->map, out);
	show_ranges(p, to->all, out);
}

/* JSON */

static void json_pages(FILE *out, const struct page_range *r)
{
	fputc('{', out);
	for (int k = 0; k < r->nodes; k++)
		fprintf(out, "%s\"%d\": %lu", k ? ", " : "", r->on[k].node, r->on[k].pages);
	fputc('}', out);
}

static void show_json(const struct process *p, const struct output *to)
{
	FILE *out = to->file;
	const char *comma = "";

	fprintf(out, "%s\n  {\"pid\": %ld, \"name\": ", to->processes > 1 ? "," : "[", p->pid);
	json_string(out, p->name);
	fputs(", \"source\": ", out);
	json_string(out, p->source);
	fprintf(out, ", \"page_size\": %lu,\n   \"bytes\": {", p->map.page_size);
	for (int node = 0; node < PAGEMAP_NODES; node++)
		if (p->map.bytes[node]) {
			fprintf(out, "%s\"%d\": %llu", comma, node, p->map.bytes[node]);
			comma = ", ";
		}
	fputs("},\n   \"mappings\": [", out);
	comma = "";
	for (size_t i = 0; i < p->map.count; i++) {
		const struct page_range *r = &p->map.range[i];

		if (!r->nodes && !to->all)
			continue;
		fprintf(out, "%s\n    {\"start\": \"0x%lx\", \"end\": ", comma, r->start);
		if (r->end)
			fprintf(out, "\"0x%lx\"", r->end);
		else
			fputs("null", out);
		fputs(", \"policy\": ", out);
		json_string(out, r->policy);
		fprintf(out, ", \"page_size\": %lu, \"pages\": ", r->page_size);
		json_pages(out, r);
		fputs(", \"mapping\": ", out);
		json_string(out, r->name ? r->name : "");
		fputc('}', out);
		comma = ",";
	}
	fputs("\n   ]}", out);
}

static void show(const struct process *p, struct output *to)
{
	to->processes++;
	if (to->json)
		show_json(p, to);
	else
		show_text(p, to);
}

static int finish_output(struct output *to, int status)
{
	if (to->json)
		fputs(to->processes ? "\n]\n" : "[]\n", to->file);
	if (to->file == stdout)
		return finish(status);
	if (ferror(to->file) | (fclose(to->file) != 0)) {
		message("writing failed: %s", strerror(errno));
		return STATUS_FAILED;
	}
	return status;
}

/* A running process */

static FILE *open_proc(long pid, const char *name)
{
	const char *root = getenv("MYNUMA_ROOT");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/proc/%ld/%s", root ? root : "", pid, name);
	return fopen(path, "re");
}

/* Whether the environment with which a process was started asks for a simulated machine. */
static bool is_simulated(long pid)
{
	FILE *file = open_proc(pid, "environ");
	char *entry = NULL;
	size_t room = 0;
	bool found = false;

	while (file && !found && getdelim(&entry, &room, '\0', file) > 0)
		found = strncmp(entry, "MYNUMA_TOPOLOGY=", 16) == 0 && entry[16];
	free(entry);
	if (file)
		fclose(file);
	return found;
}

static char *process_name(long pid)
{
	const char *root = getenv("MYNUMA_ROOT");
	const char *name = first_line("%s/proc/%ld/comm", root ? root : "", pid);

	return strdup(name ? name : "?");
}

static int show_running(long pid, struct output *to)
{
	struct process p = {.pid = pid, .name = process_name(pid), .source = "kernel"};
	FILE *numa_maps = open_proc(pid, "numa_maps"), *maps;
	int err = errno;

	if (!numa_maps) {
		maps = open_proc(pid, "maps");
		if (maps && err == ENOENT)
			message("this kernel does not tell where pages are: there is no "
				"/proc/%ld/numa_maps",
				pid);
		else
			message("process %ld: %s", pid,
				err == ENOENT ? "there is no such process" : strerror(err));
		return STATUS_FAILED;
	}
	if (is_simulated(pid))
		message("process %ld has a simulated machine, of whose pages only it knows; these "
			"are "
			"the real nodes (mynuma where -- PROGRAM shows the others)",
			pid);
	pagemap_read(&p.map, numa_maps);
	if (ferror(numa_maps)) {
		message("process %ld: %s", pid, strerror(errno));
		return STATUS_FAILED;
	}
	fclose(numa_maps);
	maps = open_proc(pid, "maps");
	if (maps) {
		pagemap_read_names(&p.map, maps);
		fclose(maps);
	}
	show(&p, to);
	return STATUS_GOOD;
}

/* A program */

/* One report of the library. */
static void show_report(const char *path, long pid, struct output *to)
{
	struct process p = {.pid = pid, .source = "kernel"};
	FILE *report = fopen(path, "re");
	char word[32] = "";
	char *name = NULL;

	if (!report || fscanf(report, "%31s page %lu ", word, &p.map.page_size) != 2) {
		message("process %ld told nothing that makes sense", pid);
		if (report)
			fclose(report);
		return;
	}
	if (strcmp(word, "emulated") == 0)
		p.source = "emulation";
	pagemap_read(&p.map, report);
	if (p.map.guessed)
		p.source = "emulation, which had to count all pages as present";
	pagemap_read_names(&p.map, report);
	fclose(report);
	/* The program itself is what is mapped first. */
	for (size_t i = 0; i < p.map.count && !name; i++)
		if (p.map.range[i].name && p.map.range[i].name[0] == '/')
			name = strrchr(p.map.range[i].name, '/') + 1;
	p.name = name ? name : "?";
	show(&p, to);
}

static int by_number(const struct dirent **a, const struct dirent **b)
{
	long x = atol((*a)->d_name + 2), y = atol((*b)->d_name + 2);

	return (x > y) - (x < y);
}

static int is_report(const struct dirent *entry)
{
	return strncmp(entry->d_name, "p.", 2) == 0;
}

static int show_program(char **argv, struct output *to)
{
	char *directory = temporary_directory(), *prefix = path_in(directory, "p");
	struct dirent **reports = NULL;
	bool cannot = cannot_preload(argv[0]);
	sigset_t mask;
	int status, n;

	preload_library("MYNUMA_WHERE", prefix);
	status = run_program(argv);
	unsetenv("MYNUMA_WHERE"); /* the command has nothing to tell of itself */
	outlive_readers(&mask);	  /* the files are not to stay */
	n = scandir(directory, &reports, is_report, by_number);
	for (int i = 0; i < n; i++) {
		char *path = path_in(directory, reports[i]->d_name);

		show_report(path, atol(reports[i]->d_name + 2), to);
		unlink(path);
		free(path);
		free(reports[i]);
	}
	rmdir(directory);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (to->processes || status == STATUS_CANNOT_RUN || status == STATUS_NOT_FOUND)
		return status;
	if (!cannot)
		message("%s told nothing: it did not end by exit()", argv[0]);
	return status ? status : STATUS_FAILED;
}

static bool is_number(const char *s)
{
	const char *start = s;

	while (isdigit((unsigned char)*s))
		s++;
	return s > start && !*s;
}

static bool open_output(struct output *to, const char *path)
{
	to->file = path ? fopen(path, "we") : stdout;
	if (!to->file)
		message("%s: %s", path, strerror(errno));
	return to->file;
}

int where_main(int argc, char **argv)
{
	enum { TOPOLOGY = 1, JSON };
	static const struct option options[] = {
		{"all", no_argument, NULL, 'a'},
		{"json", no_argument, NULL, JSON},
		{"output", required_argument, NULL, 'o'},
		{"topology", required_argument, NULL, TOPOLOGY},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	struct output to = {0};
	const char *path = NULL, *spec = NULL;
	bool program;
	int option, status;

	while ((option = getopt_long(argc, argv, "+aho:", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			help();
			return finish(STATUS_GOOD);
		case 'a':
			to.all = true;
			break;
		case 'o':
			path = optarg;
			break;
		case JSON:
			to.json = true;
			break;
		case TOPOLOGY:
			spec = optarg;
			break;
		default:
			return usage_hint();
		}
	}
	program = optind > 1 && strcmp(argv[optind - 1], "--") == 0;
	if (optind == argc)
		return usage("which process, or which program?");
	if (!program && !is_number(argv[optind]))
		return usage("\"%s\" is no process; a program stands after \"--\"", argv[optind]);
	if (!program && optind + 1 < argc)
		return usage("what is \"%s\"?", argv[optind + 1]);
	if (!program && spec)
		return usage("--topology is for a program, not for a process that runs");
	drop_wrong_topology();
	status = spec ? use_machine(spec) : STATUS_GOOD;
	if (status != STATUS_GOOD)
		return status;
	if (!open_output(&to, path))
		return STATUS_FAILED;
	status = program ? show_program(argv + optind, &to) : show_running(atol(argv[optind]), &to);
	return finish_output(&to, status);
}
