/* SPDX-License-Identifier: MIT */
/*
 * A thread for each node, which runs there and works on memory from there, once all of them are where
 * they shall be.
 */
#include <numa.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct worker {
	pthread_t thread;
	int node, is_local;
};

static pthread_barrier_t all_there;

static void *work(void *arg)
{
	struct worker *worker = arg;
	int runs = numa_run_on_node(worker->node) == 0, at;
	size_t size = 1 << 20;
	void *mem;

	pthread_barrier_wait(&all_there);
	if (!runs)
		return NULL; /* a node without CPUs */
	mem = numa_alloc_local(size);
	if (!mem)
		return NULL;
	memset(mem, 1, size);
	if (numa_move_pages(0, 1, &mem, NULL, &at, 0) == 0)
		worker->is_local = at == worker->node;
	numa_free(mem, size);
	return NULL;
}

int main(void)
{
	int count = numa_max_node() + 1, status = 0;
	struct worker *workers = calloc((size_t)count, sizeof(*workers));

	if (numa_available() < 0 || !workers ||
	    pthread_barrier_init(&all_there, NULL, (unsigned)count))
		return 1;
	for (int i = 0; i < count; i++) {
		workers[i].node = i;
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			return 1;
	}
	for (int i = 0; i < count; i++) {
		pthread_join(workers[i].thread, NULL);
		printf("node %d: memory is %s\n", i, workers[i].is_local ? "local" : "elsewhere");
		status |= !workers[i].is_local;
	}
	pthread_barrier_destroy(&all_there);
	free(workers);
	return status;
}
