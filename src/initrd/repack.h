/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rewrites an initrd: the same archives in the same order, the compressed ones unpacked or packed
 * in another form, plain ones byte for byte. It streams from the mapped file into a sink; policy.h
 * decides which file becomes what.
 */
#pragma once

#include "codec/codec.h"
#include "initrd/policy.h"

struct repack_request {
	struct view file;
	enum initrd_form form; /* raw, lz4 or zstd */
	uint64_t unpacked_max;
	const struct sink_watch *watch; /* NULL: nobody */
};

/*
 * False when the file cannot be rewritten: damaged (FAULT_COMPRESSION_CORRUPT), past one of the
 * limits (FAULT_COMPRESSION_BOMB) or not as Linux reads it (FAULT_IMAGE_UNKNOWN). Then parts hold
 * what was learned up to there, and what the sink took is of no use.
 */
bool initrd_repack(const struct repack_request *wanted, struct sink *to,
	struct initrd_part parts[INITRD_ARCHIVES_MAX], size_t *part_count, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Whether Linux unpacks the raw form just as it did the original: it reads plain archives at
 * multiples of four only, and looks into them for microcode and ACPI tables, which it does not do
 * in compressed ones.
 */
bool initrd_raw_is_faithful(const struct initrd *original, const struct initrd *raw);
