/* SPDX-License-Identifier: MIT */
/*
 * Namespaces and mounts. All is tried in a child first, since a process cannot leave a namespace
 * that turns out to be of no use.
 */
#include "sim/view.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/cpuinfo.h"
#include "sim/tree.h"

#define SYSTEM "/sys/devices/system"
#define CPU SYSTEM "/cpu"
#define NODE SYSTEM "/node"
#define CPUINFO "/proc/cpuinfo"
#define FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

/* How far it came; the child's exit status. */
enum step { DONE, NAMESPACE, MAPS, PRIVATE, STAGE, WRITE, BIND, STEPS };

static const char *const reasons[STEPS] = {
	[NAMESPACE] = "the system allows no mount namespace",
	[MAPS] = "the user namespace cannot be given its user",
	[PRIVATE] = "mounts cannot be made private",
	[STAGE] = "nothing can be mounted on " CPU,
	[WRITE] = "the machine's files cannot be written",
	[BIND] = "the machine's files cannot be put in place",
};

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len = (ssize_t)strlen(text);
	bool good = fd >= 0 && write(fd, text, (size_t)len) == len;

	if (fd >= 0)
		close(fd);
	return good;
}

/* The new user namespace has the user and the group of before, and no others. */
static bool keep_user(uid_t uid, gid_t gid)
{
	char text[64];

	/* Kernels before 3.19 have no such file and do not ask for it. */
	if (!write_file("/proc/self/setgroups", "deny") && errno != ENOENT)
		return false;
	snprintf(text, sizeof(text), "%u %u 1", (unsigned)uid, (unsigned)uid);
	if (!write_file("/proc/self/uid_map", text))
		return false;
	snprintf(text, sizeof(text), "%u %u 1", (unsigned)gid, (unsigned)gid);
	return write_file("/proc/self/gid_map", text);
}

