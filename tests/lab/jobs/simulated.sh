# SPDX-License-Identifier: MIT
# Debian's numactl on this kernel with the real libnuma, and the same numactl on a simulated machine
# made from what `numactl --hardware` prints here: they say the same.
# shellcheck shell=sh

if [ "$1" = files ]; then
	: "${top_builddir:?}" "${LAB_WORK:?}"
	case $LAB_KERNEL in
	*i386)
		echo "the simulation is not built for this architecture" >&2
		exit 77
		;;
	esac
	bin=$(dirname "$(command -v numactl)") || {
		echo "no numactl" >&2
		exit 77
	}
	built=$top_builddir/tools/.libs/mynuma
	[ -e "$built" ] || built=$top_builddir/tools/mynuma
	simulation=$top_builddir/sim/.libs/libnuma.so.1
	if [ ! -e "$built" ] || [ ! -e "$simulation" ]; then
		echo "mynuma run is not built" >&2
		exit 77
	fi
	# Only this library: numactl is to find the real libnuma.
	mkdir -p "$LAB_WORK/own" "$LAB_WORK/sim"
	cp -L "$top_builddir/lib/.libs/libmynuma.so.1" "$LAB_WORK/own/"
	cp -L "$simulation" "$LAB_WORK/sim/libnuma.so.1"
	printf '%s\n' --libdir "$LAB_WORK/own" "$built:mynuma" "$bin/numactl" "$bin/memhog" \
		"$LAB_WORK/sim/libnuma.so.1:sim/libnuma.so.1"
	exit
fi

. ./tap.sh
# shellcheck source=tests/lab/nodes.sh
. ./nodes.sh
MYNUMA_SIM_LIB=/lab/sim/libnuma.so.1
export MYNUMA_SIM_LIB
numactl --hardware >/tmp/hardware

once() { # name command...
	name=$1
	shift
	status=0
	"$@" >/tmp/$name.out 2>/tmp/$name.err </dev/null || status=$?
	{
		mask </tmp/$name.out
		echo "stderr:"
		# A slip of libnuma 2.0.15 and 2.0.16, which ours does not have; it tells a left-over errno.
		grep -v '^libnuma\.c: ' /tmp/$name.err
		echo "status $status"
	} >/tmp/$name
}

same() { # status command...
	want=$1
	shift
	once real "$@"
	once simulated mynuma run --topology @/tmp/hardware -- "$@"
	check "$* ends with $want" grep -qx "status $want" /tmp/real
	check_same "$*: on the simulated machine" /tmp/real /tmp/simulated
}

# The proof can fail: another machine says something else.
once real numactl --hardware
once simulated mynuma run --topology 3x7:1G -- numactl --hardware
differ() { ! cmp -s /tmp/real /tmp/simulated; }
check "another machine is seen to be another" differ

same 0 numactl --hardware
same 0 numactl --show
for options in "--membind=$first" "--membind=$first,$last" "--membind=all" "--interleave=all" \
	"--interleave=$last" "--preferred=$last" "--preferred-many=$first,$last" "--localalloc" \
	"--cpunodebind=$first" "--physcpubind=0" "--physcpubind=+0" "--physcpubind=all" \
	"--membind=$last --physcpubind=0" "--membind=!$first"; do
	case $options in
	# A node without CPUs cannot be run on.
	--cpunodebind=*) grep -q . $nodes/node"$first"/cpulist || continue ;;
	# There has to be another one. With a node without memory libnuma loses the last that has some.
	*!*) [ "$first" != "$last" ] && [ -z "$bare" ] || continue ;;
	esac
	# shellcheck disable=SC2086 # $options has several words
	once real numactl $options numactl --show
	once simulated mynuma run --topology @/tmp/hardware -- numactl $options numactl --show
	check_same "numactl $options numactl --show" /tmp/real /tmp/simulated
done
for bad in $((end + 1)) 99 0-99 x 1024; do
	same 1 numactl --membind=$bad true
	same 1 numactl --cpunodebind=$bad true
done
same 1 numactl --physcpubind=4000 true
for policy in "membind $first" "interleave $first,$last" "preferred $last" default; do
	# shellcheck disable=SC2086
	same 0 memhog -r1 1m $policy
done

# The files, too.
files() {
	for file in online has_cpu has_memory; do
		echo "$file $(cat $nodes/$file)"
	done
	for node in $(words online); do
		echo "node$node: $(cat $nodes/node"$node"/cpulist): $(cat $nodes/node"$node"/distance)"
	done
	for cpu in /sys/devices/system/cpu/cpu[0-9]*; do
		echo "$cpu: $(ls -d "$cpu"/node[0-9]*)"
	done
}
files >/tmp/real
{
	echo '. /lab/nodes.sh'
	sed -n '/^files() {/,/^}/p' ./job.sh
	echo files
} >/tmp/files.sh
mynuma run --topology @/tmp/hardware -- numactl --localalloc /bin/sh /tmp/files.sh >/tmp/simulated
check_same "the files of /sys" /tmp/real /tmp/simulated
tap_done
