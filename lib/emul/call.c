/* SPDX-License-Identifier: MIT */
/*
 * The common parts of the calls. The rule that maxnode is one too large stands here and nowhere
 * else.
 */
#include "emul/call.h"

#include <errno.h>

/* Masks are looked at and written in steps of 64 bits, also for programs with shorter longs. */
#define STEP_BITS 64U
#define STEP_BYTES (STEP_BITS / 8)

/* The part of a long mask that no node can be in: from the top down, each step whole. */
static int check_beyond(uintptr_t user, unsigned long bits)
{
	for (unsigned long step = (bits - 1) / STEP_BITS; step >= EMUL_NODES / STEP_BITS; step--) {
		uint64_t word;

		if (user_read(&word, user + step * STEP_BYTES, sizeof(word)) < 0)
			return -EFAULT;
		if (word)
			return -EINVAL;
	}
	return 0;
}

int mask_from_user(const struct emul_machine *machine, struct nodemask *mask,
		   const unsigned long *user, unsigned long maxnode)
{
	unsigned long bits = maxnode - 1;
	int err = 0;

	nodemask_clear(mask);
	if (!user || bits == 0)
		return 0;
	if (bits > machine->page_size * 8)
		return -EINVAL;
	if (bits > EMUL_NODES) {
		err = check_beyond((uintptr_t)user, bits);
		bits = EMUL_NODES;
	}
	if (!err)
		err = user_read(mask->bits, (uintptr_t)user,
				bits_words(bits) * sizeof(unsigned long));
	mask->bits[bits_words(bits) - 1] &= bits_last_word(bits);
	return err;
}

/* Bytes that hold so many bits, in whole steps; wraps. */
static uint64_t step_bytes(uint64_t bits)
{
	return (bits + STEP_BITS - 1) / STEP_BITS * STEP_BYTES;
}

int mask_to_user(struct user_writes *writes, const struct emul_machine *machine,
		 unsigned long *user, unsigned long maxnode, const struct nodemask *mask)
{
	uint64_t want = step_bytes((uint64_t)maxnode - 1);
	size_t have = bits_words(machine->node_ids) * sizeof(unsigned long), len = (size_t)want;

	if (want > have) {
		if (want > machine->page_size)
			return -EINVAL;
		if (user_writes_zero(writes, (uintptr_t)user + have, len - have) < 0)
			return -EFAULT;
		len = have;
	} else if (sizeof(unsigned long) < STEP_BYTES) {
		/* Programs with shorter longs get as many of them as maxnode has. */
		len = bits_words(maxnode) * sizeof(unsigned long);
	}
	return user_writes_add(writes, (uintptr_t)user, mask->bits, len);
}

uintptr_t untagged(uintptr_t addr)
{
#if defined(__aarch64__)
	/* The top byte is ignored; bit 55 tells the two halves of the address space apart. */
	return (uintptr_t)((intptr_t)(addr << 8) >> 8) & addr;
#else
	return addr;
#endif
}

int page_range(const struct emul_machine *machine, uintptr_t *start, unsigned long len,
	       uintptr_t *end)
{
	uint64_t mask = machine->page_size - 1, top = UINTPTR_MAX - mask;
	uint64_t last = *start + (((uint64_t)len + mask) & ~mask);

	if (last < *start)
		return -EINVAL;
	if (last > top && *start == top)
		*start -= machine->page_size;
	*end = (uintptr_t)(last > top ? top : last);
	return 0;
}

void call_open(struct call *call, const struct emul_machine *machine, bool pages)
{
	call->binding = (struct binding){0};
	call->view = (struct pages_view){
		.machine = machine,
		.presence = &call->presence,
		.binding = &call->binding,
		.local = machine->local_node(machine),
	};
	call->presence.fd = -1;
	if (pages)
		presence_open(&call->presence, machine->page_size);
}

void call_close(struct call *call)
{
	presence_close(&call->presence);
}

void call_begin(struct call *call, const struct emul_machine *machine, bool pages)
{
	call_open(call, machine, pages);
	emul_lock(&call->guard);
}

void call_end(struct call *call)
{
	emul_unlock(&call->guard);
	call_close(call);
}
