/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What lets the next reboot go by kexec: a step that this machine has. */
#include "test.h"

#include "../machine/table-source.h"
#include "system/next-step.h"

#define UNIT     "lib/systemd/system/kexec-load.service"
#define WANTED   "etc/systemd/system/multi-user.target.wants/kexec-load.service"
#define OURS     "exec saut service\n"
#define UNLOADED .next = { .way = NEXT_FIRMWARE, .reason = "none", .is_unloaded = true }

#define YET    "the boot service has not loaded a kernel yet"
#define NOT_UP "the boot service is switched on, and not up"

static const struct {
	const char *what;
	enum init init;
	struct table_file files[2];
	const char *off_by; /* of the settings */
	struct next_reboot next;
	const char *reason, *step; /* NULL: there is none */
	bool is_ahead;             /* LOAD_DURING_SHUTDOWN=no */
} rows[] = {
	{ "systemd, installed", INIT_SYSTEMD, { { UNIT, OURS } }, NULL, UNLOADED, "none",
		"saut load (once), or systemctl enable --now kexec-load.service (for every reboot)" },
	{ "systemd, not installed", INIT_SYSTEMD, { { "x", "" } }, NULL, UNLOADED, "none",
		"saut load" },
	{ "systemd, another package's unit", INIT_SYSTEMD, { { UNIT, "ExecStart=kexec" } }, NULL,
		UNLOADED, "none", "saut load" },
	{ "systemd, switched on already", INIT_SYSTEMD, { { UNIT, OURS }, { WANTED, OURS } }, NULL,
		UNLOADED, NOT_UP, "systemctl start kexec-load.service, or saut load" },
	{ "systemd, switched on, and it loads at its start", INIT_SYSTEMD,
		{ { UNIT, OURS }, { WANTED, OURS } }, NULL, UNLOADED, YET,
		"wait until kexec-load.service has done so, or saut load", true },
	{ "OpenRC", INIT_OPENRC, { { "etc/init.d/kexec", OURS } }, NULL, UNLOADED, "none",
		"saut load (once), or rc-update add kexec boot && rc-service kexec start (for "
		"every reboot)" },
	{ "OpenRC, switched on already", INIT_OPENRC,
		{ { "etc/init.d/kexec", OURS }, { "etc/runlevels/boot/kexec", OURS } }, NULL,
		UNLOADED, NOT_UP, "rc-service kexec start, or saut load" },
	{ "OpenRC, switched on, and it loads at its start", INIT_OPENRC,
		{ { "etc/init.d/kexec", OURS }, { "etc/runlevels/boot/kexec", OURS } }, NULL,
		UNLOADED, YET, "wait until kexec has done so, or saut load", true },
	{ "OpenRC, nobody knows", INIT_OPENRC,
		{ { "etc/init.d/kexec", OURS }, { "etc/runlevels/boot", .is_unreadable = true } },
		NULL, UNLOADED, "none", "saut load" },
	{ "openrc-init", INIT_OPENRC_INIT, { { "etc/init.d/kexec", OURS } }, NULL, UNLOADED, "none",
		"saut load (once), or rc-update add kexec boot && rc-service kexec start (for "
		"every reboot)" },
	{ "sysvinit", INIT_SYSVINIT, { { "etc/init.d/kexec-load", OURS } },
		"LOAD_KEXEC is not true", UNLOADED, "none",
		"saut load (once), or LOAD_KEXEC=true in /etc/default/kexec (for every reboot)" },
	{ "sysvinit, set already", INIT_SYSVINIT, { { "etc/init.d/kexec-load", OURS } }, NULL,
		UNLOADED, "none", "saut load" },
	{ "another init", INIT_UNKNOWN, { { "etc/init.d/kexec-load", OURS } }, NULL, UNLOADED,
		"none", "saut load" },
	{ "it goes by kexec", INIT_SYSTEMD, { { UNIT, OURS } }, NULL, .next = { .way = NEXT_JUMP },
		NULL, NULL },
	{ "it could not be loaded", INIT_SYSTEMD, { { UNIT, OURS } }, NULL,
		.next = { .way = NEXT_FIRMWARE, .reason = "a check fails" }, "a check fails",
		NULL },
};

static void assert_same(const char *what, const char *told, const char *meant)
{
	if (!told != !meant || (told && strcmp(told, meant) != 0))
		fail_msg("%s: %s", what, told ? told : "nothing");
}

static void each_machine_has_its_step(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct table_source files = { { table_read, source_look_by_read, table_list },
			rows[i].files, rows[i].files[1].path ? 2 : 1 };
		struct system s = { .source = &files.source,
			.init.init = rows[i].init,
			.settings = { .load_during_shutdown = rows[i].is_ahead ? "no" : "yes",
				.off_by = rows[i].off_by } };
		struct next_reboot next = rows[i].next;

		assert_same(rows[i].what, next_step(&s, &next), rows[i].step);
		assert_same(rows[i].what, next.reason, rows[i].reason);
		arena_free(&s.arena);
	}
}

static void a_switch_has_its_own(void **state)
{
	const char what[] = "/run/nokexec is there";
	struct system s = { .init.init = INIT_SYSTEMD, .off = { OFF_ONCE, what, "remove it" } };
	struct next_reboot by_switch = { .way = NEXT_FIRMWARE, .reason = what };
	struct next_reboot by_other = { .way = NEXT_FIRMWARE, .reason = "a check fails" };

	(void)state;
	assert_string_equal(next_step(&s, &by_switch), "remove it");
	assert_null(next_step(&s, &by_other));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(each_machine_has_its_step),
		CASE(a_switch_has_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
