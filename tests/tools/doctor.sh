#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: mynuma doctor finds what does not work, in kernels without the calls, in sandboxes, in
# cpusets, without /sys, and says which library and which backend a program gets.

# shellcheck source=tests/sandbox/lib.sh
. "${top_srcdir:?run by make check}/tests/sandbox/lib.sh"
PATH=$top_builddir/tools:$PATH

# says "what" STATUS "line" command...: that status, and that line
says() {
	says_what=$1 says_status=$2 says_line=$3
	shift 3
	says_got=0
	"$@" >"$T/got" 2>&1 || says_got=$?
	check "$says_what" sh -c 'cat "$1"; echo "status $2, wanted $3"
		[ "$2" = "$3" ] && grep -E -x "$4" "$1"' sh "$T/got" "$says_got" "$says_status" "$says_line"
}
six="get_mempolicy, set_mempolicy, mbind, migrate_pages, move_pages, set_mempolicy_home_node"
says "no calls: which" 1 "BAD   kernel    Linux .* has no $six \\(ENOSYS\\).*" \
	in_machine one "$sandbox" enosys mynuma doctor
says "no calls: emulated, and why" 1 "note  backend   emulated: the kernel does not answer, .*" \
	in_machine one "$sandbox" enosys mynuma doctor
says "a container: which are refused" 1 "BAD   sandbox   .*mbind.* are refused \\(EPERM\\): a seccomp filter .*" \
	in_machine one "$sandbox" docker mynuma doctor
says "a container on several nodes: native, and why" 1 \
	"BAD   backend   native: there are several nodes, so the refusal is told as it is" \
	in_machine several "$sandbox" docker mynuma doctor
says "and programs do without" 1 "BAD   programs  numa_available\\(\\) is -1: .*" \
	in_machine several "$sandbox" docker mynuma doctor
says "MYNUMA_BACKEND is heard" 1 "note  backend   emulated: MYNUMA_BACKEND asks for it" \
	in_machine several "$sandbox" docker env MYNUMA_BACKEND=emulated mynuma doctor
says "no sysfs" 1 "BAD   sysfs     there is no /sys/devices/system/node: .*" in_machine none mynuma doctor
says "an empty directory of nodes" 1 "BAD   sysfs     .*does not tell which nodes are" \
	in_machine empty mynuma doctor
says "MYNUMA_TOPOLOGY is heard" 0 "note  backend   emulated: MYNUMA_TOPOLOGY=4x2 asks for a simulated machine" \
	in_machine one env MYNUMA_TOPOLOGY=4x2 mynuma doctor
says "a wrong MYNUMA_TOPOLOGY" 1 "BAD   topology  MYNUMA_TOPOLOGY=4y is no description and is ignored" \
	in_machine one env MYNUMA_TOPOLOGY=4y mynuma doctor
says "a wrong MYNUMA_BACKEND" 1 "BAD   backend   MYNUMA_BACKEND=x is neither auto, native nor emulated" \
	in_machine one env MYNUMA_BACKEND=x mynuma doctor
says "the nodes are told" 0 "ok    programs  numa_available\\(\\) is 0; there are 4 nodes" \
	in_machine several mynuma doctor
says "libmynuma in libnuma's place" 0 "ok    libnuma   a program gets libmynuma, from .*/libnuma\\.so\\.1.*" \
	in_machine several env LD_LIBRARY_PATH="$MYNUMA_REPLACE" mynuma doctor
mkdir -p "$T/root/proc/self" "$T/root/sys/devices/system"
cp -r "$T/several" "$T/root/sys/devices/system/node"
printf 'Cpus_allowed:\tff\nCpus_allowed_list:\t0-3\nMems_allowed:\t3\nMems_allowed_list:\t0-1\n' \
	>"$T/root/proc/self/status"
says "a cpuset" 0 "note  cpuset    memory only of the nodes 0-1, of 0-3; CPUs 0-3" \
	env MYNUMA_ROOT="$T/root" mynuma doctor

agrees() { # text and JSON have the same findings
	in_machine one "$sandbox" docker mynuma doctor --json >"$T/json"
	[ $? -eq 1 ] || return 1
	in_machine one "$sandbox" docker mynuma doctor >"$T/text"
	python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
marks = {"ok": "ok  ", "note": "note", "bad": "BAD "}
lines = ["%s  %-9s %s" % (marks[f["verdict"]], f["subject"], f["text"]) for f in d["findings"]]
assert lines == open(sys.argv[2]).read().splitlines()[:-1]
assert d["works"] is False' "$T/json" "$T/text"
}
check "JSON says the same" agrees
harmless() { # the policy of the shell, and no line of the log
	mynuma doctor >/dev/null 2>"$T/err"
	[ ! -s "$T/err" ]
}
check "nothing on stderr" harmless
usage() { mynuma doctor x 2>/dev/null; [ $? -eq 2 ]; }
check "a word too many" usage

tap_done
