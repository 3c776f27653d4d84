# SPDX-License-Identifier: MIT
# For tests that build the project anew: source this file. The make that runs the test has settings that are
# for its own build alone; $make is the program.
# shellcheck shell=sh

LC_ALL=C
export LC_ALL
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES GNUMAKEFLAGS
unset CC CXX CPPFLAGS CFLAGS LDFLAGS LIBS AR NM RANLIB STRIP OBJDUMP READELF CONFIG_SITE
unset LD_PRELOAD LD_LIBRARY_PATH MYNUMA_BACKEND MYNUMA_TOPOLOGY MYNUMA_ROOT
make=${MAKE:-make}

# The tests of a build, in the current directory, that are programs, of these folders.
tests_of() {
	$make -s --no-print-directory list-tests | grep -E '^tests/(unit|emul)/' | grep -v '\.sh$'
}
