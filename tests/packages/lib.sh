# SPDX-License-Identifier: MIT
# What the tests of packages share: a folder of their own, and the release's archive.
# shellcheck shell=sh

: "${top_srcdir:?run by make check}" "${top_builddir:?run by make check}"
# shellcheck source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
# shellcheck source=tests/anew.sh
. "$top_srcdir/tests/anew.sh"

unset MANPATH CI MAKE
LC_ALL=C.UTF-8
export LC_ALL

T=$(mktemp -d "${TMPDIR:-/tmp}/mynuma-packages.XXXXXX") || exit 99
chmod 755 "$T"
trap 'rm -rf --one-file-system "$T"' EXIT
trap 'exit 99' HUP INT TERM
version=$(sed -n 's/^AC_INIT(\[libmynuma\], \[\([^]]*\)\].*/\1/p' "$top_srcdir/configure.ac")

quietly() { # cmd...: the end of its output only if it fails
	"$@" >"$T/log" 2>&1 || {
		status=$?
		tail -n 40 "$T/log"
		return $status
	}
}

give_up() { # WHY
	tap_result not-ok "$1"
	tap_done
}

# make_dist FILE: the release's archive. One at a time, since it passes through the build's folder.
make_dist() {
	quietly flock "$top_builddir" "$make" -C "$top_builddir" -s dist &&
		mv "$top_builddir/libmynuma-$version.tar.xz" "$1"
}
