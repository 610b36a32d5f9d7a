/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which section is what; knows nothing of what the kernel in it is. */
#include "image/uki.h"

#include <string.h>

#include "image/pe.h"

enum part {
	PART_KERNEL,
	PART_MICROCODE,
	PART_INITRD,
	PART_KERNEL_HASH,
	PART_INITRD_HASH,
	PART_COMMAND_LINE,
	PART_OS_RELEASE,
	PART_RELEASE,
	PART_SPLASH,
	PART_DEVICE_TREE,
	PART_DEVICE_TREE_AUTO,
	PARTS,
};

static const struct {
	const char *section;
	bool repeats; /* all others are singletons in their profile */
} parts[PARTS] = {
	[PART_KERNEL] = { ".linux", false },
	[PART_MICROCODE] = { ".ucode", false },
	[PART_INITRD] = { ".initrd", false },
	[PART_KERNEL_HASH] = { ".linuxh", false },
	[PART_INITRD_HASH] = { ".initrdh", false },
	[PART_COMMAND_LINE] = { ".cmdline", false },
	[PART_OS_RELEASE] = { ".osrel", false },
	[PART_RELEASE] = { ".uname", false },
	[PART_SPLASH] = { ".splash", false },
	[PART_DEVICE_TREE] = { ".dtb", true },
	[PART_DEVICE_TREE_AUTO] = { ".dtbauto", true },
};

#define PROFILE ".profile" /* begins one */

/* What one profile has. */
struct profile {
	struct view data[PARTS];
	size_t count[PARTS];
};

enum { BASE, FIRST, PROFILES };

struct contents {
	struct profile profiles[PROFILES];
	size_t profile_count;
};

bool uki_probe(struct view bytes)
{
	return pe_probe_section(bytes, parts[PART_KERNEL].section);
}

static bool add_section(
	struct contents *contents, const struct pe_section *section, struct error *err)
{
	size_t in = contents->profile_count;

	if (strcmp(section->name, PROFILE) == 0) {
		contents->profile_count++;
		return true;
	}
	for (size_t i = 0; i < PARTS && in < PROFILES; i++) {
		struct profile *profile = &contents->profiles[in];

		if (strcmp(section->name, parts[i].section) != 0)
			continue;
		if (profile->count[i]++ == 0)
			profile->data[i] = section->data;
		else if (!parts[i].repeats)
			return fail(err, FAULT_IMAGE_CORRUPT,
				"it has two sections %s, and nothing tells which is meant",
				section->name);
	}
	return true;
}

static bool read_contents(const struct pe *pe, struct contents *contents, struct error *err)
{
	for (size_t i = 0; i < pe->section_count; i++) {
		struct pe_section section;

		if (!pe_section(pe, i, &section, err) || !add_section(contents, &section, err))
			return false;
	}
	return true;
}

/* The section of the first profile stands for that of the base. */
static const struct profile *profile_with(const struct contents *contents, enum part part)
{
	return &contents->profiles[contents->profiles[FIRST].count[part] ? FIRST : BASE];
}

static struct view data_of(const struct contents *contents, enum part part)
{
	return profile_with(contents, part)->data[part];
}

/* All device trees that are there to choose from, in the profile that has some. */
static bool list_device_trees(const struct pe *pe, const struct contents *contents,
	struct arena *arena, struct uki *uki, struct error *err)
{
	const enum part part = PART_DEVICE_TREE_AUTO;
	const struct profile *profile = profile_with(contents, part);
	struct view *list;
	size_t in = BASE;

	if (profile->count[part] == 0)
		return true;
	list = arena_alloc_array(arena, profile->count[part], sizeof *list);
	if (!list)
		return fail_no_memory(err);
	uki->device_trees_auto = list;
	for (size_t i = 0; i < pe->section_count; i++) {
		struct pe_section section;

		if (!pe_section(pe, i, &section, err))
			return false;
		in += strcmp(section.name, PROFILE) == 0;
		if (in < PROFILES && &contents->profiles[in] == profile &&
			strcmp(section.name, parts[part].section) == 0)
			list[uki->device_tree_auto_count++] = section.data;
	}
	return true;
}

/*
 * Up to its terminating zero or its end, in one line without blanks around it: what the stub makes of
 * a command line, and what a terminal can be shown.
 */
static const char *text_of(const struct contents *contents, enum part part, struct arena *arena)
{
	struct view text = data_of(contents, part);
	size_t length = 0;
	char *line;

	while (length < text.n && text.p[length])
		length++;
	line = arena_string(arena, view_first(text, length));
	if (!line)
		return NULL;
	for (size_t i = 0; i < length; i++)
		if ((uint8_t)line[i] < ' ' || line[i] == 0x7f)
			line[i] = ' ';
	while (length && line[length - 1] == ' ')
		line[--length] = '\0';
	return line + strspn(line, " ");
}

bool uki_parse(struct view bytes, struct arena *arena, struct uki *ret, struct error *err)
{
	struct contents contents = { 0 };
	struct uki uki = { 0 };
	struct pe pe;

	if (!pe_parse(bytes, &pe, err) || !pe_check_overlaps(&pe, arena, err) ||
		!read_contents(&pe, &contents, err))
		return false;
	uki.arch = pe.arch;
	uki.is_signed = pe.certificates.n > 0;
	uki.profiles = contents.profile_count;
	uki.kernel = data_of(&contents, PART_KERNEL);
	uki.microcode = data_of(&contents, PART_MICROCODE);
	uki.initrd = data_of(&contents, PART_INITRD);
	uki.kernel_hash = data_of(&contents, PART_KERNEL_HASH);
	uki.initrd_hash = data_of(&contents, PART_INITRD_HASH);
	uki.os_release = data_of(&contents, PART_OS_RELEASE);
	uki.splash = data_of(&contents, PART_SPLASH);
	uki.device_tree = data_of(&contents, PART_DEVICE_TREE);
	if (uki.kernel.n == 0)
		return fail(err, FAULT_IMAGE_CORRUPT, "there is no kernel in it (section .linux)");
	if (!list_device_trees(&pe, &contents, arena, &uki, err))
		return false;
	uki.release = text_of(&contents, PART_RELEASE, arena);
	if (!uki.release)
		return fail_no_memory(err);
	if (profile_with(&contents, PART_COMMAND_LINE)->count[PART_COMMAND_LINE]) {
		uki.command_line = text_of(&contents, PART_COMMAND_LINE, arena);
		if (!uki.command_line)
			return fail_no_memory(err);
	}
	*ret = uki;
	return true;
}
