/* SPDX-License-Identifier: MIT */
/*
 * Static probe points of the provider libmynuma, for bpftrace, perf and SystemTap: a nop in the
 * code and a note in the file that says where it is and where the arguments are. They cost that nop
 * when nobody looks, and nothing at all where the library was built without <sys/sdt.h>.
 */
#ifndef MYNUMA_BASE_PROBE_H
#define MYNUMA_BASE_PROBE_H

#ifdef MYNUMA_SDT
#include <sys/sdt.h>
#define PROBE1(name, a) STAP_PROBE1(libmynuma, name, a)
#define PROBE3(name, a, b, c) STAP_PROBE3(libmynuma, name, a, b, c)
#define PROBE4(name, a, b, c, d) STAP_PROBE4(libmynuma, name, a, b, c, d)
#define PROBE5(name, a, b, c, d, e) STAP_PROBE5(libmynuma, name, a, b, c, d, e)
#define PROBE6(name, a, b, c, d, e, f) STAP_PROBE6(libmynuma, name, a, b, c, d, e, f)
#else
#define PROBE1(name, a) ((void)0)
#define PROBE3(name, a, b, c) ((void)0)
#define PROBE4(name, a, b, c, d) ((void)0)
#define PROBE5(name, a, b, c, d, e) ((void)0)
#define PROBE6(name, a, b, c, d, e, f) ((void)0)
#endif

#endif
