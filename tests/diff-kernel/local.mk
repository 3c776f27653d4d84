# SPDX-License-Identifier: MIT
# The emulation against the kernel. kdiff is static, so that it also runs alone in the lab's machines.
check_PROGRAMS += %D%/kdiff
TESTS += %D%/kdiff.sh
EXTRA_DIST += %D%/kdiff.sh %D%/README
tests_diff_kernel_kdiff_SOURCES = \
	%D%/generate.c \
	%D%/kdiff.c \
	%D%/kdiff.h \
	%D%/machine.c \
	%D%/objects.c \
	%D%/run.c
tests_diff_kernel_kdiff_LDADD = lib/libcore.la
tests_diff_kernel_kdiff_LDFLAGS = -pthread -all-static
