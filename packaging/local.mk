# SPDX-License-Identifier: MIT
# What distributions build packages from.
EXTRA_DIST += %D%/debian %D%/rpm %D%/alpine %D%/release-date.sh REUSE.toml

# Two archives of one release are the same to the bit: names in order, nobody's ownership, one time.
am__tar = $${TAR-tar} --format=posix --pax-option=delete=atime,delete=ctime --sort=name \
	--owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
	--mtime=@`$(SHELL) $(srcdir)/%D%/release-date.sh` -chf - "$$tardir"
