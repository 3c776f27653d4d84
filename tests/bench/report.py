# SPDX-License-Identifier: MIT
"""report.py DIR LIBNUMA: makes of what bench.sh has measured a table, JSON, plots and a page."""

import datetime
import json
import math
import os
import platform
import subprocess
import sys

out, libnuma = sys.argv[1:3]
SIDES = ("libnuma", "ours", "kernel", "ratio")


def number(text):
    return None if text == "-" else float(text)


def read_cases(name):
    """{case: {"kind": k, side: [min, median, max] or None}} of a file of bench.c's lines."""
    cases = {}
    path = os.path.join(out, name)
    for line in open(path, encoding="utf-8") if os.path.exists(path) else ():
        cells = line.rstrip("\n").split("\t")
        if len(cells) != 14:
            continue
        case = {"kind": cells[1]}
        for i, side in enumerate(SIDES):
            values = [number(c) for c in cells[2 + 3 * i : 5 + 3 * i]]
            case[side] = None if None in values else values
        cases[cells[0]] = case
    return cases


def read_emulation(name):
    rows = []
    for line in open(os.path.join(out, name), encoding="utf-8"):
        what, ranges, low, median, high = line.rstrip("\n").split("\t")
        rows.append({"what": what, "ranges": int(ranges),
                     "ns": [float(low), float(median), float(high)]})
    return rows


def command(*words):
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        return done.stdout.strip()
    except OSError:
        return ""


def cpu_model():
    for line in open("/proc/cpuinfo", encoding="utf-8"):
        if line.startswith(("model name", "Processor", "cpu model")):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")


functions = read_cases("functions.tsv")
sizes = {}
for name in os.listdir(out):
    if name.startswith("size-") and name.endswith(".tsv"):
        nodes, cpus = name[5:-4].split("-")
        sizes[int(nodes), int(cpus)] = read_cases(name)
threads = {n: read_cases("threads-%d.tsv" % n) for n in (1, 2, 4, 8)}
load = {}
for line in open(os.path.join(out, "load.tsv"), encoding="utf-8"):
    what, calls, instructions = line.rstrip("\n").split("\t")
    load[what] = {"syscalls": int(calls), "instructions": int(instructions)}
load_time = read_cases("load-time.tsv")["load"]
emulation = {part: read_emulation("emulation-%s.tsv" % part)
             for part in ("calls", "ranges", "kernel")}
machine = {
    "cpu": cpu_model(),
    "cores": os.cpu_count(),
    "kernel": platform.release(),
    "libnuma": os.path.basename(os.path.realpath(libnuma)),
    "libnuma package": command("dpkg-query", "-W", "-f", "${Version}", "libnuma1") or "unknown",
    "compiler": command(os.environ.get("CC", "cc").split()[0], "--version").split("\n")[0],
    "libc": " ".join(platform.libc_ver()),
    "load average": "%.1f %.1f %.1f" % os.getloadavg(),
    "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
}

with open(os.path.join(out, "bench.json"), "w", encoding="utf-8") as f:
    json.dump({"machine": machine, "functions": functions,
               "sizes": [{"nodes": n, "cpus": c, "functions": cases}
                         for (n, c), cases in sorted(sizes.items())],
               "threads": threads, "load": load, "load time": load_time,
               "emulation": emulation}, f, indent=1)


# Text

def short(value):
    if value is None:
        return "-"
    if value >= 1e6:
        return "%.3g M" % (value / 1e6)
    if value >= 1e4:
        return "%.3g k" % (value / 1e3)
    return "%.3g" % value


def median(case, side):
    return case[side][1] if case.get(side) else None


def table_line(name, case):
    cells = ["%-42s %-8s" % (name, case["kind"])]
    for side in SIDES:
        values = case[side] or [None] * 3
        cells.append(" ".join("%8s" % short(v) for v in values))
    return " | ".join(cells)


with open(os.path.join(out, "table.txt"), "w", encoding="utf-8") as f:
    print("ns a call, minimum median maximum; ratio is ours to libnuma's", file=f)
    print("%-51s | %-26s | %-26s | %-26s | ratio" % ("", "libnuma", "libmynuma", "kernel"), file=f)
    for name, case in functions.items():
        print(table_line(name, case), file=f)
    for (nodes, cpus), cases in sorted(sizes.items()):
        print("\n%d nodes, %d CPUs" % (nodes, cpus), file=f)
        for name, case in cases.items():
            print(table_line(name, case), file=f)
    for n, cases in threads.items():
        print("\n%d threads" % n, file=f)
        for name, case in cases.items():
            print(table_line(name, case), file=f)
    print("\nload: system calls and instructions", file=f)
    for what, counts in load.items():
        print("%-12s %6d %9d" % (what, counts["syscalls"], counts["instructions"]), file=f)
    print("load time, ns: " + table_line("", load_time), file=f)
    for part, rows in emulation.items():
        print("\nemulation, %s" % part, file=f)
        for row in rows:
            print("%-60s %8d  %s" % (row["what"], row["ranges"],
                                     " ".join("%9s" % short(v) for v in row["ns"])), file=f)


