/* SPDX-License-Identifier: MIT */
/*
 * noinit LIBRARY COPY: writes a copy of a shared library whose constructors do not run. What a
 * program costs with the library less what it costs with the copy is what the library itself does
 * at load, and nothing of what the dynamic linker does.
 */
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A tag that no dynamic linker knows. */
#define IGNORED 0x60abcdef

static char bytes[16 << 20];
static size_t size;

static void die(const char *why)
{
	fprintf(stderr, "noinit: %s\n", why);
	exit(1);
}

static void take_in(const char *path)
{
	FILE *f = fopen(path, "rb");

	if (!f)
		die("cannot open the library");
	size = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	if (size < sizeof(ElfW(Ehdr)) || size == sizeof(bytes) ||
	    memcmp(bytes, ELFMAG, SELFMAG) != 0)
		die("no ELF file of a usual size");
}

/* How many entries were emptied. */
static int empty_arrays(ElfW(Dyn) * dyn, size_t n)
{
	int found = 0;

	for (size_t i = 0; i < n; i++) {
		if (dyn[i].d_tag == DT_INIT_ARRAYSZ || dyn[i].d_tag == DT_FINI_ARRAYSZ) {
			dyn[i].d_un.d_val = 0;
			found++;
		} else if (dyn[i].d_tag == DT_INIT || dyn[i].d_tag == DT_FINI) {
			dyn[i].d_tag = IGNORED;
			found++;
		}
	}
	return found;
}

int main(int argc, char **argv)
{
	const ElfW(Ehdr) *ehdr = (void *)bytes;
	int found = 0;
	FILE *f;

	if (argc != 3)
		die("usage: noinit LIBRARY COPY");
	take_in(argv[1]);
	for (unsigned i = 0; i < ehdr->e_phnum; i++) {
		const ElfW(Phdr) *phdr = (void *)(bytes + ehdr->e_phoff + i * ehdr->e_phentsize);

		if (phdr->p_type == PT_DYNAMIC && phdr->p_offset + phdr->p_filesz <= size)
			found += empty_arrays((void *)(bytes + phdr->p_offset),
					      phdr->p_filesz / sizeof(ElfW(Dyn)));
	}
	if (!found)
		die("the library has no constructors");
	f = fopen(argv[2], "wb");
	if (!f || fwrite(bytes, 1, size, f) != size || fclose(f))
		die("cannot write the copy");
	return 0;
}
