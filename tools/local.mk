# SPDX-License-Identifier: MIT
# The command `mynuma`, on the library as any program is, and on the pure parser of descriptions.
# What makes a simulated machine's view of /sys reads the topology as it is inside; of the core it
# takes that alone.
bin_PROGRAMS += %D%/mynuma
tools_mynuma_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir) -DMYNUMA_VERSION='"$(PACKAGE_VERSION)"'
tools_mynuma_SOURCES = \
	sim/program.c \
	sim/program.h \
	%D%/common.c \
	%D%/common.h \
	%D%/doctor.c \
	%D%/machine.c \
	%D%/machine.h \
	%D%/mynuma.c \
	%D%/pagemap.c \
	%D%/pagemap.h \
	%D%/preload.c \
	%D%/simulate.c \
	%D%/simulate.h \
	%D%/subcommands.h \
	%D%/svg.c \
	%D%/topology.c \
	%D%/trace.c \
	%D%/where.c
tools_mynuma_LDADD = lib/libdescription.la lib/libmynuma.la $(DL_LIBS)
if SIM
tools_mynuma_CPPFLAGS += -DMYNUMA_SIM='"$(libdir)/mynuma/sim/libnuma.so.1"'
tools_mynuma_SOURCES += \
	sim/host.c \
	sim/host.h \
	sim/cpuinfo.c \
	sim/cpuinfo.h \
	sim/tree.c \
	sim/tree.h \
	sim/view.c \
	sim/view.h \
	%D%/run.c
tools_mynuma_LDADD += lib/libcore.la
endif

bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = %D%/mynuma.bash
