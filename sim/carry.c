/* SPDX-License-Identifier: MIT */
/*
 * What a thread hands on over exec(), as one line:
 *
 *	MODE,FLAGS,HOME,PREV,CREDIT,NODES,USER,CPUS
 *
 * all in hexadecimal, sets as one long number; CPUS is empty when the affinity was never set.
 */
#include <stdint.h>
#include <string.h>

#include "base/bits.h"
#include "emul/abi.h"
#include "emul/cpus.h"
#include "emul/emul.h"
#include "emul/machine.h"
#include "emul/task.h"
#include "sim/sim.h"

#define CPUS_MAX 8192
#define DIGIT_BITS 4

_Static_assert(CPUS_MAX / DIGIT_BITS + 2 * EMUL_NODES / DIGIT_BITS + 5 * 9 + 8 <= SIM_CARRY_BYTES,
	       "the longest text fits");

static const char hex[] = "0123456789abcdef";

/* The bits as a number without leading zeroes, and a character after it. */
static char *put_bits(char *at, const unsigned long *bits, size_t nbits, char after)
{
	size_t highest = bits_highest(bits, nbits);

	if (highest < nbits)
		for (size_t digit = highest / DIGIT_BITS + 1; digit-- > 0;) {
			size_t bit = digit * DIGIT_BITS;

			*at++ = hex[bits[bit / BITS_PER_LONG] >> (bit % BITS_PER_LONG) & 15];
		}
	*at++ = after;
	return at;
}

static char *put_number(char *at, int number)
{
	unsigned long bits = (unsigned)number;

	return put_bits(at, &bits, 32, ',');
}

static int digit_of(char c)
{
	const char *found = c ? strchr(hex, c) : NULL;

	return found ? (int)(found - hex) : -1;
}

/* A number of any length; what is beyond nbits is lost. The character after it is skipped. */
static const char *take_bits(const char *s, unsigned long *bits, size_t nbits)
{
	size_t digits = 0;

	bits_zero(bits, nbits);
	while (digit_of(s[digits]) >= 0)
		digits++;
	for (size_t i = 0; i < digits && i < nbits / DIGIT_BITS; i++) {
		unsigned long digit = (unsigned long)digit_of(s[digits - 1 - i]);
		size_t bit = i * DIGIT_BITS;

		bits[bit / BITS_PER_LONG] |= digit << (bit % BITS_PER_LONG);
	}
	return s + digits + (s[digits] == ',');
}

static const char *take_number(const char *s, int *number)
{
	unsigned long bits;

	s = take_bits(s, &bits, 32);
	*number = (int)(unsigned)bits;
	return s;
}

void sim_carry(char text[SIM_CARRY_BYTES])
{
	const unsigned long *cpus = cpus_chosen();
	struct emul_task task;
	char *at = text;

	emul_task_peek(&task);
	*at = '\0';
	if (task.policy.mode == MPOL_DEFAULT && !cpus)
		return;
	at = put_number(at, task.policy.mode);
	at = put_number(at, task.policy.flags);
	at = put_number(at, task.policy.home);
	at = put_number(at, task.prev);
	at = put_number(at, (int)task.credit);
	at = put_bits(at, task.policy.nodes.bits, EMUL_NODES, ',');
	at = put_bits(at, task.policy.user.bits, EMUL_NODES, ',');
	if (cpus)
		at = put_bits(at, cpus, cpus_bits(), '\0');
	else
		*at = '\0';
}

/* A text that makes no policy of this machine is somebody's mistake: it says nothing then. */
static bool makes_sense(const struct emul_task *task)
{
	const struct emul_machine *machine = emul_machine();
	const struct mempolicy *policy = &task->policy;

	return policy->mode >= 0 && policy->mode <= MPOL_WEIGHTED_INTERLEAVE &&
	       (policy->flags & ~MEMPOLICY_FLAGS) == 0 && task->prev >= 0 &&
	       task->prev < (int)EMUL_NODES && policy->home >= -1 &&
	       policy->home < (int)machine->node_ids && task->credit <= UINT8_MAX &&
	       nodemask_within(&policy->nodes, &machine->memory) &&
	       (policy->mode == MPOL_DEFAULT || policy->mode == MPOL_LOCAL ||
		!nodemask_empty(&policy->nodes));
}

void sim_take(const char *text)
{
	unsigned long cpus[CPUS_MAX / BITS_PER_LONG];
	struct emul_task task = {.policy = MEMPOLICY_NONE};
	int credit;

	text = take_number(text, &task.policy.mode);
	text = take_number(text, &task.policy.flags);
	text = take_number(text, &task.policy.home);
	text = take_number(text, &task.prev);
	text = take_number(text, &credit);
	task.credit = (unsigned)credit;
	text = take_bits(text, task.policy.nodes.bits, EMUL_NODES);
	text = take_bits(text, task.policy.user.bits, EMUL_NODES);
	if (!makes_sense(&task))
		return;
	emul_task_set(&task);
	take_bits(text, cpus, CPUS_MAX);
	if (!bits_empty(cpus, CPUS_MAX))
		cpus_inherit(cpus, CPUS_MAX);
}
