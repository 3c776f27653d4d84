#!/bin/sh
# SPDX-License-Identifier: MIT
# Fetches the second libnuma to compare with: oracle.sh DIR unpacks Debian 13's libnuma1 and the
# C library it needs into DIR, through an apt state of its own that touches nothing of the
# system's. The mirror is the one this machine's own apt uses. What was fetched once is kept.
set -eu
dir=$1
suite=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

[ -e "$dir/ready" ] && exit 0
rm -rf "$dir"
mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" "$dir/root"
dir=$(cd "$dir" && pwd)

mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
	sed -n 's/^URIs:[ ]*\([^ ]*\).*/\1/p; s/^deb[ ]\(\[[^]]*\][ ]*\)\{0,1\}\([^ ]*\) .*/\2/p' |
	grep '/debian/*$' | head -n 1)
[ -n "$mirror" ] || {
	echo "no Debian mirror among this machine's apt sources"
	exit 1
}
[ -e "$keyring" ] || {
	echo "no $keyring"
	exit 1
}
echo "deb [signed-by=$keyring] $mirror $suite main" >"$dir/sources.list"

apt() {
	apt-get -q -o Dir::Etc::SourceList="$dir/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::State::Lists="$dir/lists" -o Dir::Cache="$dir/cache" -o APT::Sandbox::User=root \
		-o Acquire::Retries=3 -o Acquire::http::Timeout=20 "$@"
}

apt update
cd "$dir"
apt download "libnuma1/$suite" "libc6/$suite"
for deb in libnuma1_*.deb libc6_*.deb; do
	dpkg-deb -x "$deb" root
done
set -- libnuma1_*.deb
dpkg-deb -f "$1" Version >version
ln -s "$(echo root/usr/lib/*/libnuma.so.1)" libnuma.so.1
ln -s "$(echo root/usr/lib/*/ld-linux-*.so.2)" ld.so
rm -rf lists cache sources.list ./*.deb
: >ready
