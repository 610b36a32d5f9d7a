/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The codecs that the table of codec.c lists; nobody outside this room names one. */
#pragma once

#include "codec/codec.h"

extern const struct codec codec_gzip;
extern const struct codec codec_xz;
extern const struct codec codec_lzma;
extern const struct codec codec_zstd;
extern const struct codec codec_lz4;
extern const struct codec codec_lz4_legacy;
extern const struct codec codec_bzip2;
