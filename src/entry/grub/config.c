/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which grub.cfg it is: that of /boot, or, on EFI, one beside the program that the firmware has started,
 * as Red Hat had it. UEFI, "Boot Manager" and "Device Path Protocol".
 */
#include "entry/grub/config.h"

#include <string.h>
#include <strings.h>

#include "entry/ground/loader-files.h"
#include "machine/text.h"

#define GLOBAL_VARIABLE "8be4df61-93ca-11d2-aa0d-00e098032b8c"

static const char *config_in(struct finder *f, const char *folder, struct view *ret)
{
	const char *file = arena_printf(f->arena, "%s/grub.cfg", folder);

	return file && finder_read(f, file, ret) ? file : NULL;
}

/* A small file that only leads on to another one is not what has the menu. */
static bool has_menu(struct view text)
{
	struct view line, word;

	while (text_line(&text, &line))
		if (text_word(&line, &word) &&
			(text_is(word, "menuentry") || text_is(word, "submenu") ||
				text_is(word, "blscfg")))
			return true;
	return false;
}

static bool read_variable(struct finder *f, const char *name, struct reader *ret)
{
	const char *path =
		arena_printf(f->arena, "/sys/firmware/efi/efivars/%s-" GLOBAL_VARIABLE, name);
	struct view bytes;

	if (!path || !finder_read(f, path, &bytes))
		return false;
	/* Four bytes of attributes come first. */
	*ret = reader_at(bytes, 4);
	return true;
}

/* A path on the ESP, \EFI\NAME\FILE.EFI; NULL where it is none. */
static const char *folder_of_program(struct finder *f, struct view utf16)
{
	char *path = arena_alloc(f->arena, utf16.n / 2 + 1), *name, *end;

	for (size_t i = 0; path && i + 1 < utf16.n; i += 2)
		path[i / 2] = utf16.p[i + 1] ? '?' : (char)utf16.p[i];
	if (!path || strncasecmp(path, "\\EFI\\", 5) != 0)
		return NULL;
	name = path + 5;
	end = strchr(name, '\\');
	if (!end || strchr(end + 1, '\\'))
		return NULL;
	*end = '\0';
	return name;
}

/* The folder of the program that was started, by the firmware's own variables; NULL: it is not known. */
static const char *started_folder(struct finder *f)
{
	enum { MEDIA = 4, FILE_PATH = 4, END = 0x7f };
	const char *name, *folder = NULL;
	struct reader r;
	uint16_t number;

	if (!read_variable(f, "BootCurrent", &r))
		return NULL;
	number = reader_le16(&r);
	name = r.overrun ? NULL : arena_printf(f->arena, "Boot%04X", (unsigned)number);
	if (!name || !read_variable(f, name, &r))
		return NULL;
	reader_skip(&r, 6);
	while (reader_le16(&r) != 0 && !r.overrun)
		;
	while (!r.overrun && !folder) {
		uint8_t type = reader_u8(&r), kind = reader_u8(&r);
		uint16_t length = reader_le16(&r);
		struct view data;

		if (type == END || length < 4)
			return NULL;
		data = reader_bytes(&r, length - 4u);
		if (!r.overrun && type == MEDIA && kind == FILE_PATH)
			folder = folder_of_program(f, data);
	}
	return folder;
}

static const char *config_on(
	struct finder *f, const char *esp, const char *started, struct view *ret, unsigned *count)
{
	const char *const *names;
	const char *found = NULL;

	if (!finder_list(f, esp, &names))
		return NULL;
	for (size_t i = 0; names[i]; i++) {
		const char *inside = arena_printf(f->arena, "%s/%s", esp, names[i]), *file;
		struct view text;

		if (started && strcasecmp(names[i], started) != 0)
			continue;
		file = inside ? config_in(f, inside, &text) : NULL;
		if (!file || !has_menu(text))
			continue;
		++*count;
		*ret = text;
		found = file;
	}
	return found;
}

/* With a menu of its own; *ret_count: of so many. */
static const char *config_on_esp(
	struct finder *f, const char *started, struct view *ret, unsigned *ret_count)
{
	const char *file = NULL;

	*ret_count = 0;
	for (size_t i = 0; !file && esp_folders[i]; i++)
		file = config_on(f, esp_folders[i], started, ret, ret_count);
	return file;
}

/* Where nothing tells what was started, Red Hat's own way comes before a folder of the same systems. */
const char *grub_config_file(struct finder *f, struct view *ret)
{
	const char *started = f->is_efi ? started_folder(f) : NULL, *on_esp, *file = NULL;
	struct view text;
	unsigned count;

	on_esp = config_on_esp(f, started, ret, &count);
	if (on_esp && started)
		return on_esp;
	for (size_t i = 0; !file && grub_folders[i]; i++)
		file = config_in(f, grub_folders[i], &text);
	if (on_esp && (!file || (f->is_efi && count == 1 && strstr(file, "/grub2/"))))
		return on_esp;
	if (file)
		*ret = text;
	return file;
}
