#!/bin/sh
# SPDX-License-Identifier: MIT
# Description: what MYNUMA_BACKEND, MYNUMA_TOPOLOGY and MYNUMA_ROOT do, what is said of values that make
# no sense, and that a program with privileges of its own hears none of them.

# shellcheck source=tests/sandbox/lib.sh
. "${top_srcdir:?run by make check}/tests/sandbox/lib.sh"

# backend VALUE PROFILE MACHINE EXPECTED
backend() {
	gives "MYNUMA_BACKEND=$1, $2, $3: $4" "$4" \
		in_machine "$3" env MYNUMA_BACKEND="$1" "$sandbox" "$2" "$look" backend
}
for value in '' auto; do
	backend "$value" none one native
	backend "$value" enosys one emulated
	backend "$value" docker one emulated
	backend "$value" docker several native
	backend "$value" docker none emulated
done
for profile in none enosys docker podman; do
	for machine in one several none; do
		backend native $profile $machine native
		backend emulated $profile $machine emulated
	done
done
gives "native without the calls tells so" \
	"available -1 get ENOSYS set ENOSYS mbind ENOSYS migrate ENOSYS move ENOSYS home ENOSYS" \
	env MYNUMA_BACKEND=native "$sandbox" enosys "$look" calls
gives "native in a sandbox tells so" \
	"available -1 get EPERM set EPERM mbind EPERM migrate EPERM move EPERM home EPERM" \
	env MYNUMA_BACKEND=native "$sandbox" docker "$look" calls
gives "emulated has every call, in a sandbox on several nodes too" \
	"available 0 get 0 set 0 mbind 0 migrate EINVAL move 0 home 0" \
	in_machine several env MYNUMA_BACKEND=emulated "$sandbox" docker "$look" calls

# A described machine implies the emulation.
for value in '' auto native emulated; do
	gives "MYNUMA_TOPOLOGY=3x2, MYNUMA_BACKEND=$value" "emulated
nodes 3 highest 2" env MYNUMA_TOPOLOGY=3x2 MYNUMA_BACKEND="$value" "$look" backend nodes
done
for profile in none enosys docker podman; do
	gives "MYNUMA_TOPOLOGY=3x2, $profile" "emulated
nodes 3 highest 2" env MYNUMA_TOPOLOGY=3x2 "$sandbox" $profile "$look" backend nodes
done

# What makes no sense: the default, and one line, however much the program and its children do.
works="available 0 get 0 set 0 mbind 0 migrate EINVAL move 0 home 0"
looks="backend nodes calls threads fork nodes"
usual() { # BACKEND THREADS-THAT-ARE-NATIVE
	printf '%s\n' "$1" "nodes 1 highest 0" "$works" "native $2 of 8" "$works" "$works" \
		"nodes 1 highest 0"
}
complains() { # PROFILE VARIABLE=VALUE WRITTEN "rest of the line"
	complains_what="$1, $(printf '%.40s' "$2" | tr -c '[:print:]' '?')"
	case $1 in
	none) usual native 8 >"$T/expected" ;;
	*) usual emulated 0 >"$T/expected" ;;
	esac
	printf 'libmynuma: %s%s; the variable is ignored\n' "$3" "$4" >"$T/expected.err"
	# shellcheck disable=SC2086 # words
	in_machine one env "$2" "$sandbox" "$1" "$look" $looks >"$T/got" 2>"$T/got.err" ||
		echo "exit status $?" >>"$T/got"
	check_same "$complains_what: as without it" "$T/expected" "$T/got"
	check_same "$complains_what: one line says what is wrong" "$T/expected.err" "$T/got.err"
}

one_of=": it can be auto, native or emulated"
for value in nosuch Native 'native ' nativ nativee 1 emulated,native '%s%n'; do
	complains none "MYNUMA_BACKEND=$value" "MYNUMA_BACKEND=$value" "$one_of"
done
complains enosys MYNUMA_BACKEND=nosuch MYNUMA_BACKEND=nosuch "$one_of"
complains docker MYNUMA_BACKEND=nosuch MYNUMA_BACKEND=nosuch "$one_of"
gives "a refusal on several nodes is told with it, too" \
	"native
libmynuma: MYNUMA_BACKEND=nosuch$one_of; the variable is ignored" \
	in_machine several env MYNUMA_BACKEND=nosuch "$sandbox" docker "$look" backend

gives "it is told beside a described machine, too" \
	"emulated
libmynuma: MYNUMA_BACKEND=nosuch$one_of; the variable is ignored" \
	env MYNUMA_TOPOLOGY=3x2 MYNUMA_BACKEND=nosuch "$look" backend

# Each with what is wrong and at which character.
while read -r value position what; do
	complains none "MYNUMA_TOPOLOGY=$value" "MYNUMA_TOPOLOGY=$value" \
		": $what, at character $position"
