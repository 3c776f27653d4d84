# SPDX-License-Identifier: MIT
# What the checks of the manual share: its pages, and what stands in them. Each check is a function over
# pages, so that it can be shown a page with a fault as well.
# shellcheck shell=sh

# shellcheck source=tests/lint/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lint/lib.sh"

# The pages of the interface, by their file names.
interface_pages() {
	project_files | grep -E '^man/(ja/)?[a-z0-9_]+\.[23]mynuma$'
}

# names PAGE: those of its NAME section
names() {
	sed -n '/^\.Sh NAME$/,/^\.Nd/s/^\.Nm \([^ ]*\).*$/\1/p' "$1"
}

# section PAGE TITLE: the lines of it
section() {
	awk -v title=".Sh $2" '/^\.Sh / { inside = $0 == title; next } inside' "$1"
}

# example PAGE: the program of its EXAMPLES section
example() {
	section "$1" EXAMPLES | sed -n '/^\.Bd -literal$/,/^\.Ed$/p' | sed \
		-e '/^\.[BE]d/d' -e 's/^\\&//' -e 's/\\-/-/g' -e 's/\\e/\\/g'
}
