# SPDX-License-Identifier: MIT
# What calls and loading cost, in numbers that do not depend on time.
check_PROGRAMS += %D%/counts %D%/noinit %D%/empty
%C%_counts_SOURCES = %D%/counts.c tests/bench/cases.c tests/bench/cases.h
# Whatever is opened gets its memory from this program, which counts.
%C%_counts_LDFLAGS = -export-dynamic
%C%_counts_LDADD = -ldl

TESTS += %D%/counts.sh
EXTRA_DIST += %D%/counts.sh %D%/limits.txt
