/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A payload whose compression a header names, as EFI zboot images and uImages have it. */
#pragma once

#include <stdbool.h>

#include "codec/codec.h"

struct payload {
	struct view bytes;
	const char *compression; /* "gzip", "zstd", …: as people name it; NULL: it is not packed */
	const struct codec *codec; /* NULL where it is not packed, or nobody here unpacks it */
};

/*
 * The compression that a header names, of which codec is the codec's name; NULL: there is none here. A payload
 * that does not begin like it is a fault.
 */
bool payload_set(struct payload *payload, const char *compression, const char *codec,
	struct error *err) __attribute__((warn_unused_result));

/* What was packed. */
bool payload_unpack(const struct payload *payload, struct sink *sink, struct error *err)
	__attribute__((warn_unused_result));

/* Its first bytes only: p[0] to p[size - 1], or fewer where it has fewer. */
bool payload_unpack_head(const struct payload *payload, uint8_t *p, size_t size, struct view *ret,
	struct error *err) __attribute__((warn_unused_result));
