/* SPDX-License-Identifier: MIT */
/*
 * Sets of nodes and CPUs as text: "0,2-3", "+1", "!0", "all", "netdev:eth0". One parser for both.
 *
 *	spec = "" | [ "!" ] [ "+" ] item { "," item }
 *	item = "all" | device | number [ "-" number ]
 *
 * "all" and a device take the whole rest of the text. Numbers are what strtoul(3) with base 0
 * reads; one that is too large leaves ERANGE in errno.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"

/* What is being parsed, and what it may name. */
struct parser {
	bool nodes;		 /* nodes, or else CPUs */
	struct bitmask domain;	 /* what a number may be */
	struct bitmask universe; /* what "!" complements in */
	struct bitmask *result;
	bool relative; /* after "+": numbers count the members of the domain */
	bool stale;    /* the domain is of load time: what it lacks may have come since */
	bool again;    /* and did, so that the text is to be parsed once more, in *now */
	struct scratch *now;
};

/*
 * The texts of both kinds, as libnuma has them. CPU messages name the rest of the text, node
 * messages the number.
 */

static void warn_unparseable(const struct parser *p, const char *rest)
{
	if (p->nodes)
		numa_warn(WARN_NODE_STRING, "unparseable node description `%s'\n", rest);
	else
		numa_warn(WARN_CPU_STRING, "unparseable cpu description `%s'\n", rest);
}

static void warn_missing(const struct parser *p, const char *rest)
{
	if (p->nodes)
		numa_warn(WARN_NODE_STRING, "missing node argument %s\n", rest);
	else
		numa_warn(WARN_CPU_STRING, "missing cpu argument %s\n", rest);
}

static void warn_first(const struct parser *p, unsigned long number, const char *rest)
{
	if (p->nodes)
		numa_warn(WARN_NODE_STRING, "node argument %ld is out of range\n", number);
	else
		numa_warn(WARN_CPU_STRING, "cpu argument %s is out of range\n", rest);
}

static void warn_last(const struct parser *p, unsigned long number, const char *rest)
{
	if (p->nodes)
		numa_warn(WARN_NODE_STRING, "node argument %ld out of range\n", number);
	else
		numa_warn(WARN_CPU_STRING, "cpu argument %s out of range\n", rest);
}

/* The k-th member of the domain; its size when there are fewer. */
static unsigned long kth_member(const struct bitmask *domain, unsigned long k)
{
	for (bits_each(n, domain->maskp, domain->size))
		if (k-- == 0)
			return n;
	return domain->size;
}

/* A domain that the program made may be larger than the result. */
static void add_member(const struct parser *p, unsigned long n)
{
	if (n < p->result->size)
		bits_set(p->result->maskp, n);
}

/*
 * Reads a number at *s and moves *s behind it. Returns false, with *s unmoved, where there is none.
 * *valid says whether it is a member of the domain; a minus sign makes no member.
 */
static bool parse_member(const struct parser *p, const char **s, unsigned long *number, bool *valid)
{
	const char *digits = *s;
	int saved = errno;
	char *end;

	errno = 0;
	*number = strtoul(*s, &end, 0);
	if (errno != ERANGE) /* some libcs tell of a missing number as well */
		errno = saved;
	if (end == *s)
		return false;
	while (isspace((unsigned char)*digits))
		digits++;
	*s = end;
	if (p->relative)
		*number = kth_member(&p->domain, *number);
	*valid = *digits != '-' && *number < p->domain.size && bits_test(p->domain.maskp, *number);
	return true;
}

/*
 * For a number that the domain lacks: whether the process was given nodes since load, so that
 * nothing is wrong yet.
 */
static bool domain_has_grown(struct parser *p)
{
	if (!p->stale || !allowed_nodes_now(p->now))
		return false;
	p->stale = false;
	/* What was allowed at load may be named as before. */
	bits_or(p->now->mask.maskp, p->now->mask.size, p->domain.maskp, p->domain.size);
	p->again = !bits_equal(p->now->mask.maskp, p->now->mask.size, p->domain.maskp,
			       p->domain.size);
	if (!p->again)
		scratch_free(p->now);
	return p->again;
}

/*
 * A number or a range at *s. Within a range, what the domain lacks is passed over; a range that
 * runs down is its start.
 */
