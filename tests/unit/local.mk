# SPDX-License-Identifier: MIT
# A program a room of the library, linked with its hidden symbols.
unit_programs = \
	%D%/bitmask \
	%D%/bits \
	%D%/init \
	%D%/masktext \
	%D%/memory \
	%D%/nodestring \
	%D%/policy \
	%D%/promises \
	%D%/report \
	%D%/smallfile \
	%D%/wrappers
check_PROGRAMS += $(unit_programs)
TESTS += $(unit_programs)
EXTRA_DIST += %D%/fixture.h %D%/kernel.h

tests_unit_bitmask_LDADD = lib/libcore.la
tests_unit_bits_LDADD = lib/libcore.la
tests_unit_init_LDADD = lib/libcore.la
tests_unit_masktext_LDADD = lib/libcore.la
tests_unit_memory_LDADD = lib/libcore.la
tests_unit_nodestring_LDADD = lib/libcore.la
tests_unit_policy_LDADD = lib/libcore.la
tests_unit_promises_LDADD = lib/libcore.la
tests_unit_report_LDADD = lib/libcore.la
tests_unit_smallfile_LDADD = lib/libcore.la
tests_unit_wrappers_LDADD = lib/libcore.la
tests_unit_memory_LDFLAGS = -pthread
tests_unit_policy_LDFLAGS = -pthread
tests_unit_report_LDFLAGS = -pthread
tests_unit_smallfile_LDFLAGS = -pthread
