/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * arm64: a kernel that cannot stop its other CPUs refuses to load, by EBUSY (arch/arm64/kernel/
 * machine_kexec.c and smp.c: cpus_are_stuck_in_kernel). It stops them where it was built with
 * CONFIG_HOTPLUG_CPU and their enable-method can, which PSCI's does and a spin-table's does not
 * (Documentation/devicetree/bindings/arm/cpus.yaml). 32-bit ARM refuses for the same reason, by EINVAL
 * (arch/arm/kernel/machine_kexec.c).
 */
#include "machine/config.h"
#include "machine/facts.h"

#define POSSIBLE "sys/devices/system/cpu/possible"

uint64_t cpus_listed(const struct source *source, struct arena *arena, const char *path)
{
	struct view text = fact_text(source, arena, path), item, first;
	uint64_t count = 0, from, to;

	while (text_item(&text, ',', &item)) {
		first = item;
		if (!text_cut(&item, '-', &first))
			first = item;
		if (!text_decimal(first, &from) || !text_decimal(item, &to) || to < from ||
			to > UINT16_MAX)
			return 0;
		count += to - from + 1;
	}
	return count;
}

static bool has_no_hotplug(const struct source *source, struct arena *arena)
{
	const char *file;
	struct view text;

	return kernel_config_text(source, arena, &text, &file) &&
		kernel_config_stated(text, "CONFIG_HOTPLUG_CPU") == ANSWER_NO;
}

void other_cpus_capture(const struct source *source, const struct tree_facts *tree,
	struct arena *arena, struct kexec_ability *ret)
{
	uint64_t possible = cpus_listed(source, arena, POSSIBLE);

	/* One CPU alone may still be refused: under protected KVM, which the command line asks for. */
	ret->cpus_may_stick = true;
	if (possible == 1 || (possible == 0 && tree->cpus < 2))
		return;
	if (has_no_hotplug(source, arena))
		ret->cpus_stick = "it was built without CONFIG_HOTPLUG_CPU";
	else if (tree->spin_tables)
		ret->cpus_stick = "the device tree has them started by a spin-table, which has no "
				  "way back";
}
