# SPDX-License-Identifier: MIT
# The emulation's rooms, and the calls on emulated machines of all shapes.
emul_programs = \
	%D%/calls \
	%D%/mempolicy \
	%D%/nodemask \
	%D%/objects \
	%D%/placement \
	%D%/ranges \
	%D%/threads \
	%D%/usercopy \
	%D%/weights
check_PROGRAMS += $(emul_programs)
TESTS += $(emul_programs)
EXTRA_DIST += %D%/machines.h %D%/zeropage.h

tests_emul_calls_LDADD = lib/libcore.la
tests_emul_mempolicy_LDADD = lib/libcore.la
tests_emul_nodemask_LDADD = lib/libcore.la
tests_emul_objects_LDADD = lib/libcore.la
tests_emul_placement_LDADD = lib/libcore.la
tests_emul_ranges_LDADD = lib/libcore.la
tests_emul_threads_LDADD = lib/libcore.la
tests_emul_threads_LDFLAGS = -pthread
tests_emul_usercopy_LDADD = lib/libcore.la
tests_emul_weights_LDADD = lib/libcore.la
