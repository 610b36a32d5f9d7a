/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The input is a file of settings, in one of the places where one is read, for the boot services and for
 * the off switches. A file that says REBOOT_BY_KEXEC=no and something else is off, whatever that is.
 */
#include "fuzz.h"

#include <string.h>

#include "service/off-switch.h"
#include "service/settings.h"

struct one_file {
	struct source source;
	const char *path;
	struct view bytes;
};

static enum presence read_one(const struct source *source, const char *path, struct arena *arena,
	struct view *ret, struct error *err)
{
	const struct one_file *one = (const struct one_file *)(const void *)source;
	const char *copy;

	(void)err;
	if (strcmp(path, one->path) != 0)
		return IS_ABSENT;
	copy = arena_string(arena, one->bytes);
	expect(copy != NULL);
	*ret = (struct view){ (const uint8_t *)copy, one->bytes.n };
	return IS_THERE;
}

static enum presence list_none(const struct source *source, const char *path, struct arena *arena,
	const char *const **ret, struct error *err)
{
	(void)source;
	(void)path;
	(void)arena;
	(void)ret;
	(void)err;
	return IS_ABSENT;
}

static void expect_settings(
	const struct one_file *one, enum service_style style, struct arena *arena)
{
	const struct service_request request = { .style = style };
	struct notes notes = { .arena = arena };
	struct service_settings s;
	struct error err = { 0 };

	expect(service_settings_read(&one->source, &request, &notes, arena, &s, &err));
	expect(s.boot[0] && s.options && s.image && s.initrd && s.entry);
	if (!service_settings_check(&s, &err))
		expect_bad_file(&err);
}

static void expect_off(const struct one_file *one, struct arena *arena)
{
	static const char off[] = "\nREBOOT_BY_KEXEC=no\n";
	const struct kexec_ability ability = { .load_limit_reboot = -1 };
	struct off_switch found = off_switch_find(&one->source, arena, &ability);
	struct one_file both = *one;
	char *text = arena_alloc(arena, one->bytes.n + sizeof off);

	expect((found.kind == OFF_NONE) == !found.what && !found.what == !found.undo);
	/* Before it stands whatever it is. */
	expect(text != NULL);
	memcpy(text, &off[1], sizeof off - 2);
	if (one->bytes.n)
		memcpy(text + sizeof off - 2, one->bytes.p, one->bytes.n);
	both.bytes = (struct view){ (const uint8_t *)text, one->bytes.n + sizeof off - 2 };
	found = off_switch_find(&both.source, arena, &ability);
	/* A later line may switch it on again, and only one that names it. */
	if (!one->bytes.n || !memmem(one->bytes.p, one->bytes.n, "REBOOT_BY_KEXEC", 15))
		expect(found.kind == OFF_ALWAYS);
}

/* Place and style by the size, so that each input is read once. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "etc/kexec.conf", "etc/default/kexec",
		"etc/conf.d/kexec" };
	struct one_file one = { { read_one, source_look_by_read, list_none }, paths[size % 3],
		{ data, size } };
	struct arena arena = { 0 };

	expect_settings(&one, (enum service_style)(size % SERVICE_STYLES), &arena);
	expect_off(&one, &arena);
	arena_free(&arena);
	return 0;
}
