#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: the command itself: help, version, wrong names; the help of every subcommand; and
# completion offers the subcommands and options that the helps tell of.

# shellcheck source=tests/tools/lib.sh
. "${top_srcdir:?run by make check}/tests/tools/lib.sh"

mynuma --help >help 2>&1
check "--help succeeds" mynuma --help
subcommands=$(sed -n 's/^  \([a-z]*\) .*/\1/p' help)
knows_all() {
	for name in topology where doctor trace; do
		printf '%s\n' "$subcommands" | grep -x "$name" || return 1
	done
}
check "--help tells of all subcommands" knows_all
version() { [ "$(mynuma --version)" = "mynuma $(sed -n 's/^PACKAGE_VERSION = //p' "$top_builddir/Makefile")" ]; }
check "--version" version
without() {
	mynuma 2>err
	[ $? -eq 2 ] && cmp err help
}
check "without a subcommand: the help on stderr, 2" without
full() { mynuma --help >/dev/full; }
gives "--help to a full disk" 1 "" "mynuma: writing failed: No space left on device" full
gives "a wrong subcommand" 2 "" 'mynuma: there is no command "topologie"; see mynuma --help' \
	mynuma topologie
told="libmynuma: MYNUMA_TOPOLOGY=4y: a comma or the end must stand here, at character 2; the variable is ignored"
gives "where, a wrong MYNUMA_TOPOLOGY" 0 "" "$told" env MYNUMA_TOPOLOGY=4y mynuma where -o out -- true
gives "trace, a wrong MYNUMA_TOPOLOGY" 0 "" "$told" env MYNUMA_TOPOLOGY=4y mynuma trace -o out -- true
[ ! -e "$MYNUMA_SIM_LIB" ] || gives "run, a wrong MYNUMA_TOPOLOGY" 2 "" "$told
mynuma run: no machine is described
See mynuma run --help" env MYNUMA_TOPOLOGY=4y mynuma run -- true

# Options as the helps and the pages have them: both or neither.
options_of() { grep -o -e '--[a-z][a-z-]*' | sort -u; }
for name in $subcommands; do
	check "$name --help succeeds" mynuma "$name" --help
	gives "$name --nonsense" 2 "" "mynuma $name: unrecognized option '--nonsense'
See mynuma $name --help" mynuma "$name" --nonsense
	mynuma "$name" --help | options_of >options
	grep '^\.It Fl' "$top_srcdir/man/mynuma-$name.1" | grep -o 'Fl -[a-z-]*' | sed 's/Fl -/--/' |
		options_of >page
	grep -v -x -e --help options >expected
	grep -v -x -e --help page >got
	check_same "$name: mynuma-$name(1) has the options of --help" expected got
done

# completes WORD...: what completion offers for the last word
completes() {
	bash -c '. "$1"; shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
		_mynuma "$1" "${@: -1}" "${@: -2:1}"
		printf "%s\n" "${COMPREPLY[@]}"' sh "$top_srcdir/tools/mynuma.bash" "$@" | sort
}
printf '%s\n' $subcommands | sort >expected
completes mynuma '' | grep -v '^-' | grep -v -x run >got
grep -v -x run expected >expected.norun
check_same "completion: the subcommands" expected.norun got
for name in $subcommands; do
	mynuma "$name" --help | options_of >expected
	completes mynuma "$name" -- >got
	check_same "completion: the options of $name" expected got
done
touch server.numa
printf '@server.numa\n' >expected
completes mynuma topology --topology @ser >got
check_same "completion: a file for --topology" expected got
# As bash splits them; it wants the @ back, but not the =.
completes mynuma topology --topology @ ser >got
check_same "completion: a file for --topology, @ a word of its own" expected got
completes mynuma run --topology =@ ser >got
check_same "completion: a file for --topology=" expected got
completes mynuma run -t @ | grep -x @server.numa >got
check_same "completion: all files for -t" expected got
echo server.numa >expected
completes mynuma topology --save = ser >got
check_same "completion: a file for --save=" expected got
completes mynuma topology --svg = | grep -x server.numa >got
check_same "completion: all files for --svg=" expected got
echo >expected
completes mynuma topology --save ser >got
check_same "completion: no file for --save" expected got
for words in 'run' 'run -n --topology 4x2' 'run -t 4x2 --' 'run -t @ server.numa' 'trace -o server.numa' \
	'where --topology = 4x2 --'; do
	# shellcheck disable=SC2086 # these are words
	completes mynuma $words bas >got
	check "completion: a program after $words" grep -qx bash got
done
completes mynuma where bas >got
check_same "completion: no program where a process stands" expected got
echo server.numa >expected
completes mynuma run -t 4x2 cat ser >got
check_same "completion: what a program may be given" expected got
echo where >expected
completes mynuma wh >got
check_same "completion: the beginning of a subcommand" expected got

tap_done
