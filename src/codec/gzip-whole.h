/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A member of gzip in one call, by a library that is faster than zlib but wants all of the output in memory. Inside of
 * this room; a build without such a library has none to open.
 */
#pragma once

#include "codec/stream.h"

struct gzip_whole;

/* NULL where there is no such library, or no memory for it. */
struct gzip_whole *gzip_whole_open(void);

/* As stream_ops.whole. */
bool gzip_whole_unpack(struct gzip_whole *whole, struct step *step);

void gzip_whole_close(struct gzip_whole *whole);