# Plots

STYLE = ("<style>text{font:11px sans-serif;fill:#222}.t{font-size:15px}.g{stroke:#ddd}"
         ".m{stroke:#888}</style>")


def svg(name, width, height, body):
    with open(os.path.join(out, name), "w", encoding="utf-8") as f:
        f.write('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
                'viewBox="0 0 %d %d">%s<rect width="100%%" height="100%%" fill="#fff"/>%s</svg>\n'
                % (width, height, width, height, STYLE, "\n".join(body)))


def text(x, y, what, anchor="start", cls=""):
    return '<text x="%.1f" y="%.1f" text-anchor="%s" class="%s">%s</text>' % (
        x, y, anchor, cls, what)


def line(x1, y1, x2, y2, cls="g", extra=""):
    return '<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" class="%s" %s/>' % (
        x1, y1, x2, y2, cls, extra)


COLOURS = {"query": "#2b7bba", "bitmask": "#1a9850", "syscall": "#e08214", "memory": "#7b3294",
           "files": "#8c510a"}


def plot_functions():
    rows = sorted(((median(c, "ratio"), n, c["kind"], c["ratio"]) for n, c in functions.items()
                   if c["ratio"]), key=lambda row: row[0])
    left, top, step, wide = 290, 70, 14, 620
    low = math.floor(math.log10(min(r[0] for r in rows)))
    high = 1

    def x(ratio):
        return left + (math.log10(min(max(ratio, 10 ** low), 10 ** high)) - low) / (high - low) * wide

    body = [text(20, 24, "Time of a call, libmynuma's to libnuma's (median ratio)", cls="t")]
    for i, (kind, colour) in enumerate(COLOURS.items()):
        body.append('<rect x="%d" y="36" width="10" height="10" fill="%s"/>' % (20 + 90 * i, colour))
        body.append(text(34 + 90 * i, 45, kind))
    bottom = top + step * len(rows)
    for e in range(low, high + 1):
        body.append(line(x(10 ** e), top - 6, x(10 ** e), bottom, "m" if e == 0 else "g"))
        body.append(text(x(10 ** e), top - 10, "%g" % 10 ** e, "middle"))
    for i, (ratio, name, kind, _) in enumerate(rows):
        y = top + i * step
        start, end = sorted((x(ratio), x(1)))
        body.append(text(left - 8, y + 10, name, "end"))
        body.append('<rect x="%.1f" y="%d" width="%.1f" height="10" fill="%s"/>' % (
            start, y + 1, max(end - start, 1), COLOURS[kind]))
        body.append(text(max(end, start) + 4, y + 10, "%.3g" % ratio))
    svg("functions.svg", left + wide + 80, bottom + 20, body)


SHOWN = ["numa_node_of_cpu last", "numa_node_to_cpus", "numa_distance", "numa_get_run_node_mask",
         "numa_run_on_node_mask", "numa_preferred", "numa_parse_nodestring all",
         "numa_num_configured_nodes", "numa_node_size64"]
LINES = ["#2b7bba", "#1a9850", "#e08214", "#7b3294", "#8c510a", "#d73027", "#4d4d4d", "#00a6a6",
         "#c51b7d"]


