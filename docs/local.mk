# SPDX-License-Identifier: MIT
# Pages for people who start; the manual has the details.
EXTRA_DIST += \
	%D%/containers.md \
	%D%/four-nodes.svg \
	%D%/migrating.md \
	%D%/testing.md
