/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The codecs that the table of codec.c lists, and what makes them; nobody outside this room names
 * one. Each library has a file without-LIBRARY.c, which is built in the place of those that use it.
 */
#pragma once

#include "codec/codec.h"

extern const struct codec codec_gzip;
extern const struct codec codec_xz;
extern const struct codec codec_lzma;
extern const struct codec codec_zstd;
extern const struct codec codec_lz4;
extern const struct codec codec_lz4_legacy;
extern const struct codec codec_bzip2;

/* Whether the bytes begin like the format. */
bool probe_gzip(struct view v);
bool probe_xz(struct view v);
bool probe_lzma(struct view v);
bool probe_zstd(struct view v);
bool probe_lz4(struct view v);
bool probe_lz4_legacy(struct view v);
bool probe_bzip2(struct view v);

/* Says which library this build is without; always false. */
bool codec_is_missing(const char *name, const char *library, struct error *err);
