/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a compressed archive ends, by the sizes in its headers alone: nothing is unpacked, so that it takes
 * a step for each block and no memory. Only for formats whose headers tell. The contents of blocks may
 * be damaged all the same.
 */
#pragma once

#include "codec/codec.h"

/*
 * A stream or frame (one only, as Linux unpacks them) that starts at byte at of the file. False where
 * it is cut or damaged (FAULT_COMPRESSION_CORRUPT) or made in a way that Linux does not unpack
 * (FAULT_INITRD_PACKING); the reason counts bytes from the beginning of the file. *ret_end is behind
 * it.
 */
typedef bool codec_walk(struct view file, uint64_t at, uint64_t *ret_end, struct error *err);

/* How many bytes the frame of zstd at the beginning unpacks to at most, by the sizes of its blocks; 0: they do not tell. */
uint64_t walk_zstd_most(struct view frame);

codec_walk walk_zstd, walk_xz, walk_lz4_legacy, walk_lzo;