done <<END
nosuch 1 a number of nodes must stand here
-1 1 a number of nodes must stand here
0 1 there can be 1 to 1024 nodes
1025 1 there can be 1 to 1024 nodes
1000,25 6 there can be 1 to 1024 nodes
99999999999999999999999999 1 there can be 1 to 1024 nodes
4y 2 a comma or the end must stand here
4x 3 a number of CPUs must follow
4x9000 3 there can be at most 8192 CPUs
4x0 4 there are no CPUs
4x2: 5 a memory size must follow
4x2:G 5 a memory size must follow
4x2:16Q 7 a comma or the end must stand here
4x2:99999999999999999999T 5 the memory is too large
4x2:5000T 5 the memory is too large
4x2:0 6 no node has memory
4, 3 a number of nodes must stand here
4,,4 3 a number of nodes must stand here
2,4z 4 a comma or the end must stand here
dist=20 8 there are no nodes
4,dist= 8 a distance is 10 to 255
4,dist=9 8 a distance is 10 to 255
4,dist=256 8 a distance is 10 to 255
2,dist=10:20 13 there are fewer rows than nodes
2,dist=10:20/20 16 there are fewer distances than nodes
2,dist=10:20:30 13 there are more distances than nodes
2,dist=10:20/20:10/30:30 19 there are more rows than nodes
2,dist=10:20/20:11 17 the distance of a node to itself is 10
2,dist=10:20/20:10,1 20 nodes must stand before their distances
dist=10:20,2 6 nodes must stand before their distances
2,weights=1 12 there are fewer weights than nodes
2,weights=1:2:3 14 there are more weights than nodes
2,weights=0:1 11 a weight is 1 to 255
weights=1 9 nodes must stand before their weights
2,weights=1:2,1 15 nodes must stand before their weights
END
number=": a number of nodes must stand here, at character 1"
complains enosys MYNUMA_TOPOLOGY=x MYNUMA_TOPOLOGY=x "$number"
complains docker MYNUMA_TOPOLOGY=x MYNUMA_TOPOLOGY=x "$number"

# One line, and its end, also where the value is no such thing.
newline='
'
complains none "MYNUMA_BACKEND=a${newline}b" 'MYNUMA_BACKEND=a?b' "$one_of"
complains none "MYNUMA_TOPOLOGY=$(printf '\033[31m')" 'MYNUMA_TOPOLOGY=?[31m' "$number"
long=$(printf '%0160d' 0)
cut=$(printf '%0157d...' 0)
complains none "MYNUMA_BACKEND=$long$long$long" "MYNUMA_BACKEND=$cut" "$one_of"
complains none "MYNUMA_TOPOLOGY=${long}4$long" "MYNUMA_TOPOLOGY=$cut" \
	": there can be 1 to 1024 nodes, at character 1"

# Both are told of, each once.
gives "two values that make no sense" "native
$works
libmynuma: MYNUMA_TOPOLOGY=x$number; the variable is ignored
libmynuma: MYNUMA_BACKEND=x$one_of; the variable is ignored" \
	env MYNUMA_TOPOLOGY=x MYNUMA_BACKEND=x "$look" backend calls

# A root that is none is a machine that tells nothing.
gives "MYNUMA_ROOT=/nonexistent" "native
nodes 1 highest 0" env MYNUMA_ROOT=/nonexistent "$look" backend nodes

# A setuid program hears none of them, good or bad.
if [ "$(id -u)" != 0 ]; then
	skip "a setuid program hears none of them" "only root can make one"
	tap_done
fi
mkdir "$T/root"
make_nodes "$T/root/sys/devices/system/node" 4
cp "$look" "$T/plain"
cp "$look" "$T/setuid"
chmod -R a+rX "$T"
chmod 4755 "$T/setuid"
as_nobody() { # PROGRAM "VARIABLE=VALUE ..." PROFILE WHAT...
	as_program=$1 as_env=$2 as_profile=$3
	shift 3
	# shellcheck disable=SC2086 # words
	in_machine one "$sandbox" "$as_profile" setpriv --reuid 65534 --regid 65534 --clear-groups \
		env $as_env "$T/$as_program" "$@"
}
secure() { # "VARIABLE=VALUE ..." PROFILE WHAT PLAIN SETUID: what is said by each
	gives "$1, $2: heard as nobody" "secure 0
$4" as_nobody plain "$1" "$2" secure "$3"
	gives "$1, $2: not heard by a setuid program" "secure 1
$5" as_nobody setuid "$1" "$2" secure "$3"
}
secure MYNUMA_TOPOLOGY=3x2 none nodes "nodes 3 highest 2" "nodes 1 highest 0"
secure MYNUMA_TOPOLOGY=3x2 none backend emulated native
secure MYNUMA_BACKEND=emulated none backend emulated native
secure MYNUMA_BACKEND=native enosys backend native emulated
secure MYNUMA_BACKEND=native docker backend native emulated
secure "MYNUMA_ROOT=$T/root" none nodes "nodes 4 highest 3" "nodes 1 highest 0"
secure "MYNUMA_ROOT=$T/root" docker backend native emulated
gives "garbage: told as nobody" "native
libmynuma: MYNUMA_TOPOLOGY=x$number; the variable is ignored
libmynuma: MYNUMA_BACKEND=y$one_of; the variable is ignored" \
	as_nobody plain "MYNUMA_TOPOLOGY=x MYNUMA_BACKEND=y" none backend
gives "garbage: not a word from a setuid program" native \
	as_nobody setuid "MYNUMA_TOPOLOGY=x MYNUMA_BACKEND=y" none backend
tap_done
