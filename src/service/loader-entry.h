/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * "The Boot Loader Interface": the EFI variable LoaderEntryOneShot, by which systemd-boot is told to boot
 * an entry once, as a file in efivarfs: four bytes of attributes, then a text in UTF-16 that ends with a
 * zero.
 */
#pragma once

#include "base/arena.h"
#include "base/bytes.h"
#include "machine/source.h"

#define LOADER_VARIABLES "/sys/firmware/efi/efivars"
#define LOADER_ENTRY_ONE_SHOT \
	LOADER_VARIABLES "/LoaderEntryOneShot-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

/* Which entry the boot loader has booted; it stays so through jumps by kexec. */
#define LOADER_ENTRY_SELECTED \
	LOADER_VARIABLES "/LoaderEntrySelected-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

/* The whole file for an entry's id; false where that is not plain ASCII, or memory is out. */
bool loader_entry_bytes(const char *id, struct arena *arena, struct view *ret)
	__attribute__((warn_unused_result));

/* Whether such a file names this entry, whatever its attributes. */
bool loader_entry_is(struct view file, const char *id);

/*
 * Why the boot loader would not boot an entry once if it were told so now; NULL: it would. own is the entry that we
 * have told it ourselves and can take back; NULL: none.
 */
const char *loader_entry_obstacle(
	const struct source *source, const char *own, struct arena *arena);
