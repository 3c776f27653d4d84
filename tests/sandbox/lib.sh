# SPDX-License-Identifier: MIT
# What the scripts of tests/sandbox share; sourced. $T is a directory of the script's own, gone
# afterwards, that every user can read.
#	in_machine MACHINE program...	runs it where /sys shows that machine: one, several, none (there is
#					no directory of nodes), empty (there is one, without nodes)
#	sandboxed PROFILE program...	runs it in that sandbox
# shellcheck shell=sh disable=SC2034

: "${top_srcdir:?run by make check}" "${top_builddir:?run by make check}"
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"

LC_ALL=C
export LC_ALL
unset LD_PRELOAD LD_LIBRARY_PATH LD_BIND_NOW LD_DEBUG LD_DEBUG_OUTPUT
unset MYNUMA_BACKEND MYNUMA_TOPOLOGY MYNUMA_ROOT
PATH=$PATH:/usr/sbin:/sbin

sandbox=$top_builddir/tests/sandbox/sandbox
look=$top_builddir/tests/sandbox/look

T=$(mktemp -d "${TMPDIR:-/tmp}/mynuma-sandbox.XXXXXX") || exit 99
trap 'rm -rf "$T"' EXIT
trap 'exit 99' HUP INT TERM
chmod 755 "$T"

# A directory of nodes with two CPUs and 1 GiB each.
make_nodes() { # DIR N
	mkdir -p "$1"
	echo "0-$(($2 - 1))" | tee "$1/online" "$1/possible" "$1/has_memory" >"$1/has_cpu"
	node=0
	while [ $node -lt "$2" ]; do
		mkdir "$1/node$node"
		printf '%x\n' $((3 << (2 * node))) >"$1/node$node/cpumap"
		echo "$((2 * node))-$((2 * node + 1))" >"$1/node$node/cpulist"
		printf 'Node %d MemTotal: 1048576 kB\nNode %d MemFree: 524288 kB\n' $node $node \
			>"$1/node$node/meminfo"
		other=0
		while [ $other -lt "$2" ]; do
			if [ $other = $node ]; then echo 10; else echo 20; fi
			other=$((other + 1))
		done | paste -sd ' ' - >"$1/node$node/distance"
		node=$((node + 1))
	done
}
make_nodes "$T/several" 4
make_nodes "$T/one" 1
mkdir "$T/empty" "$T/none" "$T/none/cpu"

# In a mount namespace of its own; who is not root needs one of users as well.
[ "$(id -u)" = 0 ] && namespaces=-m || namespaces=-rm
in_machine() {
	in_machine=$1
	shift
	case $in_machine in
	one)
		# The running machine, if it has one node.
		if [ ! -d /sys/devices/system/node/node1 ] && [ -d /sys/devices/system/node/node0 ]
		then
			timeout -k 5 60 "$@"
			return
		fi
		set -- 'mount --bind "$0/one" /sys/devices/system/node' "$@"
		;;
	several | empty)
		set -- "mount --bind \"\$0/$in_machine\" /sys/devices/system/node" "$@"
		;;
	none)
		set -- 'mount --bind /sys/devices/system/cpu "$0/none/cpu" &&
			mount --rbind "$0/none" /sys/devices/system' "$@"
		;;
	esac
	in_machine=$1
	shift
	timeout -k 5 60 unshare $namespaces sh -c "$in_machine"' && exec "$@"' "$T" "$@"
}

sandboxed() {
	sandboxed=$1
	shift
	timeout -k 5 60 "$sandbox" "$sandboxed" "$@"
}

# Without the nodes of the running kernel a machine cannot be shown in their place.
if [ ! -d /sys/devices/system/node ]; then
	tap_result not-ok "the running kernel has /sys/devices/system/node"
	tap_done
fi

# gives "what" TEXT cmd...: the command succeeds, its output is the text and stderr is empty
gives() {
	gives_what=$1
	printf '%s' "${2:+$2
}" >"$T/expected"
	shift 2
	"$@" >"$T/got" 2>"$T/err" || echo "exit status $?" >>"$T/got"
	cat "$T/err" >>"$T/got"
	check_same "$gives_what" "$T/expected" "$T/got"
}
