# SPDX-License-Identifier: MIT
# Failing system calls. The library is compiled a second time, with its system calls by way of
# syscall(), which the test defines.
check_PROGRAMS += %D%/faults
slow_tests += %D%/faults.sh
EXTRA_DIST += %D%/faults.sh

tests_faults_faults_SOURCES = %D%/faults.c $(lib_libcore_la_SOURCES) \
	$(lib_libdescription_la_SOURCES)
tests_faults_faults_CPPFLAGS = $(AM_CPPFLAGS) -DMYNUMA_GENERIC_SYSCALL
tests_faults_faults_LDADD = lib/libdescription.la -ldl
