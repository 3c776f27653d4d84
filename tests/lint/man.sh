#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: both readers of manual pages, mandoc and man with groff, read every page without a
# warning, and every alias leads to a page.

# shellcheck source=tests/lint/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lint/lib.sh"

# An alias is one line that names the page as the installed tree has it, manN/NAME.N.
is_alias() {
	head -n 1 "$1" | grep '^\.so ' >/dev/null
}

dangling() {
	for page; do
		is_alias "$page" || continue
		target=$(sed -n '1s/^\.so *//p' "$page")
		[ -f "$(dirname "$page")/$(basename "$target")" ] || echo "$page: no $target"
	done
}

# Each over the pages that are no aliases.

mandoc_warns() {
	for page; do
		is_alias "$page" || mandoc -K utf-8 -T lint -W warning "$page" || :
	done
}

man_warns() {
	for page; do
		is_alias "$page" || LC_ALL=C.UTF-8 MANWIDTH=80 MANROFFSEQ='' \
			man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null | sed "s,^,$page: ,"
	done
}

cat >"$work/bad.7" <<'END'
.Dd January 1, 2026
.Dt BAD 7
.Os
.Sh NAME
.Nm bad
.Nd a page with faults
.Sh DESCRIPTION
.Bl -tag
text outside of an item
.El
.if \n[no_such_register] never
.XX no such macro
END
echo '.so man7/nowhere.7' >"$work/alias.7"
check "an alias to nowhere is found" finds 'alias.7: no man7' dangling "$work/alias.7"

# shellcheck disable=SC2046 # no blanks in these names
set -- $(project_files | grep -E '^man/.*\.[1-9](mynuma)?$')
some() { [ $# -gt 0 ]; }
check "there are pages" some "$@"
check "no alias leads nowhere" finds_nothing dangling "$@"
if have mandoc "mandoc has no warning"; then
	check "mandoc warns of a fault" finds 'bad.7:' mandoc_warns "$work/bad.7"
	check "mandoc has no warning" finds_nothing mandoc_warns "$@"
fi
if have man "man has no warning"; then
	check "man warns of a fault" finds 'bad.7:' man_warns "$work/bad.7"
	check "man has no warning" finds_nothing man_warns "$@"
fi

tap_done
