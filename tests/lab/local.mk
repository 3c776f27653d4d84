# SPDX-License-Identifier: MIT
# Real kernels under QEMU: a short form in `make check`, all with `make lab`.
slow_tests += %D%/short.sh

EXTRA_DIST += \
	%D%/fetch.sh \
	%D%/jobs/README \
	%D%/jobs/diff.sh \
	%D%/jobs/diff32.sh \
	%D%/jobs/native.sh \
	%D%/jobs/ours.sh \
	%D%/jobs/probe.sh \
	%D%/jobs/simulated.sh \
	%D%/jobs/smoke.sh \
	%D%/jobs/unit.sh \
	%D%/lab.sh \
	%D%/nodes.sh \
	%D%/run.sh \
	%D%/shapes.conf \
	%D%/short.sh \
	%D%/smoke.c

# LAB_FLAGS narrows it: make lab LAB_FLAGS='--kernel 6.12 --shape 4'. Logs stay in lab-logs.
lab: all $(check_PROGRAMS) $(check_LTLIBRARIES)
	$(AM_TESTS_ENVIRONMENT) LAB_LOGS="$${LAB_LOGS-lab-logs}" $(SHELL) $(top_srcdir)/%D%/lab.sh --all $(LAB_FLAGS)

# The differential test alone, a million operations a kernel and shape in boots of LONG_OPERATIONS: hours.
LONG_OPERATIONS = 50000
LONG_ROUNDS = 20
lab-long: all $(check_PROGRAMS)
	$(AM_TESTS_ENVIRONMENT) LAB_LOGS="$${LAB_LOGS-lab-logs}" KDIFF_OPERATIONS=$(LONG_OPERATIONS) \
		$(SHELL) $(top_srcdir)/%D%/lab.sh --all --job diff --rounds $(LONG_ROUNDS) $(LAB_FLAGS)

clean-local: lab-clean
lab-clean:
	rm -rf lab-logs
.PHONY: lab lab-long lab-clean
