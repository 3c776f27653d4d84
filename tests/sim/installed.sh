#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: as it is installed: the command finds its library, which answers to each name by which
# libnuma can be asked for and is one file, so that a process has one machine.

# shellcheck source=tests/sim/lib.sh
. "${top_srcdir:?run by make check}/tests/sim/lib.sh"
need python3 python3

in_root() {
	"${MAKE:-make}" -C "$top_builddir" -s install DESTDIR="$T/root"
}
check "make install" in_root
dir=$(find "$T/root" -type d -path '*/mynuma/sim')
check "the simulation has its folder" [ -n "$dir" ]
inode() { stat -L -c %i "$dir/$1"; }
for name in libmynuma-sim.so libmynuma.so.1; do
	check "$name is libnuma.so.1" [ "$(inode $name)" = "$(inode libnuma.so.1)" ]
done

# By its own names, whichever comes first.
MYNUMA_SIM_LIB=$dir/libnuma.so.1
opened() { # NAME...
	on 4x2:1G python3 -c '
import ctypes, sys
me = ctypes.CDLL(None)
address = lambda f: ctypes.cast(f, ctypes.c_void_p).value
for name in sys.argv[1:]:
    lib = ctypes.CDLL(name)
    assert address(lib.numa_max_node) == address(me.numa_max_node), name
    assert lib.numa_max_node() == 3, name
libs = set(line.split()[-1] for line in open("/proc/self/maps") if "numa" in line)
assert len(libs) == 1, libs' "$@"
}
check "every name opens the one library" opened libnuma.so.1 libmynuma.so.1 libmynuma-sim.so
check "uninstall leaves nothing of it" sh -c \
	'"$1" -C "$2" -s uninstall DESTDIR="$3" >/dev/null && [ -z "$(find "$3" -name "*numa*so*")" ]' \
	sh "${MAKE:-make}" "$top_builddir" "$T/root"
tap_done
