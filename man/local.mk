# SPDX-License-Identifier: MIT
# The manual of the interface: a page a function or family. They end in mynuma, so that they lie
# beside libnuma's and those of the Linux man-pages project.
dist_man_MANS += \
	%D%/get_mempolicy.2mynuma \
	%D%/copy_bitmask_to_bitmask.3mynuma \
	%D%/mbind.2mynuma \
	%D%/migrate_pages.2mynuma \
	%D%/move_pages.2mynuma \
	%D%/nodemask_zero.3mynuma \
	%D%/numa.3mynuma \
	%D%/numa_all_nodes_ptr.3mynuma \
	%D%/numa_alloc.3mynuma \
	%D%/numa_available.3mynuma \
	%D%/numa_bind.3mynuma \
	%D%/numa_bitmask_alloc.3mynuma \
	%D%/numa_bitmask_setbit.3mynuma \
	%D%/numa_distance.3mynuma \
	%D%/numa_error.3mynuma \
	%D%/numa_get_mems_allowed.3mynuma \
	%D%/numa_interleave_memory.3mynuma \
	%D%/numa_max_node.3mynuma \
	%D%/numa_migrate_pages.3mynuma \
	%D%/numa_move_pages.3mynuma \
	%D%/numa_node_size.3mynuma \
	%D%/numa_node_to_cpus.3mynuma \
	%D%/numa_pagesize.3mynuma \
	%D%/numa_parse_bitmap.3mynuma \
	%D%/numa_parse_nodestring.3mynuma \
	%D%/numa_police_memory.3mynuma \
	%D%/numa_run_on_node.3mynuma \
	%D%/numa_sched_getaffinity.3mynuma \
	%D%/numa_set_bind_policy.3mynuma \
	%D%/numa_set_interleave_mask.3mynuma \
	%D%/numa_set_localalloc.3mynuma \
	%D%/numa_set_membind.3mynuma \
	%D%/numa_set_mempolicy_home_node.3mynuma \
	%D%/numa_set_preferred.3mynuma \
	%D%/numa_set_preferred_many.3mynuma \
	%D%/set_mempolicy.2mynuma \
	%D%/set_mempolicy_home_node.2mynuma \
	%D%/mynuma.1 \
	%D%/mynuma-doctor.1 \
	%D%/mynuma-run.1 \
	%D%/mynuma-topology.1 \
	%D%/mynuma-trace.1 \
	%D%/mynuma-where.1

jamandir = $(mandir)/ja/man2
dist_jaman_DATA = %D%/ja/get_mempolicy.2mynuma

# The other names of a page: .so aliases, made when it is installed from what its NAME section says.
EXTRA_DIST += %D%/names.sh

install-data-local: install-man-aliases
uninstall-local: uninstall-man-aliases

.PHONY: install-man-aliases uninstall-man-aliases
install-man-aliases:
	@cd $(srcdir) && for page in $(dist_man_MANS); do \
		$(SHELL) %D%/names.sh "$$page" | while read -r section page name; do \
			dir="$(DESTDIR)$(mandir)/man$$section"; \
			$(MKDIR_P) "$$dir" && \
			echo ".so man$$section/$$page" >"$$dir/$$name.$${page##*.}" || exit 1; \
		done || exit 1; \
	done
uninstall-man-aliases:
	@cd $(srcdir) && for page in $(dist_man_MANS); do \
		$(SHELL) %D%/names.sh "$$page" | while read -r section page name; do \
			rm -f "$(DESTDIR)$(mandir)/man$$section/$$name.$${page##*.}"; \
		done; \
	done
