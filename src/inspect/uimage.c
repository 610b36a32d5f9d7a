/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "inspect/inspect.h"

bool inspect_uimage(const struct uimage *uimage, struct arena *arena, struct inspect_uimage *ret,
	struct error *err)
{
	const char *name = arena_string(arena, uimage->name);

	if (!name)
		return fail_no_memory(err);
	*ret = (struct inspect_uimage){
		.name = name,
		.cpu = uimage->cpu,
		.compression = uimage->compression,
		.made = uimage->made,
		.load = uimage->load,
		.entry = uimage->entry,
		.payload = uimage->payload.bytes.n,
	};
	return true;
}
