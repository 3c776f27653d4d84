# SPDX-License-Identifier: MIT
# Packages built from the release's archive, and installed where that can be undone.
package_tests = \
	%D%/dist.sh \
	%D%/rpm.sh \
	%D%/alpine.sh \
	%D%/debian.sh

slow_tests += $(package_tests)
EXTRA_DIST += $(package_tests) %D%/lib.sh
