#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: from the release's archive Debian's packages are built, are as lintian wants them, install in
# a clean root, run client programs there, take libnuma's place, give it back, and leave nothing behind.

# shellcheck source=tests/packages/lib.sh
. "${top_srcdir:?run by make check}/tests/packages/lib.sh"

root=$T/root

# The archive of the release, and its sources with Debian's part added.
unpack() {
	make_dist "$T/libmynuma_$version.orig.tar.xz" && cd "$T" &&
		tar -xf "libmynuma_$version.orig.tar.xz" &&
		cp -R "libmynuma-$version/packaging/debian" "libmynuma-$version/debian"
}

build() {
	(cd "$T/libmynuma-$version" && quietly env DEB_BUILD_OPTIONS="parallel=$(nproc)" \
		dpkg-buildpackage -us -uc)
}

# initial-upload-closes-no-bugs: there is no bug in Debian's tracker to close.
complaints() {
	lintian --allow-root --color never --fail-on error,warning --display-info --tag-display-limit 0 \
		--suppress-tags initial-upload-closes-no-bugs \
		"$T"/libmynuma_*.changes >"$T/lintian" 2>&1 ||
		{
			cat "$T/lintian"
			return 1
		}
}

changelog_is_of() { # VERSION
	[ "$(dpkg-parsechangelog -l "$top_srcdir/packaging/debian/changelog" -S Version)" = "$1-1" ]
}

# Where this machine has its packages from.
mirror() {
	for list in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list.d/ubuntu.sources \
		/etc/apt/sources.list; do
		[ ! -s "$list" ] || ! grep -q '^[^#]' "$list" || {
			echo "$list"
			return
		}
	done
}

make_root() {
	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	# shellcheck disable=SC2046 # none or one
	quietly mmdebstrap --variant=apt --include=numactl,gcc,libc6-dev,pkg-config "$codename" \
		"$root" $(mirror) || return
	# The libnuma to go back to, so that nothing is asked of the network later.
	(cd "$T" && quietly apt-get download "libnuma1=$(in_root dpkg-query -W -f '${Version}' libnuma1)") &&
		cp "$T"/*.deb "$root/tmp/"
}

# As on a system, in mounts that end with the command.
in_root() {
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount sh -c 'mount -t proc proc "$0/proc" && mount --rbind /sys "$0/sys" &&
		exec chroot "$0" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive "$@"' "$root" "$@"
}

# Names in $root/tmp; nothing comes from elsewhere.
installs() { # PACKAGE...
	files=
	for package; do
		files="$files $(cd "$root" && echo tmp/"$package"_*.deb | sed 's,^,/,')"
	done
	# shellcheck disable=SC2086 # a word each
	quietly in_root apt-get install -y -o Dpkg::Use-Pty=0 \
		--no-install-recommends --allow-downgrades $files
}

removes() { # PACKAGE...
	quietly in_root apt-get purge -y -o Dpkg::Use-Pty=0 "$@"
}

is_gone() { # PACKAGE
	! in_root dpkg-query -W "$1" 2>/dev/null
}

# Every file, and what it is; less the records that change with each installation.
state() {
	in_root find / -xdev \( -path /proc -o -path /sys -o -path /tmp -o -path /var/log -o \
		-path /var/cache -o -path '/var/lib/dpkg/*-old' -o -path /var/lib/dpkg/lock -o \
		-path /var/lib/dpkg/triggers -o -path '/var/lib/apt/*' \) -prune -o \
		! -type d ! -path /var/lib/dpkg/status ! -path /etc/ld.so.cache \
		-printf '%p %m %l %s\n' | sort
	in_root dpkg-query -W -f '${Package} ${Version} ${Status}\n' | grep -v 'not-installed$'
}

is_as_before() { # FILE
	state >"$T/now" && diff "$1" "$T/now"
}

# The tests that the packages bring along, by their own names.
client() { # NAME
	cp "$T/libmynuma-$version/debian/tests/$1" "$root/tmp/client" &&
		in_root sh -c 'rm -rf /tmp/work && mkdir /tmp/work &&
			AUTOPKGTEST_TMP=/tmp/work exec /tmp/client'
}

has_links() { # of the libnuma.so.1 of the system
	in_root sh -c 'ldconfig -p | grep "libnuma\.so\.1"'
}

man_pages() {
	dpkg-deb -c "$T"/libmynuma-dev_*.deb >"$T/contents" &&
		grep -q 'man3/numa_alloc.3mynuma.gz' "$T/contents" &&
		grep -q 'man3/numa_free.3mynuma.gz -> numa_alloc' "$T/contents"
}

check "the release's archive has what the packages need" unpack
check "Debian's changelog is of this release" changelog_is_of "$version"
check "the packages build, and pass the tests of the library" build
[ -e "$(echo "$T"/libmynuma1_*.deb)" ] || give_up "there are no packages"
check "lintian has no error and no warning" complaints
check "the manual is packed, with its aliases" man_pages

# The files and the installed packages of the root, before and after.
check "a clean root with numactl and libnuma" make_root
[ -x "$root/usr/bin/numactl" ] || give_up "there is no clean root"
state >"$T/clean"

check "the library and its development files install" installs libmynuma1 libmynuma-dev
for client in link preload; do
	check "client programs there: $client" client "$client"
done
check "the command installs" installs mynuma
check "client programs there: simulated" client simulated
check "and is removed" removes mynuma
check "they are removed" removes libmynuma1 libmynuma-dev
check "without a trace" is_as_before "$T/clean"

check "libmynuma takes libnuma's place" installs libmynuma-replace-libnuma
check "client programs there: in-place" client in-place
check "libnuma1 is installed again" installs libnuma1
check "the package that was in its place is gone" is_gone libmynuma-replace-libnuma
check "and all is as it was" is_as_before "$T/clean"
check "also for numactl" in_root numactl --show
tap_done
