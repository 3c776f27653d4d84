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
	word=${lead#=}$word
	if [ "$COMP_CWORD" -eq 1 ]; then
		words='topology run where doctor trace --help --version'
	else
		for ((i = 2; i < COMP_CWORD; i++)); do
			if [ "${COMP_WORDS[i]}" = -- ]; then
				_mynuma_program $((i + 1))
				return
			fi
		done
		case $before in
		--topology | -t)
			if [ "${word:0:1}" = @ ]; then
				_mynuma_files @ "${word:1}"
			fi
			return
			;;
		--output | -o | --save | --svg)
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
