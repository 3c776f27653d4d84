#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: the commands of README's section on simulated machines run as they are printed.
. "${top_srcdir:?run by make check}/tests/sim/lib.sh"

section=$(sed -n '/^## A machine you do not have/,/^`mynuma run`/p' "$top_srcdir/README.md" |
	sed -n 's/^    //p')
check "the section has commands" [ "$(echo "$section" | wc -l)" -ge 5 ]
PATH=$top_builddir/tools:$PATH
export PATH
need memhog numactl
cd "$T" || exit 99
echo "$section" >commands
while read -r command; do
	check "$command" sh -c "$command" </dev/null
done <commands
picture() {
	grep -q '<svg' server.svg
}
check "there is a picture" picture
tap_done
