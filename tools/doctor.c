/* SPDX-License-Identifier: MIT */
/*
 * mynuma doctor: why NUMA does or does not work here. Each finding comes from asking: the kernel by
 * system calls that change nothing, the files of /sys and /proc, the dynamic loader, and the library
 * by what its calls do.
 */
#include <dlfcn.h>
#include <errno.h>
#include <getopt.h>
#include <link.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "numa.h"
#include "numaif.h"
#include "tools/common.h"
#include "tools/subcommands.h"

enum verdict { GOOD, NOTE, BAD };

struct finding {
	enum verdict verdict;
	const char *subject;
	char text[512];
};

#define FINDINGS 32

static struct finding findings[FINDINGS];
static int count;

static void find(enum verdict verdict, const char *subject, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void find(enum verdict verdict, const char *subject, const char *format, ...)
{
	struct finding *f = &findings[count];
	va_list args;

	if (count == FINDINGS)
		return;
	count++;
	f->verdict = verdict;
	f->subject = subject;
	va_start(args, format);
	vsnprintf(f->text, sizeof(f->text), format, args);
	va_end(args);
}

static const char *root(void)
{
	const char *dir = getenv("MYNUMA_ROOT");

	return dir ? dir : "";
}

/* A field of /proc/self/status, in a static buffer; "" when there is none. */
static const char *status_field(const char *key)
{
	static char value[4096];
	char path[4200], line[4096];
	size_t n = strlen(key);
	FILE *file;

	snprintf(path, sizeof(path), "%s/proc/self/status", root());
	file = fopen(path, "re");
	value[0] = '\0';
	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, key, n) == 0 && line[n] == ':') {
			line[strcspn(line, "\n")] = '\0';
			snprintf(value, sizeof(value), "%s", line + n + strspn(line + n, ": \t"));
		}
	if (file)
		fclose(file);
	return value;
}

/* The kernel's calls, each with arguments that change nothing. */

#ifndef SYS_set_mempolicy_home_node
#define SYS_set_mempolicy_home_node 450
#endif

struct probe {
	const char *name;
	const char *since; /* the release that brought the call, for the message */
	long number;
	long args[6];
	bool needed; /* numa_available() depends on it */
};

static const struct probe probes[] = {
	{"get_mempolicy", "2.6.7", SYS_get_mempolicy, {0, 0, 0, 0, 0, 0}, true},
	{"set_mempolicy", "2.6.7", SYS_set_mempolicy, {-1, 0, 0, 0, 0, 0}, true},
	{"mbind", "2.6.7", SYS_mbind, {0, 0, 0, 0, 0, 0}, true},
	{"migrate_pages", "2.6.16", SYS_migrate_pages, {0, -1, 0, 0, 0, 0}, false},
	{"move_pages", "2.6.18", SYS_move_pages, {0, 0, 0, 0, 0, 0}, false},
	{"set_mempolicy_home_node", "5.17", SYS_set_mempolicy_home_node, {0, 0, 0, 1, 0, 0}, false},
};

#define PROBES (sizeof(probes) / sizeof(probes[0]))

static int probe_errno(const struct probe *p)
{
	const long *a = p->args;

	errno = 0;
	return syscall(p->number, a[0], a[1], a[2], a[3], a[4], a[5]) < 0 ? errno : 0;
}

/* Lists of names, for one line each. */
struct list {
	char text[256];
	int n;
};

static void add(struct list *list, const char *name)
{
	size_t len = strlen(list->text);

	snprintf(list->text + len, sizeof(list->text) - len, "%s%s", list->n++ ? ", " : "", name);
}

/* Which calls the kernel answers. True if those without which there is no NUMA do. */
static bool look_at_calls(void)
{
	struct list good = {0}, missing = {0}, refused = {0};
	bool filtered = strcmp(status_field("Seccomp"), "2") == 0, needed = true, later = true;
	struct utsname kernel;

	uname(&kernel);
	for (size_t i = 0; i < PROBES; i++) {
		int err = probe_errno(&probes[i]);
		bool gone = err == ENOSYS, blocked = err == EPERM || err == EACCES;

		add(gone ? &missing : blocked ? &refused : &good, probes[i].name);
		if (gone || blocked)
			needed &= !probes[i].needed;
		if ((gone || blocked) && strcmp(probes[i].since, "5.17") != 0)
			later = false;
	}
	if (good.n)
		find(GOOD, "kernel", "Linux %s answers %s", kernel.release, good.text);
	if (refused.n)
		find(BAD, "sandbox", "%s %s refused (EPERM)%s", refused.text,
		     refused.n > 1 ? "are" : "is",
		     filtered ? ": a seccomp filter is in force, as container runtimes set it"
			      : ", though /proc tells of no seccomp filter");
	if (missing.n && later)
		find(NOTE, "kernel",
		     "no set_mempolicy_home_node (ENOSYS): it came with Linux 5.17%s",
		     filtered ? ", or the seccomp filter hides it" : "");
	else if (missing.n)
		find(needed ? NOTE : BAD, "kernel", "Linux %s has no %s (ENOSYS)%s", kernel.release,
		     missing.text,
		     filtered ? ", or the seccomp filter that is in force hides it"
			      : ": it is built without CONFIG_NUMA");
	return needed;
}

