# SPDX-License-Identifier: MIT
# Simulated machines: unmodified programs on them, as `mynuma run` starts them.
sim_scripts = \
	%D%/clients.sh \
	%D%/inside.sh \
	%D%/installed.sh \
	%D%/privilege.sh \
	%D%/programs.sh \
	%D%/readme.sh \
	%D%/shapes.sh

EXTRA_DIST += $(sim_scripts) %D%/lib.sh
if SIM
TESTS += $(sim_scripts)
check_PROGRAMS += %D%/calls %D%/tasks %D%/confined
endif
tests_sim_calls_LDFLAGS = -pthread
tests_sim_tasks_LDFLAGS = -pthread
tests_sim_confined_LDADD = -lseccomp
