#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # check calls the functions
# Description: the symbol map and the public headers say the same: every exported symbol is declared
# once, with a comment before it or before its group; everything declared is exported; and the
# libnuma_1.1 twins of compat-v1.c are those that the map's comment lists.

# shellcheck source=tests/lint/lib.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lint/lib.sh"

# What the headers declare for programs to link to, a line each: NAME FILE:LINE documented|bare, or
# FILE:LINE: and what cannot be read. A blank line ends a group.
declared() { # HEADER...
	awk '
	FNR == 1 {
		in_comment = documented = 0
		declaration = ""
	}

	{
		line = $0
		# Stroked headings are for the eye and describe nothing.
		comment = line ~ /\/\*/ && line !~ /\/\* ---/
	}

	in_comment {
		if (line ~ /\*\//)
			in_comment = 0
		next
	}

	line ~ /^[ \t]*\/\*/ {
		documented = comment
		in_comment = line !~ /\*\//
		next
	}

	line ~ /^[ \t]*$/ {
		documented = 0
		next
	}

	line ~ /^#|^extern "C"/ || line ~ /^(typedef|static|struct [a-z_]* \{)/ {
		next
	}

	{
		gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, " ", line)
		if (declaration == "") {
			if (line !~ /^[A-Za-z_]/)
				next
			# The first line of a function with a body.
			if (line !~ /[;,(]/)
				next
			at = FILENAME ":" FNR
			said = documented || comment
			is_extern = line ~ /^extern /
		}
		sub(/^[ \t]+/, "", line)
		declaration = declaration " " line
		if (line !~ /;/)
			next
		if (!is_extern)
			print at ": not declared with extern:" declaration
		sub(/\(.*$/, "", declaration)
		sub(/(\[.*)?[ \t]*;.*$/, "", declaration)
		if (match(declaration, /[A-Za-z_0-9]+[ \t]*$/))
			print substr(declaration, RSTART, RLENGTH), at, said ? "documented" : "bare"
		declaration = ""
	}' "$@"
}

# bad_exports MAP HEADER...
bad_exports() {
	exported "$1" >"$work/exported"
	shift
	declared "$@" >"$work/declared"
	awk '
	FILENAME == ARGV[1] {
		if ($1 in node)
			print $1 " stands in the map twice: in " node[$1] " and in " $2
		node[$1] = $2
		next
	}

	$1 ~ /:$/ {
		print
		next
	}

	{
		if ($1 in seen)
			print $2 ": " $1 " is declared twice"
		seen[$1] = 1
		if (!($1 in node))
			print $2 ": " $1 " is declared and not in the map"
		else if ($3 != "documented")
			print $2 ": " $1 " has no comment before it or before its group"
	}

	END {
		for (name in node)
			if (!(name in seen))
				print name " is in the map and in no public header"
	}' "$work/exported" "$work/declared" | sort
}

# The twins: as the comment of the map lists them, and as compat-v1.c defines them.
listed_twins() { # MAP
	sed -n '/ And by name@libnuma_1\.1 /,/\*\//s/^.*\*\t\([a-z0-9_]*\)$/\1/p' "$1" | sort
}

defined_twins() { # FILE
	awk '
	/^V1\(/ {
		name = $0
		gsub(/^V1\(|\).*$/, "", name)
		print name
		want = name "_v1("
		next
	}

	want != "" {
		if (index($0, want) == 0)
			print FILENAME ":" FNR ": not the definition of " want ")"
		want = ""
	}' "$1" | sort
}

# First whether a fault of each kind is seen.

cat >"$work/map" <<'END'
one {
global:
	numa_a; /* not numa_z; */
	numa_b;
	numa_c;
	/* numa_y;
	 * numa_x;
	 */
	numa_e;
	numa_v;
local:
	*;
};
two {
global:
	numa_a;
	numa_g;
} one;
END
cat >"$work/x.h" <<'END'
/* SPDX-License-Identifier: MIT */
/*
 * A header.
 */
#ifdef __cplusplus
extern "C" {
#endif
struct numa_s {
	int x;
};

/* A group. */
extern int numa_a(void);
extern void *numa_b(int x,
		    int y);

extern struct numa_s *numa_c(int x, int y); /* by itself */

/* --- A heading --- */
extern int numa_d(void);
extern int numa_e(void);

/* A variable. */
extern int numa_v[3];

/* Inline. */
static inline int numa_i(void)
{
	return numa_a();
}

/* Not extern. */
int numa_f(int x,
	   int y);
extern int numa_a(void);
END
cat >"$work/expected" <<'END'
numa_a stands in the map twice: in one and in two
numa_g is in the map and in no public header
x.h:20: numa_d is declared and not in the map
x.h:21: numa_e has no comment before it or before its group
x.h:33: not declared with extern: int numa_f(int x, int y);
x.h:33: numa_f is declared and not in the map
x.h:35: numa_a is declared twice
END
(cd "$work" && bad_exports map x.h) >"$work/got" 2>&1
check_same "a fault of each kind is found, and nothing else" "$work/expected" "$work/got"

# Then the headers.

check "the map and the headers say the same, with comments" finds_nothing bad_exports \
	lib/libmynuma.map include/numa.h include/numaif.h include/numacompat1.h
check "the headers declare something" finds numa_available declared include/numa.h
listed_twins lib/libmynuma.map >"$work/listed"
defined_twins lib/api/compat-v1.c >"$work/twins"
check_same "compat-v1.c defines the twins that the map lists" "$work/listed" "$work/twins"
fourteen() { [ "$(wc -l <"$work/twins")" -eq 14 ]; }
check "there are fourteen" fourteen
exported lib/libmynuma.map | cut -d ' ' -f 1 | sort >"$work/names"
check "each twin has a current function" finds_nothing comm -23 "$work/twins" "$work/names"

tap_done
