#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: mynuma trace and MYNUMA_TRACE write each call as it was made and answered, one line
# each, whole, from every thread and child; bad pointers are shown and lead to EFAULT as without it.

# shellcheck source=tests/tools/lib.sh
. "${top_srcdir:?run by make check}/tests/tools/lib.sh"
caller=$top_builddir/tests/tools/caller
# What other tests are about to do with theirs is not this one's.
mkdir temporary
TMPDIR=$work/temporary
export TMPDIR

# Times, thread ids and addresses are different each time.
steady() { sed -E 's/^[0-9]{10}\.[0-9]{6} \[[0-9]+\] //; s/0x[0-9a-f]{5,}/ADDR/g'; }
bits=$(($(getconf LONG_BIT) + 1))

cat >expected <<END
set_mempolicy(MPOL_BIND|MPOL_F_STATIC_NODES, {0-1}, $bits) = 0
get_mempolicy([MPOL_BIND|MPOL_F_STATIC_NODES], {0-1}, $bits, NULL, 0) = 0
mbind(ADDR, 65536, MPOL_BIND, {1}, $bits, MPOL_MF_STRICT|MPOL_MF_MOVE) = 0
set_mempolicy_home_node(ADDR, 65536, 1, 0) = 0
get_mempolicy([1], NULL, 0, ADDR, MPOL_F_NODE|MPOL_F_ADDR) = 0
move_pages(0, 2, [ADDR, ADDR], [1, 0], [1, -ENOENT], MPOL_MF_MOVE) = 0
migrate_pages(0, $bits, {0}, {1}) = 0
set_mempolicy(MPOL_DEFAULT, NULL, 0) = 0
END
mynuma trace --topology 2x1:1G -o out "$caller" each
steady <out >got
check_same "each call, decoded" expected got

cat >expected <<END
set_mempolicy(MPOL_BIND, 0x10, $bits) = -1 EFAULT
set_mempolicy(0x4d, NULL, 0) = -1 EINVAL
mbind(0x1, 4096, MPOL_INTERLEAVE, {0-1}, $bits, 0x40) = -1 EINVAL
get_mempolicy(NULL, NULL, 0, NULL, MPOL_F_ADDR) = -1 EFAULT
move_pages(0, 1, 0x10, NULL, 0x10, 0) = -1 EFAULT
migrate_pages(-5, $bits, {0}, {1}) = -1 ESRCH
set_mempolicy_home_node(0x0, 4096, 9999, 0) = -1 EINVAL
END
rm out
mynuma trace --topology 2x1:1G -o out "$caller" wrong
steady <out >got
check_same "calls that fail" expected got
mynuma trace --topology 2x1:1G -- "$caller" wrong 2>err
steady <err >got
check_same "without -o the lines are on stderr" expected got
(MYNUMA_TRACE=$work/by-variable MYNUMA_TOPOLOGY=2x1 "$caller" wrong)
steady <by-variable >got
check_same "MYNUMA_TRACE does the same" expected got
mynuma trace --topology 2x1:1G -o out "$caller" wrong
appended() { [ "$(wc -l <out)" -eq 14 ]; }
check "-o appends" appended
gives "a full disk is told once" 0 "" \
	"libmynuma: MYNUMA_TRACE=/dev/full: a call could not be written down" \
	mynuma trace --topology 2x1:1G -o /dev/full "$caller" wrong

# The kernel's own calls, where it has them: get_mempolicy always can be asked.
cat >expected <<END
get_mempolicy(NULL, NULL, 0, NULL, MPOL_F_ADDR) = -1 EFAULT
END
MYNUMA_BACKEND=native mynuma trace -o native "$caller" wrong
steady <native | grep get_mempolicy | sed 's/ENOSYS\|EPERM/EFAULT/' >got
check_same "native calls" expected got

mynuma trace --topology 2x1:1G -o many "$caller" threads 8 250
whole_lines() {
	[ "$(wc -l <many)" -eq 2000 ] &&
		[ "$(steady <many | sort -u)" = "set_mempolicy(MPOL_PREFERRED, {1}, $bits) = 0" ] &&
		[ "$(sed -E 's/.*\[([0-9]+)\].*/\1/' many | sort -u | wc -l)" -eq 8 ]
}
check "2000 lines of 8 threads are whole, each with its thread" whole_lines
check "the time is that of the call" sh -c "t=\$(sed -n '1s/\\..*//p' many); now=\$(date +%s)
	[ \"\$t\" -le \"\$now\" ] && [ \"\$t\" -gt \$((now - 3600)) ]"

cat >expected <<END
set_mempolicy(MPOL_PREFERRED, {0}, $bits) = 0
set_mempolicy(MPOL_PREFERRED, {1}, $bits) = 0
END
mynuma trace --topology 2x1:1G -o forked "$caller" child
steady <forked >got
check_same "a child's calls too" expected got
two_threads() { [ "$(sed -E 's/.*\[([0-9]+)\].*/\1/' forked | uniq | wc -l)" -eq 2 ]; }
check "with its own id" two_threads

# Programs that were linked with libnuma.
mynuma trace --topology 4x2:1G -o numactl numactl --interleave=1-3 true
traced() { grep -q 'set_mempolicy(MPOL_INTERLEAVE, {1-3}, ' numactl; }
check "numactl, linked with libnuma" traced

gives "the program's status" 42 "" "" mynuma trace -o out "$caller" status
gives "no such program" 127 "" "mynuma trace: nosuchprogram: No such file or directory" \
	mynuma trace -- nosuchprogram
gives "no program" 2 "" "mynuma trace: which program?
See mynuma trace --help" mynuma trace
gives "a file that cannot be written" 1 "" "mynuma trace: none/out: No such file or directory" \
	mynuma trace -o none/out "$caller" each
gives "MYNUMA_TRACE that cannot be written: one line" 0 "" \
	"libmynuma: MYNUMA_TRACE=none/out: the file cannot be opened; the variable is ignored" \
	env MYNUMA_TRACE=none/out "$caller" wrong
[ ! -e "$MYNUMA_SIM_LIB" ] || {
	mynuma trace --topology 4x2:1G -o raw.trace "$caller" raw >raw.out
	check "--topology: CPUs are the machine's" grep -qx 8 raw.out
	check "--topology: raw calls are the machine's" grep -q ' mbind(.* MPOL_BIND, {1}, .*) = 0$' raw.trace
}
cat >static.c <<'END'
int main(void) { return 0; }
END
if ${CC:-cc} -static -o static static.c 2>cc.err; then
	gives "a static program" 0 "" \
		"mynuma trace: ./static: it is statically linked: no library can be put before it, so nothing is seen of it" \
		mynuma trace -- ./static
else
	skip "a static program" "the compiler makes none"
fi
nothing_left() { rmdir "$TMPDIR"; }
check "no file is left behind" nothing_left

tap_done
