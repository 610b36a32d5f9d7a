/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* systemd-fsck@.service(8), Documentation/ABI/testing/sysfs-fs-ext4; crypttab(5); dracut.cmdline(7), systemd-cryptsetup-generator(8), initramfs-tools: parameters of encrypted roots. */
#include "service/boot-wait.h"

#include "machine/text.h"

bool boot_time_read(const struct source *source, struct arena *arena, struct boot_time *ret)
{
	struct view text, seconds, id, before;
	struct boot_time t = { .before = "" };

	if (!source_read(source, &BOOT_TIME_FILE[1], arena, &text) || !text_word(&text, &seconds) ||
		!text_word(&text, &id) || !text_decimal(seconds, &t.seconds))
		return false;
	t.boot_id = arena_string(arena, id);
	if (text_word(&text, &before)) {
		t.before = text_is(before, "-") ? "" : arena_string(arena, before);
		t.stamp = stamp_parse(text);
	}
	if (!t.boot_id || !t.before)
		return false;
	*ret = t;
	return true;
}

const char *boot_time_text(const struct boot_time *time, struct arena *arena)
{
	const char *stamp = stamp_text(&time->stamp, arena);

	return stamp ? arena_printf(arena, "%llu %s %s %s\n", (unsigned long long)time->seconds,
			       time->boot_id, time->before && time->before[0] ? time->before : "-",
			       stamp)
		     : NULL;
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
	return (text_is(key, "none") || text_is(key, "-")) && !text_has_option(options, "noauto") &&
		!text_has_option(options, "tpm2-device");
}

/* The kernel has found it damaged since it was checked last, and then it is checked at length. */
static const char *damaged(const struct source *source, struct arena *arena)
{
	const char *const *names;

	if (!source_list(source, "sys/fs/ext4", arena, &names))
		return NULL;
	for (size_t i = 0; names[i]; i++) {
		const char *path = arena_printf(arena, "sys/fs/ext4/%s/errors_count", names[i]);
		struct view text;
		uint64_t count;

		if (path && source_read(source, path, arena, &text) &&
			text_decimal(text_trim(text), &count) && count)
			return arena_printf(arena,
				"a boot may check a file system for long (/%s is %llu)", path,
				(unsigned long long)count);
	}
	return NULL;
}

const char *boot_waits_for(const struct source *source, struct arena *arena)
{
	static const char *const parameters[] = { "rd.luks.uuid=", "rd.luks.name=", "luks.uuid=",
		"luks.name=", "cryptdevice=", "cryptroot=", "cryptopts=", "zfs=" };
	const char *long_check = damaged(source, arena);
	struct view text, line;

	if (long_check)
		return long_check;
	if (source_read(source, "etc/crypttab", arena, &text))
		while (text_line(&text, &line))
			if (asks(line))
				return "a boot may wait for a passphrase (/etc/crypttab)";
	if (!source_read(source, "proc/cmdline", arena, &text))
		return NULL;
	while (text_word(&text, &line)) {
		if (text_is(line, "fsck.mode=force"))
			return "a boot may check file systems for long (fsck.mode=force)";
		for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
			if (view_has_at(line, 0, parameters[i]))
				return arena_printf(arena,
					"a boot may wait for a passphrase (%.*s)", (int)line.n,
					(const char *)line.p);
	}
	return NULL;
}
