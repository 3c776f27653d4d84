#!/bin/sh
# SPDX-License-Identifier: MIT
# qemu with memory backends bound to host nodes: what it says over QMP, and what the kernel says
# about the memory.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need qemu-system-x86_64 qemu-system-x86

qemu="qemu-system-x86_64 -machine none -accel tcg -nodefaults -no-user-config -display none"

# Asks for the backends, looks at the process's mappings, and quits. stdin of qemu.
talk() { # NAME WAY
	printf '%s\n' '{"execute":"qmp_capabilities"}' '{"execute":"query-memdev"}'
	talk_n=0
	until grep -q '"id": *"m0"' "$T/$1.$2.out" 2>/dev/null || [ $talk_n -ge 100 ]; do
		sleep 0.1
		talk_n=$((talk_n + 1))
	done
	# 64 MiB is the backend alone: 16384 pages, each touched by prealloc.
	sed -n 's/^[0-9a-f]* \([^ ]*\) .*anon=16384 .*/\1/p' \
		"/proc/$(cat "$T/$1.$2.pid")/numa_maps" >"$T/$1.$2.policy" 2>&1
	echo '{"execute":"quit"}'
}
backend() { # NAME WAY options of the backend
	# shellcheck disable=SC2086 # $qemu is a command and its options
	talk "$1" "$2" | run "$1" "$2" $qemu -pidfile "$T/$1.$2.pid" -qmp stdio \
		-object "memory-backend-ram,size=64M,prealloc=on,id=m0,$3"
}
mask() {
	sed -E 's/"timestamp": \{[^}]*\}/"timestamp": {}/'
}
says() { # NAME WAY "text"
	grep -q "$3" "$T/$1.$2.out"
}

for p in bind:bind:0 preferred:prefer:0 interleave:interleave:0; do
	policy=${p%%:*} kernel=${p#*:}
	for w in real preload replace; do
		backend "$policy" $w "host-nodes=0,policy=$policy"
		check "$policy, $w: qemu ends well" [ "$(cat "$T/$policy.$w.rc")" = 0 ]
		check "$policy, $w: QMP tells the nodes" says "$policy" $w '"host-nodes": \[0\]'
		check "$policy, $w: QMP tells the policy" \
			says "$policy" $w "\"policy\": \"$policy\""
		case $(cat "$T/$policy.$w.policy") in
		"$kernel" | "${kernel%:0} (many):0")
			tap_result ok "$policy, $w: the kernel has the policy" ;;
		*)
			tap_result not-ok "$policy, $w: the kernel has the policy"
			sed 's/^/# /' "$T/$policy.$w.policy" ;;
		esac
	done
	check "$policy: same three ways" all_same "$policy"
done

for o in host-nodes=5,policy=bind host-nodes=0,policy=default policy=bind host-nodes=99999,policy=bind; do
	# shellcheck disable=SC2086
	same "qemu refuses $o" 1 $qemu -object "memory-backend-ram,size=64M,id=m0,$o"
done

# A thread context on the CPUs of a node.
printf '%s\n' '{"execute":"qmp_capabilities"}' \
	'{"execute":"qom-get","arguments":{"path":"/objects/tc","property":"cpu-affinity"}}' \
	'{"execute":"quit"}' >"$T/qmp"
for w in real preload replace; do
	# shellcheck disable=SC2086
	run context $w $qemu -qmp stdio -object thread-context,id=tc,node-affinity=0 <"$T/qmp"
	check "thread context, $w: its first CPU is 0" says context $w '"return": \[0'
done
check "thread context: same three ways" all_same context
# shellcheck disable=SC2086
same "qemu refuses a thread context on node 9999" any \
	$qemu -object thread-context,id=tc,node-affinity=9999

for w in preload replace; do
	# shellcheck disable=SC2086
	bound_way $w "qemu" 0 "mbind numa_node_to_cpus numa_num_possible_cpus" $qemu -qmp stdio \
		-object memory-backend-ram,size=64M,host-nodes=0,policy=bind,id=m0 <"$T/qmp"
done
tap_done
