#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: both shared objects export exactly symbols.golden and nodes.golden, and are the kind
# of object that a drop-in must be: the right SONAME, nothing needed but libc, nothing undefined,
# bound at load and read-only after it, no executable stack, little thread-local storage.

# shellcheck source=tests/abi/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/abi/lib.sh"

# The sizes that the words of symbols.golden mean for this object.
expected_symbols() {
	pointer=4 nodemask=256
	case $(read_elf -h "$1" | sed -n 's/^ *Class: *//p') in ELF64) pointer=8 ;; esac
	case $(read_elf -h "$1" | sed -n 's/^ *Machine: *//p') in
	*X86-64* | *80386*) nodemask=16 ;;
	esac
	sed -e '/^#/d' -e "s/ pointer\$/ $pointer/" -e "s/ nodemask\$/ $nodemask/" -e 's/ int$/ 4/' \
		"$abi/symbols.golden"
}

dynamic() { # LIBRARY TAG: the values of its entries of that tag
	read_elf -d "$1" | sed -n "s/^.*($2) *//p" | sed 's/^[^[]*\[\(.*\)\]$/\1/'
}

needs_only_libc() {
	dynamic "$1" NEEDED >needed
	# libc and the dynamic loader; libatomic where bytes have no atomic instructions.
	[ -s needed ] &&
		! grep -vE '^(libc\.(so|musl-).*|ld(-linux|64|-musl)?[-.].*|libatomic\.so\.1)$' needed
}

has_no_tag() { # LIBRARY TAG|TAG...
	read_elf -d "$1" >dynamic-section && absent "\\(($2)\\)" dynamic-section
}

binds_now() {
	read_elf -d "$1" | grep -E '\(FLAGS\).*BIND_NOW|\(FLAGS_1\).* NOW|\(BIND_NOW\)'
}

# Symbolic binding would take from programs the right to define numa_error and the like.
is_not_symbolic() {
	has_no_tag "$1" SYMBOLIC && absent '\(FLAGS\).*SYMBOLIC' dynamic-section
}

has_relro() {
	read_elf -l "$1" | grep -w GNU_RELRO
}

stack_is_not_executable() {
	read_elf -l "$1" >segments &&
		awk '$1 == "GNU_STACK" && !/RWE/ { good = 1 } END { exit !good }' segments
}

no_writable_code() {
	read_elf -l "$1" >segments && absent '^ *LOAD .* RWE ' segments
}

# Thread-local storage of a library that is opened late may have to fit into what the loader holds
# in reserve.
little_tls() {
	size=$(read_elf -l "$1" | awk '$1 == "TLS" { print $6 }')
	echo "size ${size:-none}"
	[ $((${size:-0})) -le 128 ]
}

nothing_undefined() {
	ldd -r "$1" >undefined 2>&1
	absent 'undefined|not found' undefined
}

# Were one of these protected, the library would not see the copy that a program has of it.
everything_is_interposable() {
	read_elf --dyn-syms "$1" >all-symbols &&
		! awk '$1 ~ /^[0-9]+:$/ && $6 != "DEFAULT"' all-symbols | grep .
}

# A program linked with the archive shares one name space with it: what the golden list has, and
# names that are plainly ours. The anchor of probe points is one, weak, for a whole program.
archive_keeps_to_its_names() {
	$NM -g --defined-only "$static" | awk 'NF == 3 { print $3 }' | sort -u >archive-names
	sed '/^#/d' "$abi/symbols.golden" | awk '{ sub(/@.*/, "", $1); print $1 }' | sort -u >ours
	[ -s archive-names ] && ! comm -23 archive-names ours | grep -vE '^mynuma_|^_\.stapsdt\.base$'
}

for lib in "$MYNUMA_LIB" "$libnuma"; do
	soname=${lib##*/}
	expected_symbols "$lib" >expected
	dynamic_symbols "$lib" >got
	# With link-time optimisation GNU ld makes every weak definition a global one, which is the same
	# to programs; programs.sh looks at the archive, where it is not.
	grep -q ' WEAK ' got || sed -i 's/ WEAK / GLOBAL /' expected
	check_same "$soname: every symbol, its version, kind, binding and size" expected got
	sed '/^#/d' "$abi/nodes.golden" >expected
	version_nodes "$lib" >got
	# lld records no parents at all; the dynamic loader does not read them.
	grep -q ' .* ' got || sed -i 's/^\([^ ]* [^ ]*\) .*/\1/' expected
	check_same "$soname: the version nodes, their order and parents" expected got
	echo "$soname" >expected
	dynamic "$lib" SONAME >got
	check_same "$soname: the SONAME" expected got
	check "$soname: needs libc only" needs_only_libc "$lib"
	check "$soname: nothing undefined" nothing_undefined "$lib"
	check "$soname: all symbols bound at load" binds_now "$lib"
	check "$soname: relocated data becomes read-only" has_relro "$lib"
	check "$soname: no symbolic binding" is_not_symbolic "$lib"
	check "$soname: no text relocations, no library path" has_no_tag "$lib" 'TEXTREL|RPATH|RUNPATH'
	check "$soname: no executable stack" stack_is_not_executable "$lib"
	check "$soname: no writable code" no_writable_code "$lib"
	check "$soname: little thread-local storage" little_tls "$lib"
	check "$soname: a program may define any of its symbols" everything_is_interposable "$lib"
done
if [ -e "$static" ]; then # not with --disable-static
	check "libmynuma.a: no name but libnuma's and mynuma_*" archive_keeps_to_its_names
fi

tap_done
