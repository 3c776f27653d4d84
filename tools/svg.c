/* SPDX-License-Identifier: MIT */
/*
 * The machine as a picture: a box for each node with its memory and its CPUs, and the distances as
 * a heat map. Sizes follow from the numbers of nodes and CPUs, so that a laptop and a machine of a
 * thousand nodes are both legible.
 */
#include <stdio.h>

#include "numa.h"
#include "tools/common.h"
#include "tools/machine.h"

#define MARGIN 24
#define GAP 12
#define PAD 10
#define HEAD 34	 /* of the picture, and of the heat map */
#define TITLE 20 /* of a node's box */
#define BAR 12	 /* the height of a memory bar */

struct layout {
	int columns; /* boxes in a row */
	int cpu_columns;
	int cpu; /* a CPU's square, with the gap beside it */
	bool cpu_numbers;
	int box_width, box_height;
	int cell; /* of the heat map */
	bool cell_numbers;
	int map_x, map_y;
	int width, height;
};

/* The least r with r * r >= n. */
static int root_of(int n)
{
	int r = 1;

	while (r * r < n)
		r++;
	return r;
}

static int most_cpus(const struct machine *m)
{
	int most = 0;

	for (int i = 0; i < m->nodes; i++) {
		int cpus = m->node[i].cpus ? (int)numa_bitmask_weight(m->node[i].cpus) : 0;

		most = cpus > most ? cpus : most;
	}
	return most;
}

static int heat_cell(int nodes)
{
	return nodes <= 12 ? 38 : nodes <= 24 ? 28 : nodes <= 64 ? 14 : nodes <= 128 ? 8 : 1;
}

static void lay_boxes(struct layout *l, const struct machine *m)
{
	int cpus = most_cpus(m), rows;

	l->cpu_numbers = cpus <= 64;
	l->cpu = l->cpu_numbers ? 30 : 8;
	l->cpu_columns = cpus <= 8 ? 4 : cpus <= 32 ? 8 : cpus <= 64 ? 8 : 2 * root_of(cpus / 2);
	if (m->nodes > 16 && cpus <= 4)
		l->cpu_columns = 2;
	rows = (cpus + l->cpu_columns - 1) / l->cpu_columns;
	l->box_width = l->cpu_columns * l->cpu + 2 * PAD;
	if (l->box_width < 140)
		l->box_width = 140;
	l->box_height = PAD + TITLE + 16 + BAR + (l->cpu_numbers ? 8 : 18) + rows * l->cpu + 7;
	l->columns = m->nodes <= 3 ? m->nodes : root_of(m->nodes);
	/* Wide boxes make for a tall picture, high ones for a wide one. */
	while (m->nodes > 3 &&
	       l->columns * (l->box_width + GAP) >
		       2 * ((m->nodes + l->columns - 1) / l->columns) * (l->box_height + GAP))
		l->columns--;
}

static struct layout lay_out(const struct machine *m)
{
	struct layout l = {0};
	int rows, boxes_width, boxes_height, map_width, map_height;

	lay_boxes(&l, m);
	rows = (m->nodes + l.columns - 1) / l.columns;
	boxes_width = l.columns * (l.box_width + GAP) - GAP;
	boxes_height = rows * (l.box_height + GAP) - GAP;
	l.cell = heat_cell(m->nodes);
	l.cell_numbers = l.cell >= 28;
	map_width = 40 + m->nodes * l.cell;
	map_width = map_width < 220 ? 220 : map_width;
	map_height = HEAD + 20 + m->nodes * l.cell + 50;
	/* Beside the boxes, or below them where that makes a better shape. */
	if (boxes_width + map_width > 2 * (boxes_height > map_height ? boxes_height : map_height) &&
	    boxes_width > boxes_height) {
		l.map_x = MARGIN;
		l.map_y = MARGIN + HEAD + boxes_height + 2 * GAP;
		l.width = boxes_width > map_width ? boxes_width : map_width;
		l.height = HEAD + boxes_height + 2 * GAP + map_height;
	} else {
		l.map_x = MARGIN + boxes_width + 3 * GAP;
		l.map_y = MARGIN;
		l.width = boxes_width + 3 * GAP + map_width;
		l.height = HEAD + boxes_height > map_height ? HEAD + boxes_height : map_height;
	}
	l.width += 2 * MARGIN;
	l.height += 2 * MARGIN;
	return l;
}

