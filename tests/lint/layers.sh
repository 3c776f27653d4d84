#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: calls go downward only, api -> backend -> emul -> topology -> sys -> base. Reads the
# includes of the sources and the symbols of the objects, and says which file climbs. And: the
# library calls its exported functions by their public names only where a program's own are meant
# to be heard; stdio is report.c's alone; tests and private headers stay where they are.

# shellcheck source=tests/lint/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lint/lib.sh"

floors="base sys topology emul backend api"
builddir=${top_builddir:-$top}
nm=${NM:-nm}

# Exported functions that the library itself calls as a program would, so that a program's own
# definition is heard; see lib/api/api.h.
heard="numa_error numa_warn get_mempolicy set_mempolicy mbind migrate_pages move_pages"
heard="$heard set_mempolicy_home_node"

# The functions that the library may not call by these names. Its variables are for it to use.
unheard() { # MAP
	exported "$1" | awk -v heard="$heard" '
	BEGIN {
		n = split(heard, names)
		for (i = 1; i <= n; i++)
			is_heard[names[i]] = 1
	}

	!($1 in is_heard) && $1 !~ /_ptr$|^numa_(all|no)_nodes$|_on_(error|warn)$/ { print $1 }'
}

# bad_includes FILE...
bad_includes() {
	[ $# -eq 0 ] || awk -v floors="$floors" '
	function bad(why) {
		print FILENAME ":" FNR ": " why ": " $0
	}

	BEGIN {
		n = split(floors, names)
		for (i = 1; i <= n; i++)
			rank[names[i]] = i
		public["numa.h"] = public["numaif.h"] = public["numacompat1.h"] = 1
	}

	FNR == 1 {
		split(FILENAME, path, "/")
		room = path[1]
		floor = room == "lib" ? path[2] : ""
		if (room == "lib" && !(floor in rank))
			print FILENAME ": in no floor of the house"
	}

	/^[ \t]*#[ \t]*include/ {
		name = $0
		sub(/^[ \t]*#[ \t]*include[ \t]*/, "", name)
		kind = substr(name, 1, 1)
		if (kind != "<" && kind != "\"") {
			bad("an include that cannot be read")
			next
		}
		name = substr(name, 2)
		sub(/[>"].*$/, "", name)
		into = name
		sub(/\/.*$/, "", into)

		if (room == "tests")
			next
		if (name ~ /(^|\/)tests\// || name ~ /(^|\/)harness\.h$/)
			bad("only tests may include what belongs to tests")
		else if (room == "include" && kind == "\"")
			bad("a public header includes nothing private")
		else if (room == "tools" && kind == "\"" && into in rank &&
			 name != "topology/description.h")
			bad("tools use the public interface only")
		if (room != "lib")
			next

		if (name in public) {
			if (floor != "api")
				bad("only api includes the public headers")
		} else if (kind == "\"") {
			if (!(into in rank) || into == name)
				bad("not of the form \"floor/file.h\"")
			else if (rank[into] > rank[floor])
				bad(floor " may not include what is above it in " into)
		} else if (name == "stdio.h" && FILENAME != "lib/api/report.c") {
			bad("only lib/api/report.c uses stdio")
		}
	}' "$@"
}

# bad_names MAP FILE...: a function of the library that is named where it could be called, also in
# the file that defines it, which no object tells. Definitions start in the first column.
bad_names() {
	unheard "$1" >"$work/unheard"
	shift
	[ $# -eq 0 ] || awk '
	FILENAME == ARGV[1] {
		is_function[$1] = 1
		next
	}

	{
		line = $0
		gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
		gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, " ", line)
		if (in_comment) {
			if (!sub(/^.*\*\//, " ", line))
				next
			in_comment = 0
		}
		if (sub(/\/\*.*$/, "", line))
			in_comment = 1
		sub(/\/\/.*$/, "", line)
		if (line !~ /^[ \t]/)
			next
		while (match(line, /[A-Za-z_][A-Za-z0-9_]*/)) {
			name = substr(line, RSTART, RLENGTH)
			line = substr(line, RSTART + RLENGTH)
			if (name in is_function)
				print FILENAME ":" FNR ": calls " name "() by its public name"
		}
	}' "$work/unheard" "$@"
}

# The symbols of the objects below the current directory: SOURCE TYPE NAME.
symbols() {
	find lib -name '*.o' | sort | while read -r object; do
		source=$(printf '%s\n' "$object" |
			sed -e 's,/\.libs/,/,' -e 's,/[^/]*_la-\([^/]*\)$,/\1,' -e 's,o$,c,')
		# What an earlier build left of a source that is gone does not count.
		[ -f "$1/$source" ] || continue
		# shellcheck disable=SC2086 # it may have an option
		$nm -P -g "$object" | awk -v source="$source" 'NF > 1 { print source, $2, $1 }'
	done
}

# bad_calls MAP SOURCE-DIR BUILD-DIR: references to what a higher floor defines, and to functions
# by their public names
bad_calls() {
	unheard "$1" >"$work/unheard"
	(cd "$3" && symbols "$2") >"$work/symbols"
	awk -v floors="$floors" '
	function floor_of(file, path) {
		split(file, path, "/")
		return rank[path[2]]
	}

	BEGIN {
		n = split(floors, names)
		for (i = 1; i <= n; i++)
			rank[names[i]] = i
	}

	FNR == 1 {
		pass++
	}

	pass == 1 {
		is_function[$1] = 1
	}

	# Several objects may define a name (inline functions, helpers of the compiler): the lowest.
	pass == 2 && $2 !~ /^[Uvw]$/ && $3 !~ /@/ {
		if (!($3 in home) || floor_of($1) < floor_of(home[$3]))
			home[$3] = $1
	}

	pass == 3 && $2 ~ /^[Uvw]$/ {
		if ($3 in home && floor_of(home[$3]) > floor_of($1))
			found[$1 " uses " $3 ", which is above it in " home[$3]] = 1
		if ($3 in is_function)
			found[$1 " calls " $3 "() by its public name"] = 1
	}

	END {
		for (line in found)
			print line
	}' "$work/unheard" "$work/symbols" "$work/symbols" | sort
}

# unbuilt BUILD-DIR FILE...: sources without an object, of which bad_calls knows nothing
unbuilt() {
	(cd "$1" && symbols "$top") | cut -d ' ' -f 1 | sort -u >"$work/built"
	shift
	printf '%s\n' "$@" | grep '^lib/.*\.c$' | sort | comm -23 - "$work/built"
}

# First whether the checks see a fault of each kind: a small house with all of them.

fault() { # FILE LINE...
	mkdir -p "$work/house/$(dirname "$1")"
	fault_file=$work/house/$1
	shift
	printf '%s\n' "$@" >"$fault_file"
}

in_house() {
	(cd "$work/house" && "$@")
}

compile() { # FILE: as libtool names its objects
	object=$(dirname "$1")/.libs/libcore_la-$(basename "$1" .c).o
	mkdir -p "$(dirname "$object")"
	${CC:-cc} -fPIC -c -o "$object" "$1"
}

fault lib/map 'one {' 'global:' '	numa_one; /* x */' '	numa_error;' '	numa_no_nodes;' '};' \
	'two {' '	/*' '	 * numa_not;' '	 */' '	numa_two;' 'local:' '	*;' '} one;'
fault lib/base/climbs.c '#include "topology/topology.h"'
fault lib/base/calls.c 'int topo_x(void);' 'int base_x(void);' 'int base_x(void)' '{' \
	'	return topo_x();' '}'
fault lib/topology/below.c 'int topo_x(void);' 'int topo_x(void)' '{' '	return 1;' '}'
fault lib/topology/includes.c '#include "base/bits.h"' '#include "topology/topology.h"'
fault lib/sys/public.c '#include <numa.h>'
fault lib/sys/flat.c '# include "smallfile.h"'
fault lib/sys/macro.c '#include WHATEVER'
fault lib/emul/stdio.c '#include <stdio.h>' '#include "backend/backend.h"'
fault lib/backend/down.c '#include "emul/emul.h"' '#include <errno.h>'
fault lib/attic/x.c '#include <errno.h>'
fault lib/api/includes.c '#include "numa.h"' '#include "emul/emul.h"' '#include <errno.h>'
fault lib/api/one.c '/* as' ' numa_one() */' 'int numa_one(void);' \
	'int numa_one(void)' '{' '	return 1; /* not numa_two() "*/' '}' 'int again(void);' \
	'int again(void)' '{' '	return numa_one();' '}'
fault lib/api/two.c 'int numa_one(void);' 'int numa_error(void);' 'int numa_two(void);' \
	'int numa_two(void)' '{' '	return numa_one() + numa_error();' '}'
fault lib/api/report.c '#include <stdio.h>'
fault include/numa.h '#include "api/api.h"'
# The parser of descriptions is pure: no state that the command could have twice.
fault tools/run.c '#include "sys/call.h"' '#include <numa.h>' '#include "topology/description.h"'
fault sim/x.c '#include "harness.h"'
fault tests/unit/x.c '#include "harness.h"' '#include "emul/emul.h"' '#include <stdio.h>'
# shellcheck disable=SC2046 # no blanks in these names
set -- $(in_house find lib include sim tools tests -name '*.[ch]')
houses_includes() { in_house bad_includes "$@"; }

check "an include that climbs is found" finds \
	'lib/base/climbs.c:1: base may not include what is above it in topology' houses_includes "$@"
check "a lower floor's public header is found" finds 'lib/sys/public.c:1: only api' houses_includes "$@"
check "an include without a floor is found" finds 'lib/sys/flat.c:1: not of the form' houses_includes "$@"
check "an include by macro is found" finds 'lib/sys/macro.c:1: an include that' houses_includes "$@"
check "stdio elsewhere is found" finds 'lib/emul/stdio.c:1: only lib/api' houses_includes "$@"
check "emul asking backend is found" finds 'lib/emul/stdio.c:2: emul may not' houses_includes "$@"
check "a folder that is no floor is found" finds 'lib/attic/x.c: in no floor' houses_includes "$@"
check "a public header's private include is found" finds 'include/numa.h:1: ' houses_includes "$@"
check "a tool's private include is found" finds 'tools/run.c:1: tools use' houses_includes "$@"
check "a test's header outside of tests is found" finds 'sim/x.c:1: only tests' houses_includes "$@"
houses_number_of_faults() { [ "$(houses_includes "$@" | wc -l)" -eq 10 ]; }
check "and nothing else is" houses_number_of_faults "$@"

one_wrong_name() {
	in_house bad_names lib/map lib/api/one.c >"$work/names"
	cat "$work/names"
	[ "$(cat "$work/names")" = "lib/api/one.c:11: calls numa_one() by its public name" ]
}
check "a call by public name within a file is found, and nothing else" one_wrong_name

for file in lib/base/calls.c lib/topology/below.c lib/api/two.c lib/api/one.c; do
	in_house compile "$file" || exit 1
done
cat >"$work/expected" <<'END'
lib/api/two.c calls numa_one() by its public name
lib/base/calls.c uses topo_x, which is above it in lib/topology/below.c
END
bad_calls "$work/house/lib/map" "$work/house" "$work/house" >"$work/calls" 2>&1
check_same "calls that climb and calls by public name are found, and nothing else" \
	"$work/expected" "$work/calls"

# Then the house itself.

# shellcheck disable=SC2046
set -- $(c_files | grep -E '^(lib|include|sim|tools|tests)/')
check "includes go downward only" finds_nothing bad_includes "$@"
check "calls go downward only, none by public name" finds_nothing \
	bad_calls lib/libmynuma.map "$top" "$builddir"
check "every source of the library was looked at" finds_nothing unbuilt "$builddir" "$@"
# shellcheck disable=SC2046
check "no file calls an exported function of its own by name" finds_nothing \
	bad_names lib/libmynuma.map $(c_files | grep '^lib/')

tap_done
