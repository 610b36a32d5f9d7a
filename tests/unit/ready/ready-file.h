/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file as it is kept ready, for tests: its header and a payload of this many bytes. */
#pragma once

#include "base/arena.h"
#include "ready/form.h"

static inline struct view ready_file(
	struct arena *a, const struct ready_form *form, struct view payload)
{
	uint8_t *file = arena_alloc(a, READY_HEADER + payload.n);
	struct ready_form whole = *form;
	struct digest digest;

	whole.payload = payload;
	digest_begin(&digest, DIGEST_CRC32C);
	digest_add(&digest, payload);
	ready_form_header(&whole, &digest, file);
	for (size_t i = 0; i < payload.n; i++)
		file[READY_HEADER + i] = payload.p[i];
	return (struct view){ file, READY_HEADER + payload.n };
}