/* A size in the largest unit of which there is at least one: "16 GiB", "1.5 TiB". */
static const char *size_text(char *buf, size_t size, long long bytes)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
	double n = (double)bytes;
	int i = 0;

	for (; n >= 1024 && i < 5; i++)
		n /= 1024;
	snprintf(buf, size, n < 10 && i > 0 && n - (int)n >= 0.05 ? "%.1f %s" : "%.0f %s", n,
		 units[i]);
	return buf;
}

static void draw_memory(const struct machine_node *n, const struct layout *l, int x, int y,
			FILE *out)
{
	char total[32], left[32];
	int width = l->box_width - 2 * PAD;
	double used = n->memory > 0 ? 1 - (double)n->free / (double)n->memory : 0;

	if (n->memory < 0) {
		fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"s\">memory not told</text>\n", x,
			y + 11);
		return;
	}
	if (n->memory == 0) {
		fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"s\">no memory</text>\n", x, y + 11);
		return;
	}
	fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"s\">%s, %s free</text>\n", x, y + 11,
		size_text(total, sizeof(total), n->memory), size_text(left, sizeof(left), n->free));
	fprintf(out,
		"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\" class=\"free\"/>\n", x,
		y + 16, width, BAR);
	fprintf(out,
		"<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\" class=\"used\"/>\n",
		x, y + 16, used < 0 ? 0 : used * width, BAR);
}

static void draw_cpus(const struct machine_node *n, const struct layout *l, int x, int y, FILE *out)
{
	int k = 0, gap = l->cpu_numbers ? 3 : 1;

	for (unsigned cpu = 0; n->cpus && cpu < n->cpus->size; cpu++) {
		int cx = x + k % l->cpu_columns * l->cpu, cy = y + k / l->cpu_columns * l->cpu;
		int side = l->cpu - gap;

		if (!numa_bitmask_isbitset(n->cpus, cpu))
			continue;
		fprintf(out,
			"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\" "
			"class=\"cpu\"><title>CPU %u</title></rect>\n",
			cx, cy, side, side, l->cpu_numbers ? 3 : 0, cpu);
		if (l->cpu_numbers)
			fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"c\">%u</text>\n",
				cx + side / 2.0, cy + side / 2.0 + 3.5, cpu);
		k++;
	}
}

static void draw_node(const struct machine *m, int i, const struct layout *l, FILE *out)
{
	const struct machine_node *n = &m->node[i];
	int x = MARGIN + i % l->columns * (l->box_width + GAP);
	int y = MARGIN + HEAD + i / l->columns * (l->box_height + GAP);
	unsigned cpus = n->cpus ? numa_bitmask_weight(n->cpus) : 0;

	fprintf(out,
		"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\" class=\"node\"/>\n", x,
		y, l->box_width, l->box_height);
	fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"t\">Node %d</text>\n", x + PAD, y + PAD + 11,
		n->id);
	x += PAD;
	y += PAD + TITLE;
	draw_memory(n, l, x, y, out);
	y += 16 + BAR + 16;
	if (cpus == 0) {
		fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"s\">no CPUs</text>\n", x, y + 1);
		return;
	}
	if (l->cpu_numbers) {
		draw_cpus(n, l, x, y - 8, out);
		return;
	}
	fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"s\">CPUs ", x, y - 3);
	print_list(out, n->cpus);
	fputs("</text>\n", out);
	draw_cpus(n, l, x, y + 2, out);
}

/* Near is pale, far is dark: three colours and what lies between them. */
static void heat(int distance, int most, int rgb[3])
{
	static const int colours[3][3] = {{255, 247, 214}, {244, 145, 78}, {122, 22, 60}};
	double at = most > 10 ? 2.0 * (distance - 10) / (most - 10) : 0;
	int k;

	at = at < 0 ? 0 : at > 2 ? 2 : at;
	k = at >= 1;
	for (int i = 0; i < 3; i++)
		rgb[i] = (int)(colours[k][i] + (at - k) * (colours[k + 1][i] - colours[k][i]));
}

