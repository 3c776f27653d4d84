#!/bin/sh
# SPDX-License-Identifier: MIT
# The lab's short form, for `make check`: a kernel with four nodes, and a kernel without NUMA.
exec sh "${top_srcdir:?run by make check}/tests/lab/lab.sh" --short
