/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The few small files that we leave for others: whole or not at all, on the disk when we return. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

/*
 * In place of what was there; the folders of path are made where they are missing. Of several who write
 * at once the last one's text stays, and a reader sees one of them whole.
 */
bool store_file(const char *path, const char *text, struct error *err)
	__attribute__((warn_unused_result));

/* It may be missing already. */
bool store_remove(const char *path, struct error *err) __attribute__((warn_unused_result));
