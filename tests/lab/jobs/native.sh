# SPDX-License-Identifier: MIT
# Debian's numactl and its companions in the machine: with the real libnuma, with ours in its place, with
# ours preloaded. Output, errors and status are the same. Where the kernel has no NUMA the real
# library gives up; ours then gives a machine of one node.
# shellcheck shell=sh

if [ "$1" = files ]; then
	: "${top_srcdir:?}"
	. "$top_srcdir/tests/lab/jobs/ours.sh"
	case $LAB_KERNEL in
	*i386)
		root=$(sh "$top_srcdir/tests/lab/fetch.sh" i386-root) || exit
		bin=$root/usr/bin
		find "$root" -name libnuma.so.1 -o -name libc.so.6 | while read -r lib; do
			echo "--libdir"
			dirname "$lib"
		done
		if [ -e "$top_srcdir/lib/backend/emulated.c" ]; then
			: >"$LAB_WORK/emulated"
			echo "$LAB_WORK/emulated"
		fi
		;;
	*)
		bin=$(dirname "$(command -v numactl)") || {
			echo "no numactl" >&2
			exit 77
		}
		;;
	esac
	for tool in numactl numastat migratepages memhog; do
		echo "$bin/$tool"
	done
	command -v ipcrm
	echo "$ours/libmynuma.so.1:ours/libmynuma.so.1"
	echo "$ours/libnuma.so.1:replace/libnuma.so.1"
	exit
fi

. ./tap.sh
# shellcheck source=tests/lab/nodes.sh
. ./nodes.sh
echo 0 >/proc/sys/kernel/randomize_va_space

once() { # name command...: output, errors and status into files
	name=$1
	shift
	status=0
	"$@" >/tmp/$name.out 2>/tmp/$name.err </dev/null || status=$?
	for id in $(awk 'NR > 1 { print $2 }' /proc/sysvipc/shm); do
		ipcrm -m "$id"
	done
	{
		mask </tmp/$name.out
		echo "stderr:"
		# A slip of libnuma 2.0.15 and 2.0.16, which ours does not have: numa_preferred() complains without reason.
		grep -vx 'libnuma\.c: Success' /tmp/$name.err
		echo "status $status"
	} >/tmp/$name
}

# The command with each library; they say the same. With "want STATUS" first, that status too.
same() { # status command...
	want=$1
	shift
	once real "$@"
	once replaced env LD_LIBRARY_PATH=/lab/replace "$@"
	once preloaded env LD_PRELOAD=/lab/ours/libmynuma.so.1 "$@"
	check "$* ends with $want" grep -qx "status $want" /tmp/real
	check_same "$*: replaced" /tmp/real /tmp/replaced
	check_same "$*: preloaded" /tmp/real /tmp/preloaded
}

# What a child has: its masks, the policy its stack shows, and the nodes its stack lies on, unless the
# policy leaves a choice.
cat >/lab/tell <<-'TELL'
	#!/bin/sh
	grep -E '^(Cpus|Mems)_allowed_list' /proc/self/status
	grep stack /proc/self/numa_maps | tr ' ' '\n' >/tmp/stack
	sed -n 2p /tmp/stack
	if sed -n 2p /tmp/stack | grep -qx '[a-z]*:[0-9]*'; then
		sed -n 's/^\(N[0-9]*\)=.*/\1/p' /tmp/stack
	fi
TELL
# One that has memory, then is moved: its stack's nodes before and after.
cat >/lab/moved <<-'MOVED'
	#!/bin/sh
	numactl --membind=$1 sleep 100 &
	pid=$!
	while [ "$(cat /proc/$pid/comm)" != sleep ]; do usleep 10000; done
	migratepages $pid $1 $2
	echo "status $?"
	grep stack /proc/$pid/numa_maps | tr ' ' '\n' | sed -n 's/^\(N[0-9]*\)=.*/\1/p'
	kill $pid
MOVED
chmod +x /lab/tell /lab/moved

