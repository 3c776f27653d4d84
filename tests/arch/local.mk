# SPDX-License-Identifier: MIT
# Other machines and another libc: `make check` has some of them, `make check-arch` all.
slow_tests += %D%/arch.sh
EXTRA_DIST += %D%/arch.sh %D%/exec.c

.PHONY: check-arch list-tests
check-arch: all
	@$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/%D%/arch.sh all

# For arch.sh, which makes some of them in another build.
list-tests:
	@for test in $(TESTS); do echo "$$test"; done
