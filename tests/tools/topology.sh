#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: mynuma topology prints what numactl --hardware does, of every machine there is a
# description or a directory of; what --save writes is the same machine; JSON and the picture are
# well formed and have all of it; a bad description is one line and 2.

# shellcheck source=tests/tools/lib.sh
. "${top_srcdir:?run by make check}/tests/tools/lib.sh"

hardware() { LD_LIBRARY_PATH=$MYNUMA_REPLACE numactl --hardware; }

for file in "$descriptions"/*; do
	name=${file##*/}
	# Free memory that is left open changes from moment to moment.
	case $name in groups.numa | no-distances.txt) continue ;; esac
	MYNUMA_TOPOLOGY=@$file hardware >expected
	mynuma topology --topology "@$file" >got 2>&1
	check_same "$name: as numactl --hardware" expected got
	mynuma topology --topology "@$file" --save >saved.numa 2>&1
	mynuma topology --topology @saved.numa >got 2>&1
	check_same "$name: the machine that --save wrote" expected got
	mynuma topology --topology @saved.numa --save >again.numa 2>&1
	check_same "$name: what is saved again" saved.numa again.numa
done
for root in "$machines"/*; do
	case ${root##*/} in no-* | nothing | empty-node-dir) continue ;; esac
	MYNUMA_ROOT=$root hardware >expected
	MYNUMA_ROOT=$root mynuma topology >got 2>&1
	check_same "${root##*/}: as numactl --hardware" expected got
done
without_free() { sed 's/\(free:\) .*/\1/'; }
hardware | without_free >expected
mynuma topology | without_free >got
check_same "this machine: as numactl --hardware" expected got

# What has no place in numactl's text.
sed -e '/^#/d' -e '/^$/d' -e 's/[	 ]*#.*//' "$descriptions/odd.numa" | grep -v '^remote\|^distance' >expected
mynuma topology --topology "@$descriptions/odd.numa" --save | grep -v '^#\|^distance' |
	sed 's/ memory 0 free 0/ memory 0/' >got
check_same "offline CPUs and weights are saved" expected got
cat >expected.json <<'END'
{"simulated": true, "offline": [7, 20], "ids": [0, 4, 7, 9], "cpus": [[0, 1, 2, 3, 16], [4, 5, 6], [], [8, 9, 10, 11]], "weights": [9, null, 2, null], "far": 40}
END
json() {
	mynuma topology --topology "@$descriptions/odd.numa" --json | python3 -c '
import json, sys
m = json.load(sys.stdin)
n = m["nodes"]
print(json.dumps({"simulated": m["simulated"], "offline": m["offline_cpus"],
	"ids": [x["id"] for x in n], "cpus": [x["cpus"] for x in n],
	"weights": [x["weight"] for x in n], "far": n[0]["distances"][2]}))' >got.json
}
json
check_same "JSON has all of it" expected.json got.json

# The picture: well-formed, everything in it, nothing over anything else or outside.
picture() { # SPEC NODES CPUS
	mynuma topology --topology "$1" --svg=picture.svg && xmllint --noout picture.svg &&
		python3 - "$2" "$3" <<'END'
import sys, xml.etree.ElementTree as ET
nodes, cpus = int(sys.argv[1]), int(sys.argv[2])
svg = ET.parse("picture.svg").getroot()
width, height = float(svg.get("width")), float(svg.get("height"))
tag = "{http://www.w3.org/2000/svg}rect"
def box(r): return tuple(float(r.get(k, 0)) for k in ("x", "y", "width", "height"))
rects = list(svg.iter(tag))
boxes = [box(r) for r in rects if r.get("class") == "node"]
squares = [box(r) for r in rects if r.get("class") == "cpu"]
cells = [r for r in rects if r.get("class") == "m" and r.find("{http://www.w3.org/2000/svg}title") is not None]
assert len(boxes) == nodes, (len(boxes), nodes)
assert len(squares) == cpus, (len(squares), cpus)
for x, y, w, h in map(box, rects):
	assert x >= 0 and y >= 0 and x + w <= width and y + h <= height, (x, y, w, h, width, height)
def apart(a, b): return a[0] + a[2] <= b[0] or b[0] + b[2] <= a[0] or a[1] + a[3] <= b[1] or b[1] + b[3] <= a[1]
if nodes <= 64:
	assert all(apart(a, b) for i, a in enumerate(boxes) for b in boxes[:i])
def inside(a, b): return b[0] <= a[0] and b[1] <= a[1] and a[0] + a[2] <= b[0] + b[2] and a[1] + a[3] <= b[1] + b[3]
if nodes <= 64:
	assert all(any(inside(s, b) for b in boxes) for s in squares)
	left, top = min(box(c)[0] for c in cells), min(box(c)[1] for c in cells)
	right = max(box(c)[0] + box(c)[2] for c in cells)
	bottom = max(box(c)[1] + box(c)[3] for c in cells)
	assert all(apart(b, (left, top, right - left, bottom - top)) for b in boxes)
area = sum(box(c)[2] * box(c)[3] for c in cells)
side = max(box(c)[3] for c in cells)
assert area == (nodes * side) ** 2, (area, nodes, side)
assert width < 3.5 * height and height < 3.5 * width, (width, height)
END
}
check "picture: 1x2" picture 1x2:16G 1 2
check "picture: 4x2" picture 4x2:16G 4 8
check "picture: 8x16" picture 8x16:64G 8 128
check "picture: 64x4" picture 64x4:32G 64 256
check "picture: 16x128" picture 16x128:1T 16 2048
check "picture: 1024x8" picture 1024x8:4G 1024 8192
check "picture: sparse, without CPUs, without memory" picture "@$descriptions/odd.numa" 4 12
check "picture: no distances" sh -c \
	"MYNUMA_ROOT=$machines/no-sys mynuma topology --svg | xmllint --noout -"

