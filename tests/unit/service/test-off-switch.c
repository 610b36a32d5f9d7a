/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../machine/table-source.h"
#include "service/assignments.h"
#include "service/off-switch.h"

static const struct {
	struct table_file files[2];
	struct kexec_ability ability;
	enum off_switch_kind kind;
	const char *what;
} rows[] = {
	{ { { "etc/kexec.conf", "REBOOT_BY_KEXEC=yes\n" } }, { .load_limit_reboot = -1 }, OFF_NONE,
		NULL },
	{ { { "etc/kexec.conf", "KNAME=bzImage\nREBOOT_BY_KEXEC=\"no\"\n" } },
		{ .load_limit_reboot = -1 }, OFF_ALWAYS,
		"/etc/kexec.conf, line 2, has REBOOT_BY_KEXEC=no" },
	{ { { "etc/kexec.conf", "REBOOT_BY_KEXEC=yes\n" },
		  { "etc/default/kexec", "REBOOT_BY_KEXEC=off\n" } },
		{ .load_limit_reboot = -1 }, OFF_ALWAYS, "/etc/default/kexec, line 1" },
	{ { { "etc/conf.d/kexec", "REBOOT_BY_KEXEC=\n" } }, { .load_limit_reboot = -1 }, OFF_NONE,
		NULL },
	{ { { "etc/conf.d/kexec", "REBOOT_BY_KEXEC=nein\n" } }, { .load_limit_reboot = -1 },
		OFF_ALWAYS, "neither yes nor no" },
	{ { { "etc/conf.d/kexec", "REBOOT_BY_KEXEC=$YES\n" } }, { .load_limit_reboot = -1 },
		OFF_ALWAYS, "neither yes nor no" },
	{ { { "etc/kexec.conf", "KNAME=\"-\"\n" } }, { .load_limit_reboot = -1 }, OFF_ALWAYS,
		"/etc/kexec.conf, line 1, has KNAME=-" },
	{ { { "etc/default/kexec", "KERNEL_IMAGE=-\n" } }, { .load_limit_reboot = -1 }, OFF_ALWAYS,
		"KERNEL_IMAGE=-" },
	{ { { "etc/kexec.conf", "KNAME=-x\nKERNEL_IMAGE=`x`\n" } }, { .load_limit_reboot = -1 },
		OFF_NONE, NULL },
	{ { { "nokexec", "", 0 } }, { .load_limit_reboot = -1 }, OFF_ONCE, "/nokexec is there" },
	{ { { "no-kexec-reboot", "" } }, { .load_limit_reboot = -1 }, OFF_ONCE,
		"/no-kexec-reboot" },
	{ { { "run/nokexec", "" } }, { .load_limit_reboot = -1 }, OFF_ONCE, "/run/nokexec" },
	{ { { "nokexec", "" }, { "etc/kexec.conf", "REBOOT_BY_KEXEC=0" } },
		{ .load_limit_reboot = -1 }, OFF_ALWAYS, "kexec.conf" },
	{ { { "x", "" } }, { .disabled = ANSWER_YES, .load_limit_reboot = -1 }, OFF_KERNEL,
		"kexec_load_disabled" },
	{ { { "x", "" } },
		{ .disabled = ANSWER_YES, .loaded = ANSWER_YES, .load_limit_reboot = -1 }, OFF_NONE,
		NULL },
	{ { { "x", "" } }, { .load_limit_reboot = 0 }, OFF_KERNEL, "limit" },
	{ { { "etc/default/kexec.d/10-off", "REBOOT_BY_KEXEC=no\n" } }, { .load_limit_reboot = -1 },
		OFF_ALWAYS, "/etc/default/kexec.d/10-off, line 1" },
	{ { { "etc/default/kexec.d/off.dpkg-old", "REBOOT_BY_KEXEC=no\n" } },
		{ .load_limit_reboot = -1 }, OFF_NONE, NULL },
	{ { { "etc/default/kexec.d", .is_unreadable = true } }, { .load_limit_reboot = -1 },
		OFF_UNKNOWN, "kexec.d" },
	/* What may be meant to say no. */
	{ { { "etc/kexec.conf", "KNAME=x\nREBOOT_BY_KEXEC = no\n" } }, { .load_limit_reboot = -1 },
		OFF_ALWAYS, "/etc/kexec.conf, line 2, may say REBOOT_BY_KEXEC" },
	{ { { "etc/kexec.conf", "\357\273\277REBOOT_BY_KEXEC=no\n" } }, { .load_limit_reboot = -1 },
		OFF_ALWAYS, "line 1, may say" },
	{ { { "etc/kexec.conf", "x y\n# REBOOT_BY_KEXEC = no\n" } }, { .load_limit_reboot = -1 },
		OFF_NONE, NULL },
	/* What cannot be read may say no; what can be read and says it comes first. */
	{ { { "etc/kexec.conf", .is_unreadable = true } }, { .load_limit_reboot = -1 }, OFF_UNKNOWN,
		"/etc/kexec.conf cannot be read" },
	{ { { "etc/kexec.conf", .is_unreadable = true }, { "nokexec", "" } },
		{ .load_limit_reboot = -1 }, OFF_ONCE, "/nokexec" },
	{ { { "etc/kexec.conf", .is_unreadable = true } },
		{ .disabled = ANSWER_YES, .load_limit_reboot = -1 }, OFF_UNKNOWN, "kexec.conf" },
	/* Nobody knows whether it is there. */
	{ { { "run", .is_unreadable = true } }, { .load_limit_reboot = -1 }, OFF_UNKNOWN,
		"/run cannot be read" },
	/* Where the boot loader's files lie is not known either. */
	{ { { "etc/fstab", .is_unreadable = true } }, { .load_limit_reboot = -1 }, OFF_UNKNOWN,
		"/etc/fstab cannot be read" },
	{ { { "proc/self/mountinfo", .is_unreadable = true } }, { .load_limit_reboot = -1 },
		OFF_UNKNOWN, "/proc/self/mountinfo cannot be read" },
	/* A folder, and a link that leads nowhere: the name is there. */
	{ { { "run/nokexec", .is_unreadable = true } }, { .load_limit_reboot = -1 }, OFF_ONCE,
		"/run/nokexec" },
	{ { { "run/nokexec", NULL } }, { .load_limit_reboot = -1 }, OFF_ONCE, "/run/nokexec" },
};

