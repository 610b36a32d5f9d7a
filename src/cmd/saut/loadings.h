/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a kernel that is loaded, was or will be is told of: by whom, when, with what. */
#pragma once

#include "cmd/json.h"
#include "service/loading.h"

enum { DATE_MAX = 32 };

/* Of seconds since 1970, in the local time. */
const char *date_of(uint64_t when, char ret[static DATE_MAX]);

/* "the boot service": who has loaded it. */
const char *loader_words(enum loader loader);

/* "Linux 6.12.90 (/boot/vmlinuz-6.12.90, entry Debian)"; NULL where memory is out. */
const char *loading_words(const struct loading *loading, struct arena *arena);

/* Its initrds and its command line, as far as they are known, each on a line of its own. */
void loading_show_files(const struct loading *loading);

/* As a member of the open object; NULL: null. */
void loading_show_json(const char *name, const struct loading *loading, struct json *j);
