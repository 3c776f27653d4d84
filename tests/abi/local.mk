# SPDX-License-Identifier: MIT
# The binary interface: symbols, types, headers, and programs of every age.
TESTS += \
	%D%/symbols.sh \
	%D%/installed.sh \
	%D%/headers.sh \
	%D%/programs.sh
EXTRA_DIST += \
	%D%/lib.sh \
	%D%/symbols.sh \
	%D%/installed.sh \
	%D%/headers.sh \
	%D%/programs.sh \
	%D%/symbols.golden \
	%D%/nodes.golden \
	%D%/stub.c \
	%D%/layout.c \
	%D%/compat.c \
	%D%/first.c \
	%D%/copies.c \
	%D%/late.c \
	%D%/override.c
