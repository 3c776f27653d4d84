/* SPDX-License-Identifier: MIT */
/* Description: weighted interleaving goes by the weights that the kernel's files tell. */
#include "backend/backend.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "emul/abi.h"
#include "harness.h"
#include "machines.h"
#include "topology/topology.h"
#include "unit/fixture.h"

#define OPS backend_emulated_ops
#define WEIGHT "sys/kernel/mm/mempolicy/weighted_interleave/node%d"
#define NODES_MADE 6
#define PAGES 60

/* Of node 3 no weight is told, of nodes 2, 4 and 5 nonsense. */
static bool make_machine(const char *program)
{
	static const struct fixture_node nodes[NODES_MADE] = {
		{0, "1", 1024}, {1, "0", 1024}, {2, "0", 1024},
		{3, "0", 1024}, {4, "0", 1024}, {5, "0", 1024},
	};
	const char *root = fixture_root();

	fixture_machine(root, nodes, NODES_MADE, "3f", "1", "0");
	fixture_put(root, "3\n", WEIGHT, 0);
	fixture_put(root, "255\n", WEIGHT, 1);
	fixture_put(root, "256\n", WEIGHT, 2);
	fixture_put(root, "0\n", WEIGHT, 4);
	fixture_put(root, "", WEIGHT, 5);
	return fixture_run(program, "run");
}

static void files_are_read(void)
{
	static const int weight[NODES_MADE] = {3, 255, 1, 1, 1, 1};

	REQUIRE(emul_machine()->node_ids == NODES_MADE);
	for (int node = 0; node < NODES_MADE; node++)
		CHECK_EQ(emul_machine()->weight[node], weight[node]);
	CHECK_EQ(topo_node_weight(0), 3);
	CHECK_EQ(topo_node_weight(2), -EINVAL);
	CHECK_EQ(topo_node_weight(3), -ENOENT);
	CHECK_EQ(topo_node_weight(-1), -ENOENT);
}

static void pages_go_by_weight(void)
{
	size_t ps = (size_t)sysconf(_SC_PAGESIZE);
	struct nodemask mask = NODES(0, 3);
	char *p = mmap(NULL, PAGES * ps, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);

	REQUIRE(p != MAP_FAILED);
	madvise(p, PAGES * ps, MADV_NOHUGEPAGE);
	CHECK_EQ(OPS.mbind(p, PAGES * ps, MPOL_WEIGHTED_INTERLEAVE, mask.bits, EMUL_NODES + 1, 0),
		 0);
	memset(p, 1, PAGES * ps);
	for (int i = 0; i < PAGES; i++) {
		void *page = p + (size_t)i * ps;
		int node = -1;

		CHECK_EQ(OPS.move_pages(0, 1, &page, NULL, &node, 0), 0);
		CHECK_EQ(node, (uintptr_t)page / ps % 4 < 3 ? 0 : 3);
	}
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return !make_machine(argv[0]);
	RUN(files_are_read);
	RUN(pages_go_by_weight);
	return tap_done();
}
