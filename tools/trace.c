/* SPDX-License-Identifier: MIT */
/* mynuma trace: runs a program on the library with MYNUMA_TRACE, and shows what that writes. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/common.h"
#include "tools/subcommands.h"

static void help(void)
{
	fputs("Usage: mynuma trace [-o FILE] [--topology SPEC] -- PROGRAM [ARGUMENT]...\n"
	      "Runs a program and writes each NUMA policy call that it makes through libnuma, "
	      "with\n"
	      "its arguments and result.\n"
	      "\n"
	      "  -o, --output FILE  append to FILE; without it the lines go to standard error\n"
	      "  --topology SPEC    on a simulated machine: \"4x2:16G\", \"@FILE\"; see mynuma(1)\n"
	      "  -h, --help         this text\n"
	      "\n"
	      "Exit status: that of the program; 128 plus the signal that ended it; 1 if FILE\n"
	      "cannot be opened, 2 for a wrong command line, 125 if the simulation cannot be\n"
	      "prepared, 126 if the program cannot be started, 127 if there is none.\n",
	      stdout);
}

/* Without -o: a file of our own, of which what is new goes to stderr ten times a second. */
struct follower {
	int fd;
	atomic_bool over;
};

static void forward(int fd)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (ssize_t done = 0, m; done < n; done += m) {
			m = write(2, buf + done, (size_t)(n - done));
			if (m <= 0)
				return;
		}
}

static void *follow(void *arg)
{
	struct follower *f = arg;

	outlive_readers(NULL); /* or the program would end with us */
	while (!atomic_load(&f->over)) {
		forward(f->fd);
		usleep(100000);
	}
	forward(f->fd);
	return NULL;
}

static int run_followed(char **argv)
{
	char *directory = temporary_directory(), *path = path_in(directory, "trace");
	struct follower f = {.fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
	pthread_t thread;
	int status = STATUS_FAILED;

	preload_library("MYNUMA_TRACE", path);
	if (f.fd < 0)
		message("%s: %s", path, strerror(errno));
	else if (pthread_create(&thread, NULL, follow, &f) != 0)
		message("cannot start a thread");
	else {
		status = run_program(argv);
		atomic_store(&f.over, true);
		pthread_join(thread, NULL);
	}
	unlink(path);
	rmdir(directory);
	return status;
}

static int run_to_file(char **argv, const char *output)
{
	int fd = open(output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	char *path = fd >= 0 ? realpath(output, NULL) : NULL;

	if (!path) {
		message("%s: %s", output, strerror(errno));
		return STATUS_FAILED;
	}
	close(fd);
	preload_library("MYNUMA_TRACE", path);
	return run_program(argv);
}

int trace_main(int argc, char **argv)
{
	enum { TOPOLOGY = 1 };
	static const struct option options[] = {
		{"output", required_argument, NULL, 'o'},
		{"topology", required_argument, NULL, TOPOLOGY},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	const char *output = NULL, *spec = NULL;
	int option, status;

	while ((option = getopt_long(argc, argv, "+ho:", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			help();
			return finish(STATUS_GOOD);
		case 'o':
			output = optarg;
			break;
		case TOPOLOGY:
			spec = optarg;
			break;
		default:
			return usage_hint();
		}
	}
	if (optind == argc)
		return usage("which program?");
	drop_wrong_topology();
	status = spec ? use_machine(spec) : STATUS_GOOD;
	if (status != STATUS_GOOD)
		return status;
	cannot_preload(argv[optind]);
	return output ? run_to_file(argv + optind, output) : run_followed(argv + optind);
}
