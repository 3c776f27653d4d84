# SPDX-License-Identifier: MIT
# Unmodified programs on libmynuma: a script a client.
clients_scripts = \
	%D%/beside.sh \
	%D%/built.sh \
	%D%/bystanders.sh \
	%D%/cyclictest.sh \
	%D%/fio.sh \
	%D%/jvm.sh \
	%D%/mariadbd.sh \
	%D%/memhog.sh \
	%D%/memkind.sh \
	%D%/migratepages.sh \
	%D%/migspeed.sh \
	%D%/numastat.sh \
	%D%/perf.sh \
	%D%/procenv.sh \
	%D%/qemu.sh \
	%D%/x265.sh

TESTS += $(clients_scripts)
slow_tests += %D%/numactl.sh
EXTRA_DIST += $(clients_scripts) \
	%D%/numactl.sh \
	%D%/lib.sh \
	%D%/beside.c \
	%D%/built-v1.c \
	%D%/built.c \
	%D%/bystander.c \
	%D%/opener.c
