#!/bin/sh
# SPDX-License-Identifier: MIT
# Preloaded beside the real libnuma: both are loaded, share their variables, and both destructors
# run; also when the real one is opened and closed meanwhile. valgrind sees no wrong free.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need valgrind valgrind
need numactl numactl

real=$(ldconfig -p | awk '$1 == "libnuma.so.1" { print $NF; exit }')
if [ ! -e "$real" ]; then
	tap_result not-ok "libnuma.so.1 is installed (Debian package libnuma1)"
	tap_done
fi
# The mappings name the files, not the links to them.
our_file=$(readlink -f "$MYNUMA_LIB")
real_file=$(readlink -f "$real")

# valgrind tells of system calls it does not know; only errors count.
checked() { # WAY cmd...
	checked_way=$1
	shift
	way "$checked_way" valgrind -q --error-exitcode=88 --leak-check=no --trace-children=yes "$@"
}
fini_of() { # FILE: its destructor was called
	grep -qF "calling fini: $1" "$T"/ld.* || {
		grep "calling fini" "$T"/ld.*
		return 1
	}
}

# shellcheck disable=SC2086 # CC may hold options
if ! ${CC:-cc} -O1 -g -pthread -D_GNU_SOURCE -I"$top_srcdir/include" -o "$T/beside" \
	"$top_srcdir/tests/clients/beside.c" "$real" 2>"$T/cc" ||
	! ${CC:-cc} -O1 -g -D_GNU_SOURCE -o "$T/opener" "$top_srcdir/tests/clients/opener.c" -ldl 2>>"$T/cc"; then
	tap_result not-ok "the programs compile"
	sed 's/^/# /' "$T/cc"
	tap_done
fi

check "linked, preloaded" way preload "$T/beside" "$our_file" "$real_file"
check "linked, preloaded, under valgrind" checked preload "$T/beside" "$our_file" "$real_file"
run fini preload LD_DEBUG=files LD_DEBUG_OUTPUT="$T/ld" "$T/beside" "$our_file" "$real_file"
check "our destructor ran" fini_of "$MYNUMA_LIB"
check "the real one's ran" fini_of "$real"
rm -f "$T"/ld.*

mask() { # a line an answer; the preloaded one gives its own besides
	sed '/^# nodes/d'
}
same "opened and closed" 0 "$T/opener"
for w in preload replace; do
	check "opened and closed, $w, under valgrind" checked $w "$T/opener"
done
run fini preload LD_DEBUG=files LD_DEBUG_OUTPUT="$T/ld" "$T/opener"
check "opened and closed: our destructor ran" fini_of "$MYNUMA_LIB"
check "opened and closed: the real one's ran" fini_of "$real"
rm -f "$T"/ld.*

for o in --hardware --show; do
	for w in preload replace; do
		check "numactl $o, $w, under valgrind" checked $w numactl $o
	done
done
tap_done
