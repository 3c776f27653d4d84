# SPDX-License-Identifier: MIT
# The simulated machine: the core with libc's functions in front of it, for preloading. The map
# without its end, so that those have no version and stand in for any.

if SIM
simdir = $(libdir)/mynuma/sim
sim_LTLIBRARIES = sim/libnuma.la
endif
sim_libnuma_la_SOURCES = $(shared_sources) \
	%D%/addresses.c \
	%D%/carry.c \
	%D%/exec.c \
	%D%/processors.c \
	%D%/sim.h \
	%D%/start.c \
	%D%/syscall.c \
	%D%/threads.c
sim_libnuma_la_CFLAGS = $(shared_cflags)
sim_libnuma_la_LDFLAGS = -shared -version-info $(LIB_VERSION_INFO) -no-undefined $(NO_UNDEFINED) \
	-Wl,--version-script=%D%/sim.map -Wl,-z,relro,-z,now,-z,noexecstack,-z,nodelete
sim_libnuma_la_LIBADD = lib/libcore.la
sim_libnuma_la_DEPENDENCIES = lib/libcore.la %D%/sim.map
CLEANFILES += %D%/sim.map

%D%/sim.map: lib/libmynuma.map
	$(AM_V_GEN)$(MKDIR_P) sim && sed 's/^	\*;$$/	numa_*_v1;/' $(top_srcdir)/lib/libmynuma.map >$@-t && mv $@-t $@

# One file under every name by which the library can be asked for, so one state a process; nothing is
# linked with it.
.PHONY: install-sim-names uninstall-sim-names
install-sim-names:
	cd '$(DESTDIR)$(simdir)' && rm -f libmynuma-sim.so libmynuma.so.1 libnuma.so && \
		$(LN_S) libnuma.so.1 libmynuma-sim.so && $(LN_S) libnuma.so.1 libmynuma.so.1
uninstall-sim-names:
	rm -f '$(DESTDIR)$(simdir)/libmynuma-sim.so' '$(DESTDIR)$(simdir)/libmynuma.so.1'
if SIM
install-data-hook: install-sim-names
uninstall-hook: uninstall-sim-names
endif
