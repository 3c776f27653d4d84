#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: mynuma where counts the pages of a program where its policies put them, on a simulated
# machine and as the kernel tells of a process; text and JSON say the same.

# shellcheck source=tests/tools/lib.sh
. "${top_srcdir:?run by make check}/tests/tools/lib.sh"
caller=$top_builddir/tests/tools/caller

# The three parts of caller's memory: policy, pages by node.
pages=$(($(getconf PAGESIZE) / 1024))
cat >expected <<END
bind:1 {"1": $((4096 / pages))}
interleave:0-1 {"0": $((2048 / pages)), "1": $((2048 / pages))}
bind:0 {"0": $((1024 / pages))}
END
parts() { # FILE: ranges with a policy of their own
	python3 -c '
import json, sys
for p in json.load(open(sys.argv[1])):
	for m in p["mappings"]:
		if m["policy"] not in ("default", "local"):
			print(m["policy"], json.dumps(m["pages"]))' "$1"
}
mynuma where --topology 2x1:1G --json -o out.json -- "$caller" memory
parts out.json >got
check_same "a program on a simulated machine" expected got
adds_up() {
	python3 -c '
import json, sys
for p in json.load(open("out.json")):
	sums = {}
	for m in p["mappings"]:
		assert int(m["end"], 16) > int(m["start"], 16), m
		assert sum(m["pages"].values()) * m["page_size"] <= int(m["end"], 16) - int(m["start"], 16), m
		for node, n in m["pages"].items():
			sums[node] = sums.get(node, 0) + n * m["page_size"]
	assert sums == p["bytes"], (sums, p["bytes"])
	assert p["source"] == "emulation" and p["name"].endswith("caller"), p
	assert any(m["mapping"] == "[stack]" for m in p["mappings"])'
}
check "its numbers add up, and it has its name" adds_up
mynuma where --topology 2x1:1G -o out.txt -- "$caller" memory
sed -n 's/^[0-9a-f]*  \([bi][^ ]*:[^ ]*\) *\(N.*\)  .*/\1 \2/p' out.txt >got
cat >expected.txt <<END
bind:1 N1=$((4096 / pages))
interleave:0-1 N0=$((2048 / pages)) N1=$((2048 / pages))
bind:0 N0=$((1024 / pages))
END
check_same "as text" expected.txt got
bars() {
	cat out.txt
	grep -E '^node +0 +[0-9.]+ MiB +[0-9]+%  #+$' out.txt && grep -E '^node +1 .*  #+$' out.txt
}
check "and a bar for each node" bars

echo "weighted-interleave:0-1 {\"0\": $((3072 / pages)), \"1\": $((1024 / pages))}" >expected
mynuma where --topology 2x1:1G,weights=3:1 --json -o weighted.json -- "$caller" weighted
parts weighted.json >got
check_same "the weights of a description" expected got

printf 'bind:1 {"1": %d}\nbind:0 {"0": %d}\n' $((2048 / pages)) $((2048 / pages)) >expected
mynuma where --topology 2x1:1G --json -o shared.json -- "$caller" shared
parts shared.json >got
check_same "shared memory" expected got

MYNUMA_BACKEND=emulated mynuma where --json -o one.json -- "$caller" child
two_processes() {
	python3 -c '
import json
ps = json.load(open("one.json"))
assert len(ps) == 2 and ps[0]["pid"] != ps[1]["pid"], ps
assert all(list(p["bytes"]) == ["0"] for p in ps), ps'
}
check "a program and its child, one node" two_processes

# A policy of so many nodes that it does not fit into a line: no page is lost.
awk 'BEGIN { for (i = 0; i < 1024; i += 2) printf "%s%d", i ? "," : "", i }' >even
mynuma where --topology 1024x1:1G --json -o many.json -- numactl --interleave="$(cat even)" \
	"$top_builddir/tests/tools/caller" memory
no_page_lost() {
	python3 -c '
import json
n = {m["policy"][:6]: sum(m["pages"].values()) for p in json.load(open("many.json"))
	for m in p["mappings"] if m["policy"].startswith("bind:1")}
assert n == {"bind:1": '$((4096 / pages))'}, n'
}
check "1024 nodes" no_page_lost

# Real processes, as the kernel tells.
mkdir -p root/proc/77
cat >root/proc/77/numa_maps <<'END'
00400000 default file=/usr/bin/database mapped=12 mapmax=3 active=10 N0=8 N1=4 kernelpagesize_kB=4
7f0000000000 prefer (many):0-1 anon=512 dirty=512 N0=500 N3=12 kernelpagesize_kB=4
7f0000400000 bind:2 file=/anon_hugepage\040(deleted) huge anon=3 dirty=3 N2=3 kernelpagesize_kB=2048
7f0000e00000 default
7ffc00000000 interleave=static:0,2 stack anon=4 dirty=4 N0=2 N2=2 kernelpagesize_kB=4
END
cat >root/proc/77/maps <<'END'
00400000-00500000 r-xp 00000000 fe:00 1234                               /usr/bin/database
7f0000000000-7f0000400000 rw-p 00000000 00:00 0
7f0000400000-7f0000a00000 rw-p 00000000 00:0f 99                         /anon_hugepage (deleted)
7f0000e00000-7f0000f00000 ---p 00000000 00:00 0
7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                          [stack]
END
echo database >root/proc/77/comm
bar() { printf '%*s' "$1" '' | tr ' ' '#'; }
if [ "$(getconf PAGESIZE)" -eq 4096 ]; then
	gives "a process, as its numa_maps tells" 0 \
		"process 77 database, pages of 4 KiB, told by the kernel
