# SPDX-License-Identifier: MIT
# `make bench`: how fast, beside the real libnuma and the kernel. Not a part of `make check`.
bench_programs = %D%/bench %D%/bench-wide %D%/emulation
EXTRA_PROGRAMS += $(bench_programs)
%C%_bench_SOURCES = %D%/bench.c %D%/cases.c %D%/cases.h
%C%_bench_LDADD = -lpthread -ldl
%C%_bench_wide_SOURCES = %D%/bench.c %D%/cases.c %D%/cases.h %D%/wide.c
# The real library must find this program's syscall().
%C%_bench_wide_LDFLAGS = -export-dynamic
%C%_bench_wide_LDADD = -lpthread -ldl
%C%_emulation_SOURCES = %D%/emulation.c
%C%_emulation_LDADD = -ldl

EXTRA_DIST += %D%/bench.sh %D%/report.py %D%/causes.md %D%/RESULTS.md %D%/functions.svg %D%/sizes.svg

bench: $(bench_programs) tests/counts/noinit tests/counts/empty all
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/%D%/bench.sh

clean-local: bench-clean
bench-clean:
	rm -rf %D%/results $(bench_programs)
.PHONY: bench bench-clean
