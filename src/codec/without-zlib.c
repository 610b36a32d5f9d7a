/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A build without zlib: what it unpacks is known by its name. */
#include "codec/codecs.h"

const struct codec codec_gzip = { .name = "gzip", .library = "zlib", .probe = probe_gzip };
