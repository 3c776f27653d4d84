#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: who may have a simulated machine: everybody; what is not to be had is said in a line.

# shellcheck source=tests/sim/lib.sh
. "${top_srcdir:?run by make check}/tests/sim/lib.sh"
need numactl numactl
need setpriv util-linux
need unshare util-linux

# A copy that every user can reach, wherever this is built.
mkdir -p "$T/bin" "$T/lib" "$T/own"
built=$top_builddir/tools/.libs/mynuma
[ -e "$built" ] || built=$top_builddir/tools/mynuma
cp "$built" "$T/bin/mynuma"
cp "$MYNUMA_LIB" "$T/own/libmynuma.so.1"
LD_LIBRARY_PATH=$T/own
export LD_LIBRARY_PATH
cp "$MYNUMA_SIM_LIB" "$T/lib/libnuma.so.1"
cp "$top_builddir/tests/sim/confined" "$top_builddir/tests/sim/calls" "$T/bin/"
chmod -R a+rX "$T/bin" "$T/lib" "$T/own"
mynuma=$T/bin/mynuma
MYNUMA_SIM_LIB=$T/lib/libnuma.so.1
real_online=$(cat $node/online 2>/dev/null)

nobody() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		"$@" # is not root either
	fi
}
as_nobody() {
	nobody "$mynuma" run -t 4x2:1G -- "$@"
}

# Without privilege, with user namespaces.
says "nobody has the CPUs" 8 as_nobody nproc
has "and the nodes" "available: 4 nodes (0-3)" as_nobody numactl --hardware
says "and the files" "0-3" as_nobody cat $node/online
says "and is who it was" "$(nobody id -u):$(nobody id -g)" as_nobody sh -c 'echo "$(id -u):$(id -g)"'
check "and has all calls" as_nobody "$T/bin/calls"
says "a policy goes to the next program" "membind: 1 2 " as_nobody \
	sh -c 'numactl --membind=1-2 numactl --show | grep ^membind'

# Without user namespaces, and no right to mount.
without_namespaces() {
	unshare --user --map-root-user sh -c \
		'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' sh \
		setpriv --bounding-set=-all --inh-caps=-all "$mynuma" run -t 4x2:1G -- "$@"
}
refused() { # CONFINEMENT...
	gives "$1: the program runs" 0 "$@" sh -c "cat $node/online; nproc"
	check "$1: it has the CPUs, and the real files" \
		[ "$(paste -s -d ' ' "$T/out")" = "${real_online:+$real_online }8" ]
	check "$1: one line says why" [ "$(wc -l <"$T/err")" -eq 1 ]
	check "$1: which is this" grep -q '^mynuma run: .*; the program sees the real /sys$' "$T/err"
	gives "$1: the calls work" 0 "$@" "$T/bin/calls"
	gives "$1: libnuma works" 0 "$@" numactl --hardware
	check "$1: with its nodes" grep -qx 'available: 4 nodes (0-3)' "$T/out"
}
refused without_namespaces

# Under filters.
confined_refuse() { "$T/bin/confined" refuse "$mynuma" run -t 4x2:1G -- "$@"; }
confined_kill() { nobody "$T/bin/confined" kill "$mynuma" run -t 4x2:1G -- "$@"; }
sandboxed() {
	"$top_builddir/tests/sandbox/sandbox" docker "$T/bin/confined" refuse \
		"$mynuma" run -t 4x2:1G -- "$@"
}
refused confined_refuse
refused confined_kill
refused sandboxed

# In a chroot whose root is no mount.
chrooted() {
	# shellcheck disable=SC2016 # the inner shell's
	unshare --mount --propagation private sh -c '
		jail=$1 && shift && mkdir -p "$jail" || exit 1
		for dir in /bin /lib* /usr /etc /proc /sys /tmp "${mynuma%/bin/*}"; do
			if [ -L "$dir" ]; then
				cp -P "$dir" "$jail/"
			else
				mkdir -p "$jail$dir" && mount --rbind "$dir" "$jail$dir"
			fi || exit 1
		done
		exec chroot "$jail" "$@"' sh "$T/jail" "$mynuma" run -t 4x2:1G -- "$@"
}
if [ "$(id -u)" = 0 ]; then
	export mynuma MYNUMA_SIM_LIB
	says "root in a chroot has the files" "0-3" chrooted cat $node/online
	says "and they are seen nowhere else" "$real_online" cat $node/online
else
	skip "root in a chroot has the files" "only root can make one"
fi

# What cannot be simulated.
obstacle() { # "what" "why" PROGRAM...
	obstacle_what=$1 obstacle_why=$2
	shift 2
	gives "$obstacle_what is refused" 123 "$@"
	check "$obstacle_what: one line says why" sh -c \
		'[ "$(wc -l <"$1")" -eq 1 ] && grep -q "$2; it cannot be simulated by preloading" "$1"' \
		sh "$T/err" "$obstacle_why"
}
printf 'int main(void) { return 0; }\n' >"$T/x.c"
# shellcheck disable=SC2086 # CC may have options
${CC:-cc} -static -o "$T/bin/static" "$T/x.c" && ${CC:-cc} -o "$T/bin/dynamic" "$T/x.c" || {
	tap_result not-ok "programs can be built"
	tap_done
}
printf '#!%s\n' "$T/bin/static" >"$T/bin/script"
chmod 755 "$T/bin/script"
obstacle "a static program" "it is statically linked" on 2x1 "$T/bin/static"
obstacle "a script of a static program" "it is statically linked" on 2x1 "$T/bin/script"
PATH=$T/bin:$PATH
obstacle "a static program in PATH" "it is statically linked" on 2x1 static
gives "a dynamic one runs" 0 on 2x1 dynamic
if [ "$(id -u)" = 0 ]; then
	chmod 4755 "$T/bin/dynamic"
	obstacle "a setuid program" "it is a setuid program" as_nobody "$T/bin/dynamic"
	gives "to its owner it is one like others" 0 on 2x1 "$T/bin/dynamic"
	chgrp 0 "$T/bin/dynamic" && chmod 2755 "$T/bin/dynamic"
	obstacle "a setgid program" "it is a setgid program" as_nobody "$T/bin/dynamic"
else
	skip "a setuid program is refused" "only root can make one that is another's"
fi
tap_done
