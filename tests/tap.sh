# SPDX-License-Identifier: MIT
# TAP for shell tests: source this file, then
#	check "what should hold" command args...	passes if the command succeeds
#	check_same "what" expected-file actual-file	passes if the files are equal
#	skip "what" "why"				under CI the runner counts it as a failure
#	tap_done					writes the plan, sets the exit status
# shellcheck shell=sh

tap_n=0
tap_bad=0

tap_result() { # ok|not-ok text
	tap_n=$((tap_n + 1))
	if [ "$1" = ok ]; then
		echo "ok $tap_n - $2"
	else
		tap_bad=$((tap_bad + 1))
		echo "not ok $tap_n - $2"
	fi
}

check() {
	tap_what=$1
	shift
	if tap_out=$("$@" 2>&1); then
		tap_result ok "$tap_what"
	else
		tap_result not-ok "$tap_what"
		printf '%s\n' "$tap_out" | sed 's/^/# /'
	fi
}

check_same() {
	check "$1" diff -u "$2" "$3"
}

skip() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

tap_done() {
	echo "1..$tap_n"
	[ "$tap_bad" -eq 0 ]
	exit
}
