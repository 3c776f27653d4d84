# SPDX-License-Identifier: MIT
# What distributions build packages from.
EXTRA_DIST += %D%/debian %D%/rpm %D%/alpine %D%/release-date.sh REUSE.toml

# Two archives of one release are the same to the bit: names in order, nobody's ownership, one time.
am__tar = $${TAR-tar} --format=posix --pax-option=delete=atime,delete=ctime --sort=name \
	--owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
	--mtime=@`$(SHELL) $(srcdir)/%D%/release-date.sh` -chf - "$$tardir"

# For packages: the tests that need nothing but what builds the library. The others are the project's gate.
.PHONY: check-library
check-library: all
	@programs=`$(MAKE) -s --no-print-directory list-tests | \
		grep -E '^tests/(unit|emul)/' | grep -v '[.]sh$$' | tr '\n' ' '` && \
	$(MAKE) check slow_tests= check_PROGRAMS="$$programs" check_LTLIBRARIES= check_DATA= \
		TESTS="$$programs"
