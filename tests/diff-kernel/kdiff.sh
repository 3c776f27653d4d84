#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: random scripts of policy calls, threads and forks give the same on the running kernel
# and on the emulation of the same machine. KDIFF_SEED repeats a run, KDIFF_OPERATIONS is its length.
set -eu

# shellcheck source=tests/tap.sh
. "${top_srcdir:?run by make check}/tests/tap.sh"
: "${top_builddir:?run by make check}"

kdiff=$top_builddir/tests/diff-kernel/kdiff
seed=${KDIFF_SEED:-$(date +%s)}
what="the kernel and the emulation agree (KDIFF_SEED=$seed)"
status=0
"$kdiff" probe || status=$?
if [ "$status" -ne 0 ]; then
	skip "$what" "this kernel has no NUMA calls, or a sandbox refuses them"
else
	check "$what" "$kdiff" loop "$seed" "${KDIFF_OPERATIONS:-50000}"
fi
tap_done
