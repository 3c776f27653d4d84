#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: sixteen threads and all that may come in between, on the kernel's own calls and, at the
# same time, on a machine that is emulated.
#	STRESS_SECONDS=N	how long; 30
: "${top_srcdir:?run by make check}" "${top_builddir:?run by make check}"
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
unset LD_PRELOAD LD_LIBRARY_PATH MYNUMA_BACKEND MYNUMA_TOPOLOGY MYNUMA_ROOT
T=$(mktemp -d "${TMPDIR:-/tmp}/mynuma-stress.XXXXXX") || exit 99
trap 'rm -rf "$T"' EXIT
trap 'exit 99' HUP INT TERM
: "${STRESS_SECONDS:=30}"

stress() { # NAME VARIABLE=VALUE
	env "$2" timeout -k 5 $((STRESS_SECONDS + 600)) "$top_builddir/tests/stress/stress" \
		"$STRESS_SECONDS" >"$T/$1" 2>&1
	echo "exit status $?" >>"$T/$1"
}

result() { # NAME
	grep -q '^ok 1 - ' "$T/$1" && grep -q '^exit status 0$' "$T/$1" && return
	cat "$T/$1"
	return 1
}

stress native MYNUMA_BACKEND=auto &
stress emulated MYNUMA_TOPOLOGY=3x3:1G,1x0:1G,1x2:0 &
wait
check "on this machine" result native
check "on a simulated machine" result emulated
grep -h '^# ' "$T/native" "$T/emulated"
tap_done
