#!/bin/sh
# SPDX-License-Identifier: MIT
# Boots a real kernel under QEMU's software emulation, runs one command in it, and is that command:
# its output on stdout, its exit status. Needs no privilege.
#
#	run.sh --kernel K --shape S [options] FILE... -- COMMAND ARGS...
#
#	--kernel K	a name of fetch.sh (6.1, 6.12, newest, 6.1-i386) or the path of a kernel image
#	--shape S	a line of shapes.conf
#	--append ARGS	more for the kernel's command line
#	--qemu ARGS	more for QEMU (split at blanks)
#	--libdir DIR	also look here for the libraries of dynamic FILEs (may be repeated)
#	--timeout N	seconds for one attempt (default 120)
#	--tries N	attempts if the emulated kernel itself dies (default 3)
#	--whole		write the output when the command has ended, of the last attempt only
#	--console FILE	keep the kernel's console there
#	--out DIR	what COMMAND leaves in /out is put there
#
# FILE is HOST or HOST:GUEST; GUEST is relative to /lab, the command's working directory and the first place of PATH, and
# defaults to the file's name. Directories are copied whole. Libraries of dynamic programs come along, at the
# places where the loader looks for them; a libtool wrapper stands for the program it wraps.
# In the guest: busybox, /proc, /sys, /dev, tmpfs on /tmp and /dev/shm, ramfs on /ramfs, LAB_KERNEL and LAB_SHAPE.
#
# Status: COMMAND's; 124 timed out; 125 the lab could not do its work; 77 no kernel to be had.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
qemu=${QEMU:-qemu-system-x86_64}

say() { echo "lab/run: $*" >&2; }
die() {
	say "$*"
	exit 125
}

kernel='' shape='' append='' more='' libdirs='' timeout=120 tries=3 whole=no console='' out=''
work=$(mktemp -d "${TMPDIR:-/tmp}/mynuma-lab.XXXXXX")
child=''
# shellcheck disable=SC2317 # called by the traps
clean() {
	[ -z "$child" ] || kill "$child" 2>/dev/null || :
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
root=$work/root
mkdir -p "$root/lab" "$root/bin" "$root/out" "$root/tmp" "$root/proc" "$root/sys" "$root/dev" \
	"$root/ramfs" "$root/etc"

# The words of an argument list for a shell script.
quote() {
	for word; do
		printf " '%s'" "$(printf '%s\n' "$word" | sed "s/'/'\\\\''/g")"
	done
}

is_elf() { [ "$(head -c 4 "$1" | od -An -tx1 | tr -d ' \n')" = 7f454c46 ]; }

# A library goes where its host path says; one from a --libdir to /lib, where every loader looks. If a --libdir has
# the loader itself, that one is taken: a whole other system can be brought along.
add_libraries() { # elf
	readelf -d "$1" 2>/dev/null | grep -q '(NEEDED)' || return 0
	interpreter=$(readelf -lW "$1" | sed -n 's/.*program interpreter: \(.*\)]/\1/p')
	run='' of_class=/lib64/ld-linux-x86-64.so.2
	if readelf -h "$1" | grep -q ELF32; then
		run=qemu-i386 of_class=/lib/ld-linux.so.2 # the host's kernel may have no 32-bit programs
	fi
	: "${interpreter:=$of_class}"
	loader=$interpreter
	for dir in $(echo "$libdirs" | tr : ' '); do
		[ ! -e "$dir/${loader##*/}" ] || loader=$dir/${loader##*/}
	done
	$run "$loader" --library-path "$libdirs" --list "$1" >"$work/ldd" 2>&1 || die "$1: $(cat "$work/ldd")"
	! grep 'not found' "$work/ldd" >&2 || die "$1 lacks libraries"
	{
		echo "$interpreter $loader"
		sed -n 's/^[[:blank:]]*\([^ ]*\) => \(\/[^ ]*\) (.*/\1 \2/p' "$work/ldd"
	} | while read -r name path; do
		to=$path
		case $name in
		/*) to=$name ;;
		*)
			case :$libdirs: in
			*":${path%/*}:"*) to=/lib/$name ;;
			esac
			;;
		esac
		[ ! -e "$root$to" ] || continue
		mkdir -p "$root${to%/*}"
		cp -L "$path" "$root$to"
	done
}

add() { # host[:guest]
	guest=${1#*:}
	host=${1%%:*}
	[ "$guest" != "$1" ] || guest=${host##*/}
	case $guest in
	/*) ;;
	*) guest=/lab/$guest ;;
	esac
	[ -e "$host" ] || die "no file $host"
	mkdir -p "$root${guest%/*}"
	if [ -d "$host" ]; then
		mkdir -p "$root$guest"
		cp -RL "$host/." "$root$guest"
	else
		if ! is_elf "$host" && grep -q 'libtool wrapper' "$host" 2>/dev/null; then
			host=${host%/*}/.libs/${host##*/}
			[ -e "$host" ] || die "no file $host"
		fi
		cp -L "$host" "$root$guest"
	fi
	find "$root$guest" -type f >"$work/added"
	while read -r file; do
		if is_elf "$file"; then
			add_libraries "$file"
		fi
	done <"$work/added"
}

