/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which form it is, by the symbols that its kernel tells. */
#include "crash/core-log.h"

#include "crash/log-forms.h"
#include "crash/vmcoreinfo.h"

static const struct form {
	const char *symbol;
	bool (*read)(const struct core *core, struct log_sink *sink, struct error *err);
} forms[] = {
	{ "SYMBOL(prb)", log_ring_read },
	{ "SYMBOL(log_first_idx)", log_records_read },
	{ "SYMBOL(log_buf)", log_plain_read },
};

bool core_log_read(const struct core *core, struct log_sink *sink, struct error *err)
{
	uint64_t symbol;

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (vmcoreinfo_number(core->info, forms[i].symbol, &symbol))
			return forms[i].read(core, sink, err);
	return fail(err, FAULT_CORE_NO_LOG, "its kernel tells neither prb nor log_buf");
}
