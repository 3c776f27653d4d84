# SPDX-License-Identifier: MIT
# Completion of the command mynuma for bash.
# shellcheck shell=bash

_mynuma_files() { # PREFIX WORD: files, with the prefix put before each
	local file
	while IFS= read -r file; do
		COMPREPLY+=("$1$file")
	done < <(compgen -f -- "$2")
}

# The program and its arguments, as if nothing stood before them.
_mynuma_program() { # INDEX
	if declare -F _command_offset >/dev/null; then
		_command_offset "$1"
	elif [ "$COMP_CWORD" -eq "$1" ]; then
		while IFS= read -r word; do
			COMPREPLY+=("$word")
		done < <(compgen -c -- "${COMP_WORDS[COMP_CWORD]}")
	else
		_mynuma_files '' "${COMP_WORDS[COMP_CWORD]}"
	fi
}

# Which word is the program's name, for one that stands there or is being written; else 0.
_mynuma_program_index() {
	local i=2

	while [ "$i" -lt "$COMP_CWORD" ]; do
		case ${COMP_WORDS[i]} in
		--)
			echo $((i + 1))
			return
			;;
		--topology | --output | -t | -o)
			i=$((i + 1))
			case ${COMP_WORDS[i]} in
			= | @ | =@) i=$((i + 1)) ;;
			esac
			i=$((i + 1))
			;;
		-*) i=$((i + 1)) ;;
		*) break ;;
		esac
	done
	case ${COMP_WORDS[1]} in
	run | trace) ;;
	*) i=0 ;;
	esac
	if [ "$i" -eq "$COMP_CWORD" ]; then
		case ${COMP_WORDS[i]} in
		'' | -*) i=0 ;;
		esac
	fi
	echo $((i <= COMP_CWORD ? i : 0))
}

_mynuma() {
	local word=${COMP_WORDS[COMP_CWORD]} at=$COMP_CWORD lead='' before i
	local words=

	COMPREPLY=()
	# Of "=" and "@" bash makes a word of their own. It wants "@" back, but not "=".
	case $word in
	= | @ | =@) lead=$word word='' ;;
	*)
		case ${COMP_WORDS[at - 1]} in
		= | @ | =@) lead=${COMP_WORDS[--at]} ;;
		esac
		;;
	esac
	before=${COMP_WORDS[at - 1]}
	case $lead in
	=*) before=$before= ;;
	esac
	word=${lead#=}$word
	if [ "$COMP_CWORD" -eq 1 ]; then
		words='topology run where doctor trace --help --version'
	else
		i=$(_mynuma_program_index)
		if [ "$i" -gt 0 ]; then
			_mynuma_program "$i"
			return
		fi
		case $before in
		--topology | --topology= | -t)
			if [ "${word:0:1}" = @ ]; then
				_mynuma_files @ "${word:1}"
			fi
			return
			;;
		--output | --output= | -o | --save= | --svg=)
			_mynuma_files '' "$word"
			return
			;;
		esac
		case ${COMP_WORDS[1]} in
		topology) words='--topology --json --save --svg --help' ;;
		run) words='--topology --no-sysfs --help' ;;
		where)
			words='--all --json --output --topology --help'
			case $word in
			-*) ;;
			*) words=$(cd /proc && printf '%s ' [0-9]*) ;;
			esac
			;;
		doctor) words='--json --help' ;;
		trace) words='--output --topology --help' ;;
		esac
	fi
	while IFS= read -r i; do
		COMPREPLY+=("$i")
	done < <(compgen -W "$words" -- "$word")
}

complete -F _mynuma mynuma
