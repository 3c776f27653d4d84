#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: every exported symbol has a page, under one name only; a page documents what exists, has
# every section that a page has to have, and tells the versions of its symbols as the map has them.

# shellcheck source=tests/man/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/man/lib.sh"

# without_page MAP PAGE...: exported symbols that no NAME section has
without_page() {
	exported "$1" | cut -d ' ' -f 1 | sort -u >"$work/symbols"
	shift
	for page; do
		names "$page"
	done | sort -u | comm -23 "$work/symbols" - | sed 's/$/: has no page/'
}

# named_twice PAGE...: each name is on one page, or its alias would have two targets
named_twice() {
	for page; do
		names "$page" | sed "s/\$/.${page##*.}/"
	done | sort | uniq -d | sed 's/$/: on two pages/'
}

# not_first PAGE...: the file has the name of the page's first
not_first() {
	for page; do
		[ "$(names "$page" | head -n 1)" = "$(basename "$page" ".${page##*.}")" ] ||
			echo "$page: its first name is another"
	done
}

# nothing_of_the_kind HEADERS-AS-TEXT PAGE...: names that no header has
nothing_of_the_kind() {
	headers=$1
	shift
	for page; do
		for name in $(names "$page"); do
			[ "$name" = numa ] || grep -qE "(^|[ *(])$name(\\(|;|,)" "$headers" ||
				echo "$page: no header has $name"
		done
	done
}

# incomplete PAGE...: sections that are missing
incomplete() {
	for page; do
		for title in NAME LIBRARY SYNOPSIS DESCRIPTION EXAMPLES ATTRIBUTES \
			'DIFFERENCES FROM LIBNUMA' 'SEE ALSO' HISTORY; do
			section "$page" "$title" | grep -q . || echo "$page: no $title"
		done
		! section "$page" SYNOPSIS | grep -qE '^\.F[no] ' || [ "$(basename "$page")" = numa.3mynuma ] || {
			section "$page" ERRORS | grep -q . || echo "$page: no ERRORS"
			section "$page" ATTRIBUTES | grep -q 'Thread safety' ||
				echo "$page: nothing on threads"
		}
		# What returns something says what, and what takes something says what it is.
		! section "$page" SYNOPSIS | grep -qE '^\.Ft (int|long|unsigned|"|[a-z]*_t)' ||
			section "$page" 'RETURN VALUES' | grep -q . || echo "$page: no RETURN VALUES"
		for argument in $(arguments "$page"); do
			section "$page" DESCRIPTION |
				grep -qE "^\\.(It )?Fa (.* )?$argument( |\$)" ||
				echo "$page: the argument $argument is not described"
		done
	done
}

# arguments PAGE: the last word of each in the SYNOPSIS
arguments() {
	section "$1" SYNOPSIS | awk '
	/^\.F[an] / {
		line = $0
		while (match(line, /"[^"]*"/)) {
			argument = substr(line, RSTART + 1, RLENGTH - 2)
			line = substr(line, RSTART + RLENGTH)
			sub(/^.*[ *]/, "", argument)
			if (argument != "...")
				print argument
		}
	}' | sort -u
}

# wrong_versions MAP PAGE...: HISTORY against the map
wrong_versions() {
	exported "$1" >"$work/nodes"
	shift
	for page; do
		names "$page" >"$work/names"
		section "$page" HISTORY |
			sed -n 's/^\.It \(Fn\|Va\) \([a-z0-9_]*\) Ta \(lib[a-z0-9_.]*\) Ta .*/\2 \3/p' |
			sort >"$work/said"
		awk 'FILENAME == ARGV[1] { node[$1] = $2; next } $1 in node { print $1, node[$1] }' \
			"$work/nodes" "$work/names" | sort | diff "$work/said" - |
			sed -n -e "s,^<,$page: says," -e "s,^>,$page: should say,p" -e '/: says/p'
	done
}

# dead_references PAGE...: to pages of this project that are not there
dead_references() {
	for page; do
		sed -n 's/^\.\(It \)\{0,1\}Xr //p' "$page" | sed 's/ , Xr /\n/g' |
			while read -r name section _; do
				case $name.$section in
				*.[23]mynuma | mynuma.7 | mynuma.1 | mynuma-*.1) ;;
				*) continue ;;
				esac
				grep -qxF "$name.$section" "$work/targets" ||
					echo "$page: $name($section) is not there"
			done
	done
}

