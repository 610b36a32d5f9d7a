/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/unpacking.h"

/* What the bytes that it grows by take: loaded ahead, copied and verified in the blackout. */
static uint64_t growth_ns(const struct unpacking *facts)
{
	uint64_t more = facts->unpacked > facts->packed ? facts->unpacked - facts->packed : 0;

	return initrd_load_ns(more, facts->check) +
		initrd_carry_ns(more, facts->copies, facts->check);
}

/* Where both count. A codec without figures (lzo) is unpacked by the kernel, as it is by every loader. */
static bool is_faster_ahead(const struct unpacking *facts)
{
	const struct initrd_rate *rate = initrd_codec_rate(facts->codec);
	const struct initrd_rate *from = facts->ready ? initrd_codec_rate("lz4-legacy") : rate;
	uint64_t here, there;

	if (!rate)
		return false;
	/* Written once into a file in memory; the kernel moves its sections once by itself. */
	here = initrd_work_ns(facts->unpacked,
		       (uint64_t)from->here_ns_per_mib + initrd_copy_rate.ns_per_mib) +
		growth_ns(facts) + initrd_read_ns(facts->ready ? facts->ready : facts->packed);
	there = initrd_work_ns(
			facts->unpacked, (uint64_t)rate->ns_per_mib + initrd_copy_rate.ns_per_mib) +
		initrd_read_ns(facts->packed);
	return here < there;
}

const char *unpacking_ahead_obstacle(const struct unpacking *facts)
{
	if (facts->is_held && facts->unpacked > facts->hold)
		return "unpacked it would hold more memory until the jump than is wanted";
	if (facts->in_outage && !is_faster_ahead(facts))
		return "to unpack it in advance takes longer yet, and nothing serves meanwhile";
	return NULL;
}
