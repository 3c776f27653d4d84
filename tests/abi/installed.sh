#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: against the libnuma that the system has: nothing that it exports is missing or
# changed here, neither for the linker nor, with its headers, in a type.

# shellcheck source=tests/abi/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/abi/lib.sh"

# The headers' types as a library: stub.c compiled against the headers found first.
stub() { # LIBRARY ARGS...
	stub_library=$1
	shift
	# shellcheck disable=SC2086
	$CC -std=gnu11 -g -O0 -fPIC -DPIC -shared -DSTUB_VERSIONED -Wall -Wextra -Werror "$@" \
		-Wl,--version-script="$top_srcdir/lib/libmynuma.map" -Wl,-soname,libnuma.so.1 \
		"$abi/stub.c" -o "$stub_library"
}

# Only additions are allowed, and no suppression has been needed: abidiff's status is not 0 for any
# other change.
same_abi() { # OLD NEW
	timeout 120 abidiff --no-added-syms "$1" "$2"
}

nodes_are_a_prefix() { # OLD NEW: the same indices and names, as far as OLD goes
	version_nodes "$1" | cut -d ' ' -f 1,2 >old-nodes
	version_nodes "$2" | cut -d ' ' -f 1,2 | head -n "$(wc -l <old-nodes)" | diff -u old-nodes -
}

nothing_missing() { # OLD NEW: weak or global is all the same in a shared object
	dynamic_symbols "$1" | sed 's/ WEAK / GLOBAL /' | sort >old-symbols
	dynamic_symbols "$2" | sed 's/ WEAK / GLOBAL /' | sort >new-symbols
	[ -s old-symbols ] && ! comm -23 old-symbols new-symbols | grep .
}

check "our headers declare what libnuma exports, with these types" stub ours.so -I"$include"
check "abidiff: the library has the types of our headers" same_abi ours.so "$libnuma"

old=$(system_lib)
if [ -z "$old" ]; then
	skip "against the installed libnuma" "it is not installed"
	tap_done
fi

for lib in "$MYNUMA_LIB" "$libnuma"; do
	soname=${lib##*/}
	check "$soname: every symbol of the installed libnuma, as it is there" \
		nothing_missing "$old" "$lib"
	check "$soname: its version nodes in the same places" nodes_are_a_prefix "$old" "$lib"
done
check "abidiff: no symbol removed or changed" same_abi "$old" "$libnuma"

if system_headers; then
	check "the installed headers declare the same types" stub theirs.so
	check "abidiff: the installed headers' types and ours are the same" \
		same_abi theirs.so ours.so
	check "abidiff: the library has the types of the installed headers" \
		same_abi theirs.so "$libnuma"
else
	skip "against the installed headers" "libnuma's development package is not installed"
fi

tap_done
