# SPDX-License-Identifier: MIT
# What the client tests share. A client is a program as Debian ships it, built for libnuma and
# unchanged; it runs three ways:
#	real		as it is, on the libnuma that is installed
#	preload		LD_PRELOAD=$MYNUMA_LIB
#	replace		LD_LIBRARY_PATH=$MYNUMA_REPLACE
# A test sources this file and uses
#	need PROGRAM PACKAGE		or the test fails here, naming the Debian package
#	run NAME WAY cmd...		-> $T/NAME.WAY.out .err .rc
#	same "what" STATUS cmd...	the three ways give the same output, stderr and exit status,
#					and the status is STATUS ("any": whatever the real one gives)
#	bound "what" STATUS "syms" cmd...	preloaded and replaced, every NUMA symbol of the program
#					goes to us and none to the real library; "syms" must be among them
#	mariadbd_session NAME WAY cmd...	as run, of a server that needs some setting up
# and may redefine mask(), a filter for what differs from run to run. Everything lives in $T,
# which is gone afterwards. Each run of a client is bounded by $limit seconds.
# shellcheck shell=sh

: "${top_srcdir:?run by make check}" "${MYNUMA_LIB:?run by make check}"
: "${MYNUMA_REPLACE:?run by make check}"
. "$top_srcdir/tests/tap.sh"

LC_ALL=C
export LC_ALL
unset LD_PRELOAD LD_LIBRARY_PATH LD_BIND_NOW LD_DEBUG LD_DEBUG_OUTPUT
PATH=$PATH:/usr/sbin:/sbin
limit=60
runs=0

cleanup() { # a test with more to put back redefines this
	:
}

T=$(mktemp -d "${TMPDIR:-/tmp}/mynuma-clients.XXXXXX") || exit 99
trap 'cleanup; rm -rf "$T"' EXIT
trap 'exit 99' HUP INT TERM

for lib_file in "$MYNUMA_LIB" "$MYNUMA_REPLACE/libnuma.so.1"; do
	if [ ! -e "$lib_file" ]; then
		tap_result not-ok "the library is built: $lib_file"
		tap_done
	fi
done

need() {
	if ! command -v "$1" >/dev/null 2>&1; then
		tap_result not-ok "$1 is installed (Debian package $2)"
		tap_done
	fi
}

mask() {
	cat
}

way() { # WAY cmd...
	way_name=$1
	shift
	case $way_name in
	real) timeout -k 5 "$limit" env "$@" ;;
	preload) timeout -k 5 "$limit" env LD_PRELOAD="$MYNUMA_LIB" "$@" ;;
	replace) timeout -k 5 "$limit" env LD_LIBRARY_PATH="$MYNUMA_REPLACE" "$@" ;;
	*) return 99 ;;
	esac
}

run() { # NAME WAY cmd...; the command's stdin is ours
	run_base=$T/$1.$2
	shift
	run_rc=0
	way "$@" >"$run_base.out" 2>"$run_base.err" || run_rc=$?
	echo "$run_rc" >"$run_base.rc"
}

# The three results as one text each, ready to be compared.
text_of() { # NAME WAY
	echo "exit status $(cat "$T/$1.$2.rc")"
	echo "--- stdout"
	mask <"$T/$1.$2.out"
	echo "--- stderr"
	mask <"$T/$1.$2.err"
}

status_is() { # NAME WANTED
	[ "$(cat "$T/$1.real.rc")" = "$2" ] && return 0
	echo "the real library gives:"
	text_of "$1" real
	return 1
}

all_same() { # NAME
	for same_way in real preload replace; do
		text_of "$1" $same_way >"$T/$1.$same_way"
	done
	diff -u "$T/$1.real" "$T/$1.preload" && diff -u "$T/$1.real" "$T/$1.replace"
}

# Between the runs of one case; a test that leaves something in the kernel redefines it.
tidy() {
	:
}

