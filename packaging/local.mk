# SPDX-License-Identifier: MIT
# What distributions build packages from.
EXTRA_DIST += %D%/debian
