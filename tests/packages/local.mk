# SPDX-License-Identifier: MIT
# Packages built from the release's archive, and installed where that can be undone.
slow_tests += %D%/debian.sh
EXTRA_DIST += %D%/debian.sh