static void look_at_sysfs(void)
{
	char path[4200];
	const char *list;

	list = first_line("%s/sys/devices/system/node/online", root());
	snprintf(path, sizeof(path), "%s/sys/devices/system/node", root());
	if (list)
		find(GOOD, "sysfs", "%s has the nodes %s", path, list);
	else if (access(path, F_OK) == 0)
		find(BAD, "sysfs", "%s is there, but does not tell which nodes are", path);
	else
		find(BAD, "sysfs",
		     "there is no %s: the kernel is built without CONFIG_NUMA, or /sys is not "
		     "mounted here; one node is assumed",
		     path);
}

static int list_count(const char *list)
{
	int n = 0;

	while (*list >= '0' && *list <= '9') {
		char *end;
		long first = strtol(list, &end, 10), last = first;

		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		n += (int)(last - first + 1);
		list = *end == ',' ? end + 1 : "";
	}
	return n;
}

static void look_at_cpuset(void)
{
	char mems[512], cpus[512];
	const char *online;

	if (getenv("MYNUMA_SIM")) {
		find(GOOD, "cpuset",
		     "memory and CPUs of all nodes: a simulated machine has no cpuset");
		return;
	}
	snprintf(mems, sizeof(mems), "%s", status_field("Mems_allowed_list"));
	snprintf(cpus, sizeof(cpus), "%s", status_field("Cpus_allowed_list"));
	if (!*mems) {
		find(NOTE, "cpuset", "/proc/self/status does not tell which nodes are allowed");
		return;
	}
	online = first_line("%s/sys/devices/system/node/has_memory", root());
	if (!online)
		online = first_line("%s/sys/devices/system/node/online", root());
	if (online && list_count(mems) < list_count(online))
		find(NOTE, "cpuset", "memory only of the nodes %s, of %s; CPUs %s", mems, online,
		     cpus);
	else
		find(GOOD, "cpuset", "memory of all nodes (%s), CPUs %s", mems, cpus);
}

static void look_at_weights(void)
{
	if (first_line("%s/sys/kernel/mm/mempolicy/weighted_interleave/node0", root()))
		find(GOOD, "weights", "the kernel has weighted interleaving");
	else
		find(NOTE, "weights",
		     "no /sys/kernel/mm/mempolicy/weighted_interleave: MPOL_WEIGHTED_INTERLEAVE "
		     "came "
		     "with Linux 6.9");
}

/* Only ours has this symbol, under a version of ours where the loader knows of versions. */
static bool is_ours(void *library)
{
#ifdef __GLIBC__
	return dlvsym(library, "set_mempolicy_home_node", "libmynuma_1.0") != NULL;
#else
	return dlsym(library, "set_mempolicy_home_node") != NULL;
#endif
}

/* What a program linked with libnuma gets, from here, with this environment. */
static void look_at_loader(void)
{
	void *library = dlopen("libnuma.so.1", RTLD_LAZY | RTLD_LOCAL);
	struct link_map *map = NULL;
	char *real;

	if (!library) {
		find(NOTE, "libnuma",
		     "a program linked with libnuma.so.1 finds none: it does not start");
		return;
	}
	if (dlinfo(library, RTLD_DI_LINKMAP, &map) != 0 || !map) {
		find(NOTE, "libnuma", "libnuma.so.1 is there, but the loader does not tell where");
		return;
	}
	real = realpath(map->l_name, NULL);
	if (is_ours(library))
		find(GOOD, "libnuma", "a program gets libmynuma, from %s",
		     real ? real : map->l_name);
	else
		find(NOTE, "libnuma", "a program gets libnuma, not libmynuma, from %s",
		     real ? real : map->l_name);
	free(real);
}

/* Of the kernel itself: this thread's mode, or -1. */
static int kernel_mode(void)
{
	int mode = -1;

	return syscall(SYS_get_mempolicy, &mode, NULL, 0UL, NULL, 0UL) == 0 ? mode : -1;
}

