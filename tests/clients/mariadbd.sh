#!/bin/sh
# SPDX-License-Identifier: MIT
# mariadbd with innodb_numa_interleave, on a directory of its own: starts, makes a table, ends.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need mariadbd mariadb-server-core

has() { # FILE text
	grep -q -e "$2" "$1" || {
		tail -30 "$1"
		return 1
	}
}
has_not() {
	! grep -e "$2" "$1"
}

for w in real preload replace; do
	mariadbd_session db $w
	log=$T/db.$w.err
	check "$w: mariadbd ends well" [ "$(cat "$T/db.$w.rc")" = 0 ]
	check "$w: the answer is right, interleave is on" \
		[ "$(cat "$T/mariadbd.answer")" = "$(printf '3\tON')" ]
	check "$w: the log tells of the policy" has "$log" "Setting NUMA memory policy to MPOL_INTERLEAVE"
	check "$w: and of going back" has "$log" "Setting NUMA memory policy to MPOL_DEFAULT"
	check "$w: the log has no failure of NUMA" has_not "$log" "Failed to set NUMA"
	check "$w: the log has no error" has_not "$log" "\[ERROR\]"
	check "$w: the log has no line of the library" has_not "$log" "^libnuma\|mynuma:\|mempolicy:"
done

for w in preload replace; do
	case $w in
	preload) ours=$MYNUMA_LIB ;;
	replace) ours=$MYNUMA_REPLACE/libnuma.so.1 ;;
	esac
	mariadbd_session bound $w LD_BIND_NOW=1 LD_DEBUG=bindings LD_DEBUG_OUTPUT="$T/ld-$w"
	check "mariadbd, $w: the bindings went to libmynuma" bindings_are_ours "$ours" \
		"mbind set_mempolicy numa_get_mems_allowed numa_bitmask_free" "$T/ld-$w".*
	rm -f "$T/ld-$w".*
done
tap_done
