#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: the library has a probe point at entry and return of each call, with the arguments,
# and they add nothing but nops to the calls. Without <sys/sdt.h> there is none.

# shellcheck source=tests/tools/lib.sh
. "${top_srcdir:?run by make check}/tests/tools/lib.sh"

awk -v calls="get_mempolicy:5 set_mempolicy:3 mbind:6 migrate_pages:4 move_pages:6 set_mempolicy_home_node:4" '
BEGIN {
	n = split(calls, call, " ")
	for (i = 1; i <= n; i++) {
		split(call[i], part, ":")
		print part[1] "__entry " part[2]
		print part[1] "__return 1" # of an answer of the kernel
		print part[1] "__return 1" # of any other
	}
}' | sort >expected
case " $(sed -n 's/^DEFS = //p' "$top_builddir/Makefile") " in
*' -DMYNUMA_SDT=1 '*) ;;
*) : >expected ;;
esac
for library in "$MYNUMA_LIB" "$MYNUMA_REPLACE/libnuma.so.1"; do
	${READELF:-readelf} -n "$library" | awk '
		$1 == "Provider:" { mine = $2 == "libmynuma" }
		$1 == "Name:" { name = $2 }
		$1 == "Arguments:" && mine { print name, NF - 1 }' | sort >got
	check_same "${library##*/}: the probe points and how many arguments each has" expected got
done

# The same instructions without them, but for nops; compilers may put them in another order.
code() { # OPTION: the instructions of the wrappers, without addresses and nops
	${CC:-cc} -O2 -g0 -D_GNU_SOURCE -std=gnu11 -fPIC -fvisibility=hidden "$1" -c -o wrappers.o \
		-include "$top_srcdir/lib/base/namespace.h" -iquote "$top_srcdir/lib" \
		-iquote "$top_srcdir/include" "$top_srcdir/lib/api/wrappers.c" &&
		objdump -d --no-show-raw-insn wrappers.o | awk -F '\t' '
			NF == 2 {
				sub(/ *#.*/, "", $2)
				sub(/ *<.*/, "", $2)
				if ($2 !~ /nop|^xchg +%ax,%ax|^cs |^data16/) {
					gsub(/[0-9a-f]+$|0x[0-9a-f]+\(%rip\)/, "A", $2)
					print $2
				}
			}' | sort
}
if [ -s expected ] && [ "$(uname -m)" = x86_64 ]; then
	code -UMYNUMA_SDT >without
	code -DMYNUMA_SDT >with
	there_is_code() { [ "$(wc -l <without)" -gt 40 ]; }
	check "there is code" there_is_code
	check_same "they add nothing but nops" without with
fi

tap_done
