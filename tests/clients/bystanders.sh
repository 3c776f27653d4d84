#!/bin/sh
# SPDX-License-Identifier: MIT
# Programs that never use NUMA: preloaded they give the same output and exit status, write nothing
# to stderr, have no descriptor more, errno is 0 at main, and the policy they inherit is theirs.
. "${top_srcdir:?run by make check}/tests/clients/lib.sh"
need bash bash
need git git
need numactl numactl
need python3 python3
cd "$T" || exit 99

# The names of the files that catch the output, and the numbers of pipes.
mask() {
	sed -E -e 's/\.(real|preload|replace)\.(out|err)/.WAY.\2/g' \
		-e 's/(pipe|socket):\[[0-9]+\]/\1/g'
}
quiet() { # "what" STATUS cmd...: as same, and stderr is empty
	quiet_what=$1
	same "$@"
	for quiet_way in preload replace; do
		check "$quiet_what, $quiet_way: nothing on stderr" \
			sh -c 'cat "$1" && [ ! -s "$1" ]' sh "$T/c$runs.$quiet_way.err"
	done
}

# shellcheck disable=SC2086 # CC may hold options
if ! ${CC:-cc} -O1 -D_GNU_SOURCE -o "$T/bystander" \
	"$top_srcdir/tests/clients/bystander.c" 2>"$T/cc"; then
	tap_result not-ok "the program compiles"
	sed 's/^/# /' "$T/cc"
	tap_done
fi
quiet "a small program" 3 "$T/bystander"
quiet "a small program, stdin closed" 3 sh -c '"$1" <&-' sh "$T/bystander"
quiet "a small program, stdin and stderr closed" 3 sh -c '"$1" <&- 2>&-' sh "$T/bystander"
for p in --interleave=0 --membind=0 --preferred=0 --localalloc; do
	quiet "a small program under numactl $p" 3 numactl $p "$T/bystander"
done

fds='for f in /proc/$$/fd/*; do echo "${f##*/} $(readlink "$f")"; done'
quiet "bash: descriptors" 0 bash -c "$fds"
quiet "bash: a script" 5 bash -c 'x=(1 2 3); for i in "${x[@]}"; do echo $((i * i)) | cat; done; exit 5'
same "bash: a child that dies by a signal" 143 bash -c 'kill -TERM $BASHPID; sleep 1'
quiet "bash: many children" 0 bash -c 'for i in {1..20}; do (echo $i) & done | sort -n; wait'
same "bash: an error" 127 bash -c 'nosuchcommand; exit'

quiet "python3: descriptors and threads" 0 python3 -c '
import os, threading
print(len(os.listdir("/proc/self/task")), sorted((f, os.readlink("/proc/self/fd/" + f)) for f in os.listdir("/proc/self/fd")
             if os.path.exists("/proc/self/fd/" + f)))
t = [threading.Thread(target=lambda: None) for i in range(8)]
[x.start() for x in t]
[x.join() for x in t]
print(sorted(os.sched_getaffinity(0)))
pid = os.fork()
if not pid:
    os._exit(4)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))'
quiet "python3: an exit status" 9 python3 -c 'import sys; sys.exit(9)'
same "python3: an exception" 1 python3 -c 'raise KeyError("x")'
quiet "python3: ctypes opens libnuma by name" 0 python3 -c '
import ctypes
numa = ctypes.CDLL("libnuma.so.1")
print(numa.numa_available(), numa.numa_max_node(), numa.numa_num_configured_nodes(),
      numa.numa_distance(0, 0), numa.numa_node_of_cpu(0), numa.numa_node_of_cpu(100000))'

# A repository, made the same way each time: the name of the commit tells of every byte.
cat >"$T/repository" <<'END'
set -e
rm -rf repo
git init -q -b main repo
cd repo
export GIT_AUTHOR_DATE='2001-01-01T00:00:00Z' GIT_COMMITTER_DATE='2001-01-01T00:00:00Z'
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
i=0
while [ $i -lt 20 ]; do
	echo "line $i" >"file$i"
	i=$((i + 1))
done
git add .
git commit -q -m first
echo changed >file3
git diff
git commit -q -a -m second
git gc -q
git log --stat
git fsck --no-progress
END
quiet "git: a repository" 0 env HOME="$T" GIT_CONFIG_NOSYSTEM=1 sh "$T/repository"
same "git: an error" 128 git -C "$T" log
tap_done
