#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: the commands in the examples of the command's manual pages print what stands there.
# UPDATE_GOLDENS=1 puts into the pages what they print.

# shellcheck source=tests/tools/lib.sh
. "${top_srcdir:?run by make check}/tests/tools/lib.sh"

# The examples of doctor are those of a container on a machine of one node.
machine=$work/machine
mkdir -p "$machine/proc/self" "$machine/sys/devices/system/node/node0"
echo 0 >"$machine/sys/devices/system/node/online"
echo 3 >"$machine/sys/devices/system/node/node0/cpumap"
echo 10 >"$machine/sys/devices/system/node/node0/distance"
printf 'Node 0 MemTotal: 4194304 kB\nNode 0 MemFree: 1048576 kB\n' \
	>"$machine/sys/devices/system/node/node0/meminfo"
printf '%s\n' 'Seccomp:	2' 'Cpus_allowed:	3' 'Cpus_allowed_list:	0-1' 'Mems_allowed:	1' \
	'Mems_allowed_list:	0' >"$machine/proc/self/status"

for page in "$top_srcdir"/man/mynuma*.1; do
	name=${page##*/}
	mkdir "$work/$name" && cd "$work/$name" || exit 99
	case $name in
	mynuma-doctor.1)
		MYNUMA_ROOT=$machine "$top_builddir/tests/sandbox/sandbox" docker \
			python3 "$top_srcdir/tests/tools/pages.py" "$page"
		;;
	*)
		python3 "$top_srcdir/tests/tools/pages.py" "$page"
		;;
	esac >"$work/results" 2>&1 || echo "not ok - $name: the examples can be run" >>"$work/results"
	while IFS= read -r line; do
		case $line in
		'ok '*) tap_result ok "${line#ok - }" ;;
		'not ok '*) tap_result not-ok "${line#not ok - }" ;;
		*) printf '# %s\n' "${line#\# }" ;;
		esac
	done <"$work/results"
done
[ "$tap_n" -gt 5 ] || tap_result not-ok "there are examples"

tap_done