# The library meant is the one that is loaded.
loaded() { # library env...
	lib=$1
	shift
	env "$@" sh -c 'numactl -l -- cat /proc/self/maps; LD_TRACE_LOADED_OBJECTS=1 numactl' | grep -q "$lib"
}
check "replaced is ours" loaded /lab/replace/libnuma.so.1 LD_LIBRARY_PATH=/lab/replace
check "preloaded is ours" loaded /lab/ours/libmynuma.so.1 LD_PRELOAD=/lab/ours/libmynuma.so.1

if [ ! -d $nodes ]; then
	if [ ! -e emulated ]; then
		same 1 numactl --hardware
		same 1 numactl --membind=0 true
		tap_done
	fi
	for way in LD_LIBRARY_PATH=/lab/replace LD_PRELOAD=/lab/ours/libmynuma.so.1; do
		once ours env $way numactl --hardware
		check "$way --hardware: one node" grep -qx 'available: 1 nodes (0)' /tmp/ours
		check "$way --hardware: distance 10" grep -qx '  0:  10 ' /tmp/ours
		for options in --show --hardware "--membind=0 true" "--interleave=all --show" "--preferred=0 true" \
			"--cpunodebind=0 --show" "--localalloc true"; do
			# shellcheck disable=SC2086 # options is a list
			once ours env $way numactl $options
			check "$way numactl $options works" grep -qx 'status 0' /tmp/ours
			check "$way numactl $options is quiet" test ! -s /tmp/ours.err
		done
		once ours env $way numactl --membind=1 true
		check "$way numactl --membind=1 is refused" grep -qx 'status 1' /tmp/ours
	done
	tap_done
fi

same 0 numactl --hardware
same 0 numactl --show
same 1 numactl
for o in --membind=$last --membind=all --membind=$first-$last --interleave=all --interleave=$last \
	--preferred=$last --preferred-many=$first,$last --localalloc --cpunodebind=$cpu_node --physcpubind=0 \
	--membind=+0 '--membind=!0' --physcpubind=+0 --interleave=same; do
	case $o in
	# libnuma's "!" counts nodes, not their numbers, and misses the last where one has no memory.
	*!0) [ "$first" != "$last" ] && [ -z "$bare" ] || continue ;;
	*+0) [ "$first" != "$last" ] || continue ;;
	esac
	once probe numactl $o true
	want=$(sed -n 's/^status //p' /tmp/probe)
	same $want numactl $o --show
	same $want numactl $o tell
done
same 0 numactl --cpunodebind=$cpu_node --membind=$first --show
same 1 numactl --membind=$((end + 1)) true
same 1 numactl --interleave=$((end + 1)) true
same 1 numactl --cpunodebind=$((end + 1)) true
same 1 numactl --membind=1023 true
if [ -n "$bare" ]; then
	LD_LIBRARY_PATH=/lab/replace numactl --show >/tmp/show
	check "a node without memory is among those it runs on" grep -Eq "^nodebind:.* $bare " /tmp/show
	LD_LIBRARY_PATH=/lab/replace numactl --membind=!$first --show >/tmp/show
	check "not the first node means all others that have memory" \
		grep -qx "membind: $(words has_memory | sed 1d | tr '\n' ' ')" /tmp/show
	once probe numactl --membind=$bare true
	same "$(sed -n 's/^status //p' /tmp/probe)" numactl --membind=$bare true
	same "$(sed -n 's/^status //p' /tmp/probe)" numactl --interleave=all,$bare tell
fi
file=/dev/shm/file
same 0 numactl --length=1m --file $file --interleave=all --dump
same 0 numactl --length=1m --file $file --membind=$last --touch --verify --dump
same 0 numactl --length=1m --file $file --dump-nodes
same 0 numactl --length=64k --shm $file --shmid 5 --membind=$last --touch --verify --dump
same 0 moved $first $last
if [ $(((last + 1) % 64)) -ne 0 ]; then
	same 0 memhog 1m membind $last
else
	# libnuma tells mbind() one bit less than its mask has: here the node itself, which is refused.
	once ours env LD_LIBRARY_PATH=/lab/replace memhog 1m membind $last
	check "memhog is bound to node $last" sh -c "grep -qx 'status 0' /tmp/ours && ! grep mbind /tmp/ours"
fi
same 0 memhog 1m interleave all
tap_done
