#!/bin/sh
# SPDX-License-Identifier: MIT
# The lab's short form, for `make check`: a kernel with four nodes, and a kernel without NUMA.
# A gate gives the same answer twice, so its random scripts are always the same ones; `make lab` makes new ones.
export KDIFF_SEED="${KDIFF_SEED:-1}"
exec sh "${top_srcdir:?run by make check}/tests/lab/lab.sh" --short
