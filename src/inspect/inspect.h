/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is in a file that a boot is made of: a kernel, an initrd, a device tree. Facts only, out of bytes and
 * of what the parsers have validated, so that who prints decides nothing. All lives in the arena and borrows
 * from the bytes.
 */
#pragma once

#include "image/image.h"
#include "machine/machine.h"
#include "trust/trust.h"

enum inspect_kind { INSPECT_KERNEL, INSPECT_INITRD, INSPECT_TREE };

/*
 * Which file system a RAM disk is, of the old kind of initrd; packed as a whole or not. NULL: it is none that is known.
 */
const char *inspect_ram_disk(struct view file);

/* By its first bytes; what is nothing of the others is taken for a kernel, whose parser says what it lacks. */
enum inspect_kind inspect_kind_of(struct view file);

enum {
	INSPECT_LAYERS_MAX =
		5, /* a compression of the whole file, and four kinds around a kernel */
	INSPECT_FLAGS_MAX = 12,
	INSPECT_RELEASES_MAX = 8,
	INSPECT_ARCHIVES_MAX = 64,
	INSPECT_NAMES_MAX = 16,
};

/* U-Boot's header around a kernel or an initrd; its checksums, and that of what is in it, are right. */
struct inspect_uimage {
	const char *name;        /* "" where it has none */
	const char *cpu;         /* "ARM" */
	const char *compression; /* as it says; "none"; NULL: a number that is not known here */
	uint32_t made;           /* seconds since 1970 */
	uint32_t load, entry;    /* addresses, by which nobody here goes */
	uint64_t payload;        /* bytes */
};

/* Of one that was parsed. */
bool inspect_uimage(const struct uimage *uimage, struct arena *arena, struct inspect_uimage *ret,
	struct error *err) __attribute__((warn_unused_result));

/* What a kernel's header says of how it is started. */
struct inspect_boot {
	uint16_t protocol;                        /* of x86: 0x020f is 2.15; 0: it has none */
	const char *flags[INSPECT_FLAGS_MAX + 1]; /* "64-bit-entry"; NULL at the end */
	uint64_t command_line_max;                /* characters; 0: it does not say */
	uint64_t initrd_max;     /* address of an initrd's last byte; 0: it does not say */
	uint64_t memory;         /* bytes until it has started; 0: it does not say */
	uint64_t alignment;      /* 0: it does not say */
	uint64_t page_size;      /* 0: it does not say */
	const char *compression; /* of the kernel in it; NULL: none, or none that is known */
};

struct inspect_boot inspect_boot_of(const struct image *kernel);

/* A section of a UKI. */
struct inspect_section {
	const char *name;
	uint64_t size;
};

struct inspect_profile {
	const char *id, *title; /* "" where it has none, as the base */
	const struct inspect_section *sections;
	size_t count;
};

struct inspect_unified {
	const struct inspect_profile *profiles; /* the first one is the base */
	size_t count;
	const char *command_line; /* of the profile that is taken; NULL: it has none */
};

/* Of a UKI that was parsed. */
bool inspect_unified(const struct image *uki, struct arena *arena, struct inspect_unified *ret,
	struct error *err) __attribute__((warn_unused_result));

/* Whether the kernel can be moved to a random place in virtual memory, by what it unpacks to. */
enum answer inspect_kaslr(struct view vmlinux);

struct inspect_archive {
	const char *packing; /* "cpio" where it is plain */
	uint64_t at, packed, unpacked;
	size_t members;
};

struct inspect_initrd {
	struct inspect_archive archives[INSPECT_ARCHIVES_MAX];
	size_t archive_count; /* there may be more of them, which count below */
	uint64_t packed, unpacked;
	size_t members;
	const char *releases[INSPECT_RELEASES_MAX + 1]; /* of its modules; NULL at the end */
	const char *microcode[INSPECT_NAMES_MAX + 1];   /* names of its files; NULL at the end */
	bool has_init;
	const char *
		damage; /* what the kernel would not unpack, and where; NULL: it is whole, or a RAM disk */
	const char *unlisted; /* why what is in it is not all known; NULL: it is */
	bool lacks_trailer;   /* it ends between two members, as one that is cut may */

	/* For the kernel itself, behind the archives. */
	bool has_boot_config;
	uint64_t boot_config_size;
	bool boot_config_is_whole; /* else Linux goes on without it */

	const char
		*ram_disk; /* it is one, of the old kind: "ext2"; NULL: it is none that is known */
};

/* False when memory is out. watch: is told how far it is; NULL: nobody is. */
bool inspect_initrd(struct view file, const struct sink_watch *watch, struct arena *arena,
	struct inspect_initrd *ret, struct error *err) __attribute__((warn_unused_result));

struct inspect_tree {
	const char *model;                             /* NULL: it has none */
	const char *compatible[INSPECT_NAMES_MAX + 1]; /* NULL at the end */
	uint32_t version;
	uint64_t size, structure, strings; /* bytes */
	size_t nodes, reservations;
};

bool inspect_tree(struct view file, struct arena *arena, struct inspect_tree *ret,
	struct error *err) __attribute__((warn_unused_result));
