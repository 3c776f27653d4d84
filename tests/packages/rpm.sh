#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: from the release's archive rpmbuild builds the packages and passes the tests in them, rpmlint
# has no error and no warning, and the library as packaged runs a program.

# shellcheck source=tests/packages/lib.sh
. "${top_srcdir:?run by make check}/tests/packages/lib.sh"

for tool in rpmbuild rpmlint rpm2cpio cpio; do
	command -v $tool >/dev/null || give_up "$tool is installed"
done
HOME=$T
export HOME

unpack() {
	mkdir -p "$T/rpm/SOURCES" "$T/rpm/SPECS" "$T/tree" &&
		make_dist "$T/rpm/SOURCES/libmynuma-$version.tar.xz" &&
		cp "$top_srcdir/packaging/rpm/libmynuma.spec" "$T/rpm/SPECS"
}

# The build requirements are other systems' packages; a database of this test's own.
build() {
	quietly rpmbuild -ba --nodeps --define "_topdir $T/rpm" --define "_dbpath $T/db" \
		--define '_smp_build_ncpus 2' "$T/rpm/SPECS/libmynuma.spec"
}

# What is not the spec's: a repository adds it, or each distribution names or decides it its way, or
# its own rpm does so after %install (strip, compress, link pages that are the same). Aliases of pages are
# the same on purpose, and Debian's rpmlint knows no licence and no page that is not compressed. The
# simulation's library is only ever preloaded, under a name without a version.
cat >"$T/rpmlint.toml" <<'END'
Filters = [
	"devel-file-in-non-devel-package .*/libmynuma-sim.so",
	"files-duplicate /usr/share/man/",
	"invalid-license MIT",
	"invalid-url",
	"manpage-not-compressed",
	"missing-hash-section",
	"no-buildroot-tag",
	"no-major-in-name",
	"no-manual-page-for-binary mynuma",
	"no-packager-tag",
	"no-signature",
	"no-version-in-last-changelog",
	"non-versioned-file-in-library-package /usr/lib/.build-id",
	"outside-libdir-files",
	"shlib-policy-name-error",
	"spelling-error",
	"static-library-without-debuginfo",
	"unstripped-binary-or-object",
]
END
complaints() {
	packages >"$T/packages" || return
	rpmlint -c "$T/rpmlint.toml" "$T/rpm/SPECS/libmynuma.spec" "$T"/rpm/RPMS/*/*.rpm \
		"$T"/rpm/SRPMS/*.rpm >"$T/rpmlint" 2>&1
	status=$?
	grep -E ': [EW]: ' "$T/rpmlint" && return 1
	[ $status -eq 0 ] || cat "$T/rpmlint"
	return $status
}

packages() {
	for package in libmynuma libmynuma-devel libmynuma-static mynuma; do
		ls "$T/rpm/RPMS"/*/"$package-$version"-*.rpm
	done
}

provides_no_libnuma() {
	rpm --dbpath "$T/db" -qp --provides "$T/rpm/RPMS"/*/libmynuma-"$version"-*.rpm >"$T/provides" &&
		grep -q 'libmynuma\.so\.1' "$T/provides" && ! grep 'libnuma\.so' "$T/provides"
}

runs() {
	cd "$T/tree" || return
	for package in "$T/rpm/RPMS"/*/*.rpm; do
		rpm2cpio "$package" | cpio -idm --quiet || return
	done
	library=$(find usr -name libmynuma.so)
	cc -std=gnu11 -Iusr/include/mynuma "$top_srcdir/examples/migrate.c" -o migrate "$library" || return
	said=$(MYNUMA_TOPOLOGY=4x2:4G LD_LIBRARY_PATH=${library%/*} ./migrate)
	echo "$said"
	[ "$said" = "moved from node 0 to node 3, contents kept" ]
}

check "the release's archive" unpack
check "the packages build, and pass the tests of the library" build
check "there are four of them" packages
check "rpmlint has no error and no warning" complaints
check "the library provides itself and no libnuma" provides_no_libnuma
check "a program runs on what is in them" runs
tap_done
