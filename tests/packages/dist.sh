#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: the release's archive is the same to the bit wherever and whenever it is made: from these
# sources, from what is in it, and from a copy of the sources by another user at another time.

# shellcheck source=tests/packages/lib.sh
. "${top_srcdir:?run by make check}/tests/packages/lib.sh"

# Elsewhere: another umask, time zone, language and folder, and files of another time.
elsewhere() { # DIRECTORY command...
	cd "$1" && shift && umask 077 && TZ=Pacific/Kiritimati LC_ALL=C HOME=$T "$@"
}

from_archive() {
	mkdir "$T/again" && tar -xf "$T/one.tar.xz" -C "$T/again" || return
	touch "$T/again/libmynuma-$version/README.md"
	(elsewhere "$T/again/libmynuma-$version" sh -c './configure --quiet && "$0" -s dist' "$make") \
		>"$T/log" 2>&1 || {
		tail -n 20 "$T/log"
		return 1
	}
	mv "$T/again/libmynuma-$version/libmynuma-$version.tar.xz" "$T/two.tar.xz"
}

# The sources as they are in git, or as the archive has them.
from_copy() {
	mkdir "$T/copy" && cd "$top_srcdir" || return
	git ls-files -co --exclude-standard | while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done | tar -cf - -T - | tar -xf - -C "$T/copy"
	(elsewhere "$T/copy" sh -c './bootstrap && mkdir b && cd b && ../configure --quiet && "$0" -s dist' \
		"$make") >"$T/log" 2>&1 || {
		tail -n 20 "$T/log"
		return 1
	}
	mv "$T/copy/b/libmynuma-$version.tar.xz" "$T/three.tar.xz"
}

same() { # ONE OTHER
	cmp "$1" "$2" || {
		tar -tvf "$1" >"$T/list1"
		tar -tvf "$2" | diff "$T/list1" - | head -n 20
		return 1
	}
}

orderly() {
	tar -tf "$T/one.tar.xz" | sed 's,/$,,' | tr / '\001' | LC_ALL=C sort -c &&
		! tar --numeric-owner -tvf "$T/one.tar.xz" | grep -v ' 0/0 ' &&
		[ "$(tar --full-time -tvf "$T/one.tar.xz" | awk '{ print $4, $5 }' | sort -u | wc -l)" = 1 ]
}

SOURCE_DATE_EPOCH=$(sh "$top_srcdir/packaging/release-date.sh") || exit 99
export SOURCE_DATE_EPOCH
check "an archive" make_dist "$T/one.tar.xz"
[ -s "$T/one.tar.xz" ] || give_up "there is no archive"
check "in order, nobody's, of one time" orderly
check "another from what is in it" from_archive
check "is the same" same "$T/one.tar.xz" "$T/two.tar.xz"
if [ -e "$top_srcdir/.git" ]; then
	check "a third from the sources, bootstrapped anew" from_copy
	check "is the same" same "$T/one.tar.xz" "$T/three.tar.xz"
fi
tap_done
