#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: on one node, real programs on libmynuma run without the kernel's calls, and in sandboxes
# that refuse them, as they do with them: with success, the same output and nothing on stderr. On the
# real libnuma they complain.

# shellcheck source=tests/clients/lib.sh
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need numactl numactl
need fio fio
need memhog numactl
need mariadbd mariadb-server-core
unset MYNUMA_BACKEND MYNUMA_TOPOLOGY MYNUMA_ROOT
sandbox=${top_builddir:?run by make check}/tests/sandbox/sandbox
cd "$T" || exit 99

if [ -d /sys/devices/system/node/node1 ]; then
	skip "programs in sandboxes on one node" "this machine has several"
	tap_done
fi

# Free memory moves, and so do speeds. migspeed also shows a line of /proc, which is the kernel's own.
mask() {
	sed -E -e 's/^(node +[0-9]+ free:).*/\1 N MB/' \
		-e '/^[0-9a-f]+ (default|bind:0) heap /d' \
		-e 's/^[0-9.]+( Mbyte migrated in ).*/N\1N/' \
		-e 's/pid=[0-9]+/pid=N/' -e 's/^([0-9]+;fio[^;]*;[^;]*;[^;]*;[^;]*);.*/\1;/'
}

# The program says something, fails, or both.
complains() { # NAME
	grep -qE 'not support NUMA|NUMA support|No NUMA|not permitted|not implemented' \
		"$T/$1.real.out" "$T/$1.real.err" && return
	text_of "$1" real
	return 1
}
same_as_native() { # NAME WAY
	text_of native "$2" >"$T/wanted"
	text_of "$1" "$2" >"$T/found"
	diff -u "$T/wanted" "$T/found"
}
is_quiet() { # NAME WAY
	[ ! -s "$T/$1.$2.err" ] && [ "$(cat "$T/$1.$2.rc")" = 0 ] && return
	text_of "$1" "$2"
	return 1
}

# in_sandboxes "profiles where the real library complains" "those where it does not" cmd...
in_sandboxes() {
	complaints=$1 others=$2
	shift 2
	for w in preload replace; do
		run native $w "$@" </dev/null
		check "$*, $w, no sandbox: quiet" is_quiet native $w
		for profile in $complaints $others; do
			run "$profile" $w "$sandbox" "$profile" "$@" </dev/null
			check "$*, $w, $profile: the same" same_as_native "$profile" $w
		done
	done
	for profile in $complaints; do
		run "$profile" real "$sandbox" "$profile" "$@" </dev/null
		check "$*, real, $profile: complains" complains "$profile"
	done
}
refuse="enosys eperm docker docker-old flatpak"
pass="docker-sysnice podman snap"
fio="fio --name=t --ioengine=null --size=256k --bs=64k --rw=write --output-format=terse"
in_sandboxes "$refuse" "$pass" numactl --show
in_sandboxes enosys "docker podman" numactl --hardware
in_sandboxes "$refuse" "$pass" numactl --membind=0 ls /dev/null
in_sandboxes "$refuse" "$pass" numactl --interleave=0 ls /dev/null
in_sandboxes "$refuse" "$pass" numactl --preferred=0 --cpunodebind=0 ls /dev/null
in_sandboxes "$refuse" "$pass" memhog -r2 1M interleave 0
# shellcheck disable=SC2086 # words
{
	in_sandboxes "enosys docker" podman $fio --numa_cpu_nodes=0 --numa_mem_policy=bind:0
	in_sandboxes "enosys docker" podman $fio --thread --numa_mem_policy=interleave:0
}

# What moves pages is refused as it is where policies are let through: that is not ours to hide.
in_sandboxes "enosys docker" "" migspeed -p 10 0 0

# A server whose log is stderr.
numa_complaints='Failed to set NUMA\|^libnuma\|libmynuma:\|mempolicy:\|mbind:\|not permitted\|not implemented'
has_none() { # TEXT FILE
	[ -s "$2" ] && ! grep -e "$1" "$2"
}
for profile in enosys docker; do
	for w in preload replace; do
		mariadbd_session db $w "$sandbox" $profile
		check "mariadbd, $w, $profile: ends well" [ "$(cat "$T/db.$w.rc")" = 0 ]
		check "mariadbd, $w, $profile: the answer is right, interleave is on" \
			[ "$(cat "$T/mariadbd.answer")" = "$(printf '3\tON')" ]
		check "mariadbd, $w, $profile: the log tells of the policy" \
			grep -e "Setting NUMA memory policy to MPOL_INTERLEAVE" "$T/db.$w.err"
		check "mariadbd, $w, $profile: no word of failure" \
			has_none "$numa_complaints\|\[ERROR\]" "$T/db.$w.err"
	done
	mariadbd_session db real "$sandbox" $profile
	check "mariadbd, real, $profile: complains" grep -e "Failed to set NUMA" "$T/db.real.err"
done
tap_done
