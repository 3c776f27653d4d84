# SPDX-License-Identifier: MIT
# Fuzzing: a short run is a test, `make fuzz FUZZ_RUNS=20000000` a long one, whose findings stay in
# fuzz.out/.
slow_tests += %D%/fuzz.sh
EXTRA_DIST += \
	%D%/calls.c \
	%D%/corpus \
	%D%/description.c \
	%D%/fuzz.h \
	%D%/fuzz.sh \
	%D%/ioaffinity.c \
	%D%/masktext.c \
	%D%/strings.c \
	%D%/sysfs.c

FUZZ_RUNS = 20000000
FUZZ_ENGINES = libfuzzer afl
FUZZ_TARGETS =
.PHONY: fuzz
fuzz: all
	@$(AM_TESTS_ENVIRONMENT) FUZZ_RUNS=$(FUZZ_RUNS) FUZZ_ENGINES='$(FUZZ_ENGINES)' \
		FUZZ_KEEP='$(abs_top_builddir)/fuzz.out' \
		$(SHELL) $(top_srcdir)/%D%/fuzz.sh $(FUZZ_TARGETS)
