# SPDX-License-Identifier: MIT
# Compares what libmynuma answers with what the other libraries do.
#	awk -f compare.awk -v allowed=F -v expected=F -v out=DIR -v oracles="old new" ours old new
# An answer is right if a library of the reference gives it or if expected pins it. Whatever
# differs from any one library must also be allowed, by a row
# "LIBRARIES<tab>case-pattern<tab>decision<tab>reason", where * in the pattern stands for
# anything. Rows and pins that nothing needs are errors, or they would hide the next difference.
# Writes into DIR, one list each: unallowed.ORACLE, missing.ORACLE, stale.ORACLE, wrong,
# unused-pins, twice, pins (what expected should say) and unpinned (the cases that have no pin
# yet).

function glob(s) {
	gsub(/[][\\.^$|(){}+?\/]/, "\\\\&", s)
	gsub(/\*/, ".*", s)
	return "^" s "$"
}

function split_line(line, at) {
	at = index(line, " -> ")
	if (!at)
		at = index(line, " ->")
	key = substr(line, 1, at - 1)
	value = substr(line, at + 3)
}

BEGIN {
	FS = "\t"
	n_oracles = split(oracles, oracle, " ")
	while ((getline line < allowed) > 0) {
		if (line ~ /^#/ || line == "")
			continue
		if (split(line, f, "\t") != 4) {
			print "bad row: " line > (out "/bad-rows")
			continue
		}
		rows++
		row_for[rows] = f[1]
		row_re[rows] = glob(f[2])
		row_text[rows] = line
	}
	while ((getline line < expected) > 0) {
		if (line ~ /^#/)
			continue
		split_line(line)
		pin[key] = value
	}
	for (file = 1; file < ARGC; file++)
		while ((getline line < ARGV[file]) > 0) {
			split_line(line)
			if (file > 1) {
				theirs[file - 1, key] = value
				if (!(key in ours))
					print key > (out "/missing." oracle[file - 1])
				continue
			}
			if (key in ours)
				print key > (out "/twice")
			ours[key] = value
			order[++cases] = key
		}
	for (i = 1; i <= cases; i++) {
		key = order[i]
		differs = agrees = forbidden = 0
		for (o = 1; o <= n_oracles; o++) {
			if (!((o, key) in theirs)) {
				print key > (out "/missing." oracle[o])
				continue
			}
			if (theirs[o, key] == ours[key]) {
				agrees++
				continue
			}
			differs++
			differences[o]++
			permitted = 0
			for (r = 1; r <= rows; r++)
				if (index(row_for[r], oracle[o]) && key ~ row_re[r]) {
					permitted = 1
					used[r, o] = 1
				}
			if (!permitted) {
				forbidden = 1
				printf "%s\n  %s: %s\n  ours: %s\n", key, oracle[o], theirs[o, key],
				       ours[key] > (out "/unallowed." oracle[o])
			}
		}
		if (agrees || !differs) {
			if (key in pin && pin[key] != ours[key])
				printf "%s\n  want: %s\n  ours: %s\n", key, pin[key], ours[key] > (out "/wrong")
			else if (key in pin)
				print key > (out "/unused-pins")
			continue
		}
		if (forbidden)
			continue
		print key " ->" ours[key] > (out "/pins")
		if (!(key in pin))
			print key " ->" ours[key] > (out "/unpinned")
		else if (pin[key] != ours[key])
			printf "%s\n  want: %s\n  ours: %s\n", key, pin[key], ours[key] > (out "/wrong")
	}
	for (key in pin)
		if (!(key in ours))
			print key > (out "/unused-pins")
	for (r = 1; r <= rows; r++)
		for (o = 1; o <= n_oracles; o++)
			if (index(row_for[r], oracle[o]) && !((r, o) in used))
				print row_text[r] > (out "/stale." oracle[o])
	for (o = 1; o <= n_oracles; o++)
		printf "# %d cases, %d differ from %s\n", cases, differences[o], oracle[o]
}
