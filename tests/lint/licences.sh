#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: every file of the project says its licence, in a line near its top or through REUSE.toml, so
# that tools can list them; and packages name the version of the release.

# shellcheck source=tests/lint/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lint/lib.sh"

# As patterns of the shell's case, in which a star goes over slashes, too.
patterns() { # REUSE.toml
	sed -n '/^path = \[/,/^\]/s/^[[:space:]]*"\(.*\)",*$/\1/p' "$1" | sed 's/\*\*/*/g'
}

matches() { # FILE PATTERN
	# shellcheck disable=SC2254 # a pattern it is
	case $1 in
	$2) return 0 ;;
	esac
	return 1
}

# Those with the line near the top.
licensed() { # FILE...
	awk 'FNR > 3 { nextfile } /SPDX-License-Identifier: MIT/ { print FILENAME; nextfile }' "$@"
}

# unlicensed REUSE.toml FILE...
unlicensed() {
	patterns "$1" >"$work/patterns"
	shift
	licensed "$@" | sort >"$work/licensed"
	printf '%s\n' "$@" | sort | comm -23 - "$work/licensed" | while read -r file; do
		while read -r pattern; do
			! matches "$file" "$pattern" || continue 2
		done <"$work/patterns"
		echo "$file: no licence"
	done
}

# idle REUSE.toml FILE...: patterns that no file needs
idle() {
	patterns "$1" >"$work/patterns"
	shift
	while read -r pattern; do
		for file; do
			! matches "$file" "$pattern" || continue 2
		done
		echo "REUSE.toml: nothing is $pattern"
	done <"$work/patterns"
}

# other_versions VERSION DIRECTORY: packages of another one
other_versions() {
	for line in "packaging/rpm/libmynuma.spec:Version:        $1" \
		"packaging/alpine/APKBUILD:pkgver=$1" \
		"packaging/debian/changelog:libmynuma ($1-" \
		"NEWS:$1 "; do
		grep -qF -e "${line#*:}" "$2/${line%%:*}" ||
			echo "${line%%:*}: not of version $1"
	done
	# The archive as documents name it.
	grep -on 'libmynuma-[0-9][0-9.]*[0-9]' "$2"/docs/*.md |
		grep -v ":libmynuma-$1\$" || :
}

mkdir "$work/d"
printf 'path = [\n\t"d/data**",\n\t"d/none",\n]\n' >"$work/REUSE.toml"
echo 'x' >"$work/d/bare"
echo 'x' >"$work/d/data.x"
echo '# SPDX-License-Identifier: MIT' >"$work/d/good"
in_work() {
	(cd "$work" && "$@" REUSE.toml d/bare d/data.x d/good)
}
check "a file without a licence is found" finds 'd/bare: no' in_work unlicensed
one_file() { [ "$(in_work unlicensed | wc -l)" -eq 1 ]; }
check "and nothing else" one_file
check "a pattern for nothing is found" finds 'nothing is d/none' in_work idle
check "a package of another version is found" finds 'APKBUILD: not of' other_versions 99.9 "$top"

# What bootstrap makes has the licences of its tools.
# shellcheck disable=SC2046 # no blanks in these names
set -- $(project_files | grep -vE '^(Makefile\.in|aclocal\.m4|configure)$')
many() { [ $# -gt 200 ]; }
check "there are files" many "$@"
check "every file has a licence" finds_nothing unlicensed REUSE.toml "$@"
# The archive lacks what only git needs.
[ ! -e .git ] || check "REUSE.toml names what is there" finds_nothing idle REUSE.toml "$@"
version=$(sed -n 's/^AC_INIT(\[libmynuma\], \[\([^]]*\)\].*/\1/p' configure.ac)
check "packages and documents are of this version" finds_nothing other_versions "$version" "$top"
tap_done
