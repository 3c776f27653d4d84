# SPDX-License-Identifier: MIT
# The emulation against this kernel: random scripts of policy calls, run on both (tests/diff-kernel).
# Half of them as root, the others without privilege and on some of the nodes, all with weights.
# On a kernel without the calls there is nothing to compare with. KDIFF_SEED repeats a run,
# KDIFF_OPERATIONS is its length. Each round of the lab has seeds of its own.
# shellcheck shell=sh

case $1 in
files)
	kdiff=${KDIFF:-${top_builddir:?}/tests/diff-kernel/kdiff}
	if [ ! -x "$kdiff" ]; then
		echo "kdiff is not built" >&2
		exit 77
	fi
	: "${LAB_WORK:?}"
	operations=${KDIFF_OPERATIONS:-10000}
	seed=$((${KDIFF_SEED:-$(date +%s)} + ${LAB_ROUND:-0} * operations))
	echo "$seed $operations" >"$LAB_WORK/kdiff.run"
	printf '%s\n' --timeout $((300 + operations / 20))
	printf '%s\n' "$kdiff:kdiff" "$LAB_WORK/kdiff.run:kdiff.run"
	;;
run)
	read -r seed operations <kdiff.run
	# shellcheck source=../../tap.sh
	. ./tap.sh
	# shellcheck source=../nodes.sh
	. ./nodes.sh

	# agree WHAT OPERATIONS COMMAND...: that starts kdiff
	agree() {
		what=$1 part=$2
		shift 2
		check "the kernel and the emulation agree$what (KDIFF_SEED=$seed)" \
			"$@" ./kdiff loop "$seed" "$part"
		seed=$((seed + part))
	}

	as_user() {
		su user -c "$*"
	}

	# Every other node with memory is allowed.
	in_cpuset() {
		mount -t cgroup2 none /cgroup &&
			echo +cpuset >/cgroup/cgroup.subtree_control &&
			mkdir /cgroup/some &&
			words has_memory | awk 'NR % 2' | tr '\n' , >/cgroup/some/cpuset.mems &&
			sh -c 'echo $$ >/cgroup/some/cgroup.procs && exec "$@"' sh "$@"
	}

	mkdir /cgroup
	chmod 777 /tmp /dev/shm
	echo user:x:1000:1000::/:/bin/sh >>/etc/passwd
	# Weights that differ, where the kernel has them.
	weight=$seed
	for file in /sys/kernel/mm/mempolicy/weighted_interleave/node*; do
		weight=$((weight % 9 + 1))
		[ ! -e "$file" ] || echo "$weight" >"$file"
		weight=$((weight * 5))
	done
	agree "" $((operations / 2)) env
	agree ", without privilege" $((operations / 4)) as_user
	agree ", in a cpuset" $((operations / 4)) in_cpuset
	tap_done
	;;
esac
