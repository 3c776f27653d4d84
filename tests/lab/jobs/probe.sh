# SPDX-License-Identifier: MIT
# The comparison of tests/diff on the machine itself: the probe's cases on the real libnuma and on ours; whatever
# differs is allowed by a row of tests/diff/allowed.txt.
# shellcheck shell=sh

if [ "$1" = files ]; then
	: "${top_srcdir:?}"
	. "$top_srcdir/tests/lab/jobs/ours.sh"
	probe=$top_builddir/tests/diff/probe
	if [ ! -x "$probe" ]; then
		echo "tests/diff/probe is not built" >&2
		exit 77
	fi
	real=$(ldd "$(command -v numactl)" | sed -n 's/.*libnuma\.so\.1 => \([^ ]*\) .*/\1/p')
	echo "--timeout"
	echo 900
	echo "$probe"
	echo "$probe-hooks"
	echo "$real:real/libnuma.so.1"
	# shellcheck disable=SC2154 # ours is from ours.sh
	echo "$ours/libmynuma.so.1:ours/libmynuma.so.1"
	echo "$top_srcdir/tests/diff/compare.awk"
	echo "$top_srcdir/tests/diff/allowed.txt"
	# The machine's own is busybox's.
	echo "$(command -v awk):awk"
	exit
fi

. ./tap.sh
echo 0 >/proc/sys/kernel/randomize_va_space
export LC_ALL=C MYNUMA_BACKEND=native
work=/tmp/probe
mkdir -p $work/result
for name in real ours; do
	lib=$(echo /lab/$name/lib*)
	# On one CPU, or "local" would be a matter of luck; but the affinity's cases on all.
	{
		# shellcheck disable=SC2046 # a list
		taskset 1 ./probe --lib "$lib" $(./probe --list | grep -v affinity)
		./probe --lib "$lib" affinity | grep -v ' loading ->'
		taskset 1 ./probe-hooks --lib "$lib" | grep -v ' loading ->'
	} >$work/$name 2>$work/$name.err
	check "the probe runs to its end on $name" test ! -s $work/$name.err
	sed 's/^/# /' $work/$name.err
done
echo "# $(./probe --shape), $(wc -l <$work/ours) cases"
# A kernel built for any number of nodes prints as many bits as the machine can have nodes. From such a line
# libnuma 2.0.16 gets another size for its masks; that apart, everything is compared.
mask_size() {
	sed -n 's|^real bitmask numa_allocate_nodemask() -> {}/\([0-9a-z]*\) .*|\1|p' $work/$1
}
sizes=$(mask_size real)-$(mask_size ours)
[ "$sizes" = nodes-nodes ] || sed -i -E "s#}/${sizes%-*}( |\$)#}/${sizes#*-}\1#g" $work/real
check "the comparison is wide" test "$(wc -l <$work/ours)" -gt 20000
# Where memory is short libnuma ends the program. With no descriptor left after the load the CPUs, which are
# counted when first asked for, are those of the thread. Only several nodes can be misplaced on or preferred.
{
	cat allowed.txt
	if [ "$LAB_SHAPE" = memless ]; then
		printf 'old\treal affinity *\tQ88\ta node with CPUs and no memory may be run on\n'
		printf 'old\treal policy numa_bind(*\tQ88\ta node with CPUs and no memory may be run on\n'
		printf 'old\treal load story*\tQ19\tnodes without memory count\n'
	fi
	if [ "$sizes" != nodes-nodes ]; then
		for row in 'topology numa_num_possible_nodes()' 'affinity numa_run_on_node(*' 'load story*' \
			'hooks story: every warning*' 'kernel numa_get_interleave_mask@1.1()*{127}'; do
			printf 'old\treal %s\tQ9\tthe size of a node mask\n' "$row"
		done
	fi
	printf 'old\t* numa_bitmask_alloc(42949672*)\tQ23\tNULL and ENOMEM, not the end of the program\n'
	printf 'old\treal getters numa_preferred_many() after mode *\tHEAD\terrno says EINVAL, and only in PREFERRED\n'
	printf 'old\treal thread numa_set_bind_policy(*), numa_set_strict(*)\tquiet\tone message a process and kind\n'
	printf 'old\t* load story: no descriptor can be opened after the load\tlazy\tthe configured CPUs\n'
} >$work/allowed
./awk -f compare.awk -v allowed=$work/allowed -v expected=/dev/null -v out=$work/result -v oracles=old \
	$work/ours $work/real || tap_result not-ok "the comparison ends"
for list in missing.old twice bad-rows unallowed.old; do
	check "nothing is in $list" test ! -s $work/result/$list
	if [ -s $work/result/$list ]; then
		echo "# $(wc -l <$work/result/$list) lines"
		head -n 45 $work/result/$list | cut -c 1-300 | sed 's/^/# /'
	fi
done
tap_done