not_found() { # TEXT COMMAND...
	not_text=$1
	shift
	! "$@" | grep -F -e "$not_text"
}

all_of() { # MAP HEADERS PAGE...: but for its symbols and references
	all_map=$1
	nothing_of_the_kind "$2" "$3"
	shift 2
	named_twice "$@"
	not_first "$@"
	incomplete "$@"
	wrong_versions "$all_map" "$@"
}

# First whether a fault of each kind is seen.

cat >"$work/map" <<'END'
libnuma_1.1 {
global:
	numa_good;
	numa_lost;
};
END
cat >"$work/numa.h" <<'END'
extern int numa_good(int node);
extern int numa_lost(void);
END
page() { # VERSION NAMES...
	version=$1
	shift
	echo .Sh NAME
	printf '.Nm %s\n' "$@"
	cat <<-END
	.Nd a page
	.Sh LIBRARY
	x
	.Sh SYNOPSIS
	.Ft int
	.Fn numa_good "int node"
	.Sh DESCRIPTION
	.It Fa node
	.Sh RETURN VALUES
	x
	.Sh EXAMPLES
	x
	.Sh ERRORS
	x
	.Sh ATTRIBUTES
	.It Fn numa_good Ta Thread safety Ta MT-Safe
	.Sh DIFFERENCES FROM LIBNUMA
	x
	.Sh SEE ALSO
	.Xr numa_good 3mynuma ,
	.Xr numa_gone 3mynuma
	.Sh HISTORY
	.It Fn numa_good Ta $version Ta 2.0.0
	END
}
page libnuma_1.1 numa_good >"$work/numa_good.3mynuma"
page libnuma_1.2 numa_none numa_good >"$work/bad.3mynuma"
sed -i -e '/^\.It Fa/d' -e '/^\.Sh ERRORS/,+1d' "$work/bad.3mynuma"
good=$work/numa_good.3mynuma bad=$work/bad.3mynuma
echo numa_good.3mynuma >"$work/targets"
check "a symbol without a page is found" finds 'numa_lost: has no' without_page "$work/map" "$good"
check "and it alone" not_found numa_good without_page "$work/map" "$good"
check "a name on two pages is found" finds 'numa_good.3mynuma: on' named_twice "$good" "$bad"
check "a file of another name is found" finds 'bad.3mynuma: its' not_first "$bad" "$good"
check "a name that does not exist is found" finds 'no header has numa_none' \
	nothing_of_the_kind "$work/numa.h" "$bad"
check "a missing section is found" finds 'no ERRORS' incomplete "$bad"
check "and an argument that is not described" finds 'argument node' incomplete "$bad"
check "a wrong version is found" finds 'says numa_good libnuma_1.2' wrong_versions "$work/map" "$bad"
check "a dead reference is found" finds 'numa_gone(3mynuma) is not' dead_references "$good"
check "a good page has no fault" finds_nothing all_of "$work/map" "$work/numa.h" "$good"

# Then the manual.

# shellcheck disable=SC2046 # no blanks in these names
set -- $(interface_pages)
english=$(printf '%s\n' "$@" | grep -v ja/)
some() { [ $# -gt 30 ]; }
check "there are pages" some "$@"
for page in $english; do
	names "$page" | sed "s/\$/.${page##*.}/"
done >"$work/targets"
project_files | sed -n 's,^man/\(mynuma[a-z-]*\.[17]\)$,\1,p' >>"$work/targets"
# shellcheck disable=SC2086
{
	check "every exported symbol has a page" finds_nothing without_page lib/libmynuma.map $english
	check "no name is on two pages" finds_nothing named_twice $english
	check "every page has the name of its file" finds_nothing not_first "$@"
}
cat include/*.h >"$work/headers"
check "what is documented exists" finds_nothing nothing_of_the_kind "$work/headers" "$@"
check "every page has its sections and arguments" finds_nothing incomplete "$@"
check "every page tells the versions of its symbols" finds_nothing \
	wrong_versions lib/libmynuma.map "$@"
# shellcheck disable=SC2046
check "every reference leads to a page" finds_nothing dead_references \
	$(project_files | grep -E '^man/.*\.[1-9](mynuma)?$')
tap_done
