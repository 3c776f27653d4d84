# SPDX-License-Identifier: MIT
# The emulation against this kernel: random scripts of policy calls, run on both (tests/diff-kernel).
# On a kernel without the calls there is nothing to compare with. KDIFF_SEED repeats a run,
# KDIFF_OPERATIONS is its length. Each round of the lab has seeds of its own.
# shellcheck shell=sh

case $1 in
files)
	kdiff=${top_builddir:?}/tests/diff-kernel/kdiff
	if [ ! -x "$kdiff" ]; then
		echo "kdiff is not built" >&2
		exit 77
	fi
	: "${LAB_WORK:?}"
	operations=${KDIFF_OPERATIONS:-10000}
	seed=$((${KDIFF_SEED:-$(date +%s)} + ${LAB_ROUND:-0} * operations))
	echo "$seed $operations" >"$LAB_WORK/kdiff.run"
	printf '%s\n' --timeout $((300 + operations / 20))
	printf '%s\n' "$kdiff:kdiff" "$LAB_WORK/kdiff.run:kdiff.run"
	;;
run)
	read -r seed operations <kdiff.run
	# shellcheck source=../../tap.sh
	. ./tap.sh
	check "the kernel and the emulation agree (KDIFF_SEED=$seed)" \
		./kdiff loop "$seed" "$operations"
	tap_done
	;;
esac