same() {
	same_what=$1 same_rc=$2
	shift 2
	runs=$((runs + 1))
	for same_way in real preload replace; do
		run "c$runs" $same_way "$@" </dev/null
		tidy
	done
	if [ "$same_rc" != any ]; then
		check "$same_what: as expected" status_is "c$runs" "$same_rc"
	fi
	check "$same_what: same three ways" all_same "c$runs"
}

# Reads LD_DEBUG=bindings files; complains about a binding to another libnuma than ours, about a
# wanted symbol that no file but ours bound to us, and when nothing was bound to us at all.
bindings_are_ours() { # OURS "symbols" files...
	bind_ours=$1 bind_want=$2
	shift 2
	awk -v ours="$bind_ours" -v want="$bind_want" '
	/\tbinding file / {
		line = $0
		sub(/^.*\tbinding file /, "", line)
		if (!match(line, / \[[0-9]+\] to /))
			next
		from = substr(line, 1, RSTART - 1)
		line = substr(line, RSTART + RLENGTH)
		if (!match(line, / \[[0-9]+\]: [a-z]+ symbol `/))
			next
		to = substr(line, 1, RSTART - 1)
		sym = substr(line, RSTART + RLENGTH)
		sub(/\047.*/, "", sym)
		if (to == ours) {
			if (from != ours && from !~ /\/libnuma\.so[^\/]*$/) {
				got[sym] = 1
				n++
			}
		} else if (to ~ /\/libnuma\.so[^\/]*$/) {
			print "bound elsewhere: " $0
			bad = 1
		}
	}
	END {
		if (!n) {
			print "nothing was bound to " ours
			bad = 1
		}
		k = split(want, w, " ")
		for (i = 1; i <= k; i++)
			if (!(w[i] in got)) {
				print w[i] " was not bound to " ours
				bad = 1
			}
		exit bad
	}' "$@"
}

bound_way() { # WAY "what" STATUS "symbols" cmd...
	bw_way=$1 bw_what=$2 bw_rc=$3 bw_want=$4
	shift 4
	runs=$((runs + 1))
	case $bw_way in
	preload) bw_ours=$MYNUMA_LIB ;;
	replace) bw_ours=$MYNUMA_REPLACE/libnuma.so.1 ;;
	esac
	run "b$runs" "$bw_way" LD_BIND_NOW=1 LD_DEBUG=bindings LD_DEBUG_OUTPUT="$T/ld$runs" "$@"
	check "$bw_what, $bw_way: exit status $bw_rc" \
		[ "$(cat "$T/b$runs.$bw_way.rc")" = "$bw_rc" ]
	check "$bw_what, $bw_way: the bindings went to libmynuma" \
		bindings_are_ours "$bw_ours" "$bw_want" "$T/ld$runs".*
	rm -f "$T/ld$runs".*
	tidy
}

bound() {
	bound_way preload "$@" </dev/null
	bound_way replace "$@" </dev/null
}

# mariadbd with innodb_numa_interleave on a directory of its own: it starts, makes a table, writes
# the sum over it and the setting to $T/mariadbd.answer, and ends. `cmd...` stands before it.
mariadbd_session() { # NAME WAY cmd...
	session_name=$1 session_way=$2
	shift 2
	rm -rf "$T/mariadbd" "$T/mariadbd.answer"
	mkdir "$T/mariadbd"
	cat >"$T/mariadbd.sql" <<-SQL
		CREATE DATABASE t1;
		CREATE TABLE t1.a (i INT) ENGINE=InnoDB;
		INSERT INTO t1.a VALUES (1),(2);
		SELECT SUM(i), @@innodb_numa_interleave FROM t1.a INTO OUTFILE '$T/mariadbd.answer';
		SHUTDOWN;
	SQL
	run "$session_name" "$session_way" "$@" mariadbd --no-defaults --user="$(id -un)" \
		--datadir="$T/mariadbd" --socket="$T/mariadbd.sock" --pid-file="$T/mariadbd.pid" \
		--tmpdir="$T" --skip-networking --skip-grant-tables --skip-log-bin \
		--innodb-buffer-pool-size=8M --innodb-log-file-size=4M --innodb-numa-interleave=ON \
		--init-file="$T/mariadbd.sql" </dev/null
}
