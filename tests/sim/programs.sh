#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: programs written for this test, linked with libc only, on a simulated machine; and
# what `mynuma run` itself answers.

# shellcheck source=tests/sim/lib.sh
. "${top_srcdir:?run by make check}/tests/sim/lib.sh"
bin=$top_builddir/tests/sim

check "raw calls, CPUs and memory" on 4x2:1G "$bin/calls"
check "threads, children and programs" on 4x2:1G "$bin/tasks"
check "raw calls, without a view of /sys" \
	timeout "$limit" "$mynuma" run -n -t 4x2:1G -- "$bin/calls"
check "threads and programs, without a view of /sys" \
	timeout "$limit" "$mynuma" run -n -t 4x2:1G -- "$bin/tasks"

# Not on that machine the same programs fail.
real() { ! "$@"; }
check "the raw calls are not those of the real machine" real "$bin/calls"
check "the tasks are not those of the real machine" real "$bin/tasks"

# The command itself.
gives "mynuma run --help" 0 "$mynuma" run --help
check "and what it says" grep -q '^Usage: mynuma run' "$T/out"
gives "without a program" 2 "$mynuma" run -t 4x2
gives "without a machine" 2 "$mynuma" run -- true
gives "with a wrong option" 2 "$mynuma" run --no-such-option -t 4x2 -- true
one_line() { [ "$(wc -l <"$T/err")" -eq 1 ]; }
printf 'node 0 cpus 0-3\nnode 1 cpus 2-5\n' >"$T/wrong.numa"
gives "a bad description in a file" 2 "$mynuma" run -t "@$T/wrong.numa" -- true
check "in one line, with its place" \
	[ "$(cat "$T/err")" = "mynuma run: $T/wrong.numa:2:13: this CPU is in a node already" ]
gives "a description that is not there" 2 "$mynuma" run -t "@$T/nowhere" -- true
for bad in 'x' '4x2,' '4x2:' '0x2' '4x2:1Q' '4x2,dist=5' '4x99999' '4x0' '4x1:0'; do
	gives "a bad description: $bad" 2 "$mynuma" run -t "$bad" -- true
	check "in one line: $bad" one_line
	check "with its place: $bad" grep -qE 'character [0-9]+' "$T/err"
done

gives "the program's own status" 7 on 2x1 sh -c 'exit 7'
gives "a signal ends it as it would without" 139 sh -c '"$@"; exit' sh \
	"$mynuma" run -t 2x1 -- sh -c 'kill -SEGV $$'
gives "a program that is not there" 127 on 2x1 /nonexistent/program
gives "a file that is no program" 126 on 2x1 /etc/passwd
gives "a library that is not there" 125 env MYNUMA_SIM_LIB=/nonexistent/lib.so \
	"$mynuma" run -t 2x1 -- true

# What MYNUMA_TASK says has to be a policy of this machine: here nothing is preferred.
says "a policy that cannot be" 0:0:ff on 4x2:1G \
	env MYNUMA_TASK=1,0,ffffffff,3ff,0,,, "$bin/tasks" tell

# The machine is not lost.
says "env -i" 8 on 4x2:1G env -i "$(command -v nproc)"
says "an environment of its own" 8 on 4x2:1G env LD_PRELOAD= LD_LIBRARY_PATH=/x nproc
says "a shell without its variables" 8 on 4x2:1G \
	sh -c 'unset LD_PRELOAD LD_LIBRARY_PATH MYNUMA_TOPOLOGY MYNUMA_SIM; exec nproc'
tap_done
