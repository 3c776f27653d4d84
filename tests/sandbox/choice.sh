#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: which backend each sandbox gets on a machine with one node, with several and with none,
# and what each call answers there; that choosing asks the kernel only what changes nothing, once.

# shellcheck source=tests/sandbox/lib.sh
. "${top_srcdir:?run by make check}/tests/sandbox/lib.sh"

# The answers of the six calls, in the order of look.c's line.
answers() { # AVAILABLE GET SET MBIND MIGRATE MOVE HOME
	printf 'available %s get %s set %s mbind %s migrate %s move %s home %s' "$@"
}
# migrate_pages without masks is invalid, and the kernel says so.
all_work=$(answers 0 0 0 0 EINVAL 0 0)
chosen() { # PROFILE MACHINE BACKEND ANSWER... (as in answers)
	chosen_profile=$1 chosen_machine=$2 chosen_backend=$3
	shift 3
	[ $# -gt 1 ] || set -- 0 0 0 0 EINVAL 0 0
	gives "$chosen_profile, node directory $chosen_machine: $chosen_backend" \
		"$chosen_backend
$(answers "$@")" in_machine "$chosen_machine" "$sandbox" "$chosen_profile" "$look" backend calls
}

gives "without a sandbox every call works" "native
$all_work" "$look" backend calls

# The machines are what they are called.
check "one: a node directory with one node" in_machine one [ -d /sys/devices/system/node/node0 ]
check "none: no node directory" in_machine none [ ! -e /sys/devices/system/node ]
gives "empty: a node directory without nodes" "" in_machine empty ls /sys/devices/system/node
gives "several: four nodes" "nodes 4 highest 3" in_machine several "$look" nodes
for machine in one none empty; do
	gives "$machine: one node" "nodes 1 highest 0" in_machine $machine "$look" nodes
done

# Without the calls there is nothing but the emulation, whatever the machine.
for machine in one several none empty; do
	chosen none $machine native
	chosen enosys $machine emulated
	chosen no-mbind-enosys $machine emulated

	# Sandboxes that let policies through are native, and each call that they refuse is refused.
	chosen docker-sysnice $machine native 0 0 0 0 EPERM EPERM 0
	chosen podman $machine native 0 0 0 0 EPERM EPERM ENOSYS
	chosen snap $machine native 0 0 0 0 EPERM EPERM EPERM
	chosen gvisor $machine native 0 0 0 0 EPERM EPERM ENOSYS
done

# A refusal where at most one node is seen.
for machine in one none empty; do
	for profile in eperm docker docker-old containerd-old podman-old flatpak no-set no-mbind; do
		chosen $profile $machine emulated
	done
done

# And where there are several.
chosen eperm several native -1 EPERM EPERM EPERM EPERM EPERM EPERM
chosen docker several native -1 EPERM EPERM EPERM EPERM EPERM EPERM
for profile in docker-old containerd-old podman-old; do
	chosen $profile several native -1 EPERM EPERM EPERM EPERM EPERM ENOSYS
done
chosen flatpak several native -1 EPERM EPERM EPERM EPERM EPERM 0
chosen no-set several native 0 0 EPERM 0 EINVAL 0 0
chosen no-mbind several native 0 0 0 EPERM EINVAL 0 0

# What the emulation asks the kernel about memory may be refused as well; that is not the range's fault.
for profile in none no-msync; do
	gives "emulated, $profile: what is mapped" "memory 0 none EFAULT" \
		env MYNUMA_BACKEND=emulated "$sandbox" $profile "$look" range
done

# The machine may as well be below a root.
mkdir -p "$T/root/sys/devices/system"
mv "$T/several" "$T/root/sys/devices/system/node"
mkdir "$T/several"
gives "docker, four nodes below MYNUMA_ROOT: native" "native
nodes 4 highest 3" env MYNUMA_ROOT="$T/root" "$sandbox" docker "$look" backend nodes
gives "enosys, four nodes below MYNUMA_ROOT: emulated with these" "emulated
nodes 4 highest 3" env MYNUMA_ROOT="$T/root" "$sandbox" enosys "$look" backend nodes

# One process, one answer.
for profile in none enosys docker; do
	case $profile in none) native=8 ;; *) native=0 ;; esac
	gives "$profile: threads that call together get the same" "native $native of 8" \
		sandboxed $profile "$look" threads
	gives "$profile: a child gets what its parent got" "$all_work
$all_work" sandboxed $profile "$look" fork
done

# What the kernel is asked, and what it says, by strace.
numa=get_mempolicy,set_mempolicy,mbind,migrate_pages,move_pages,set_mempolicy_home_node
if ! command -v strace >/dev/null; then
	tap_result not-ok "strace is installed (Debian package strace)"
	tap_done
fi
asked() { # PROFILE WHAT...; the launcher makes no such call
	asked=$1
	shift
	timeout -k 5 60 strace -f -qq -e signal=none -e trace=$numa -e raw=$numa -o "$T/trace" \
		"$sandbox" "$asked" "$look" "$@" >"$T/out" || return
	sed -e 's/^[0-9]* *//' -e 's/ *= /: /' -e 's/ (.*)$//' -e 's/0xf*, /-1, /' "$T/trace"
}
probe_get='get_mempolicy(0, 0, 0, 0, 0)'
probe_set='set_mempolicy(-1, 0, 0)'
probe_mbind='mbind(0, 0, 0, 0, 0, 0)'
probes="$probe_get: 0
$probe_set: -1 EINVAL
$probe_mbind: 0"
asks() { # "what" PROFILE TEXT WHAT...; the text may be empty
	asks_what=$1
	asks_profile=$2
	printf '%s' "${3:+$3
}" >"$T/expected"
	shift 3
	asked "$asks_profile" "$@" >"$T/got" 2>&1
	check_same "$asks_what" "$T/expected" "$T/got"
}
for profile in none enosys docker podman; do
	asks "$profile: the kernel is asked nothing at load" $profile "" nothing
	asks "$profile: nor for the nodes" $profile "" nodes
done
calls="$probe_get: 0
$probe_get: 0
set_mempolicy(0, 0, 0): 0
mbind(0, 0, 0, 0, 0, 0): 0
migrate_pages(0, 0, 0, 0): -1 EINVAL
move_pages(0, 0, 0, 0, 0, 0): 0
set_mempolicy_home_node(0, 0, 0, 0): 0"
asks "native: the probes, then each call once" none "$probes
$calls" calls
asks "native: no second probes, nor a child's" none "$probes
$calls
$calls
$calls" calls fork
asks "ENOSYS: one probe and no call" enosys "$probe_get: -1 ENOSYS" calls fork
asks "EPERM: one probe and no call" docker "$probe_get: -1 EPERM" calls fork
asks "no set_mempolicy: two probes and no call" no-set "$probe_get: 0
$probe_set: -1 EPERM" calls fork
asks "no mbind: three probes and no call" no-mbind "$probe_get: 0
$probe_set: -1 EINVAL
$probe_mbind: -1 EPERM" calls fork
for profile in none podman; do
	gives "$profile: choosing leaves errno and the thread's policy alone" \
		"errno kept policy 2 and 2" sandboxed $profile "$look" policy
done

tap_done
