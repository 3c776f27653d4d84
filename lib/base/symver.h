/* SPDX-License-Identifier: MIT */
/*
 * Symbol versions: how one source gives the shared object a second definition of a name, for
 * programs linked long ago.
 *
 * The plain C name is the current function and gets its version from lib/libmynuma.map. An old
 * twin has a C name of its own and this macro before its definition:
 *
 *	#ifdef PIC
 *	SYMVER_OLD(numa_bind_v1, numa_bind, "libnuma_1.1")
 *	void numa_bind_v1(const nodemask_t *mask)
 *	{ ... }
 *	#endif
 *
 * The shared object then exports numa_bind@libnuma_1.1 next to numa_bind@@libnuma_1.2. The C name
 * of the twin stays inside: no node of the map lists it. A static archive has no versions, and
 * nothing that is linked today wants the old function: leave the twins out of it, which is what
 * #ifdef PIC (libtool's sign of an object for the shared library) does.
 *
 * Keep a twin in another file than the function that has the plain name: with link-time
 * optimisation GNU ld loses the plain one when both stand in the same file.
 */
#ifndef MYNUMA_BASE_SYMVER_H
#define MYNUMA_BASE_SYMVER_H

#ifndef __has_attribute
#define __has_attribute(attribute) 0
#endif

#if __has_attribute(__symver__)
/*
 * gcc 10 and later. Only this survives link-time optimisation, which may put a function and a
 * stray asm statement into different assembler files.
 */
#define SYMVER_OLD_AS(twin, versioned) __attribute__((__symver__(versioned)))
#else
/* clang, whose link-time optimisation reads module-level asm, and older gcc. */
#define SYMVER_OLD_AS(twin, versioned) __asm__(".symver " #twin ", " versioned);
#endif

/*
 * Declares nothing: the twin's prototype stands before. A hidden twin would make its versioned
 * name hidden as well, so it gets default visibility; "used" keeps it where only asm names it.
 */
#define SYMVER_OLD(twin, name, node)                                                               \
	SYMVER_OLD_AS(twin, #name "@" node)                                                        \
	__attribute__((__visibility__("default"), __used__))

#endif