: >"$work/files"
while [ $# -gt 0 ]; do
	case $1 in
	--whole)
		whole=yes
		shift
		continue
		;;
	--)
		shift
		break
		;;
	--*)
		[ $# -gt 1 ] || die "$1 needs a value"
		case $1 in
		--kernel) kernel=$2 ;;
		--shape) shape=$2 ;;
		--append) append=$2 ;;
		--qemu) more=$2 ;;
		--libdir) libdirs=$libdirs${libdirs:+:}$2 ;;
		--timeout) timeout=$2 ;;
		--tries) tries=$2 ;;
		--console) console=$2 ;;
		--out) out=$2 ;;
		*) die "unknown option $1" ;;
		esac
		shift 2
		continue
		;;
	esac
	echo "$1" >>"$work/files"
	shift
done
if [ -z "$kernel" ] || [ -z "$shape" ] || [ $# -eq 0 ]; then
	die "usage: see the top of $0"
fi
command -v "$qemu" >/dev/null || die "no $qemu"

case $kernel in
*/*) image=$kernel ;;
*) image=$(sh "$here/fetch.sh" "$kernel") || exit ;;
esac
case $kernel in
*i386*)
	i386=$(sh "$here/fetch.sh" i386-root) || exit
	busybox=$i386/bin/busybox
	;;
*) busybox=$(command -v busybox) || die "no busybox (package busybox-static)" ;;
esac
[ -s "$image" ] || die "no kernel image $image"

# The shape's lines for QEMU.
awk -v want="$shape" '
BEGIN { n = cpu = 0 }
$1 == want && /^[^#]/ {
	found = 1
	for (f = 2; f <= NF; f++) {
		if ($f ~ /^([0-9]+\*)?[0-9]+x[0-9]+$/) {
			times = 1
			spec = $f
			if (split(spec, part, "*") == 2) {
				times = part[1]
				spec = part[2]
			}
			split(spec, part, "x")
			while (times-- > 0) {
				cpus[n] = part[1] + 0
				mb[n++] = part[2] + 0
			}
		} else {
			given = 1
			if ($f ~ /=/) {
				split($f, part, /[-=]/)
				dist[part[1], part[2]] = dist[part[2], part[1]] = part[3]
			} else {
				rows = split($f, row, "/")
				for (i = 1; i <= rows; i++) {
					cols = split(row[i], col, ",")
					for (j = 1; j <= cols; j++)
						dist[i - 1, j - 1] = col[j]
				}
			}
		}
	}
}
END {
	if (!found)
		exit 1
	for (i = 0; i < n; i++) {
		all_cpus += cpus[i]
		all_mb += mb[i]
	}
	printf "-m %d -smp %d\n", all_mb, all_cpus
	if (n == 1)
		exit 0
	for (i = 0; i < n; i++) {
		node = "-numa node,nodeid=" i
		if (cpus[i])
			node = node sprintf(",cpus=%d-%d", cpu, cpu + cpus[i] - 1)
		cpu += cpus[i]
		if (mb[i]) {
			printf "-object memory-backend-ram,id=m%d,size=%dM\n", i, mb[i]
			node = node ",memdev=m" i
		}
		print node
	}
	for (i = 0; given && i < n; i++)
		for (j = 0; j < n; j++)
			if (i != j)
				printf "-numa dist,src=%d,dst=%d,val=%d\n", i, j, \
					((i, j) in dist) ? dist[i, j] : 20
}' "$here/shapes.conf" >"$work/machine" || die "no shape $shape in shapes.conf"

while read -r file; do
	add "$file"
done <"$work/files"
cp "$busybox" "$root/bin/busybox"

# The console says when the command starts and how it ends; its output has a port to itself, so that
# no kernel message can get into it; a third port, on the PCI bus (a shared ISA interrupt
# would lose data), takes what is left in /out.
cat >"$root/init" <<-INIT
	#!/bin/busybox sh
	/bin/busybox --install -s /bin
	export PATH=/lab:/bin HOME=/ LAB_KERNEL='$kernel' LAB_SHAPE='$shape'
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	mount -t devtmpfs dev /dev
	mkdir -p /dev/shm /dev/pts
	mount -t tmpfs tmpfs /dev/shm
	mount -t tmpfs tmpfs /tmp
	mount -t ramfs ramfs /ramfs
	mount -t devpts devpts /dev/pts
	ln -s /proc/self/fd /dev/fd
	echo root:x:0:0:root:/:/bin/sh >/etc/passwd
	ifconfig lo up 2>/dev/null
	echo 1 >/proc/sys/kernel/printk
	stty -F /dev/ttyS1 raw -echo 115200
	echo "lab-started" >/dev/ttyS0
	cd /lab
	(exec setsid $(quote "$@")) </dev/null >/dev/ttyS1 2>&1
	status=\$?
	cd /
	if [ '$out' ] && [ "\$(ls -A /out)" ]; then
		stty -F /dev/ttyS2 raw -echo 115200
		tar cf /dev/ttyS2 -C /out .
	fi
	echo "lab-status \$status" >/dev/ttyS0
	poweroff -f
INIT
chmod +x "$root/init"
(cd "$root" && find . | cpio --quiet -o -H newc -R 0:0) | gzip -1 >"$work/initrd"

set -- -accel tcg -cpu qemu64,-cx16 -display none -monitor none -no-reboot -nic none
while read -r line; do
	# shellcheck disable=SC2086 # each line is some words
	set -- "$@" $line
done <"$work/machine"
# shellcheck disable=SC2086
set -- "$@" $more -kernel "$image" -initrd "$work/initrd" -append "console=ttyS0 quiet panic=-1 nokaslr \
transparent_hugepage=never numa_balancing=disable tsc=reliable $append"

log=${console:-$work/console}
mkfifo "$work/stream"
try=0
while :; do
	try=$((try + 1))
	: >"$log"
	: >"$work/output"
	: >"$work/data"
	if [ "$whole" = yes ]; then
		cat <"$work/stream" >"$work/output" &
	else
		cat <"$work/stream" &
	fi
	reader=$!
	timeout -k 5 "$timeout" "$qemu" "$@" -serial "file:$log" -serial stdio \
		-chardev "file,id=data,path=$work/data" -device pci-serial,chardev=data \
		</dev/null >"$work/stream" 2>"$work/errors" &
	child=$!
	ended=0
	wait "$child" || ended=$?
	child=''
	wait "$reader" || :
	status=$(tr -d '\r' <"$log" | sed -n 's/^lab-status \([0-9]*\)$/\1/p' | tail -n 1)
	[ -z "$status" ] || break
	if [ "$ended" -eq 124 ] && grep -q '^lab-started' "$log"; then
		status=124
		say "timed out after $timeout s ($kernel, $shape)"
		break
	elif [ "$ended" -eq 124 ]; then
		why="the kernel did not come up within $timeout s"
	elif grep -q 'Kernel panic' "$log"; then
		why=$(tr -d '\r' <"$log" | sed -n 's/.*\(Kernel panic.*\)/\1/p' | head -n 1)
	elif [ "$ended" -ne 0 ]; then
		sed 's/^/lab\/run: /' "$work/errors" >&2
		die "$qemu failed ($ended)"
	else
		why="the machine was reset"
	fi
	say "$kernel, $shape, attempt $try of $tries: $why"
	if [ "$try" -ge "$tries" ]; then
		tail -n 40 "$log" | tr -d '\r' | sed 's/^/lab\/run: /' >&2
		status=125
		break
	fi
done
[ "$whole" = no ] || cat "$work/output"
if [ -n "$out" ] && [ -s "$work/data" ]; then
	mkdir -p "$out"
	tar xf "$work/data" -C "$out" || die "what came out of the machine is damaged"
fi
exit "$status"
