/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Boot entries: what this machine could boot next, and what its boot loader would take by itself,
 * read from the files that the boot loaders read. Nothing is mounted, run or evaluated; what is not
 * understood in an entry is said, and such an entry is refused when it is chosen.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cpu.h"
#include "base/error.h"
#include "base/notes.h"
#include "machine/source.h"

enum entry_kind {
	ENTRY_BLS,            /* UAPI.1, type 1: loader/entries/ID.conf */
	ENTRY_UKI,            /* UAPI.1, type 2: EFI/Linux/ID.efi */
	ENTRY_GRUB,           /* menuentry of grub.cfg */
	ENTRY_EXTLINUX,       /* LABEL of extlinux.conf or syslinux.cfg */
	ENTRY_KERNEL_INSTALL, /* TOKEN/VERSION/linux */
	ENTRY_INSTALLKERNEL,  /* Gentoo's log of installed kernels */
	ENTRY_LINK,           /* a kernel without a version in its name: /vmlinuz, /boot/bzImage */
	ENTRY_FILE,           /* a kernel with a version in its name or in its folder's */
};

enum { ENTRY_KINDS = ENTRY_FILE + 1 };

/* By what a boot loader is told to boot an entry once. */
enum boot_once_by {
	ONCE_BY_NOTHING, /* that is known here */
	ONCE_BY_GRUB,    /* next_entry in grubenv */
	ONCE_BY_EFI,     /* "The Boot Loader Interface", LoaderEntryOneShot: systemd-boot */
};

struct entry {
	enum entry_kind kind;
	const char *id;      /* never empty; unique for boot loaders that have ids */
	const char *title;   /* never empty */
	const char *version; /* as the entry says, else that of the kernel; "": unknown */
	const char *release; /* of the kernel, as uname -r tells it; "": unknown */
	const char *machine_id, *sort_key; /* UAPI.1; "": none */
	enum cpu_arch arch;                /* ARCH_UNKNOWN: not said */
	const char *kernel;         /* absolute path, as it is mounted now; NULL: see obstacle */
	const char *const *initrds; /* the same, in order */
	size_t initrd_count;
	const uint8_t *kernel_sha256; /* 32 bytes: what the kernel must have; NULL: nothing tells */
	const uint8_t *initrd_sha256; /* the same for the first initrd */
	const char *command_line;     /* NULL: the running kernel's, or what the image itself has */
	const char *device_tree;      /* NULL: that of the running system */
	const char *file;             /* what says so */
	unsigned line;                /* in it; 0: all of it */
	bool is_counted;              /* by the boot loader: UAPI.1, "Boot counting" */
	unsigned tries_left, tries_done;
	enum boot_once_by boot_once_by;
	const char *boot_once; /* what it has to be told for this entry; NULL: none is known */
	const char *obstacle;  /* why it cannot be loaded; NULL: nothing is known against it */
	const char *remark;    /* what was taken for granted; NULL: nothing */
	bool is_default;       /* of all entries at most one */
	bool is_running;       /* its kernel is of the running kernel's release */
};

struct entries {
	const struct entry *items; /* in the boot loaders' order */
	size_t count;
	struct notes notes; /* what was left out, and why */
	/*
	 * What is not known, with the file and the line that make it so; NULL: nothing. Then none is the
	 * default, or there may be entries that are not listed, and who asks for the newest is refused.
	 */
	const char *no_default, *incomplete;
};

/* What kind of source it comes from, in a word: "bls", "grub". */
const char *entry_kind_name(enum entry_kind kind);

/* Whether the kernel may bring a command line along: it is a program for EFI. */
bool entry_is_program(const struct entry *entry);

/* Finds all; none at all is an error. Everything lives in the arena. */
bool entry_find(const struct source *source, struct arena *arena, struct entries *ret,
	struct error *err) __attribute__((warn_unused_result));

enum entry_wanted_by {
	ENTRY_BY_DEFAULT, /* what the boot loader would take */
	ENTRY_BY_NAME,    /* an id, else a title, else a version, else the kernel's path */
	ENTRY_BY_RUNNING,
	ENTRY_BY_NEWEST, /* UAPI.10 */
};

struct entry_wish {
	enum entry_wanted_by by;
	const char *name;
};

/*
 * FAULT_NO_ENTRY where none is meant, FAULT_ENTRY_REFUSED where the one that is has an obstacle,
 * FAULT_ENTRY_UNKNOWN where it is not known which one is.
 */
bool entry_choose(const struct entries *entries, struct entry_wish wish, const struct entry **ret,
	struct error *err) __attribute__((warn_unused_result));

/*
 * Whether kernel and first initrd are those that the entry wants, where it tells their digests; reads
 * all of them. FAULT_ENTRY_REFUSED where they are not.
 */
bool entry_verify(const struct source *source, const struct entry *entry, struct error *err)
	__attribute__((warn_unused_result));
