# SPDX-License-Identifier: MIT
# The examples of a manual page: what stands in its literal displays after "$ " is run, and what
# follows there has to be what it prints. `$ cat FILE` makes that file, for the commands after it.
# Differences that a day or another machine makes do not count; see steady(). With UPDATE_GOLDENS=1
# the page gets what the commands print.
#
#	pages.py PAGE	prints one TAP result a command, without a plan; run in an empty directory
import os
import re
import subprocess
import sys


def text_of(line):
    return line.removeprefix("\\&").replace("\\e", "\\")


def roff_of(line):
    line = line.rstrip().replace("\\", "\\e")
    return "\\&" + line if line[:1] in (".", "'") else line


def steady(text, command):
    """What is the same on every machine and each time."""
    text = re.sub(r" +$", "", text, flags=re.M)
    text = re.sub(r"^\d{10}\.\d{6} \[\d+\]", "TIME [TID]", text, flags=re.M)
    text = re.sub(r"\b(0x)?[0-9a-f]{9,}\b", "ADDRESS", text)
    text = re.sub(r"Linux \S+", "Linux RELEASE", text)
    text = re.sub(r"\S*/\S*libnuma\.so\S*", "LIBRARY", text)
    text = re.sub(r"^process \d+", "process PID", text, flags=re.M)
    if " where " in command:
        # How much of the C library is in memory differs.
        text = re.sub(r" +[\d.]+ MiB +\d+%  #+", " SIZE", text)
    return text


def blocks(lines):
    """(index of the command's line, command, index after its output)"""
    inside = False
    start = None
    for i, line in enumerate(lines):
        over = line.startswith(".Ed") or (inside and line.startswith("$ "))
        if over and start is not None:
            yield start, text_of(lines[start])[2:], i
            start = None
        if line.startswith(".Bd -literal"):
            inside = True
        elif line.startswith(".Ed"):
            inside = False
        elif inside and line.startswith("$ "):
            start = i


page = sys.argv[1]
lines = open(page).read().splitlines()
new = list(lines)
shift = 0
for start, command, end in list(blocks(lines)):
    shown = [text_of(line) for line in lines[start + 1:end]]
    made = re.fullmatch(r"cat (\S+)", command)
    if made:
        open(made[1], "w").write("".join(line + "\n" for line in shown))
        continue
    run = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         stdin=subprocess.DEVNULL, text=True, timeout=300)
    got = run.stdout.replace(os.environ.get("MYNUMA_ROOT") or "\0", "").splitlines()
    same = steady("\n".join(shown), command) == steady("\n".join(got), command)
    if os.environ.get("UPDATE_GOLDENS"):
        new[start + 1 + shift:end + shift] = [roff_of(line) for line in got]
        shift += len(got) - (end - start - 1)
        same = True
    print("ok" if same else "not ok", f"- {os.path.basename(page)}: {command}")
    if not same:
        for line in shown:
            print("# page:", line)
        for line in got:
            print("# run: ", line)
if new != lines:
    open(page, "w").write("\n".join(new) + "\n")