/*
 * The library's choice, seen from outside: a policy that it sets is the kernel's, too, if it asks
 * the kernel. Only this process has that policy, for a moment.
 */
static bool is_native(void)
{
	unsigned long node0 = 1;
	bool native;

	if (set_mempolicy(MPOL_PREFERRED, &node0, 8 * sizeof(node0)) < 0)
		return errno == EPERM || errno == ENOSYS;
	native = kernel_mode() == MPOL_PREFERRED;
	set_mempolicy(MPOL_DEFAULT, NULL, 0);
	return native;
}

static void look_at_backend(bool kernel_answers)
{
	const char *backend = getenv("MYNUMA_BACKEND"), *topology = getenv("MYNUMA_TOPOLOGY");
	bool asked = backend && *backend && strcmp(backend, "auto") != 0, native = is_native(),
	     wrong;
	const struct description *d = described_machine(&wrong);

	if (wrong)
		find(BAD, "topology", "MYNUMA_TOPOLOGY=%s is no description and is ignored",
		     topology);
	if (asked && strcmp(backend, "native") != 0 && strcmp(backend, "emulated") != 0) {
		find(BAD, "backend", "MYNUMA_BACKEND=%s is neither auto, native nor emulated",
		     backend);
		asked = false;
	}
	if (d)
		find(NOTE, "backend", "emulated: MYNUMA_TOPOLOGY=%s asks for a simulated machine",
		     topology);
	else if (asked)
		find(NOTE, "backend", "%s: MYNUMA_BACKEND asks for it",
		     native ? "native" : "emulated");
	else if (native && kernel_answers)
		find(GOOD, "backend", "native: the kernel answers the calls");
	else if (native)
		find(BAD, "backend",
		     "native: there are several nodes, so the refusal is told as it is");
	else
		find(NOTE, "backend",
		     "emulated: the kernel does not answer, and with at most one node the "
		     "emulation's "
		     "answers are right");
	if (numa_available() < 0)
		find(BAD, "programs", "numa_available() is -1: programs do without NUMA");
	else if (numa_num_configured_nodes() == 1)
		find(NOTE, "programs",
		     "numa_available() is 0; there is one node, so policies change "
		     "nothing");
	else
		find(GOOD, "programs", "numa_available() is 0; there are %d nodes",
		     numa_num_configured_nodes());
}

static bool all_good(void)
{
	for (int i = 0; i < count; i++)
		if (findings[i].verdict == BAD)
			return false;
	return true;
}

static void show_text(void)
{
	static const char *const marks[] = {"ok  ", "note", "BAD "};

	for (int i = 0; i < count; i++)
		printf("%s  %-9s %s\n", marks[findings[i].verdict], findings[i].subject,
		       findings[i].text);
	puts(all_good() ? "NUMA works here." : "NUMA does not work here in all respects.");
}

static void show_json(void)
{
	static const char *const words[] = {"ok", "note", "bad"};

	printf("{\"works\": %s,\n \"findings\": [", all_good() ? "true" : "false");
	for (int i = 0; i < count; i++) {
		printf("%s\n  {\"verdict\": \"%s\", \"subject\": ", i ? "," : "",
		       words[findings[i].verdict]);
		json_string(stdout, findings[i].subject);
		fputs(", \"text\": ", stdout);
		json_string(stdout, findings[i].text);
		putchar('}');
	}
	puts("\n]}");
}

static void help(void)
{
	fputs("Usage: mynuma doctor [--json]\n"
	      "Tells why NUMA does or does not work here: what the kernel answers, what a sandbox\n"
	      "refuses, what a cpuset allows, what /sys has, which libnuma a program gets, and "
	      "which\n"
	      "backend libmynuma chooses, and why.\n"
	      "\n"
	      "  --json      as JSON\n"
	      "  -h, --help  this text\n"
	      "\n"
	      "Exit status: 0 if all works, 1 if something does not, 2 for a wrong command line.\n",
	      stdout);
}

int doctor_main(int argc, char **argv)
{
	enum { JSON = 1 };
	static const struct option options[] = {
		{"json", no_argument, NULL, JSON},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	bool json = false, kernel_answers;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			help();
			return finish(STATUS_GOOD);
		}
		if (option != JSON)
			return usage_hint();
		json = true;
	}
	if (optind < argc)
		return usage("what is \"%s\"?", argv[optind]);
	kernel_answers = look_at_calls();
	look_at_sysfs();
	look_at_cpuset();
	look_at_weights();
	look_at_loader();
	look_at_backend(kernel_answers);
	if (json)
		show_json();
	else
		show_text();
	return finish(all_good() ? STATUS_GOOD : STATUS_FAILED);
}
