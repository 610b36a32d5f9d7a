/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The vmlinux of CPUs whose kernel files are raw images: the same bytes in parts of an ELF, so that
 * put together again they are loaded as a raw image is.
 */
#pragma once

#include "codec/codec.h"
#include "image/elf.h"
#include "image/raw-image.h"

/*
 * The description of the raw image. The physical addresses of such a Linux are no addresses of
 * memory (on arm64 they are virtual ones, on riscv64 they count from 0): what counts is the header
 * at the beginning of its first part. A program without that header lies where it was linked.
 */
bool elf_raw_describe(const struct elf *elf, enum cpu_arch arch, struct raw_image *ret,
	struct error *err) __attribute__((warn_unused_result));

/* Its bytes without BSS, with zeros between the parts. */
bool elf_raw_write(const struct elf *elf, struct sink *sink, struct error *err)
	__attribute__((warn_unused_result));