node    0      2.0 MiB  25%  $(bar 7)
node    1       16 KiB   0%  $(bar 1)
node    2      6.0 MiB  75%  $(bar 22)
node    3       48 KiB   1%  $(bar 1)
address       policy                 pages by node, mapping
000000400000  default                N0=8 N1=4  /usr/bin/database
7f0000000000  prefer (many):0-1      N0=500 N3=12  [anonymous]
7f0000400000  bind:2                 N2=3  /anon_hugepage\\040(deleted) (pages of 2048 KiB)
7ffc00000000  interleave=static:0,2  N0=2 N2=2  [stack]" "" \
		env MYNUMA_ROOT="$work/root" mynuma where 77
fi
whole() { MYNUMA_ROOT=$work/root mynuma where --all 77 | grep '7f0000e00000  default  *-  \[anonymous\]'; }
check "--all shows mappings without pages" whole
printf 'A=b\0MYNUMA_TOPOLOGY=4x2\0' >root/proc/77/environ
simulated() { MYNUMA_ROOT=$work/root mynuma where 77 2>&1 >/dev/null | grep 'simulated machine, of whose pages only it knows'; }
check "a process with a simulated machine: it says that these are the real nodes" simulated
rm root/proc/77/numa_maps
gives "a kernel without NUMA" 1 "" "mynuma where: this kernel does not tell where pages are: there is no /proc/77/numa_maps" \
	env MYNUMA_ROOT="$work/root" mynuma where 77
gives "no such process" 1 "" "mynuma where: process 999999999: there is no such process" \
	mynuma where 999999999
if [ -e /proc/self/numa_maps ]; then
	sleep 60 &
	real() { mynuma where --json $! | python3 -c '
import json, sys
p = json.load(sys.stdin)[0]
assert p["source"] == "kernel" and sum(p["bytes"].values()) > 0 and p["name"] == "sleep", p'; }
	check "a real process" real
	kill $!
fi
native() {
	MYNUMA_BACKEND=native mynuma where --json -o native.json -- "$caller" status
	[ $? -eq 42 ] && grep '"source": "kernel"' native.json
}
[ ! -e /proc/self/numa_maps ] || check "a program with the native backend, and its status" native

# The whole machine, as mynuma run gives it.
[ ! -e "$MYNUMA_SIM_LIB" ] || {
	mynuma where --topology 4x2:1G -o raw.where -- "$caller" raw >raw.out
	check "--topology: CPUs are the machine's" grep -qx 8 raw.out
	check "--topology: raw calls are the machine's" grep -E 'bind:1  *N1=[0-9]+  \[anonymous\]$' raw.where
}
gives "a program that ends by a signal tells nothing" 137 "" \
	"mynuma where: $caller told nothing: it did not end by exit()" mynuma where -- "$caller" signal
gives "no process" 2 "" 'mynuma where: "x" is no process; a program stands after "--"
See mynuma where --help' mynuma where x
gives "no such program" 127 "" "mynuma where: nosuchprogram: No such file or directory" \
	mynuma where -- nosuchprogram
off() {
	"$caller" memory && [ -z "$(ls -- .??* 2>/dev/null)" ]
}
check "without MYNUMA_WHERE no file is written" off
gives "MYNUMA_WHERE that cannot be written: one line" 0 "" \
	"libmynuma: MYNUMA_WHERE=none/out: the file cannot be opened" \
	env MYNUMA_WHERE=none/out "$caller" wrong

# What ends the command ends the program, and no file stays.
mkdir tmp
TMPDIR=$work/tmp
export TMPDIR
ended() { # COMMAND...
	sh -c 'exec "$@" 2>/dev/null' sh "$@" -- sh -c 'echo $$ >pid; exec sleep 300' &
	for _ in $(seq 100); do
		[ -s pid ] && break
		sleep 0.1
	done
	sleep 0.2
	kill -TERM $!
	wait $!
	status=$?
	rc=0
	kill -0 "$(cat pid)" 2>/dev/null && kill "$(cat pid)" && rc=1
	rm pid
	ls -A tmp
	[ "$status" -eq 143 ] && [ "$rc" -eq 0 ] && [ -z "$(ls -A tmp)" ]
}
check "where: SIGTERM ends the program" ended mynuma where
check "trace: SIGTERM ends the program" ended mynuma trace
unread() { # COMMAND...
	"$@" -- sh -c 'for _ in 1 2 3 4 5 6 7 8; do numactl -m 0 true; done; echo it went on >went-on' 2>&1 | true
	cat went-on && rm went-on
	ls -A tmp
	[ -z "$(ls -A tmp)" ]
}
check "where: nobody reads what it tells" unread mynuma where -a
check "trace: nobody reads what it tells" unread mynuma trace
tap_done