def plot_sizes():
    shapes = sorted(sizes)
    left, top, wide, tall = 70, 50, 560, 420
    low, high = 0, 8

    def x(i):
        return left + (i + 0.5) * wide / len(shapes)

    def y(ns):
        return top + (high - math.log10(max(ns, 1))) / (high - low) * tall

    body = [text(20, 24, "ns a call by size of the machine: libnuma dashed, libmynuma solid",
                 cls="t")]
    for e in range(low, high + 1):
        body.append(line(left, y(10 ** e), left + wide, y(10 ** e)))
        body.append(text(left - 6, y(10 ** e) + 4, "%g" % 10 ** e, "end"))
    for i, (nodes, cpus) in enumerate(shapes):
        body.append(text(x(i), top + tall + 18, "%d nodes" % nodes, "middle"))
        body.append(text(x(i), top + tall + 32, "%d CPUs" % cpus, "middle"))
    for k, name in enumerate(SHOWN):
        for side, dash in (("libnuma", 'stroke-dasharray="5 4"'), ("ours", "")):
            points = [(x(i), y(sizes[s][name][side][1])) for i, s in enumerate(shapes)
                      if sizes[s].get(name) and sizes[s][name][side]]
            body.append('<polyline fill="none" stroke="%s" stroke-width="2" %s points="%s"/>' % (
                LINES[k], dash, " ".join("%.1f,%.1f" % p for p in points)))
            body += ['<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>' % (px, py, LINES[k])
                     for px, py in points]
        body.append('<rect x="%d" y="%d" width="12" height="4" fill="%s"/>' % (
            left + wide + 20, top + 20 * k, LINES[k]))
        body.append(text(left + wide + 38, top + 6 + 20 * k, name))
    svg("sizes.svg", left + wide + 240, top + tall + 50, body)


plot_functions()
plot_sizes()


# The page

def rows_of(cases, wanted):
    for name, case in cases.items():
        if wanted(name, case):
            cells = [short(median(case, side)) for side in SIDES[:3]]
            ratio = "-"
            if case["ratio"]:
                ratio = "%.3g (%.3g to %.3g)" % tuple(case["ratio"][i] for i in (1, 0, 2))
            yield "| %s | %s | %s | %s | %s | %s |" % (name, case["kind"], *cells, ratio)


HEAD = ["| function | kind | libnuma | libmynuma | kernel | ratio |", "|---|---|--:|--:|--:|--:|"]


def beyond(what):
    """What a library itself does at load: with its constructors less without."""
    return {k: load[what][k] - load[what + "-noinit"][k] for k in ("syscalls", "instructions")}


def verdict(holds):
    return "yes" if holds else "**no**"


def goals():
    ratios = {n: median(c, "ratio") for n, c in functions.items() if c["ratio"]}
    plain = [r for n, r in ratios.items() if functions[n]["kind"] in ("query", "bitmask")]
    masks = {n: r for n, r in ratios.items() if functions[n]["kind"] == "bitmask"}
    # Noise: what is slower by its median but not by its best round.
    slow = {n: r for n, r in ratios.items()
            if r > 1.03 and functions[n]["ours"][0] > 1.03 * functions[n]["libnuma"][0]}
    dear = {}
    for name, case in functions.items():
        if case["kind"] == "syscall" and case["ours"] and case["kernel"]:
            over = case["ours"][0] - case["kernel"][0]
            if over > 100:
                dear[name] = over
    ours = beyond("ours")
    big = [(s, c) for s, c in sizes.items() if s == (64, 1024)]
    node_of_cpu = median(big[0][1]["numa_node_of_cpu last"], "ratio") if big else None
    calls = {r["what"]: r["ns"][1] for r in emulation["calls"]}
    emulated = {w[6:]: v for w, v in calls.items() if w.startswith("ratio ")
                and ("get_mempolicy" in w or "set_mempolicy" in w)}
    grown = {}
    for row in emulation["ranges"]:
        grown.setdefault(row["what"], {})[row["ranges"]] = row["ns"][1]
    growth = {w: v[1000000] / v[1000] for w, v in grown.items() if 1000000 in v}

    def listing(values, form="%.3g"):
        return ", ".join("%s %s" % (n, form % v) for n, v in sorted(values.items())) or "none"

    mean = 1 / geometric_mean(plain)
    yield "no function slower than libnuma's (median ratio at most 1.03)", \
        "above, also by the best round: " + listing(slow), not slow
    yield "functions without a system call: geometric mean at least 10 times faster", \
        "%.1f times" % mean, mean >= 10
    yield "functions on masks of 1024 bits at least 20 times faster", \
        "below: " + listing({n: 1 / r for n, r in masks.items() if r > 1 / 20}, "%.3g times"), \
        all(r <= 1 / 20 for r in masks.values())
    yield "numa_node_of_cpu at least 100 times faster at 64 nodes, 1024 CPUs", \
        "%.3g times" % (1 / node_of_cpu) if node_of_cpu else "not measured", \
        bool(node_of_cpu and node_of_cpu <= 0.01)
    yield "functions that end in a system call at most 100 ns over it", \
        "above, by ns between the best rounds: " + listing(dear), not dear
    yield "load: at most 10 system calls beyond the dynamic linker's", str(ours["syscalls"]), \
        ours["syscalls"] <= 10
    yield "load: at most 15,000 instructions beyond the dynamic linker's", \
        str(ours["instructions"]), ours["instructions"] <= 15000
    yield "emulated get_mempolicy and set_mempolicy at most 3 times the kernel's", \
        listing(emulated), all(v <= 3 for v in emulated.values())
    yield "calls among 1,000,000 range policies at most 20 times those among 1,000", \
        listing(growth), bool(growth) and all(v <= 20 for v in growth.values())


