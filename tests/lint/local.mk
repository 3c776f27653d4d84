# SPDX-License-Identifier: MIT
# The rules of the house that can be read off the files: no library code runs here.
lint_scripts = \
	%D%/layers.sh \
	%D%/exports.sh \
	%D%/style.sh \
	%D%/scripts.sh \
	%D%/man.sh \
	%D%/links.sh \
	%D%/licences.sh

TESTS += $(lint_scripts)
slow_tests += %D%/analysis.sh
EXTRA_DIST += $(lint_scripts) %D%/analysis.sh %D%/lib.sh