# hwloc has its own eyes.
lstopo_agrees() {
	hwloc_nodes=$(lstopo-no-graphics --only numanode --of console | wc -l)
	nodes=$(mynuma topology --json | python3 -c 'import json, sys; print(sum(
		1 for n in json.load(sys.stdin)["nodes"] if n["memory"]))')
	echo "hwloc: $hwloc_nodes, mynuma: $nodes"
	[ "$hwloc_nodes" -eq "$nodes" ]
}
check "this machine: hwloc sees as many nodes with memory" lstopo_agrees

gives "a bad description" 2 "" "mynuma topology: 4y: a comma or the end must stand here, at character 2" \
	mynuma topology --topology 4y
printf 'node 0 cpus 0\nnode 1 cpus 0-3\n' >bad.numa
gives "a bad file" 2 "" "mynuma topology: bad.numa:2:13: this CPU is in a node already" \
	mynuma topology --topology @bad.numa
gives "a missing file" 2 "" "mynuma topology: none.numa: No such file or directory" \
	mynuma topology --topology @none.numa
mkfifo pipe.numa
gives "a pipe" 2 "" "mynuma topology: pipe.numa: a pipe can be read only once; its text has to be in a file" \
	mynuma topology --topology @pipe.numa
awk 'BEGIN { for (i = 0; i < 3000000; i++) print "# c"; print "node 0 cpus 0-2" }' >long.numa
mynuma topology --topology @long.numa 2>&1 | sed -n 2p >got
echo 'node 0 cpus: 0 1 2' >expected
check_same "a long file" expected got
rm long.numa
gives "a bad MYNUMA_TOPOLOGY" 2 "" \
	"libmynuma: MYNUMA_TOPOLOGY=4y: a comma or the end must stand here, at character 2; the variable is ignored" \
	env MYNUMA_TOPOLOGY=4y mynuma topology
gives "two forms" 2 "" "mynuma topology: only one of --json, --save and --svg can be given
See mynuma topology --help" mynuma topology --json --svg
gives "a word too many" 2 "" 'mynuma topology: what is "x"?
See mynuma topology --help' mynuma topology x
gives "a file that cannot be written" 1 "" "mynuma topology: none/x.svg: No such file or directory" \
	mynuma topology --svg none/x.svg
full() { mynuma topology --json >/dev/full; }
gives "a full disk" 1 "" "mynuma topology: writing failed: No space left on device" full
full_file() { mynuma topology --svg=/dev/full; }
two_lines() { mynuma topology --topology "2x2
"; }
gives "a description of two lines" 2 "" \
	"mynuma topology: 2x2?: a comma or the end must stand here, at character 4" two_lines
gives "a full disk, by name" 1 "" "mynuma topology: /dev/full: No space left on device" full_file
cd / && mynuma topology --topology "@$descriptions/odd.numa" --save="$work/by-name" && cd "$work" || exit 99
mynuma topology --topology "@$descriptions/odd.numa" --save >expected
check_same "--save=FILE" expected by-name
mynuma topology --topology "@$descriptions/odd.numa" --save by-word
check_same "--save FILE" expected by-word

tap_done