/* A run of equal distances is one rectangle unless each shows its number. */
static void draw_row(const struct machine *m, int i, int most, const struct layout *l, int x, int y,
		     FILE *out)
{
	for (int j = 0, run; j < m->nodes; j += run) {
		int distance = machine_distance(m, i, j), rgb[3];

		for (run = 1; !l->cell_numbers && j + run < m->nodes; run++)
			if (machine_distance(m, i, j + run) != distance)
				break;
		heat(distance, most, rgb);
		fprintf(out,
			"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"m\" "
			"fill=\"#%02x%02x%02x\">"
			"<title>node %d to %d",
			x + j * l->cell, y, run * l->cell, l->cell, rgb[0], rgb[1], rgb[2],
			m->node[i].id, m->node[j].id);
		if (run > 1)
			fprintf(out, "-%d", m->node[j + run - 1].id);
		fprintf(out, ": %d</title></rect>\n", distance);
		if (l->cell_numbers)
			fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">%d</text>\n",
				x + (j + 0.5) * l->cell, y + l->cell / 2.0 + 4,
				rgb[0] + rgb[1] + rgb[2] < 420 ? "c w" : "c", distance);
	}
}

/* Which nodes have their number beside the map: all, or as many as there is room for. */
static int label_step(const struct layout *l)
{
	int step = 1;

	while (step * l->cell < 14)
		step *= 2;
	return step;
}

static void draw_legend(int most, int x, int y, FILE *out)
{
	int rgb[3];

	for (int i = 0; i < 100; i++) {
		heat(10 + (most - 10) * i / 99, most, rgb);
		fprintf(out,
			"<rect x=\"%d\" y=\"%d\" width=\"2\" height=\"10\" class=\"m\" "
			"fill=\"#%02x%02x%02x\"/>\n",
			x + 2 * i, y, rgb[0], rgb[1], rgb[2]);
	}
	fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"s\">10</text>\n", x, y + 24);
	fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"s\" text-anchor=\"end\">%d</text>\n", x + 200,
		y + 24, most);
}

static void draw_map(const struct machine *m, const struct layout *l, FILE *out)
{
	int x = l->map_x + 36, y = l->map_y + HEAD + 18, most = 40, step = label_step(l);

	fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"h\">Distances</text>\n", l->map_x,
		l->map_y + 15);
	if (!m->has_distances) {
		fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"s\">not told</text>\n", l->map_x,
			l->map_y + HEAD + 8);
		return;
	}
	for (int i = 0; i < m->nodes * m->nodes; i++)
		most = m->distances[i] > most ? m->distances[i] : most;
	for (int i = 0; i < m->nodes; i++) {
		draw_row(m, i, most, l, x, y + i * l->cell, out);
		if (i % step)
			continue;
		fprintf(out,
			"<text x=\"%d\" y=\"%.1f\" class=\"%s\" text-anchor=\"end\">%d</text>\n",
			x - 6, y + (i + 0.5) * l->cell + 4,
			l->cell >= 14 && l->cell < 28 ? "x" : "s", m->node[i].id);
		if (l->cell >= 28 || i % (2 * step) == 0)
			fprintf(out,
				"<text x=\"%.1f\" y=\"%d\" class=\"%s\" "
				"text-anchor=\"middle\">%d</text>\n",
				x + (i + 0.5) * l->cell, y - 6, l->cell >= 28 ? "s" : "x",
				m->node[i].id);
	}
	draw_legend(most, x, y + m->nodes * l->cell + 14, out);
}

void machine_svg(const struct machine *m, FILE *out)
{
	struct layout l = lay_out(m);

	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
		"height=\"%d\" font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\">\n"
		"<title>NUMA machine of %d nodes</title>\n",
		l.width, l.height, l.width, l.height, m->nodes);
	fputs("<style>\n"
	      "text { fill: #222 } .h { font-size: 16px; font-weight: bold }\n"
	      ".t { font-size: 13px; font-weight: bold } .s { font-size: 11px; fill: #444 }\n"
	      ".c { font-size: 11px; text-anchor: middle } .w { fill: #fff } \n"
	      ".x { font-size: 9px; fill: #444 } .m { shape-rendering: crispEdges }\n"
	      ".node { fill: #f6f7f9; stroke: #9aa5b1 } .cpu { fill: #cfe3f5; stroke: #7fa8cc }\n"
	      ".free { fill: #d7e8d3 } .used { fill: #5b8f57 }\n"
	      "</style>\n",
	      out);
	fprintf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", l.width, l.height);
	fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"h\">%d node%s</text>\n", MARGIN, MARGIN + 15,
		m->nodes, m->nodes == 1 ? "" : "s");
	for (int i = 0; i < m->nodes; i++)
		draw_node(m, i, &l, out);
	draw_map(m, &l, out);
	fputs("</svg>\n", out);
}
