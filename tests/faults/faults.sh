#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: the failures of system calls, on the kernel's own calls and on the emulation's, with one
# node and with several.
: "${top_srcdir:?run by make check}" "${top_builddir:?run by make check}"
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
unset LD_PRELOAD LD_LIBRARY_PATH MYNUMA_BACKEND MYNUMA_TOPOLOGY MYNUMA_ROOT
T=$(mktemp -d "${TMPDIR:-/tmp}/mynuma-faults.XXXXXX") || exit 99
trap 'rm -rf "$T"' EXIT
trap 'exit 99' HUP INT TERM

# The cases are the program's; here only what it says of those that failed, and how many there were.
faults() { # VARIABLE=VALUE...
	env "$@" timeout -k 5 600 "$top_builddir/tests/faults/faults" >"$T/out" 2>&1 && return
	grep -v '^ok' "$T/out"
	return 1
}

# How many there were.
tell() {
	grep -a '^# [0-9]* faults' "$T/out"
}

check "each call fails in turn, native" faults MYNUMA_BACKEND=native
tell
check "each call fails in turn, emulated" faults MYNUMA_BACKEND=emulated
tell
check "each call fails in turn, on a machine of four nodes" faults MYNUMA_TOPOLOGY=4x2:1G
tell
tap_done
