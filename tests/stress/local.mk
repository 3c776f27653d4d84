# SPDX-License-Identifier: MIT
# Everything at once, for half a minute or, with STRESS_SECONDS=N, longer.
check_PROGRAMS += %D%/stress
slow_tests += %D%/stress.sh
EXTRA_DIST += %D%/stress.sh
tests_stress_stress_LDADD = lib/libcore.la
tests_stress_stress_LDFLAGS = -pthread
