/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ppc64el: the running kernel tells in /chosen where it ends, below which it refuses segments
 * (arch/powerpc/kexec), and brings every CPU that is there online before it jumps.
 */
#include "machine/facts.h"

#define CHOSEN     "sys/firmware/devicetree/base/chosen/"
#define KERNEL_END CHOSEN "linux,kernel-end"
#define CRASH_BASE CHOSEN "linux,crashkernel-base"
#define CRASH_SIZE CHOSEN "linux,crashkernel-size"
#define PRESENT    "sys/devices/system/cpu/present"

/* A number of one or two cells, highest byte first; 0: unknown. */
static uint64_t number(const struct source *source, const char *path, struct arena *arena)
{
	struct view bytes;
	struct reader r;

	if (!source_read(source, path, arena, &bytes))
		return 0;
	r = reader_at(bytes, 0);
	return bytes.n == 8 ? reader_be64(&r) : bytes.n == 4 ? reader_be32(&r) : 0;
}

static struct range crash_memory(const struct source *source, struct arena *arena)
{
	struct range r = { 0 };

	return range_make(number(source, CRASH_BASE, arena), number(source, CRASH_SIZE, arena), &r)
		? r
		: (struct range){ 0 };
}

struct powerpc_facts powerpc_capture(
	const struct source *source, const struct tree_facts *tree, struct arena *arena)
{
	uint64_t present = cpus_listed(source, arena, PRESENT);

	return (struct powerpc_facts){
		.kernel_end = number(source, KERNEL_END, arena),
		.other_cpus = present ? present - 1 : 0,
		.kept = tree->firmware,
		.crash = crash_memory(source, arena),
	};
}
