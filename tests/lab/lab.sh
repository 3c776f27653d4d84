#!/bin/sh
# SPDX-License-Identifier: MIT
# The lab's matrix: each line is a kernel, a shape and the jobs to run on it; one boot and one TAP line a job.
#
#	lab.sh [--short|--all] [--kernel K] [--shape S] [--job J] [--rounds N] [--list]
#
# --short (as in `make check`): a NUMA kernel with four nodes, and the kernel without NUMA.
# The filters take part of either list. What a job is: see jobs/README. --rounds runs each N times, for jobs
# that do something else each time: LAB_ROUND counts from 0.
# Logs, with each machine's console: in $LAB_LOGS, if that is set.
# A job that lacks something (not built, no network) is a skip; under CI its runner counts it as a failure.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../tap.sh
. "$here/../tap.sh"

all='
6.1	1	smoke native probe diff
6.1	2	smoke native diff simulated
6.1	4	smoke native unit probe diff diff32 simulated
6.1	8	smoke native diff
6.1	memless	smoke native probe diff simulated
6.1	cpuless	smoke native diff simulated
6.1	65	smoke native diff
6.12	1	smoke native diff
6.12	2	smoke native diff
6.12	4	smoke native unit probe diff diff32
6.12	8	smoke native diff
6.12	memless	smoke native diff
6.12	cpuless	smoke native diff
6.12	65	smoke native diff diff32
newest	1	smoke native diff
newest	2	smoke native diff
newest	4	smoke native unit probe diff diff32
newest	8	smoke native diff simulated
newest	memless	smoke native diff
newest	cpuless	smoke native probe diff
newest	64	smoke native diff
newest	65	smoke native diff
newest	128	smoke native diff diff32
6.1-i386	1	smoke native unit
'
short='
6.1	4	smoke native unit simulated
6.12	4	diff diff32
6.1-i386	1	smoke native unit
'

matrix=$all only_kernel='' only_shape='' only_job='' rounds=1 list=no
while [ $# -gt 0 ]; do
	case $1 in
	--all) matrix=$all ;;
	--short) matrix=$short ;;
	--list) list=yes ;;
	--kernel | --shape | --job | --rounds)
		[ $# -gt 1 ] || {
			echo "lab: $1 needs a value" >&2
			exit 2
		}
		case $1 in
		--kernel) only_kernel=$2 ;;
		--shape) only_shape=$2 ;;
		--job) only_job=$2 ;;
		--rounds) rounds=$2 ;;
		esac
		shift
		;;
	*)
		echo "lab: unknown option $1" >&2
		exit 2
		;;
	esac
	shift
done

: "${top_srcdir:=$(cd "$here/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${CC:=cc}"
# For 32-bit programs. Debian's gcc-multilib cannot be installed beside its cross compilers.
if [ -z "${CC32:-}" ]; then
	CC32="$CC -m32"
	! command -v i686-linux-gnu-gcc >/dev/null || CC32=i686-linux-gnu-gcc
fi
export top_srcdir top_builddir CC CC32
LAB_WORK=$(mktemp -d "${TMPDIR:-/tmp}/mynuma-lab-jobs.XXXXXX")
export LAB_WORK
logs=${LAB_LOGS:-$LAB_WORK/logs}
trap 'rm -rf "$LAB_WORK"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# What failed, as comments: the log's "not ok" lines with the comments around them, else its end.
diagnose() { # log
	tr -d '\r' <"$1" | awk '
	/^#/ { if (after) print; else before = before $0 "\n"; next }
	/^not ok/ { printf "%s%s\n", before, $0; after = 1; found = 1; before = ""; next }
	{ after = 0; before = "" }
	END { exit !found }' >"$LAB_WORK/why" || tail -n 15 "$1" >"$LAB_WORK/why"
	head -n 50 "$LAB_WORK/why" | sed 's/^/# | /'
}

run_job() { # kernel shape job
	what="$1, $2 nodes: $3"
	case $2 in *[!0-9]*) what="$1, $2: $3" ;; esac
	[ "$rounds" = 1 ] || what="$what, round $((LAB_ROUND + 1)) of $rounds"
	log=$logs/$1-$2-$3.log
	[ "$LAB_ROUND" = 0 ] || log=$logs/$1-$2-$3.$LAB_ROUND.log
	script=$here/jobs/$3.sh
	export LAB_KERNEL="$1" LAB_SHAPE="$2"
	# What the job wants in the machine: options and files for run.sh, a line each.
	status=0
	sh -eu "$script" files >"$LAB_WORK/files" 2>"$log" || status=$?
	if [ "$status" -eq 77 ]; then
		skip "$what" "$(tail -n 1 "$log")"
		return
	elif [ "$status" -ne 0 ]; then
		tap_result not-ok "$what (preparing it)"
		diagnose "$log"
		return
	fi
	set --
	while read -r line; do
		set -- "$@" "$line"
	done <"$LAB_WORK/files"
	began=$(date +%s)
	sh "$here/run.sh" --kernel "$LAB_KERNEL" --shape "$LAB_SHAPE" --whole --timeout 900 --console "$log.console" \
		"$@" "$here/../tap.sh:tap.sh" "$here/nodes.sh:nodes.sh" "$script:job.sh" -- sh -u job.sh run \
		>"$log" 2>"$log.lab" || status=$?
	cat "$log.lab" >>"$log"
	sed 's/^/# /' "$log.lab"
	rm -f "$log.lab"
	case $status in
	0) tap_result ok "$what" ;;
	77) skip "$what" "$(tail -n 1 "$log")" ;;
	*)
		tap_result not-ok "$what (status $status)"
		diagnose "$log"
		;;
	esac
	echo "# $(($(date +%s) - began)) s"
}

printf '%s\n' "$matrix" >"$LAB_WORK/matrix"
[ "$list" = yes ] || mkdir -p "$logs"
while read -r kernel shape jobs <&3; do
	[ -n "$kernel" ] || continue
	[ -z "$only_kernel" ] || [ "$kernel" = "$only_kernel" ] || continue
	[ -z "$only_shape" ] || [ "$shape" = "$only_shape" ] || continue
	for job in $jobs; do
		[ -z "$only_job" ] || [ "$job" = "$only_job" ] || continue
		if [ "$list" = yes ]; then
			echo "$kernel $shape $job"
		else
			LAB_ROUND=0
			while [ "$LAB_ROUND" -lt "$rounds" ]; do
				export LAB_ROUND
				run_job "$kernel" "$shape" "$job"
				LAB_ROUND=$((LAB_ROUND + 1))
			done
		fi
	done
done 3<"$LAB_WORK/matrix"
[ "$list" = yes ] || tap_done
