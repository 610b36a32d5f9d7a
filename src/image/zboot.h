/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * EFI zboot image: a kernel of arm64, riscv64 or loong64, compressed inside an EFI program that
 * unpacks it. Its header, from drivers/firmware/efi/libstub/zboot-header.S of Linux (6.1 and up),
 * says where the payload is, so that loaders without EFI can do that too.
 */
#pragma once

#include <stdbool.h>

#include "base/cpu.h"
#include "image/payload.h"

struct zboot {
	enum cpu_arch arch; /* by the PE header; ARCH_UNKNOWN where that does not tell */
	struct payload payload;
};

bool zboot_probe(struct view bytes);

bool zboot_parse(struct view bytes, struct zboot *ret, struct error *err)
	__attribute__((warn_unused_result));
