#!/bin/sh
# SPDX-License-Identifier: MIT
# memhog: every policy it knows, on anonymous memory and on a file.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need memhog numactl

tidy() {
	rm -f "$T/file"
}

same "memhog without arguments" any memhog
same "memhog 256k" 0 memhog 256k
same "memhog -r2 1m" 0 memhog -r2 1m
same "memhog -H 1m" 0 memhog -H 1m
same "memhog -f a file" 0 memhog -f"$T/file" 256k membind 0
for p in "membind 0" "interleave 0" "interleave all" "preferred 0" "preferred-many 0" local default; do
	# shellcheck disable=SC2086 # a policy and its nodes are two words
	same "memhog 256k $p" 0 memhog 256k $p
done
for p in "membind 1" "interleave 1" "preferred 99" "membind x" "membind !all" "preferred-many 1" \
	nosuchpolicy membind; do
	# shellcheck disable=SC2086
	same "memhog 256k $p" any memhog 256k $p
done
same "memhog 0" any memhog 0
bound "memhog" 0 "mbind numa_parse_nodestring" memhog 256k membind 0
tap_done
