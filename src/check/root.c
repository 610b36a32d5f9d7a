/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether what root= names is here now: by the links that udev makes below /dev/disk, or by the kernel's own
 * names. A device that is not here may come by the initrd's doing (a volume that is not active, a LUKS
 * volume that is not open), so that its absence is a warning; of forms that only an initrd
 * understands nothing is said.
 */
#include "check/rows.h"

#include <string.h>

#include "machine/text.h"

struct form {
	const char *prefix;
	const char *folder; /* where the rest is a name */
	bool any_case;      /* of letters */
};

/* The longest prefix of those that begin alike comes first. */
static const struct form forms[] = {
	{ "UUID=", "dev/disk/by-uuid", true },
	{ "LABEL=", "dev/disk/by-label", false },
	{ "PARTUUID=", "dev/disk/by-partuuid", true },
	{ "PARTLABEL=", "dev/disk/by-partlabel", false },
	{ "/dev/disk/by-uuid/", "dev/disk/by-uuid", false },
	{ "/dev/disk/by-label/", "dev/disk/by-label", false },
	{ "/dev/disk/by-partuuid/", "dev/disk/by-partuuid", false },
	{ "/dev/disk/by-partlabel/", "dev/disk/by-partlabel", false },
	{ "/dev/disk/by-id/", "dev/disk/by-id", false },
	{ "/dev/disk/by-path/", "dev/disk/by-path", false },
	{ "/dev/mapper/", "dev/mapper", false },
	{ "/dev/", "sys/class/block", false },
};

static uint8_t hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *found = c ? strchr(digits, c | 0x20) : NULL;

	return found ? (uint8_t)(found - digits) : 0;
}

/* udev writes what is unusual in a name as \xNN. */
static struct view decode(const char *name, struct arena *arena)
{
	uint8_t *text = arena_alloc(arena, strlen(name) + 1);
	size_t n = 0;

	for (size_t i = 0; text && name[i]; i++) {
		bool is_code = name[i] == '\\' && name[i + 1] == 'x' && name[i + 2] && name[i + 3];

		text[n++] = is_code
			? (uint8_t)(hex_digit(name[i + 2]) << 4 | hex_digit(name[i + 3]))
			: (uint8_t)name[i];
		i += is_code ? 3 : 0;
	}
	return (struct view){ text, text ? n : 0 };
}

static bool is_name(const struct form *form, struct view found, const char *wanted)
{
	return form->any_case ? text_is_any_case(found, wanted) : text_is(found, wanted);
}

static const struct form *form_of(const char *root)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (strncmp(root, forms[i].prefix, strlen(forms[i].prefix)) == 0)
			return &forms[i];
	return NULL;
}

/* The value of the last root=, without quotes; NULL where there is none. */
static const char *root_of(const char *line, struct arena *arena)
{
	struct view text = view_of_string(line), word, found = { 0 };

	while (text_word(&text, &word))
		if (view_has_at(word, 0, "root="))
			found = view_from(word, strlen("root="));
	if (!found.p)
		return NULL;
	if (found.n > 1 && found.p[0] == '"' && found.p[found.n - 1] == '"')
		found = view_first(view_from(found, 1), found.n - 2);
	return arena_string(arena, found);
}

static struct check_finding look(
	const struct check_subject *subject, const struct form *form, const char *root)
{
	const char *wanted = root + strlen(form->prefix), *const * names;
	struct check_finding finding;
	struct error err = { 0 };

	if (strchr(wanted, '/'))
		return check_finds(subject, CHECK_UNKNOWN,
			"whether root=%s is here cannot be told by its name", root);
	if (!source_take_names(subject->source, form->folder, subject->arena, &names, &err))
		return check_finds(subject, CHECK_UNKNOWN, "%s", err.reason);
	if (!names)
		return check_finds(subject, CHECK_UNKNOWN,
			"whether root=%s is here is not known: there is no /%s", root,
			form->folder);
	for (size_t i = 0; names[i]; i++)
		if (is_name(form, decode(names[i], subject->arena), wanted))
			return check_finds(subject, CHECK_PASS, "root=%s is here", root);
	finding = check_finds(subject, CHECK_WARN,
		"nothing here is root=%s now: /%s has no such name", root, form->folder);
	finding.advice = "name the root that this machine has, unless the initrd makes it appear";
	return finding;
}

struct check_finding check_root(const struct check_subject *subject)
{
	const struct form *form;
	const char *root;

	if (!subject->command_line)
		return check_finds(subject, CHECK_UNKNOWN, "the next command line is not known");
	root = root_of(subject->command_line, subject->arena);
	if (!root || !root[0])
		return check_finds(
			subject, CHECK_NOTE, "no root= is given: the initrd or the kernel decides");
	/* Names that stand for no device: of the kernel itself (init/do_mounts.c), or of a RAM disk. */
	if (strcmp(root, "/dev/nfs") == 0 || strcmp(root, "/dev/cifs") == 0 ||
		strcmp(root, "/dev/root") == 0 || strncmp(root, "/dev/ram", 8) == 0)
		return check_finds(subject, CHECK_UNKNOWN, "root=%s names no device", root);
	form = form_of(root);
	if (!form)
		return check_finds(subject, CHECK_UNKNOWN,
			"root=%s is of a form that only the initrd understands", root);
	return look(subject, form, root);
}
