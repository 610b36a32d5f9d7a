/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Image: a kernel file, validated. Only image_parse makes one; what it says can be relied on.
 * Its views point into the bytes it was made from, which must outlive it.
 */
#pragma once

#include "base/arena.h"
#include "base/cpu.h"
#include "base/error.h"
#include "image/bzimage.h"
#include "image/elf.h"
#include "image/multiboot.h"
#include "image/powerpc-zimage.h"
#include "image/raw-image.h"
#include "image/s390x-image.h"
#include "image/uimage.h"
#include "image/uki.h"
#include "image/zboot.h"
#include "image/zimage.h"

enum image_format {
	IMAGE_BZIMAGE,
	IMAGE_UIMAGE,         /* a kernel that may have to be unpacked */
	IMAGE_UKI,            /* a kernel with its initrd and command line, to be taken out */
	IMAGE_ZBOOT,          /* a kernel to be unpacked */
	IMAGE_RAW,            /* a kernel that is its own image in memory */
	IMAGE_POWERPC_ZIMAGE, /* a kernel to be unpacked */
	IMAGE_ZIMAGE,         /* one of 32-bit ARM that unpacks itself */
	IMAGE_S390X,          /* one of s390x that unpacks itself */
	IMAGE_ELF,
	IMAGE_MULTIBOOT, /* version 1 or 2, whatever else it is */
	IMAGE_FOREIGN, /* known by its magic bytes only, so that the user can be told what it is */
};

struct image {
	enum image_format format;
	const char *name;        /* of the format, for people: "bzImage", "arm64 Image" */
	const char *format_name; /* of its row in the table; not what is inside of it */
	enum cpu_arch arch;
	struct view bytes;      /* unwrapped: what the parser saw */
	const char *version;    /* "" where the format has none */
	struct bzimage bzimage; /* for IMAGE_BZIMAGE; of a Linux in IMAGE_ELF the same */
	struct raw_image
		raw;    /* for IMAGE_RAW; for IMAGE_ELF of a CPU that has such: elf_raw_write's */
	struct elf elf; /* for IMAGE_ELF; with a version it is Linux */
	struct multiboot multiboot;           /* for IMAGE_MULTIBOOT */
	struct uimage uimage;                 /* for IMAGE_UIMAGE */
	struct uki uki;                       /* for IMAGE_UKI */
	struct zboot zboot;                   /* for IMAGE_ZBOOT */
	struct zimage zimage;                 /* for IMAGE_ZIMAGE */
	struct powerpc_zimage powerpc_zimage; /* for IMAGE_POWERPC_ZIMAGE */
	struct s390x_image s390x;             /* for IMAGE_S390X */
};

/*
 * Recognises bytes by the table of formats and parses them. The bytes are not compressed as a
 * whole: see image_wrapper.
 */
bool image_parse(struct view bytes, struct arena *arena, struct image *ret, struct error *err)
	__attribute__((warn_unused_result));

/*
 * The same for a file that may be of several formats: the one that --type names. Where the file is
 * not of that format, the same as image_parse.
 */
bool image_parse_as(struct view bytes, const char *type, struct arena *arena, struct image *ret,
	struct error *err) __attribute__((warn_unused_result));

/* How a whole file is compressed: to be unpacked before image_parse; NULL if it is not. */
const struct codec *image_wrapper(struct view file);

/* Whether the name of a `--type=` option names this image's format. */
bool image_has_type(const struct image *image, const char *type);

/*
 * The most bytes that may come out of a compressed kernel file of this size: more than any kernel
 * has, so that a decompression bomb ends early.
 */
uint64_t image_unpack_limit(uint64_t file_size);
