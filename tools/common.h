/* SPDX-License-Identifier: MIT */
/*
 * What the subcommands of `mynuma` have in common: exit statuses, messages, the choice of a machine,
 * running a program, and JSON.
 *
 * Messages go to stderr, in one line that begins "mynuma COMMAND: ".
 */
#ifndef MYNUMA_TOOLS_COMMON_H
#define MYNUMA_TOOLS_COMMON_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "topology/description.h"

enum status {
	STATUS_GOOD = 0,
	STATUS_FAILED = 1,	 /* what was asked for could not be done, or is not so */
	STATUS_USAGE = 2,	 /* the command line, or a description, makes no sense */
	STATUS_CANNOT_RUN = 126, /* the program could not be started */
	STATUS_NOT_FOUND = 127,	 /* there is no such program */
};

/* Called first, with the subcommand's name and main()'s arguments. */
void common_start(const char *command, char **argv);

/* One line on stderr; the format needs no newline. */
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As message(); for a wrong command line. The result is STATUS_USAGE. */
int usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* getopt() has told what is wrong; this tells where help is. The result is STATUS_USAGE. */
int usage_hint(void);

/* The status, or STATUS_FAILED, with a message, when stdout could not be written. */
int finish(int status);

/*
 * From now on the machine is the one that a description tells of. Comes back with STATUS_GOOD when
 * this already is so, with another status, told on stderr, when the description is wrong, and else
 * not at all: the command starts anew, since the library took its machine before main().
 */
int use_topology(const char *spec);

/* The same, and it is the machine of the programs that are started, as `mynuma run` gives it. */
int use_machine(const char *spec);

/*
 * The machine that MYNUMA_TOPOLOGY describes; NULL when it is not set, is wrong (*wrong is set: the
 * library has told it), or there is no memory.
 */
const struct description *described_machine(bool *wrong);

/*
 * Takes a MYNUMA_TOPOLOGY that is wrong, as the library has told already, out of the environment: the
 * programs that are started would tell it again.
 */
void drop_wrong_topology(void);

/*
 * The program takes this one's place. Comes back only when it cannot be started, told on stderr, with
 * STATUS_CANNOT_RUN or STATUS_NOT_FOUND.
 */
int become_program(char **argv);

/*
 * Runs a program in a child and waits. Its exit status, or 128 plus the signal that ended it, or
 * STATUS_CANNOT_RUN or STATUS_NOT_FOUND, told on stderr. The signals of a terminal are left to it,
 * and it is sent those that ask this command to end.
 */
int run_program(char **argv);

/*
 * From now on this thread gets EPIPE when nobody reads any more, and goes on. What it had blocked
 * before is put in *before, unless that is NULL.
 */
void outlive_readers(sigset_t *before);

/* Puts an element in front of a list in the environment, unless it is in it. */
void put_first(const char *name, const char *element, const char *separators);

/*
 * Makes programs that are started use this library, whichever libnuma they were linked with: it is
 * the first to be loaded (LD_PRELOAD), under libnuma's name where that is installed. The
 * variable tells the library what to do.
 */
void preload_library(const char *variable, const char *value);

/*
 * Tells, once, that the program cannot be made to use the library: it is static, or it has
 * privileges that make the loader ignore the environment. True if so.
 */
bool cannot_preload(const char *program);

/* A new directory for temporary files; ends the command when there can be none. */
char *temporary_directory(void);

/* "DIRECTORY/NAME", allocated. */
char *path_in(const char *directory, const char *name);

/* A text as a JSON string, with its quotes. */
void json_string(FILE *out, const char *s);

/* The first line of a file without its end, in a static buffer; NULL when it cannot be read. */
const char *first_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Memory, or a message and the end of the command. */
void *allocate(size_t count, size_t size);

#endif
