#!/bin/sh
# SPDX-License-Identifier: MIT
# mariadbd with innodb_numa_interleave, on a directory of its own: starts, makes a table, ends.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need mariadbd mariadb-server-core

server() { # NAME WAY options, settings
	server_dir=$T/$1.$2.db
	mkdir "$server_dir"
	cat >"$server_dir.sql" <<-SQL
		CREATE DATABASE t1;
		CREATE TABLE t1.a (i INT) ENGINE=InnoDB;
		INSERT INTO t1.a VALUES (1),(2);
		SELECT SUM(i), @@innodb_numa_interleave FROM t1.a INTO OUTFILE '$server_dir.answer';
		SHUTDOWN;
	SQL
	server_name=$1 server_way=$2
	shift 2
	run "$server_name" "$server_way" "$@" mariadbd --no-defaults --user="$(id -un)" \
		--datadir="$server_dir" --socket="$server_dir.sock" --pid-file="$server_dir.pid" \
		--tmpdir="$T" --skip-networking --skip-grant-tables --skip-log-bin \
		--innodb-buffer-pool-size=8M --innodb-log-file-size=4M --innodb-numa-interleave=ON \
		--init-file="$server_dir.sql" </dev/null
	rm -rf "$server_dir"
}
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
	server db $w
	log=$T/db.$w.err
	check "$w: mariadbd ends well" [ "$(cat "$T/db.$w.rc")" = 0 ]
	check "$w: the answer is right, interleave is on" \
		[ "$(cat "$T/db.$w.db.answer")" = "$(printf '3\tON')" ]
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
	server bound $w LD_BIND_NOW=1 LD_DEBUG=bindings LD_DEBUG_OUTPUT="$T/ld-$w"
	check "mariadbd, $w: the bindings went to libmynuma" bindings_are_ours "$ours" \
		"mbind set_mempolicy numa_get_mems_allowed numa_bitmask_free" "$T/ld-$w".*
	rm -f "$T/ld-$w".*
done
tap_done
