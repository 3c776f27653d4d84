# SPDX-License-Identifier: MIT
# What the scripts of tests/abi share; sourced. Leaves the script in a directory of its own under
# the build tree, $work, which goes away at the end.
# shellcheck shell=sh disable=SC2034

LC_ALL=C
export LC_ALL
unset LD_LIBRARY_PATH LD_PRELOAD LD_BIND_NOW

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$PWD}"
: "${MYNUMA_LIB:=$top_builddir/lib/.libs/libmynuma.so.1}"
: "${MYNUMA_REPLACE:=$top_builddir/lib/replace/.libs}"
: "${CC:=cc}" "${CXX:=c++}" "${READELF:=readelf}" "${NM:=nm}"

abi=$top_srcdir/tests/abi
include=$top_srcdir/include
libnuma=$MYNUMA_REPLACE/libnuma.so.1
static=$top_builddir/lib/.libs/libmynuma.a

# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"

work=$(mktemp -d "$top_builddir/abi-test.XXXXXX") || exit 99
trap 'cd / && rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
cd "$work" || exit 99

# compile SOURCE PROGRAM ARGS...: a C program of tests/abi with our headers.
compile() {
	compile_source=$1
	compile_program=$2
	shift 2
	# shellcheck disable=SC2086 # CC may hold options
	$CC -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -I"$include" -I"$top_srcdir/tests" \
		"$abi/$compile_source" -o "$compile_program" "$@"
}

# The tools may come with options.
read_elf() {
	$READELF -W "$@"
}

# absent PATTERN FILE: the file is there, is not empty and has no line like that.
absent() {
	[ -s "$2" ] && ! grep -E -e "$1" "$2"
}

# with VARIABLE=VALUE... command...: a bounded run.
with() {
	timeout 60 env "$@"
}

# The libnuma that the system has installed for what $CC makes, if any: its library, its headers.
system_lib() {
	echo 'int main(void) { return 0; }' >system-lib.c
	# shellcheck disable=SC2086
	for system_lib_path in "$($CC -print-file-name=libnuma.so.1)" \
		$(/sbin/ldconfig -p 2>/dev/null | sed -n 's/^.*libnuma\.so\.1 .*=> //p'); do
		[ -f "$system_lib_path" ] &&
			$CC system-lib.c -Wl,--no-as-needed "$system_lib_path" -o system-lib \
				>/dev/null 2>&1 &&
			readlink -f "$system_lib_path" && return
	done
}

system_headers() {
	printf '#include <numa.h>\n#include <numaif.h>\n' >system-headers.c
	# shellcheck disable=SC2086
	$CC -E system-headers.c >/dev/null 2>&1
}

# dynamic_symbols LIBRARY: "name version default|hidden kind binding size", sorted; what is
# undefined and the symbols that some linkers make for the nodes themselves are left out.
dynamic_symbols() {
	read_elf --dyn-syms "$1" | awk '
		$7 != "UND" && $7 != "ABS" && $8 ~ /./ && $5 ~ /^(GLOBAL|WEAK|UNIQUE)$/ {
			version = "-"
			how = "default"
			name = $8
			if ((at = index(name, "@")) != 0) {
				version = substr(name, at + 1)
				name = substr(name, 1, at - 1)
				if (substr(version, 1, 1) == "@")
					version = substr(version, 2)
				else
					how = "hidden"
			}
			print name, version, how, $4, $5, ($4 == "OBJECT" ? $3 : "-")
		}' | sort
}

# version_nodes LIBRARY: "index name parents...", in the order of definition, without the base.
version_nodes() {
	read_elf -V "$1" | awk '
		/^Version/ { on = /definition/ }
		!on { next }
		/Parent/ { line = line " " $NF }
		/Index:/ {
			if (line != "")
				print line
			line = ""
			if (!/BASE/)
				for (i = 1; i < NF; i++)
					if ($i == "Index:")
						line = $(i + 1) " " $NF
		}
		END { if (line != "") print line }'
}
