# SPDX-License-Identifier: MIT
# Bad arguments and bad times: nothing to allocate or to open, little stack, too early, too late, all
# at once.
badinput_programs = \
	%D%/descriptors \
	%D%/nomemory \
	%D%/reload \
	%D%/smallstack \
	%D%/threads \
	%D%/wild
check_PROGRAMS += $(badinput_programs)
TESTS += $(badinput_programs) %D%/order.sh
slow_tests += %D%/sanitize.sh
EXTRA_DIST += %D%/everything.h %D%/order.sh %D%/sanitize.sh

# `make check` has one compiler for each sanitizer, `make check-sanitizers` both.
.PHONY: check-sanitizers
check-sanitizers: all
	@$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/%D%/sanitize.sh all

tests_badinput_descriptors_LDADD = lib/libcore.la
tests_badinput_nomemory_LDADD = lib/libcore.la
tests_badinput_reload_LDADD = -ldl
tests_badinput_smallstack_LDADD = lib/libcore.la
# As the shared objects are linked: to look up a function at its first call takes kilobytes of stack.
tests_badinput_smallstack_LDFLAGS = -pthread -Wl,-z,now
tests_badinput_threads_LDADD = lib/libcore.la
tests_badinput_threads_LDFLAGS = -pthread
tests_badinput_wild_LDADD = lib/libcore.la
