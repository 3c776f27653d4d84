#!/bin/sh
# SPDX-License-Identifier: MIT
# The time that every file of the release's archive gets, in seconds, so that two archives of one release are
# the same to the bit: SOURCE_DATE_EPOCH, else that of the last commit, else that of NEWS, which an archive
# has kept.
set -eu
cd "$(dirname "$0")/.."
if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
	echo "$SOURCE_DATE_EPOCH"
elif [ -e .git ]; then
	git log -1 --format=%ct
else
	date -r NEWS +%s
fi
