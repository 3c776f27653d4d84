#!/bin/sh
# SPDX-License-Identifier: MIT
# The names under which pages of the interface are to be found besides their own, from the NAME
# section: a line each, the number of the section, the page, the name.
#	man/names.sh PAGE...
set -eu
for page; do
	file=${page##*/}
	suffix=${file##*.}
	case $suffix in
	*mynuma) ;;
	*) continue ;;
	esac
	sed -n '/^\.Sh NAME$/,/^\.Nd/s/^\.Nm \([^ ]*\).*$/\1/p' "$page" | while read -r name; do
		[ "$name.$suffix" = "$file" ] ||
			printf '%.1s %s %s\n' "$suffix" "$file" "$name"
	done
done
