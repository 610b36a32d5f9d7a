/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A build without libbz2: what it unpacks is known by its name. */
#include "codec/codecs.h"

const struct codec codec_bzip2 = { .name = "bzip2", .library = "libbz2", .probe = probe_bzip2 };
