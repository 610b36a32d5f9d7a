/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What pack-sink.c asks of a format; nobody outside this room names one. */
#pragma once

#include "codec/pack-sink.h"

struct pack_ops {
	const char *name, *library; /* of a build without its library, which has none of the rest */

	/* NULL when memory is out. */
	void *(*open)(void);
	void (*close)(void *state);

	bool (*put)(void *state, struct view piece, struct sink *to, struct error *err);
	bool (*end)(void *state, struct sink *to, struct error *err);
};

extern const struct pack_ops pack_zstd;
extern const struct pack_ops pack_lz4_legacy;
