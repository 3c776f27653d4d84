# SPDX-License-Identifier: MIT
# Other compilers and options: `make check` has some of them, `make check-builds` all.
slow_tests += %D%/builds.sh
EXTRA_DIST += %D%/builds.sh

.PHONY: check-builds
check-builds: all
	@$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/%D%/builds.sh all