static enum step enter_namespace(bool user)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(CLONE_NEWNS | (user ? CLONE_NEWUSER : 0)) < 0)
		return NAMESPACE;
	if (user && !keep_user(uid, gid))
		return MAPS;
	/* The root of a chroot need not be a mount; all that is mounted here is below these. */
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 ||
			       (mount(NULL, "/sys", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
				mount(NULL, "/proc", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
		       ? DONE
		       : PRIVATE;
}

static bool is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A directory or a file of the stage in its place, read-only. */
static bool bind(int stage, const char *name, const char *place)
{
	char from[64];

	snprintf(from, sizeof(from), "/proc/self/fd/%d/%s", stage, name);
	return mount(from, place, NULL, MS_BIND, NULL) == 0 &&
	       mount(NULL, place, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | FLAGS, NULL) == 0;
}

/*
 * A kernel without NUMA has no directory for nodes, and in sysfs none can be made. A new
 * /sys/devices/system has one, and what the old one has.
 */
static bool make_system(void)
{
	int old = open(SYSTEM, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = old < 0 ? NULL : fdopendir(old);
	struct dirent *entry;
	bool good;

	if (!dir)
		return false;
	good = mount("tmpfs", SYSTEM, "tmpfs", FLAGS, "mode=755") == 0;
	while (good && (entry = readdir(dir))) {
		char path[512], from[512];

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), SYSTEM "/%s", entry->d_name);
		snprintf(from, sizeof(from), "/proc/self/fd/%d/%s", old, entry->d_name);
		good = mkdir(path, 0755) == 0 &&
		       mount(from, path, NULL, MS_BIND | MS_REC, NULL) == 0;
	}
	closedir(dir);
	return good && mkdir(NODE, 0755) == 0;
}

/* What the process's cpuset says of the real machine, in both kinds of control groups. */
static bool bind_cpuset(int stage)
{
	static const struct {
		const char *from, *root, *file;
	} files[] = {
		{"cpu/online", "/cpuset", "cpuset.cpus"},
		{"cpu/online", "/cpuset", "cpuset.effective_cpus"},
		{"cpu/online", "", "cpuset.cpus.effective"},
		{"node/has_memory", "/cpuset", "cpuset.mems"},
		{"node/has_memory", "/cpuset", "cpuset.effective_mems"},
		{"node/has_memory", "", "cpuset.mems.effective"},
	};
	char group[256] = "", place[512];
	int fd = open("/proc/self/cpuset", O_RDONLY | O_CLOEXEC);
	bool good = true;

	if (fd < 0 || read(fd, group, sizeof(group) - 1) <= 0)
		group[0] = '\0';
	if (fd >= 0)
		close(fd);
	group[strcspn(group, "\n")] = '\0';
	for (size_t i = 0; group[0] && good && i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(place, sizeof(place), "/sys/fs/cgroup%s%s/%s", files[i].root, group,
			 files[i].file);
		good = access(place, F_OK) < 0 || bind(stage, files[i].from, place);
	}
	return good;
}

/*
 * Where the system has none, or wants no other, the real one stays. A /proc that nothing is put
 * over is kept out of sight: a user namespace below this one may mount its own only where it has
 * such.
 */
static void bind_cpuinfo(int stage)
{
	char whole[64];

	if (faccessat(stage, "cpuinfo", F_OK, 0) < 0)
		return;
	snprintf(whole, sizeof(whole), "/proc/self/fd/%d/proc", stage);
	if (mkdirat(stage, "proc", 0755) == 0)
		(void)mount("/proc", whole, NULL, MS_BIND, NULL);
	(void)bind(stage, "cpuinfo", CPUINFO);
}

/* The directories of the stage, in the order in which they come into place. */
static const struct {
	const char *from, *place;
	bool always; /* else where the system has such a place */
} directories[] = {
	{"node", NODE, true},
	{"bus-node", "/sys/bus/node/devices", false},
	{"bus-cpu", "/sys/bus/cpu/devices", false},
	{"weights", "/sys/kernel/mm/mempolicy/weighted_interleave", false},
	{"cpu", CPU, true}, /* hides the stage */
};
#define DIRECTORIES (sizeof(directories) / sizeof(directories[0]))

static bool put_in_place(int stage)
{
	bool good = (is_dir(NODE) || make_system()) && bind_cpuset(stage);

	bind_cpuinfo(stage);
	for (size_t i = 0; good && i < DIRECTORIES; i++)
		if (directories[i].always || is_dir(directories[i].place))
			good = bind(stage, directories[i].from, directories[i].place);
	return good;
}

/* The stage is mounted where the CPUs' directory will hide it. */
static enum step build(bool user, const unsigned long *offline)
{
	enum step step = enter_namespace(user);
	int stage;

	if (step != DONE)
		return step;
	if (mount("tmpfs", CPU, "tmpfs", FLAGS, "mode=755,size=0,nr_inodes=0") < 0)
		return STAGE;
	stage = open(CPU, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (stage < 0)
		return STAGE;
	step = tree_write(stage, offline) < 0 || cpuinfo_write(stage, "cpuinfo") < 0 ? WRITE
	       : put_in_place(stage)						     ? DONE
										     : BIND;
	close(stage);
	return step;
}

/* Without the files, which take time: only what a system may refuse. */
static enum step try_to_build(bool user)
{
	enum step step = enter_namespace(user);
	int stage;

	if (step != DONE)
		return step;
	if (mount("tmpfs", CPU, "tmpfs", FLAGS, "mode=755") < 0)
		return STAGE;
	stage = open(CPU, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (stage < 0)
		return WRITE;
	for (size_t i = 0; i < DIRECTORIES; i++)
		if (mkdirat(stage, directories[i].from, 0755) < 0)
			return WRITE;
	if (mknodat(stage, "cpu/online", S_IFREG | 0444, 0) < 0 ||
	    mknodat(stage, "node/has_memory", S_IFREG | 0444, 0) < 0)
		return WRITE;
	return put_in_place(stage) ? DONE : BIND;
}

/* A filter that kills is a refusal too. */
static enum step in_child(bool user)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit((int)try_to_build(user));
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return NAMESPACE;
	return (enum step)WEXITSTATUS(status) < STEPS ? (enum step)WEXITSTATUS(status) : NAMESPACE;
}

const char *view_enter(const unsigned long *offline)
{
	enum step step;

	if (!is_dir(CPU))
		return CPU " does not exist";
	if (in_child(false) == DONE)
		return reasons[build(false, offline)];
	step = in_child(true);
	return reasons[step == DONE ? build(true, offline) : step];
}
