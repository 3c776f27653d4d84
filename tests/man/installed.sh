#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: as installed, man finds a page for every exported symbol, also by its aliases and in
# Japanese, beside other pages of these names; removing leaves nothing.

: "${top_srcdir:?run by make check}" "${top_builddir:?run by make check}"
# shellcheck source=tests/man/lib.sh
. "$top_srcdir/tests/man/lib.sh"

unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES GNUMAKEFLAGS MANPATH
tree=$work/man
make_in_build() {
	(cd "$top_builddir" && ${MAKE:-make} -s mandir="$tree" DESTDIR= "$@")
}

# Of section 2 or 3, whichever: this project's.
page_of() { # SYMBOL
	man -M "$tree" -w -S 2mynuma:3mynuma "$1"
}

found() { # SYMBOL...
	for symbol; do
		page_of "$symbol" >/dev/null || echo "$symbol"
	done
}

shows() { # TEXT COMMAND...
	text=$1
	shift
	MANWIDTH=80 "$@" 2>&1 | sed 's/.\x08//g' | grep -F -e "$text"
}

is_empty() {
	[ -z "$(find "$tree" ! -type d)" ]
}

check "the pages are installed" make_in_build install-man install-dist_jamanDATA install-man-aliases
if have man "man finds the pages"; then
	# shellcheck disable=SC2046
	set -- $(exported lib/libmynuma.map | cut -d ' ' -f 1)
	check "what does not exist is not found" finds numa_nothing found numa_nothing numa_free
	check "man finds a page for each of $# symbols" finds_nothing found "$@"
	check "an alias shows its page" shows numa_realloc man -M "$tree" 3mynuma numa_free
	check "the page is there in Japanese" shows 'メモリーポリシー' \
		env LC_ALL=C.UTF-8 man -M "$tree/ja" 2mynuma get_mempolicy
fi
check "the pages are removed" make_in_build uninstall-man uninstall-dist_jamanDATA uninstall-man-aliases
check "and nothing is left" is_empty
tap_done
