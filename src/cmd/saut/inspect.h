/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `saut inspect` shows of one file, for people and as JSON. */
#pragma once

#include "cmd/json.h"
#include "system/inspection.h"

/* One block of lines. */
void inspect_show(const struct inspection *inspection);

/* One object of the array that j is in; err: why there is nothing else to tell, NULL: there is. */
void inspect_json(struct json *j, const char *path, const struct inspection *inspection,
	const struct error *err);
