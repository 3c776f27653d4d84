# SPDX-License-Identifier: MIT
# The programs of examples/, built as a user would and run.
TESTS += %D%/examples.sh
EXTRA_DIST += \
	%D%/examples.sh \
	examples/Makefile \
	examples/README.md \
	examples/arena.c \
	examples/failures.c \
	examples/interleave.c \
	examples/machine.c \
	examples/migrate.c \
	examples/nearest.c \
	examples/nodestring.c \
	examples/prefer.c \
	examples/run-on.c \
	examples/shared.c \
	examples/threads.c \
	examples/where.c
