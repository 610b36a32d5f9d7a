/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* crypttab(5); dracut.cmdline(7), systemd-cryptsetup-generator(8), initramfs-tools: parameters of encrypted roots. */
#include "service/boot-wait.h"

#include "machine/text.h"

bool boot_time_read(const struct source *source, struct arena *arena, struct boot_time *ret)
{
	struct view text, seconds, id;
	struct boot_time t;

	if (!source_read(source, &BOOT_TIME_FILE[1], arena, &text) || !text_word(&text, &seconds) ||
		!text_word(&text, &id) || !text_decimal(seconds, &t.seconds))
		return false;
	t.boot_id = arena_string(arena, id);
	if (!t.boot_id)
		return false;
	*ret = t;
	return true;
}

const char *boot_time_text(const struct boot_time *time, struct arena *arena)
{
	return arena_printf(arena, "%llu %s\n", (unsigned long long)time->seconds, time->boot_id);
}

/* One of several between commas, up to '='. */
static bool has_option(struct view options, const char *wanted)
{
	struct view one, name;

	while (text_item(&options, ',', &one)) {
		if (!text_cut(&one, '=', &name))
			name = one;
		if (text_is(name, wanted))
			return true;
	}
	return false;
}

/* NAME DEVICE KEY OPTIONS */
static bool asks(struct view line)
{
	struct view name, device, key, options;

	if (!text_word(&line, &name) || view_has_at(name, 0, "#") || !text_word(&line, &device))
		return false;
	if (!text_word(&line, &key))
		return true;
	if (!text_word(&line, &options))
		options = view_of_string("");
	return (text_is(key, "none") || text_is(key, "-")) && !has_option(options, "noauto") &&
		!has_option(options, "tpm2-device");
}

const char *boot_waits_for(const struct source *source, struct arena *arena)
{
	static const char *const parameters[] = { "rd.luks.uuid=", "rd.luks.name=", "luks.uuid=",
		"luks.name=", "cryptdevice=", "cryptroot=", "cryptopts=", "zfs=" };
	struct view text, line;

	if (source_read(source, "etc/crypttab", arena, &text))
		while (text_line(&text, &line))
			if (asks(line))
				return "a boot may wait for a passphrase (/etc/crypttab)";
	if (!source_read(source, "proc/cmdline", arena, &text))
		return NULL;
	while (text_word(&text, &line))
		for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
			if (view_has_at(line, 0, parameters[i]))
				return arena_printf(arena,
					"a boot may wait for a passphrase (%.*s)", (int)line.n,
					(const char *)line.p);
	return NULL;
}
