/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A build without liblz4: what it unpacks is known by its name. */
#include "codec/codecs.h"
#include "codec/pack-formats.h"

const struct codec codec_lz4 = { .name = "lz4", .library = "liblz4", .probe = probe_lz4 };
const struct codec codec_lz4_legacy = {
	.name = "lz4-legacy", .library = "liblz4", .probe = probe_lz4_legacy
};
const struct pack_ops pack_lz4_legacy = { .name = "lz4-legacy", .library = "liblz4" };
