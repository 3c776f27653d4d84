#!/bin/sh
# SPDX-License-Identifier: MIT
# `make bench`: measures all there is to measure, into results/ of the build's tests/bench: the raw
# numbers, bench.json, RESULTS.md and its plots. BENCH_WRITE=1 also puts these into the source tree.
# BENCH_ROUNDS is how often each thing is measured (41). LIBNUMA is the real library, if not the
# installed one. Needs root or user namespaces for the machines of other sizes.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}" "${top_builddir:=.}"
here=$top_srcdir/tests/bench
bin=$(cd "$top_builddir/tests/bench" && pwd)
tools=$(cd "$top_builddir/tests/counts" && pwd)
ours=${MYNUMA_REPLACE:?}/libnuma.so.1
rounds=${BENCH_ROUNDS:-41}
out=$bin/results
LC_ALL=C
export LC_ALL
unset LD_PRELOAD LD_LIBRARY_PATH MYNUMA_TOPOLOGY MYNUMA_ROOT MYNUMA_BACKEND

say() {
	printf 'bench: %s\n' "$*" >&2
}

real=${LIBNUMA:-}
for f in /usr/lib/*/libnuma.so.1 /usr/lib64/libnuma.so.1 /usr/lib/libnuma.so.1; do
	[ -n "$real" ] || [ ! -e "$f" ] || real=$f
done
[ -n "$real" ] || {
	say "there is no libnuma.so.1 to compare with; LIBNUMA=PATH says where"
	exit 1
}

rm -rf "$out"
mkdir -p "$out/machines"

in_namespace() {
	if [ "$(id -u)" -eq 0 ]; then
		unshare -m "$@"
	else
		unshare -rm "$@"
	fi
}

say "every function, on this machine"
"$bin/bench" "$real" "$ours" --rounds "$rounds" >"$out/functions.tsv"

# On a made-up machine only what depends on its size is of interest; the rest is the same.
for size in 1:8 8:8 64:16 256:32 1024:8; do
	nodes=${size%:*} each=${size#*:}
	say "a machine of $nodes nodes and $((nodes * each)) CPUs"
	sh "$top_srcdir/tests/topology/large.sh" "$out/machines/$nodes" "$nodes" "$each"
	cp "$out/machines/$nodes/sys/devices/system/cpu/possible" \
		"$out/machines/$nodes/sys/devices/system/cpu/online"
	in_namespace timeout 300 "$bin/bench-wide" "$real" "$ours" --sizes \
		--rounds $((rounds / 4 + 1)) --root "$out/machines/$nodes" >"$out/size-$nodes-$((nodes * each)).tsv"
done
for threads in 1 2 4 8; do
	say "$threads threads"
	for case in numa_node_of_cpu numa_distance numa_bitmask_weight numa_num_task_cpus \
		numa_node_to_cpus numa_preferred numa_get_membind; do
		"$bin/bench" "$real" "$ours" --rounds $((rounds / 2)) --threads $threads \
			--cases "$case"
	done >"$out/threads-$threads.tsv"
done

say "loading"
"$tools/noinit" "$real" "$out/real-noinit.so"
"$tools/noinit" "$ours" "$out/ours-noinit.so"

load_syscalls() {
	strace -o "$out/trace" ${1:+-E LD_PRELOAD="$1"} "$tools/empty" && grep -vc '^+++' "$out/trace"
}

load_instructions() {
	LD_PRELOAD=$1 valgrind --tool=callgrind --callgrind-out-file="$out/callgrind" \
		"$tools/empty" >/dev/null 2>&1
	awk '/^(totals|summary):/ { print $2; exit }' "$out/callgrind"
}

{
	for what in "none" "real $real" "real-noinit $out/real-noinit.so" "ours $ours" \
		"ours-noinit $out/ours-noinit.so"; do
		name=${what%% *} path=${what#* }
		[ "$name" != none ] || path=
		printf '%s\t%s\t%s\n' "$name" "$(load_syscalls "$path")" "$(load_instructions "$path")"
	done
} >"$out/load.tsv"
strace -c -o "$out/load-real.strace" -E LD_PRELOAD="$real" "$tools/empty"
strace -c -o "$out/load-ours.strace" -E LD_PRELOAD="$ours" "$tools/empty"
"$bin/bench" "$real" "$ours" --rounds "$rounds" --load "$tools/empty" >"$out/load-time.tsv"

say "the emulation"
MYNUMA_BACKEND=emulated "$bin/emulation" "$ours" calls >"$out/emulation-calls.tsv"
MYNUMA_TOPOLOGY=4x1:4G "$bin/emulation" "$ours" ranges >"$out/emulation-ranges.tsv"
"$bin/emulation" "$ours" kernel >"$out/emulation-kernel.tsv"

rm -rf "$out/machines" "$out"/*.so "$out/trace" "$out"/callgrind*
python3 "$here/report.py" "$out" "$real"
cat "$out/table.txt"
say "all of it is in $out"
if [ -n "${BENCH_WRITE:-}" ]; then
	cp "$out/RESULTS.md" "$out/functions.svg" "$out/sizes.svg" "$here"
	say "and written into $here"
fi
