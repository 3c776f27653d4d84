#!/bin/sh
# SPDX-License-Identifier: MIT
# Gets what the lab boots, from Debian's archive, without touching the machine's own set-up: a private
# apt state for the suite and architecture, packages only unpacked (never installed), all in one cache.
#
#	fetch.sh [--update] KERNEL	prints the path of its vmlinuz
#	fetch.sh [--update] i386-root	prints a directory with i386 busybox, libc and numactl unpacked
#	fetch.sh --list			the kernels' names
#
# KERNEL: 6.1, 6.12, ... (that version, amd64, wherever it is), newest, 6.1-i386 (no NUMA at all).
# What is cached is used without any network; --update looks again. Several may run at a time.
# Status 0; 77: the archive cannot be reached or has no such package (said on stderr); 2: usage.
set -eu
umask 022

cache=${MYNUMA_LAB_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/libmynuma-lab}

say() { echo "lab/fetch: $*" >&2; }
away() {
	say "$*"
	exit 77
}

# The archive's address, as this machine's own sources name it for its own release.
mirror() {
	release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	apt-get indextargets --format '$(CREATED_BY) $(RELEASE) $(REPO_URI)' 2>/dev/null |
		awk -v r="$release" '$1 == "Packages" && $2 == r { print $3; exit }'
}

# apt_do SUITE ARCH apt-get|apt-cache ARGS: with the private state of that suite.
apt_do() {
	state=$cache/apt/$1-$2
	tool=$3
	arch=$2
	shift 3
	"$tool" -q -o Dir::Etc::SourceList="$state/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
		-o Dir::State="$state" -o Dir::State::Lists="$state/lists" -o Dir::State::status=/dev/null \
		-o Dir::Cache="$state/cache" -o Dir::Log="$state" \
		-o APT::Architecture="$arch" -o APT::Architectures="$arch" \
		-o APT::Sandbox::User= -o Acquire::Languages=none -o Acquire::Retries=3 \
		-o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 "$@"
}

# The suite's package lists, once per run of this script.
refresh() { # suite arch
	state=$cache/apt/$1-$2
	[ ! -e "$state/fresh.$$" ] || return 0
	uri=$(mirror)
	[ -n "$uri" ] || away "this machine's apt sources name no Debian archive"
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg arch=$2] $uri $1 main" \
		>"$state/sources.list"
	apt_do "$1" "$2" apt-get update -o APT::Update::Error-Mode=any >"$state/update.log" 2>&1 || {
		sed 's/^/lab\/fetch: /' "$state/update.log" >&2
		away "no package lists for $1 ($2)"
	}
	: >"$state/fresh.$$"
	fresh="${fresh-} $state/fresh.$$"
}

# The newest package of the suite whose name fits: "VERSION RANK SUITE ARCH NAME"; nothing if there is none.
# Since 7.x the image is
# in linux-binary-* (rank 2), and linux-image-* of the same version has only the rest.
newest_package() { # suite arch pattern
	refresh "$1" "$2"
	apt_do "$1" "$2" apt-cache pkgnames linux- | grep -Ex -- "$3" |
		sed -E -e "s/^linux-image-(unsigned-)?([0-9].*)/\\2 1 $1 $2 &/" \
			-e "s/^linux-binary-(unsigned-)?([0-9].*)/\\2 2 $1 $2 &/" |
		sort -V | tail -n 1
}

unpack() { # suite arch name directory
	deb=$(mktemp -d "$cache/deb.XXXXXX")
	if ! (cd "$deb" && apt_do "$1" "$2" apt-get download "$3") >"$deb/log" 2>&1; then
		sed 's/^/lab\/fetch: /' "$deb/log" >&2
		rm -rf "$deb"
		away "cannot download $3 from $1 ($2)"
	fi
	dpkg -x "$deb"/*.deb "$4"
	rm -rf "$deb"
}

fetch_kernel() { # name
	case $1 in
	*-i386)
		flavour=686 arch=i386 suites=bookworm version=${1%-i386}
		;;
	newest)
		flavour=cloud-amd64 arch=amd64 suites="sid trixie-backports" version='[0-9]+.[0-9]+'
		;;
	*)
		flavour=cloud-amd64 arch=amd64 version=$1
		case $1 in
		6.1) suites=bookworm ;;
		6.12) suites=bookworm-backports ;;
		*) suites="trixie-backports sid" ;;
		esac
		;;
	esac
	# An ABI suffix may follow the version: 6.1.0-40, 6.12.90+deb12, 7.2.13+deb14.1
	version=$(echo "$version" | sed 's/\./\\./g')
	pattern="linux-(image|binary)-(unsigned-)?${version}[.+~-][0-9a-z.+~-]*-$flavour"
	for suite in $suites; do
		newest_package "$suite" "$arch" "$pattern"
	done >"$new.found"
	sort -V "$new.found" | tail -n 1 >"$new/package"
	rm -f "$new.found"
	read -r _ _ suite arch package <"$new/package" || away "no kernel $1 in: $suites"
	say "$1: $package ($suite)"
	unpack "$suite" "$arch" "$package" "$new/unpacked"
	find "$new/unpacked" -type f -name 'vmlinuz*' >"$new/names"
	read -r image <"$new/names" || away "$package holds no kernel image"
	cp "$image" "$new/vmlinuz"
	find "$new/unpacked" -type f -path '*/boot/config-*' -exec cp {} "$new/config" ';'
	# The modules are not used; drop 100 MB a kernel.
	rm -rf "$new/unpacked" "$new/names"
}

fetch_i386_root() {
	refresh bookworm i386
	for package in busybox-static libc6 libgcc-s1 libnuma1 numactl; do
		unpack bookworm i386 "$package" "$new"
	done
}

update=no
while :; do
	case ${1-} in
	--update) update=yes ;;
	--list)
		printf '%s\n' 6.1 6.12 newest 6.1-i386
		exit 0
		;;
	*) break ;;
	esac
	shift
done
what=${1-}
case $what in
i386-root) result='' ;;
newest | *-i386 | [0-9]*.[0-9]*) result=/vmlinuz ;;
*)
	say "usage: fetch.sh [--update] KERNEL|i386-root"
	exit 2
	;;
esac

if [ "$update" = yes ] || [ ! -d "$cache/$what" ]; then
	mkdir -p "$cache"
	# One at a time; who waited finds it done. No descriptor is left to children that may stay.
	exec 9>"$cache/lock"
	flock 9
	if [ "$update" = yes ] || [ ! -d "$cache/$what" ]; then
		new=$cache/new.$what
		fresh=
		trap 'rm -rf $fresh "$new" "$new.found"' EXIT
		rm -rf "$new" "$new.found"
		mkdir "$new"
		if [ "$what" = i386-root ]; then
			fetch_i386_root
		else
			fetch_kernel "$what"
		fi
		rm -rf "${cache:?}/$what"
		mv "$new" "$cache/$what"
	fi
	exec 9>&-
fi
echo "$cache/$what$result"
