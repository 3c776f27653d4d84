/* SPDX-License-Identifier: MIT */
/*
 * One object of each sort. They are made before a script is run and the same in both of its runs:
 * interleaving goes by their inode numbers.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kdiff.h"

char *object_base[OBJECTS];
int object_fd[OBJECTS];

/*
 * Inode numbers have a remainder that the script names: else shrinking it would be in vain. The next
 * object that is made has the one after what this makes.
 */
static unsigned remainder_wanted;

static void even_out(int (*make)(void))
{
	struct stat st = {0};

	for (unsigned tries = 0; tries < 4 * INODE_REMAINDERS; tries++) {
		int fd = make();

		if (fd < 0 || fstat(fd, &st) < 0)
			abort();
		close(fd);
		if ((st.st_ino + 1) % INODE_REMAINDERS == remainder_wanted)
			return;
	}
}

static int open_memory(void)
{
	return memfd_create("kdiff", 0);
}

static char *map_file(int fd, size_t size)
{
	if (fd < 0 || ftruncate(fd, (off_t)size) < 0)
		return MAP_FAILED;
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

static int open_tmpfs(void)
{
	int fd = open("/dev/shm", O_TMPFILE | O_RDWR, 0600);

	return fd < 0 ? open_memory() : fd;
}

static char *map_segment(size_t size)
{
	void *base;
	int id;

	/* The number is also that of the inode. */
	while ((id = shmget(IPC_PRIVATE, size, 0600)) >= 0 &&
	       (unsigned)id % INODE_REMAINDERS != remainder_wanted)
		shmctl(id, IPC_RMID, NULL);
	base = shmat(id, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	return base;
}

void objects_make(unsigned remainder)
{
	size_t size = OBJECT_PAGES * machine.page_size;
	cpu_set_t one;

	/* Each CPU counts for itself. */
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);

	remainder_wanted = remainder % INODE_REMAINDERS;
	even_out(open_memory);
	object_base[0] = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
			      0);
	object_base[1] = map_file(object_fd[1] = open_memory(), size);
	even_out(open_tmpfs);
	object_base[2] = map_file(object_fd[2] = open_tmpfs(), size);
	object_base[3] = map_segment(size);
	object_fd[0] = object_fd[3] = -1;
	for (int i = 0; i < OBJECTS; i++)
		if (object_base[i] == MAP_FAILED)
			abort();
}

void objects_empty(void)
{
	for (int i = 0; i < OBJECTS; i++)
		madvise(object_base[i], OBJECT_PAGES * machine.page_size, MADV_REMOVE);
}

void objects_end(void)
{
	for (int i = 0; i < OBJECTS; i++) {
		munmap(object_base[i], OBJECT_PAGES * machine.page_size);
		if (object_fd[i] >= 0)
			close(object_fd[i]);
	}
}
