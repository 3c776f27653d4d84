# SPDX-License-Identifier: MIT
# What the checks of this folder share: which files are the project's own, and checks whose finding
# is what they print. Each check is a function over a list of files, so that it can be shown a file
# with a fault as well: a check that cannot fail proves nothing.
# shellcheck shell=sh

top=$(cd "${top_srcdir:-$(dirname "$0")/../..}" && pwd) || exit 1
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"

LC_ALL=C
export LC_ALL

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$top" || exit 1

# Every file of the project below the current directory. Without git: all but what bootstrap,
# configure and make, also `make distcheck`, leave there.
project_files() {
	if [ -e .git ] && git ls-files -co --exclude-standard >"$work/ls-files" 2>/dev/null; then
		sort -u "$work/ls-files"
	else
		find . \( -name .git -o -name .libs -o -name .deps -o -name autom4te.cache -o \
			-path ./build -o -path ./_build -o -path ./_inst -o -path ./build-aux -o \
			-path ./m4 \) -prune -o -type f -print |
			sed 's,^\./,,' | sort
	fi | while read -r file; do
		[ ! -f "$file" ] || printf '%s\n' "$file"
	done
}

c_files() {
	project_files | grep '\.[ch]$'
}

scripts() {
	project_files | grep -E '\.(sh|test)$|^(dev|bootstrap|\.ci/run)$'
}

# Everything that people write and that has comments.
sources() {
	project_files | grep -E \
		-e '\.([chS]|sh|test|awk|py|mk|map)$' \
		-e '^(dev|bootstrap|\.ci/run|\.clang-format)$' \
		-e '(^|/)(Makefile\.am|configure\.ac)$' \
		-e '^man/.*\.[1-9](mynuma)?$'
}

# finds_nothing COMMAND...: passes if the command succeeds and prints nothing
finds_nothing() {
	"$@" >"$work/found" 2>&1 && [ ! -s "$work/found" ] || {
		cat "$work/found"
		return 1
	}
}

# finds TEXT COMMAND...: passes if a line of what the command prints has TEXT in it
finds() {
	finds_text=$1
	shift
	"$@" >"$work/found" 2>&1
	grep -F -e "$finds_text" "$work/found" >/dev/null || {
		echo "not found: $finds_text, but:"
		cat "$work/found"
		return 1
	}
}

# have TOOL WHAT: whether the tool is there. If not, WHAT is a failure under CI and a skip elsewhere.
have() {
	! command -v "$1" >/dev/null || return 0
	if [ "${CI:-}" = true ]; then
		tap_result not-ok "$2: $1 is missing"
	else
		skip "$2" "$1 is missing"
	fi
	return 1
}

# The exported symbols, a line each: NAME NODE.
exported() { # MAP
	awk '
	{
		line = $0
		gsub(/\/\*[^*]*\*\//, "", line)
		if (in_comment) {
			if (!sub(/^.*\*\//, "", line))
				next
			in_comment = 0
		}
		if (sub(/\/\*.*$/, "", line))
			in_comment = 1
		if (line ~ /\{/)
			node = $1
		if (match(line, /[A-Za-z_][A-Za-z0-9_]*;/) && line !~ /\}/)
			print substr(line, RSTART, RLENGTH - 1), node
	}' "$1"
}
