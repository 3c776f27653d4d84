#!/bin/sh
# SPDX-License-Identifier: MIT
# x265 makes its thread pools a node; the stream it writes must be the same.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need x265 x265
cd "$T" || exit 99
head -c $((64 * 64 * 6)) /dev/zero >in.yuv

# Speed, and the progress line.
mask() {
	tr '\r' '\n' | sed -E -e '/^\[[0-9.]+%\]/d' -e 's/in [0-9.]+s \([0-9.]+ fps\)/in N/'
}
encode="x265 --input in.yuv --input-res 64x64 --fps 25 --frames 4 -o out.hevc"

for p in + 1 - '*' 2 none +,+ 99; do
	# shellcheck disable=SC2086 # $encode is a command and its options
	for w in real preload replace; do
		rm -f out.hevc
		run "pools$p" $w $encode --pools "$p" </dev/null
		[ -e out.hevc ] && cksum <out.hevc >>"$T/pools$p.$w.out"
	done
	check "x265 --pools $p: same three ways" all_same "pools$p"
done
check "x265 encodes on the pool of a node" grep -q "Thread pool created" "$T/pools+.preload.err"
# shellcheck disable=SC2086
bound "x265" 0 "numa_available numa_max_node numa_node_to_cpus numa_run_on_node_mask \
numa_set_interleave_mask" $encode --pools +
tap_done
