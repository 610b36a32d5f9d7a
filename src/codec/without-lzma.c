/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A build without liblzma: what it unpacks is known by its name. */
#include "codec/codecs.h"

const struct codec codec_xz = { .name = "xz", .library = "liblzma", .probe = probe_xz };
const struct codec codec_lzma = { .name = "lzma", .library = "liblzma", .probe = probe_lzma };
