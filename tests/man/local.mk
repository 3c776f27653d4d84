# SPDX-License-Identifier: MIT
# The manual: is it whole, do its examples work, does man find it. tests/lint/man.sh has the readers'
# warnings.
man_scripts = \
	%D%/pages.sh \
	%D%/examples.sh \
	%D%/installed.sh

TESTS += $(man_scripts)
EXTRA_DIST += $(man_scripts) %D%/lib.sh
