/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds lines and reads numbers; knows nothing of what they are for. */
#include "crash/vmcoreinfo.h"

#include "machine/text.h"

/* The value as it stands there. */
static bool find_text(struct view info, const char *name, struct view *ret)
{
	struct view line, key;

	while (text_line(&info, &line))
		if (text_cut(&line, '=', &key) && text_is(key, name)) {
			*ret = line;
			return true;
		}
	return false;
}

bool vmcoreinfo_number(struct view info, const char *name, uint64_t *ret)
{
	struct view value;
	bool is_negative;

	if (!find_text(info, name, &value))
		return false;
	if (view_starts_with(view_of_string(name), view_of_string("SYMBOL(")) ||
		text_is(view_of_string(name), "KERNELOFFSET") || view_has_at(value, 0, "0x"))
		return text_hex(value, ret);
	is_negative = view_has_at(value, 0, "-");
	if (!text_decimal(view_from(value, is_negative), ret))
		return false;
	if (is_negative)
		*ret = -*ret;
	return true;
}

bool vmcoreinfo_needs(
	struct view info, const struct vmcoreinfo_need *needs, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++)
		if (!vmcoreinfo_number(info, needs[i].name, needs[i].to))
			return fail(err, FAULT_CORE_NO_LOG,
				"its kernel does not tell %s, which its log cannot be read without",
				needs[i].name);
	return true;
}
