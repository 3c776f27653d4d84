#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: the links inside the documents lead somewhere, what they tell about variables of the
# environment stands in the manual, and their shell lines can be read.

# shellcheck source=tests/lint/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lint/lib.sh"

# The links of a document: LINE TARGET, without those in blocks and in code.
links() { # FILE
	awk '
	/^```/ { block = !block; next }
	block || /^    / { next }
	{
		line = $0
		gsub(/`[^`]*`/, "", line)
		while (match(line, /\]\([^)]*\)/)) {
			print FNR, substr(line, RSTART + 2, RLENGTH - 3)
			line = substr(line, RSTART + RLENGTH)
		}
	}' "$1"
}

# The anchors of its headings, as most readers make them.
anchors() { # FILE
	awk '/^```/ { block = !block } !block && /^#+ /' "$1" | tr '[:upper:]' '[:lower:]' |
		sed -e 's/^#* //' -e 's/[^a-z0-9 _-]//g' -e 's/ /-/g'
}

dead_links() {
	for file; do
		links "$file" | while read -r line target; do
			case $target in
			http://* | https://* | mailto:*) continue ;;
			esac
			path=${target%%#*}
			if [ -z "$path" ]; then
				path=$file
			else
				path=$(dirname "$file")/$path
			fi
			if [ ! -e "$path" ]; then
				echo "$file:$line: $target is not there"
				continue
			fi
			case $target in
			*#*) anchors "$path" | grep -qxF -e "${target#*#}" ||
				echo "$file:$line: $target: no such heading" ;;
			esac
		done
	done
}

# unknown_variables MANUAL FILE...: named here and not there
unknown_variables() {
	manual=$1
	shift
	grep -on 'MYNUMA_[A-Z_]*' /dev/null "$@" | while IFS=: read -r file line name; do
		grep -qE "^\\.It (Ev|Dv) $name( |\$)" "$manual" ||
			echo "$file:$line: $name is not in $manual"
	done
}

unreadable_blocks() {
	for file; do
		awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$file" >"$work/block"
		sh -n "$work/block" 2>&1 | sed "s,^,$file: ,"
	done
}

mkdir "$work/docs"
cat >"$work/docs/bad.md" <<'END'
# A Heading

[here](bad.md) [there](gone.md) [up](../docs/bad.md#a-heading) [no](#another) `[code](x)`
[web](https://example.org/) MYNUMA_NOTHING

```sh
if true; then
```
END
bad() {
	(cd "$work" && "$@" docs/bad.md)
}
check "a dead link is found" finds 'bad.md:3: gone.md is not' bad dead_links
check "and a heading that is not there" finds '#another: no such' bad dead_links
two_dead_links() { [ "$(bad dead_links | wc -l)" -eq 2 ]; }
check "and nothing else" two_dead_links
check "an unknown variable is found" finds 'MYNUMA_NOTHING is not' \
	unknown_variables man/mynuma.7 "$work/docs/bad.md"
check "a broken shell line is found" finds 'bad.md:' bad unreadable_blocks

# shellcheck disable=SC2046 # no blanks in these names
set -- $(project_files | grep '\.md$')
several() { [ $# -ge 5 ]; }
check "there are documents" several "$@"
check "every link inside the documents resolves" finds_nothing dead_links "$@"
# shellcheck disable=SC2046
check "the manual has the variables of the documents" finds_nothing \
	unknown_variables man/mynuma.7 $(printf '%s\n' "$@" | grep -v '^examples/')
check "the shell understands their lines" finds_nothing unreadable_blocks "$@"
tap_done
