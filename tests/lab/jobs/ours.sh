# SPDX-License-Identifier: MIT
# For the jobs' host side: sets `ours` to a directory with libmynuma.so.1 and libnuma.so.1 of ours, and
# `core` to the archive for unit tests if it is a 32-bit one, fit for the machine of $LAB_KERNEL.
# 64 bit: what the build made, or a skip. 32 bit: what MYNUMA_LAB32 names, else
# compiled here from the same sources, as the build would (its directory is only good for one architecture).
# shellcheck shell=sh
: "${LAB_KERNEL:?}" "${LAB_WORK:?}" "${top_srcdir:?}" "${top_builddir:?}" "${CC32:?}"

compile32() { # directory
	mkdir -p "$1/static" "$1/pic"
	find "$top_srcdir/lib" -name '*.c' | sort >"$1/sources"
	while read -r source; do
		object=$(echo "${source#"$top_srcdir"/lib/}" | tr / -).o
		# shellcheck disable=SC2086 # CC32 may hold options
		{
			set -- "$1" -std=gnu11 -O2 -g -D_GNU_SOURCE -fvisibility=hidden \
				-I"$top_srcdir/include" -I"$top_srcdir/lib" -c "$source"
			dir=$1
			shift
			$CC32 "$@" -fPIC -DPIC -o "$dir/pic/$object"
			$CC32 "$@" -o "$dir/static/$object"
			set -- "$dir"
		} >&2
	done <"$1/sources"
	for name in mynuma numa; do
		# shellcheck disable=SC2086
		$CC32 -shared -Wl,--version-script="$top_srcdir/lib/libmynuma.map" \
			-Wl,-soname,lib$name.so.1 -o "$1/lib$name.so.1" "$1"/pic/*.o >&2
	done
	ar rcs "$1/libcore.a" "$1"/static/*.o
}

case $LAB_KERNEL in
*i386)
	ours=${MYNUMA_LAB32:-$LAB_WORK/ours32}
	if [ ! -e "$ours/libcore.a" ]; then
		compile32 "$ours"
	fi
	# shellcheck disable=SC2034
	core=$ours/libcore.a
	;;
*)
	: "${MYNUMA_LIB:=$top_builddir/lib/.libs/libmynuma.so.1}"
	: "${MYNUMA_REPLACE:=$top_builddir/lib/replace/.libs}"
	ours=$LAB_WORK/ours64
	if [ ! -e "$MYNUMA_LIB" ] || [ ! -e "$MYNUMA_REPLACE/libnuma.so.1" ]; then
		echo "the library is not built" >&2
		exit 77
	fi
	mkdir -p "$ours"
	cp -L "$MYNUMA_LIB" "$ours/libmynuma.so.1"
	cp -L "$MYNUMA_REPLACE/libnuma.so.1" "$ours/libnuma.so.1"
	;;
esac
