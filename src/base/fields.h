/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fields: how a sentence of the core names something that was asked for. The core knows what was asked
 * and not by whom: FIELD_NOEFI is an option of kexec(8), a function of the library, or plainly "noefi",
 * as whoever shows the sentence calls it.
 */
#pragma once

#include <stddef.h>

#include "base/error.h"
#include "base/notes.h"

/* In a sentence that fail, notes_add and the table of hints take: between two bytes that no text has. */
#define FIELD(name) "\001" name "\001"

/* All that sentences speak of. */
#define FIELD_ARGS_ELF           FIELD("args-elf")
#define FIELD_ARGS_LINUX         FIELD("args-linux")
#define FIELD_ARGS_NONE          FIELD("args-none")
#define FIELD_CONSOLE_SERIAL     FIELD("console-serial")
#define FIELD_CONSOLE_VGA        FIELD("console-vga")
#define FIELD_DTB                FIELD("dtb")
#define FIELD_ELF32_CORE_HEADERS FIELD("elf32-core-headers")
#define FIELD_ELF64_CORE_HEADERS FIELD("elf64-core-headers")
#define FIELD_ENTRY              FIELD("entry")
#define FIELD_ENTRY_32BIT        FIELD("entry-32bit")
#define FIELD_FILES              FIELD("files")
#define FIELD_FORCE_DTB          FIELD("force-dtb")
#define FIELD_HELP               FIELD("help")
#define FIELD_HOTPLUG            FIELD("hotplug")
#define FIELD_INITRD             FIELD("initrd")
#define FIELD_INITRD_UNCHECKED   FIELD("initrd-unchecked")
#define FIELD_INITRD_RECOMPRESS  FIELD("initrd-recompress")
#define FIELD_KERNEL             FIELD("kernel")
#define FIELD_KEXEC_FILE_SYSCALL FIELD("kexec-file-syscall")
#define FIELD_KEXEC_SYSCALL      FIELD("kexec-syscall")
#define FIELD_LIMITS             FIELD("limits")
#define FIELD_LIST               FIELD("list")
#define FIELD_MODULE             FIELD("module")
#define FIELD_NO_CHECKS          FIELD("no-checks")
#define FIELD_NOEFI              FIELD("noefi")
#define FIELD_PASS_MEMMAP        FIELD("pass-memmap-cmdline")
#define FIELD_REAL_MODE          FIELD("real-mode")
#define FIELD_RESET_VGA          FIELD("reset-vga")
#define FIELD_REUSE_VIDEO_TYPE   FIELD("reuse-video-type")
#define FIELD_SERIAL             FIELD("serial")
#define FIELD_TYPE               FIELD("type")

struct field_name {
	const char *field, *name;
};

struct field_names {
	const char *prefix; /* "--": before all that have no name of their own */
	const struct field_name *own;
	size_t count;
};

/* text with those names in the place of the fields; what has no room in size bytes is cut. */
void fields_spell(const struct field_names *names, const char *text, char *ret, size_t size);

/* The same for what an error says, and for each of the notes, whose texts are made anew. */
void fields_spell_error(const struct field_names *names, struct error *err);
void fields_spell_notes(const struct field_names *names, struct notes *notes);
