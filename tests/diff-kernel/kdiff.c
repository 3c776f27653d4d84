/* SPDX-License-Identifier: MIT */
/*
 *	kdiff loop [SEED [OPERATIONS]]	compares random scripts; shows those that differ, made short
 *	kdiff check FILE		compares one script
 *	kdiff run native|emulated FILE	shows what one script gives
 *	kdiff generate SEED LINES	shows a script
 *
 * The status is 0 when nothing differs, 1 when something does, 2 for anything else.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kdiff.h"

#include "backend/backend.h"

#define SCRIPT_LINES 150
#define SECONDS 60
#define MAX_DIFFERENCES 10

/* Scripts map what they find beyond the end of an object: not this. */
static struct output *output_make(void)
{
	size_t beyond = 2 * ARENA_PAGES * machine.page_size;
	char *p = mmap(NULL, beyond + sizeof(struct output), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	if (p == MAP_FAILED)
		exit(2);
	p = mmap(p + beyond, sizeof(struct output), PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (p == MAP_FAILED)
		exit(2);
	return (struct output *)(void *)p;
}

static void run(const struct script *script, bool emulated, struct output *output)
{
	int status;
	pid_t pid;

	fflush(stdout);
	output->length = 0;
	pid = fork();
	if (pid < 0)
		exit(2);
	if (pid == 0) {
		alarm(SECONDS);
		script_run(script, emulated ? &backend_emulated_ops : &backend_native_ops, emulated,
			   output);
	}
	waitpid(pid, &status, 0);
	sprintf(output->text + output->length, "end %x\n", (unsigned)status);
}

static unsigned remainder_of(const struct script *script)
{
	unsigned remainder = 0;

	for (size_t i = 0; i < script->lines; i++)
		if (sscanf(script->line[i], "inodes %u", &remainder) == 1)
			break;
	return remainder;
}

/* The first difference of the two, as two lines each; false when there is none. */
static bool differ(const struct script *script, bool show)
{
	static struct output *native, *emulated;
	const char *a, *b;
	bool different;

	if (!native) {
		native = output_make();
		emulated = output_make();
	}
	objects_make(remainder_of(script));
	run(script, false, native);
	objects_empty();
	run(script, true, emulated);
	objects_end();
	a = native->text;
	b = emulated->text;
	different = strcmp(a, b) != 0;
	while (show && *a) {
		size_t la = strcspn(a, "\n"), lb = strcspn(b, "\n");

		if (la != lb || memcmp(a, b, la) != 0) {
			printf("native:   %.*s\nemulated: %.*s\n", (int)la, a, (int)lb, b);
			break;
		}
		a += la + 1;
		b += lb + 1;
	}
	return different;
}

/* Leaves out as many lines as possible. */
static void shrink(struct script *script)
{
	for (size_t chunk = script->lines / 2; chunk > 0;
	     chunk = chunk > 1 && chunk < 4 ? chunk - 1 : chunk / 2) {
		for (size_t at = 0; at + chunk <= script->lines;) {
			struct script shorter;

			shorter.lines = script->lines - chunk;
			shorter.line = malloc((shorter.lines + 1) * sizeof(char *));
			memcpy(shorter.line, script->line, at * sizeof(char *));
			memcpy(shorter.line + at, script->line + at + chunk,
			       (shorter.lines - at) * sizeof(char *));
			if (differ(&shorter, false)) {
				free(script->line);
				*script = shorter;
			} else {
				free(shorter.line);
				at += chunk;
			}
		}
	}
}

static void show(const struct script *script)
{
	for (size_t i = 0; i < script->lines; i++)
		printf("%s\n", script->line[i]);
}

static void release(struct script *script)
{
	for (size_t i = 0; i < script->lines; i++)
		free(script->line[i]);
	free(script->line);
}

static int loop(uint64_t seed, unsigned long operations)
{
	unsigned long done = 0;
	int differences = 0;

	printf("# seed %llu, %lu operations, release %d, %u nodes, %u CPUs\n",
	       (unsigned long long)seed, operations, machine.release, machine.node_ids,
	       machine_cpus);
	for (; done < operations && differences < MAX_DIFFERENCES; seed++, done += SCRIPT_LINES) {
		struct script script;

		script_generate(&script, seed, SCRIPT_LINES);
		if (differ(&script, true)) {
			printf("# seed %llu differs; made short:\n", (unsigned long long)seed);
			struct script shorter = {.lines = script.lines,
						 .line = malloc(script.lines * sizeof(char *))};

			memcpy(shorter.line, script.line, script.lines * sizeof(char *));
			shrink(&shorter);
			show(&shorter);
			if (!differ(&shorter, true))
				printf("# not again\n");
			free(shorter.line);
			differences++;
		}
		release(&script);
	}
	printf("# %lu operations compared, %d differences\n", done, differences);
	return differences != 0;
}

static void load(struct script *script, const char *path)
{
	char line[MAX_LINE];
	FILE *f = strcmp(path, "-") ? fopen(path, "r") : stdin;

	*script = (struct script){0};
	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || !line[0])
			continue;
		script->line = realloc(script->line, (script->lines + 1) * sizeof(char *));
		script->line[script->lines++] = strdup(line);
	}
	if (!f) {
		perror(path);
		exit(2);
	}
}

static bool native_answers(void)
{
	const struct backend_ops *ops = &backend_native_ops;

	return ops->get_mempolicy(NULL, NULL, 0, NULL, 0) == 0 &&
	       ops->set_mempolicy(-1, NULL, 0) == -EINVAL &&
	       ops->mbind(NULL, 0, 0, NULL, 0, 0) == 0 &&
	       ops->migrate_pages(0, 0, NULL, NULL) == -EINVAL &&
	       ops->move_pages(0, 0, NULL, NULL, NULL, 0) == 0 &&
	       ops->set_mempolicy_home_node(0, 0, 0, 1) == -EINVAL;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	struct script script;

	if (strcmp(what, "probe") == 0)
		return native_answers() ? 0 : 1;
	machine_read();
	if (strcmp(what, "loop") == 0)
		return loop(argc > 2 ? strtoull(argv[2], NULL, 0) : 1,
			    argc > 3 ? strtoul(argv[3], NULL, 0) : 50000);
	if (strcmp(what, "check") == 0 && argc == 3) {
		load(&script, argv[2]);
		return differ(&script, true);
	}
	if (strcmp(what, "run") == 0 && argc == 4) {
		struct output *output = output_make();

		load(&script, argv[3]);
		objects_make(remainder_of(&script));
		run(&script, argv[2][0] == 'e', output);
		fputs(output->text, stdout);
		return 0;
	}
	if (strcmp(what, "generate") == 0 && argc == 4) {
		script_generate(&script, strtoull(argv[2], NULL, 0), strtoul(argv[3], NULL, 0));
		show(&script);
		return 0;
	}
	fprintf(stderr, "usage: %s loop|check|run|generate ...\n", argv[0]);
	return 2;
}
