/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ppc64el: the running kernel tells in /chosen where it ends, below which it refuses segments
 * (arch/powerpc/kexec), and brings every CPU that is there online before it jumps.
 */
#include "machine/facts.h"

#define KERNEL_END "sys/firmware/devicetree/base/chosen/linux,kernel-end"
#define PRESENT    "sys/devices/system/cpu/present"

/* A number of one or two cells, highest byte first; 0: unknown. */
static phys_t kernel_end(const struct source *source, struct arena *arena)
{
	struct view bytes;
	struct reader r;

	if (!source_read(source, KERNEL_END, arena, &bytes))
		return 0;
	r = reader_at(bytes, 0);
	return bytes.n == 8 ? reader_be64(&r) : bytes.n == 4 ? reader_be32(&r) : 0;
}

struct powerpc_facts powerpc_capture(
	const struct source *source, const struct tree_facts *tree, struct arena *arena)
{
	uint64_t present = cpus_listed(source, arena, PRESENT);

	return (struct powerpc_facts){
		.kernel_end = kernel_end(source, arena),
		.other_cpus = present ? present - 1 : 0,
		.kept = tree->firmware,
	};
}
