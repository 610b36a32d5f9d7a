/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings → the kernel that they mean: by name, or as the boot loader would. */
#pragma once

#include "entry/names/by-name.h"
#include "service/settings.h"

struct service_choice {
	struct named_kernel named; /* kernel NULL: an entry of the boot loader, as wished */
	struct entry_wish wish;
	const char *why; /* "KNAME (/etc/conf.d/kexec, line 3)", "the newest by its name" */
};

/* What was left out on the way is a note. */
bool service_choose(const struct source *source, const struct service_settings *settings,
	struct notes *notes, struct arena *arena, struct service_choice *ret, struct error *err)
	__attribute__((warn_unused_result));
