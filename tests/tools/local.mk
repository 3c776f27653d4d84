# SPDX-License-Identifier: MIT
# The command `mynuma`, run as its users do.
check_PROGRAMS += %D%/caller
tests_tools_caller_LDADD = lib/libmynuma.la
# A program, not a script that starts it: its processes are counted.
tests_tools_caller_LDFLAGS = -no-install -pthread
tools_tests = \
	%D%/command.sh \
	%D%/doctor.sh \
	%D%/pages.sh \
	%D%/probes.sh \
	%D%/topology.sh \
	%D%/trace.sh \
	%D%/where.sh

TESTS += $(tools_tests)
EXTRA_DIST += $(tools_tests) %D%/lib.sh %D%/pages.py
