#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: every script is understood by the shell that it names, can be run, and is free of
# what shellcheck warns of.

# shellcheck source=tests/lint/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lint/lib.sh"

# Without a first line that names one, a script is sourced by those for sh.
shell_of() {
	case $(head -n 1 "$1") in
	'#!/bin/bash' | '#!/usr/bin/env bash') echo bash ;;
	'#!/bin/sh') echo sh ;;
	'#!'*) echo unknown ;;
	*) echo sh ;;
	esac
}

unreadable() {
	for script; do
		shell=$(shell_of "$script")
		if [ "$shell" = unknown ]; then
			echo "$script: neither for /bin/sh nor for bash"
		else
			"$shell" -n "$script" 2>&1 || echo "$script: $shell -n fails"
		fi
	done
}

# In a release's archive all that has its bit keeps it.
not_executable() {
	for script; do
		case $(head -n 1 "$script") in
		'#!'*) [ -x "$script" ] || echo "$script: not executable" ;;
		esac
	done
}

warned_of() {
	shellcheck -x -S warning -f gcc "$@"
}

printf 'if true; then\n' >"$work/bad.sh"
printf '#!/bin/sh\ncd "$1"\nexit\n' >"$work/warned.sh"
printf '#!/bin/sh\ncd "$1" || exit\n' >"$work/good.sh"
chmod +x "$work/good.sh"
check "a broken script is found" finds 'bad.sh: sh -n fails' unreadable "$work/bad.sh"
check "one that cannot be run is found" finds 'warned.sh: not' not_executable "$work/warned.sh"
check "a good one is not" finds_nothing unreadable "$work/good.sh"
check "nor one that can" finds_nothing not_executable "$work/good.sh" "$work/bad.sh"

# shellcheck disable=SC2046 # no blanks in these names
set -- $(scripts)
several() { [ $# -gt 5 ]; }
check "there are scripts" several "$@"
check "the shell understands every script" finds_nothing unreadable "$@"
check "every script can be run" finds_nothing not_executable "$@"
clean="shellcheck has no warning"
if have shellcheck "$clean"; then
	check "a warning is found" finds 'warned.sh:2:' warned_of "$work/warned.sh"
	check "$clean" finds_nothing warned_of "$@"
fi

tap_done
