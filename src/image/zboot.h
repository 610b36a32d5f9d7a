/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * EFI zboot image: a kernel of arm64, riscv64 or loong64, compressed inside an EFI program that
 * unpacks it. Its header, from drivers/firmware/efi/libstub/zboot-header.S of Linux (6.1 and up),
 * says where the payload is, so that loaders without EFI can do that too.
 */
#pragma once

#include <stdbool.h>

#include "base/cpu.h"
#include "codec/codec.h"

enum { ZBOOT_COMPRESSION_SIZE = 32 };

struct zboot {
	enum cpu_arch arch; /* by the PE header; ARCH_UNKNOWN where that does not tell */
	struct view payload;
	char compression[ZBOOT_COMPRESSION_SIZE + 1]; /* "gzip", "zstd", …: as people name it */
	const struct codec *codec;                    /* NULL: there is none for it here */
};

bool zboot_probe(struct view bytes);

bool zboot_parse(struct view bytes, struct zboot *ret, struct error *err)
	__attribute__((warn_unused_result));

/* The kernel in it. */
bool zboot_unpack(const struct zboot *zboot, struct sink *sink, struct error *err)
	__attribute__((warn_unused_result));

/* Its first bytes only: p[0] to p[size - 1], or fewer where it has fewer. */
bool zboot_unpack_head(const struct zboot *zboot, uint8_t *p, size_t size, struct view *ret,
	struct error *err) __attribute__((warn_unused_result));
