/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/gic-tables.h"

void gic_tables_note(const struct planner *planner)
{
	const struct gic_facts *gic = &planner->machine->gic;

	if (gic->lpis_enabled != ANSWER_NO && gic->is_v3 && !gic->tables_complete)
		notes_add(&planner->plan->notes,
			"the interrupt controller (GICv3) may keep writing to tables of the running "
			"kernel whose places are not all known: the kernel's log does not reach back "
			"to its start; reboot through the firmware, or load right after boot, to be "
			"sure");
}
