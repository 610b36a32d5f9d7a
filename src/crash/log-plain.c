/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The log as plain text, of kernels before 3.5: a buffer whose size is a power of two, over which log_end counts all
 * characters that were ever written. What dmesg -c has cleared is still there, and is put out as well.
 */
#include "crash/log-forms.h"

#include "base/arith.h"
#include "crash/vmcoreinfo.h"

enum { INT = 4 };

bool log_plain_read(const struct core *core, struct log_sink *sink, struct error *err)
{
	uint64_t buffer, size, end, used, first;
	const struct vmcoreinfo_need needs[] = {
		{ "SYMBOL(log_buf)", &buffer },
		{ "SYMBOL(log_buf_len)", &size },
		{ "SYMBOL(log_end)", &end },
	};

	if (!vmcoreinfo_needs(core->info, needs, sizeof needs / sizeof needs[0], err) ||
		!core_read_number(core, buffer, core->word, &buffer, err) ||
		!core_read_number(core, size, INT, &size, err) ||
		!core_read_number(core, end, INT, &end, err))
		return false;
	if (!is_power_of_two(size) || size > INT32_MAX)
		return fail(err, FAULT_CORE_DAMAGED,
			"the buffer of its log has %llu bytes, which is no power of two",
			(unsigned long long)size);
	used = min_u64(end, size);
	first = (end - used) & (size - 1);
	return log_put_memory(core, sink,
		       (struct core_span){ buffer + first, min_u64(used, size - first) }, err) &&
		log_put_memory(core, sink,
			(struct core_span){ buffer, used - min_u64(used, size - first) }, err);
}