def page():
    yield "<!-- SPDX-License-Identifier: MIT -->"
    yield "<!-- Written by `make bench BENCH_WRITE=1`; only the section on causes is by hand. -->"
    yield "# How fast libmynuma is"
    yield ""
    for key, value in machine.items():
        yield "- %s: %s" % (key, value)
    yield ""
    yield ("Medians in ns a call; a ratio is libmynuma's time to libnuma's within one round, with "
           "the extremes of all rounds. `kernel` is the system call that the function ends in, "
           "alone.")
    yield ""
    yield "| goal | measured | holds |"
    yield "|---|---|---|"
    for goal, measured, holds in goals():
        yield "| %s | %s | %s |" % (goal, measured, verdict(holds))
    yield ""
    causes = os.path.join(os.path.dirname(os.path.abspath(__file__)), "causes.md")
    if os.path.exists(causes):
        yield open(causes, encoding="utf-8").read().rstrip("\n")
        yield ""
    yield "![ratio by function](functions.svg)"
    yield ""
    yield "![cost by size of the machine](sizes.svg)"
    yield ""
    yield "## Loading"
    yield ""
    yield "| | system calls | instructions | ms of a program that does nothing |"
    yield "|---|--:|--:|--:|"
    for what, side in (("libnuma", "real"), ("libmynuma", "ours")):
        cost = beyond(side)
        ns = median(load_time, "libnuma" if side == "real" else "ours")
        yield "| %s, beyond the dynamic linker | %d | %d | %.3f |" % (
            what, cost["syscalls"], cost["instructions"], ns / 1e6)
    yield "| without either, in all | %d | %d | %.3f |" % (
        load["none"]["syscalls"], load["none"]["instructions"],
        median(load_time, "kernel") / 1e6)
    yield ""
    yield "## Every function"
    yield ""
    yield from HEAD
    yield from rows_of(functions, lambda n, c: True)
    yield ""
    yield "## By size of the machine"
    for (nodes, cpus), cases in sorted(sizes.items()):
        yield ""
        yield "### %d nodes, %d CPUs" % (nodes, cpus)
        yield ""
        yield from HEAD
        yield from rows_of(cases, lambda n, c: n in SHOWN)
    yield ""
    yield "## By number of threads"
    yield ""
    yield "ns of one thread's call, libnuma's / libmynuma's, with so many threads at once."
    yield ""
    yield "| function | 1 | 2 | 4 | 8 |"
    yield "|---|--:|--:|--:|--:|"
    for name in threads[1]:
        cells = ["%s / %s" % (short(median(threads[n][name], "libnuma")),
                              short(median(threads[n][name], "ours")))
                 for n in threads if name in threads[n]]
        yield "| %s | %s |" % (name, " | ".join(cells))
    yield ""
    yield "## The emulation"
    yield ""
    yield "| call | emulated | kernel | ratio |"
    yield "|---|--:|--:|--:|"
    calls = {r["what"]: r["ns"] for r in emulation["calls"]}
    for what in calls:
        if what.startswith("ratio "):
            name = what[6:]
            yield "| %s | %s | %s | %.3g (%.3g to %.3g) |" % (
                name, short(calls["emulated " + name][1]), short(calls["kernel " + name][1]),
                calls[what][1], calls[what][0], calls[what][2])
    yield ""
    yield ("Among many range policies, on an emulated machine of four nodes and by the kernel "
           "(which has room for 65530 mappings in all); ns a call:")
    yield ""
    yield "| call | ranges | emulated | kernel |"
    yield "|---|--:|--:|--:|"
    kernel = {(r["what"], r["ranges"]): r["ns"][1] for r in emulation["kernel"]}
    for row in emulation["ranges"]:
        key = row["what"], row["ranges"]
        yield "| %s | %s | %s | %s |" % (key[0], key[1] or "", short(row["ns"][1]),
                                       short(kernel.get(key)))
    for row in emulation["ranges"]:
        if "4096" in row["what"]:
            yield ""
            yield "The emulation moves %s pages a second." % short(1e9 / row["ns"][1])


with open(os.path.join(out, "RESULTS.md"), "w", encoding="utf-8") as f:
    f.write("\n".join(page()) + "\n")
