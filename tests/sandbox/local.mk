# SPDX-License-Identifier: MIT
# Kernels and sandboxes that refuse the calls: which backend is chosen, and what programs hear of it.
check_PROGRAMS += %D%/sandbox %D%/look
TESTS += %D%/choice.sh %D%/environment.sh %D%/clients.sh
EXTRA_DIST += %D%/lib.sh %D%/choice.sh %D%/environment.sh %D%/clients.sh

tests_sandbox_sandbox_LDADD = -lseccomp
tests_sandbox_look_LDADD = lib/libcore.la
tests_sandbox_look_LDFLAGS = -pthread
