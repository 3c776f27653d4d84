#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: how files look: the licence line, a first comment that says what the file is for, no
# trailing white space, lines of at most 100 columns in the library, and clang-format's opinion.

# shellcheck source=tests/lint/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lint/lib.sh"

# Each is a function over files and prints what is wrong.

without_licence() {
	awk '
	function verdict() {
		if (file != "" && !good)
			print file ": no SPDX line on top"
	}

	FNR == 1 {
		verdict()
		file = FILENAME
		good = 0
		at = /^#!/ ? 2 : 1
	}

	FNR == at && /SPDX-License-Identifier: MIT( \*\/)?$/ {
		good = 1
	}

	END {
		verdict()
	}' "$@"
}

# After the licence, before any code: a comment of at least three words.
without_purpose() {
	awk '
	function verdict() {
		if (file != "" && words < 3)
			print file ": the first comment does not say what the file is for"
	}

	FNR == 1 {
		verdict()
		file = FILENAME
		words = open = 0
		over = !/SPDX/
		next
	}

	over || (!open && /^$/) {
		next
	}

	!open && !/^\/\*/ {
		over = 1
		next
	}

	{
		open = 1
		over = /\*\//
		gsub(/[^A-Za-z]+/, " ")
		words += NF
	}

	END {
		verdict()
	}' "$@"
}

trailing_space() {
	grep -n '[[:space:]]$' /dev/null "$@" | sed 's/$/<- white space/'
}

# A tab is up to the next multiple of eight.
too_long() {
	awk '{
		width = 0
		n = split($0, part, "\t")
		for (i = 1; i <= n; i++) {
			width += length(part[i])
			if (i < n)
				width += 8 - width % 8
		}
		if (width > 100)
			print FILENAME ":" FNR ": " width " columns"
	}' "$@"
}

unformatted() {
	clang-format --style=file --dry-run -Werror "$@" >"$work/clang-format" 2>&1 || {
		sed -n 's/^\([^ :]*\):[0-9]*:.* error: .*/clang-format -i \1/p' "$work/clang-format" |
			sort -u | grep . || cat "$work/clang-format"
	}
}

# First whether each sees what it looks for.

cd "$work" || exit 1
cp "$top/.clang-format" .
printf '/* SPDX-License-Identifier: MIT */\n/* What this room is for. */\nint x;\n' >good.c
printf '#!/bin/sh\n# SPDX-License-Identifier: MIT\n' >good.sh
printf 'int x;\n/* SPDX-License-Identifier: MIT */\n/* What it is for. */\nint  y; \n' >bad.c
printf '/* SPDX-License-Identifier: MIT */\n/* Things. */\n\tint z;\t\n' >poor.c
printf '#!/bin/sh\necho\n' >bad.sh
printf '/*\t%92s\n\n\t%93s\n\t\t\t\t\t\t\t\t\t\t\t\t  */\n' x x >long.c
check "a missing licence is found" finds 'bad.c: no SPDX' without_licence good.c bad.c poor.c
check "and in a script" finds 'bad.sh: no SPDX' without_licence bad.sh good.sh
check "a licence is not missed" finds_nothing without_licence good.c good.sh poor.c
check "a missing purpose is found" finds 'bad.c: the first' without_purpose bad.c good.c
check "and a poor one" finds 'poor.c: the first' without_purpose good.c poor.c
check "a purpose is not missed" finds_nothing without_purpose good.c
check "trailing white space is found" finds 'poor.c:3:' trailing_space good.c poor.c
check "a line of 101 columns is found" finds 'long.c:3: 101 columns' too_long good.c long.c
sed 3d long.c >fits.c
check "and one of 100 is none" finds_nothing too_long fits.c
cd "$top" || exit 1

# Then the project. The names have no blanks in them.

# shellcheck disable=SC2046
{
	check "every source has its licence on top" finds_nothing without_licence $(sources)
	check "every C file first says what it is for" finds_nothing without_purpose \
		$(c_files | grep -E '\.c$|^lib/')
	check "no trailing white space" finds_nothing trailing_space \
		$(sources) $(project_files | grep -E '^[A-Z]+(\.md)?$')
	check "no line of the library is longer than 100 columns" finds_nothing too_long \
		$(c_files | grep -E '^(lib|include)/') lib/libmynuma.map
}

# Other versions of clang-format have other opinions; 14 is Debian 12's and Ubuntu 22.04's.
formatted="the code is formatted as clang-format 14 does it"
if have clang-format "$formatted"; then
	case $(clang-format --version) in
	*' version 14.'*)
		check "misformatted code is found" finds 'bad.c' unformatted "$work/bad.c"
		# shellcheck disable=SC2046
		check "$formatted" finds_nothing unformatted $(c_files)
		;;
	*)
		skip "$formatted" "this is $(clang-format --version)"
		;;
	esac
fi

tap_done
