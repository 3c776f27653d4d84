# SPDX-License-Identifier: MIT
# The real libnuma and ours, the same calls: see diff.sh.

diff_sources = \
	%D%/bitmask.c \
	%D%/lib.c \
	%D%/lib.h \
	%D%/machine.c \
	%D%/memory.c \
	%D%/migrate.c \
	%D%/policy.c \
	%D%/probe.c \
	%D%/probe.h \
	%D%/report.c \
	%D%/strings.c \
	%D%/topo.c \
	%D%/v1.c

check_PROGRAMS += %D%/probe %D%/probe-hooks
%C%_probe_SOURCES = $(diff_sources) %D%/nohooks.c
%C%_probe_LDADD = -lpthread -ldl
# Nothing is left for each case's process to look up anew.
%C%_probe_LDFLAGS = -Wl,-z,now
# The library must find this program's own numa_warn, mbind and the like.
%C%_probe_hooks_SOURCES = $(diff_sources) %D%/hooks.c
%C%_probe_hooks_LDFLAGS = -export-dynamic -Wl,-z,now
%C%_probe_hooks_LDADD = -lpthread -ldl

slow_tests += %D%/diff.sh
EXTRA_DIST += \
	%D%/allowed.txt \
	%D%/compare.awk \
	%D%/diff.sh \
	%D%/expected.txt \
	%D%/machines.sh \
	%D%/oracle.sh

clean-local: diff-clean
diff-clean:
	rm -rf %D%/diff.work %D%/diff.oracle
.PHONY: diff-clean