static bool parse_range(struct parser *p, const char **s)
{
	const char *start = *s;
	unsigned long first, last;
	bool valid;

	if (!parse_member(p, s, &first, &valid)) {
		warn_unparseable(p, start);
		return false;
	}
	if (!valid) {
		if (!domain_has_grown(p))
			warn_first(p, first, start);
		return false;
	}
	add_member(p, first);
	if (**s != '-')
		return true;
	start = ++*s;
	if (!parse_member(p, s, &last, &valid)) {
		warn_missing(p, start);
		return false;
	}
	if (!valid) {
		if (!domain_has_grown(p))
			warn_last(p, last, start);
		return false;
	}
	for (unsigned long n = first; n <= last; n++)
		if (bits_test(p->domain.maskp, n))
			add_member(p, n);
	return true;
}

/* "all" or a device: the rest of the text. */
static bool parse_word(const struct parser *p, const char *word)
{
	int unknown = 1;

	if (strcmp(word, "all") == 0) {
		bits_copy(p->result->maskp, p->result->size, p->domain.maskp, p->domain.size);
		return true;
	}
	if (p->nodes)
		unknown = device_nodes(word, p->result);
	if (unknown > 0)
		warn_unparseable(p, word);
	return unknown == 0;
}

static bool parse_items(struct parser *p, const char *s)
{
	for (;;) {
		if (isalpha((unsigned char)*s))
			return parse_word(p, s);
		if (!parse_range(p, &s))
			return false;
		if (*s != ',')
			/* What follows an item and is no comma has never been worth a message. */
			return *s == '\0';
		s++;
	}
}

/* What exists and was not named. */
static void invert(const struct parser *p)
{
	struct bitmask *mask = p->result;

	for (size_t n = 0; n < mask->size; n++) {
		bool exists = n < p->universe.size && bits_test(p->universe.maskp, n);

		if (exists && !bits_test(mask->maskp, n))
			bits_set(mask->maskp, n);
		else
			bits_clear(mask->maskp, n);
	}
}

/* Parses into p->result, a new mask, and gives it back; NULL after a failure. */
static struct bitmask *parse(struct parser *p, const char *s)
{
	bool inverted;

	p->result = p->nodes ? mask_new_nodes() : mask_new_cpus();
	if (!p->result || *s == '\0')
		return p->result;
	inverted = *s == '!';
	s += inverted;
	p->relative = *s == '+';
	s += p->relative;
	if (!parse_items(p, s)) {
		mask_free(p->result);
		return NULL;
	}
	if (inverted)
		invert(p);
	return p->result;
}

/* As parse(), where the domain has grown. */
static struct bitmask *parse_again(struct parser *p, const char *s)
{
	p->domain = p->now->mask;
	p->result = parse(p, s);
	scratch_free(p->now);
	return p->result;
}

/* The first n numbers, whatever exists. */
static bool first_numbers(struct scratch *s, size_t nbits, int n)
{
	if (!scratch_init(s, nbits))
		return false;
	bits_fill(s->mask.maskp, (size_t)n < nbits ? (size_t)n : nbits, true);
	return true;
}

/* `all`: numbers need not be allowed. */
static struct bitmask *parse_set(const char *s, bool nodes, bool all)
{
	const struct topology *t = topo_get();
	struct scratch numbers, now;
	struct parser p = {.nodes = nodes, .now = &now};
	bool needed;

	if (!s) {
		errno = EINVAL;
		return NULL;
	}
	needed = all || (!nodes && *s == '!');
	if (needed && !(nodes ? first_numbers(&numbers, t->node_bits, t->max_node + 1)
			      : first_numbers(&numbers, t->cpu_bits, topo_cpus())))
		return NULL;
	p.stale = nodes && !all;
	if (nodes)
		p.universe = existing_nodes();
	else if (needed)
		p.universe = numbers.mask;
	p.domain = all ? numbers.mask : nodes ? allowed_nodes() : allowed_cpus();
	p.result = parse(&p, s);
	if (p.again)
		p.result = parse_again(&p, s);
	if (needed)
		scratch_free(&numbers);
	return p.result;
}

struct bitmask *numa_parse_nodestring(const char *s)
{
	return parse_set(s, true, false);
}

struct bitmask *numa_parse_nodestring_all(const char *s)
{
	return parse_set(s, true, true);
}

struct bitmask *numa_parse_cpustring(const char *s)
{
	return parse_set(s, false, false);
}

struct bitmask *numa_parse_cpustring_all(const char *s)
{
	return parse_set(s, false, true);
}
