/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A build without libzstd: what it unpacks is known by its name. */
#include "codec/codecs.h"
#include "codec/pack-formats.h"

const struct codec codec_zstd = { .name = "zstd", .library = "libzstd", .probe = probe_zstd };
const struct pack_ops pack_zstd = { .name = "zstd", .library = "libzstd" };
