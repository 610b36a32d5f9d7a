/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For the tests only: loads as `kexec -c -l` does, with its options, but flips one bit in the middle
 * of the kernel after its digest was made, as a stray write of a device would. With LOAD_DAMAGED=clock in the environment
 * ppc64el's stub is damaged instead: where it reads the time, but for the first, there is what no CPU knows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jump/options.h"
#include "cmd/message.h"
#include "stub/abi.h"

static void flip_a_bit(uint8_t *bytes, size_t size)
{
	bytes[size / 2] ^= 1;
}

/* mftb, in whatever register (Power ISA 3.0B, book II, 6.1). */
static bool reads_time(const uint8_t *word)
{
	return word[0] == 0xa6 && word[1] == 0x42 && (word[2] & 0x1f) == 0x0c && word[3] >> 2 == 31;
}

static void break_clock(uint8_t *bytes, size_t size)
{
	size_t found = 0;

	for (size_t at = STUB_ENTRY_OFFSET; at + 4 <= size; at += 4)
		if (reads_time(bytes + at) && found++ > 0)
			memset(bytes + at, 0, 4);
}

static bool damage(struct job *job, struct error *err)
{
	const char *wanted = getenv("LOAD_DAMAGED");
	bool clock = wanted && strcmp(wanted, "clock") == 0;
	const char *name = clock ? "stub" : "kernel";

	for (size_t i = 0; i < job->plan.segment_count; i++) {
		struct segment *s = &job->plan.segments[i];
		uint8_t *copy;

		if (strcmp(s->name, name) != 0)
			continue;
		copy = arena_alloc(&job->arena, s->data.n);
		if (!copy)
			return fail_no_memory(err);
		memcpy(copy, s->data.p, s->data.n);
		(clock ? break_clock : flip_a_bit)(copy, s->data.n);
		s->data.p = copy;
		return true;
	}
	return fail(err, FAULT_INTERNAL, "the plan has no segment named %s", name);
}

int main(int argc, char **argv)
{
	struct kexec_options options;
	struct error err = { 0 };
	struct job job;

	if (!options_parse(argc, argv, &options, &err)) {
		message_error(&err);
		return 2;
	}
	options.job.call = CALL_LOAD;
	if (!job_prepare(&job, &options.job, &err) || !damage(&job, &err) ||
		!job_load(&job, &kexec_live, &err)) {
		message_error(&err);
		return 1;
	}
	job_free(&job);
	return 0;
}