static void each_switch_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct table_source source = { { table_read, source_look_by_read, table_list },
			rows[i].files, rows[i].files[1].path ? 2 : 1 };
		struct arena arena = { 0 };
		struct off_switch off = off_switch_find(&source.source, &arena, &rows[i].ability);

		print_message("%zu\n", i);
		assert_int_equal(off.kind, rows[i].kind);
		assert_int_equal(off.what != NULL, rows[i].what != NULL);
		assert_int_equal(off.undo != NULL, rows[i].what != NULL);
		if (rows[i].what && !strstr(off.what, rows[i].what))
			fail_msg("%s, and not %s", off.what, rows[i].what);
		arena_free(&arena);
	}
}

static void too_many_settings_hide_one(void **state)
{
	struct arena arena = { 0 };
	struct off_switch off;
	char text[4 * (ASSIGNMENTS_MAX + 1) + 32] = "";
	struct table_source source = TABLE_SOURCE({ "etc/kexec.conf", text });

	(void)state;
	for (size_t i = 0; i <= ASSIGNMENTS_MAX; i++)
		strcat(text, "A=1\n");
	strcat(text, "REBOOT_BY_KEXEC=no\n");
	off = off_switch_find(
		&source.source, &arena, &(const struct kexec_ability){ .load_limit_reboot = -1 });
	assert_int_equal(off.kind, OFF_ALWAYS);
	assert_non_null(strstr(off.what, "too many settings"));
	arena_free(&arena);
}

/* What others left is ours to remove only where they do not look for it. */
static void scripts_that_know_a_file_are_told(void **state)
{
	struct table_source gentoo =
		TABLE_SOURCE({ "etc/init.d/kexec", "stop() {\n\tif [ -f /nokexec ]; then\n" });
	struct table_source other = TABLE_SOURCE({ "etc/init.d/kexec", "exec saut service\n" });
	struct table_source unreadable =
		TABLE_SOURCE({ "etc/init.d/kexec", .is_unreadable = true });
	struct arena arena = { 0 };

	(void)state;
	assert_true(foreign_switch_is_used(&foreign_switches[0], &gentoo.source, &arena));
	assert_false(foreign_switch_is_used(&foreign_switches[1], &gentoo.source, &arena));
	assert_false(foreign_switch_is_used(&foreign_switches[0], &other.source, &arena));
	assert_true(foreign_switch_is_used(&foreign_switches[0], &unreadable.source, &arena));
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(each_switch_is_named),
		CASE(too_many_settings_hide_one),
		CASE(scripts_that_know_a_file_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
