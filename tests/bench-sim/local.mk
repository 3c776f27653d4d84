# SPDX-License-Identifier: MIT
# What the simulated machine costs: make bench-sim.
EXTRA_DIST += %D%/bench.sh
EXTRA_PROGRAMS += %D%/busy
tests_bench_sim_busy_LDFLAGS = -pthread
CLEANFILES += %D%/busy

bench-sim: all %D%/busy
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/%D%/bench.sh
.PHONY: bench-sim
