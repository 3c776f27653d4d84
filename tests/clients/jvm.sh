#!/bin/sh
# SPDX-License-Identifier: MIT
# The JVM opens libnuma.so.1 by name and takes its symbols by version: the replacement directory.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need java openjdk-17-jre-headless

mask() {
	sed -E 's/^\[[0-9.]+s\]/[TIME]/'
}
jvm="java -Xint -Xms32m -Xmx32m -XX:-UsePerfData"

for gc in Parallel G1 Serial; do
	# shellcheck disable=SC2086 # $jvm is a command and its options
	same "java -XX:+UseNUMA -XX:+Use${gc}GC" 0 \
		$jvm -XX:+UseNUMA -XX:+Use${gc}GC -Xlog:gc+heap+numa*=debug -Xlog:gc+init -version
done
# shellcheck disable=SC2086
same "java -XX:+UseNUMAInterleaving" 0 $jvm -XX:+UseNUMAInterleaving -version

# On a machine of one node the JVM then leaves NUMA off, but it has asked us. What dlvsym finds is
# written as a binding of the library to itself, after its constructor.
# shellcheck disable=SC2086
run ask replace LD_BIND_NOW=1 LD_DEBUG=bindings,files LD_DEBUG_OUTPUT="$T/ld" \
	$jvm -XX:+UseNUMA -XX:+UseParallelGC -version
check "java -XX:+UseNUMA: exit status 0" [ "$(cat "$T/ask.replace.rc")" = 0 ]
awk -v ours="$MYNUMA_REPLACE/libnuma.so.1" '
index($0, "calling init: " ours) { open = 1 }
open && (i = index($0, " to " ours " [0]: normal symbol `")) {
	line = substr($0, i + length(" to " ours " [0]: normal symbol `"))
	gsub(/[\047[\]]/, "", line)
	print line
}' "$T"/ld.* | sort -u >"$T/found"
check "java opened no other libnuma" \
	sh -c '! grep -h "calling init: .*/libnuma\.so" "$2".* | grep -vF "calling init: $1"' \
	sh "$MYNUMA_REPLACE/libnuma.so.1" "$T/ld"
for s in "numa_available libnuma_1.1" "numa_max_node libnuma_1.1" "numa_node_to_cpus libnuma_1.1" \
	"numa_node_to_cpus libnuma_1.2" numa_num_configured_nodes "numa_tonode_memory libnuma_1.1" \
	"numa_interleave_memory libnuma_1.1" "numa_interleave_memory libnuma_1.2" \
	"numa_set_bind_policy libnuma_1.1" "numa_distance libnuma_1.1" "numa_get_membind libnuma_1.2" \
	"numa_get_interleave_mask libnuma_1.2" "numa_set_preferred libnuma_1.1" numa_bitmask_isbitset \
	numa_move_pages "numa_all_nodes libnuma_1.1" numa_all_nodes_ptr numa_nodes_ptr; do
	check "java found our $s" grep -qx "$s" "$T/found"
done
tap_done
