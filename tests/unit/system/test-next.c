/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the next reboot will be: the one decision, by all that was looked at. */
#include "test.h"

#include "system/next.h"

#define DROP_IN "/usr/lib/systemd/system/systemd-reboot.service.d/reboot-by-kexec.conf"
#define INITTAB "/etc/inittab, line 2"

/* OpenRC as Gentoo has it, with the service started, and what a row changes of that. */
struct row {
	const char *what;
	enum init init;
	const char *jumper, *loader;
	bool is_foreign;
	const char *unread;
	enum answer loaded;
	enum loader by; /* LOADER_UNKNOWN: there is no record */
	bool is_gone;
	const char *load_during_shutdown;
	enum off_switch_kind off;
	const char *off_by, *wrong, *plan;
	bool cannot;  /* the kernel has neither system call */
	bool is_user; /* and not root */
	bool waits;   /* a reboot that saut reboot has ordered */
	enum next_way way;
	const char *reason; /* a part of it */
};

static struct system system_of(const struct row *row)
{
	struct system s = {
		.init = { row->init, "", row->jumper, row->loader, row->is_foreign, row->unread },
		.ability = { .loaded = row->loaded,
			.load = row->cannot ? ANSWER_NO : ANSWER_YES,
			.file_load = row->cannot ? ANSWER_NO : ANSWER_YES,
			.may_boot = row->is_user ? ANSWER_NO : ANSWER_YES },
		.has_schedule = row->waits,
		.schedule.record.way = REBOOT_BY_KEXEC,
		.off = { row->off, row->off ? "a switch" : NULL, NULL },
		.settings = { .load_during_shutdown =
				      row->load_during_shutdown ? row->load_during_shutdown : "yes",
			.off_by = row->off_by },
		.loaded = { .is = row->loaded,
			.has_record = row->by != LOADER_UNKNOWN,
			.is_gone = row->is_gone,
			.of = { .by = row->by } },
		.has_plan = row->plan != NULL,
		.plan = { .reason = row->plan },
	};

	if (row->wrong)
		fail(&s.settings.wrong, FAULT_SETTINGS, "%s", row->wrong);
	return s;
}

#define OPENRC   .init = INIT_OPENRC, .jumper = INITTAB
#define STARTED  OPENRC, .loader = "/etc/init.d/kexec"
#define SYSTEMD  .init = INIT_SYSTEMD, .jumper = DROP_IN
#define UP       .loader = "kexec-shutdown.service"
#define SYSVINIT .init = INIT_SYSVINIT, .jumper = "/etc/rc6.d/K09kexec"
#define NO       .loaded = ANSWER_NO
#define YES      .loaded = ANSWER_YES

static const struct row rows[] = {
	{ "loads at shutdown", STARTED, NO, .way = NEXT_LOAD },
	{ "the service's own is loaded anew", STARTED, YES, .by = LOADER_SERVICE,
		.way = NEXT_LOAD },
	{ "what a person loaded is kept", STARTED, YES, .by = LOADER_KEXEC, .way = NEXT_JUMP },
	{ "so is what nobody recorded", STARTED, YES, .way = NEXT_JUMP },
	{ "loaded when the service started", STARTED, YES, .by = LOADER_SERVICE,
		.load_during_shutdown = "no", .way = NEXT_JUMP },
	{ "unloaded since", STARTED, NO, .load_during_shutdown = "no", .way = NEXT_FIRMWARE,
		.reason = "no kernel is loaded" },
	{ "the service is stopped: nothing loads", OPENRC, NO, .way = NEXT_FIRMWARE,
		.reason = "no kernel is loaded" },
	{ "the service is stopped, and one is loaded", OPENRC, YES, .by = LOADER_SAUT,
		.way = NEXT_JUMP },
	{ "nothing jumps", .init = INIT_OPENRC, .loader = "/etc/init.d/kexec", NO,
		.way = NEXT_FIRMWARE, .reason = "kexec-jump" },
	{ "another's service", STARTED, .is_foreign = true, NO, .way = NEXT_UNKNOWN,
		.reason = "another package" },
	{ "another's service, and one is loaded", STARTED, .is_foreign = true, YES,
		.way = NEXT_JUMP },
	{ "its settings cannot be used", STARTED, NO, .wrong = "line 3", .way = NEXT_FIRMWARE,
		.reason = "line 3" },
	{ "its settings cannot be used, and one is loaded", STARTED, YES, .by = LOADER_SERVICE,
		.wrong = "line 3", .way = NEXT_JUMP },
	{ "the kernel loads no more", STARTED, NO, .off = OFF_KERNEL, .way = NEXT_FIRMWARE,
		.reason = "a switch" },
	{ "systemd: it is loaded", SYSTEMD, YES, .by = LOADER_SERVICE, .way = NEXT_JUMP },
	{ "systemd: nothing loads at shutdown", SYSTEMD, NO, .way = NEXT_FIRMWARE,
		.reason = "no kernel is loaded" },
	{ "systemd: the kernel loads no more", SYSTEMD, NO, .off = OFF_KERNEL, .way = NEXT_FIRMWARE,
		.reason = "a switch" },
	{ "systemd: loads at shutdown", SYSTEMD, UP, NO, .way = NEXT_LOAD },
	{ "systemd: what was found out at the start may have changed", SYSTEMD, UP, NO,
		.plan = "a check failed", .way = NEXT_LOAD },
	{ "systemd: loads ahead", SYSTEMD, UP, NO, .load_during_shutdown = "no",
		.way = NEXT_FIRMWARE, .reason = "no kernel is loaded" },
	{ "systemd: it is loaded ahead", SYSTEMD, UP, YES, .by = LOADER_SERVICE,
		.load_during_shutdown = "no", .way = NEXT_JUMP },
	{ "systemd: what a person loaded is kept", SYSTEMD, UP, YES, .by = LOADER_SAUT,
		.way = NEXT_JUMP },
	{ "systemd: unloaded by hand, and the service would load", SYSTEMD, UP, NO,
		.off = OFF_UNLOADED, .way = NEXT_FIRMWARE, .reason = "a switch" },
	{ "systemd: loads at shutdown, and nothing jumps", .init = INIT_SYSTEMD, UP, NO,
		.way = NEXT_FIRMWARE, .reason = "reboot-by-kexec.conf" },
	{ "systemd: it could not be loaded", SYSTEMD, NO, .plan = "a check fails",
		.way = NEXT_FIRMWARE, .reason = "a check fails" },
	{ "systemd: loaded by hand since", SYSTEMD, YES, .by = LOADER_SAUT, .plan = "a check fails",
		.way = NEXT_JUMP },
	{ "systemd without its drop-in", .init = INIT_SYSTEMD, YES, .way = NEXT_UNKNOWN,
		.reason = "reboot-by-kexec.conf" },
	{ "systemd without its drop-in, and nothing is loaded", .init = INIT_SYSTEMD, NO,
		.way = NEXT_FIRMWARE },
	{ "the kernel does not tell", SYSTEMD, .way = NEXT_UNKNOWN,
		.reason = "does not tell whether one is loaded" },
	{ "the kernel does not tell, but one will be", STARTED, .way = NEXT_LOAD },
	{ "sysvinit", SYSVINIT, .loader = "/etc/rc6.d/K01kexec-load", NO, .way = NEXT_LOAD },
	{ "sysvinit without LOAD_KEXEC", SYSVINIT, .loader = "/etc/rc6.d/K01kexec-load", NO,
		.off_by = "LOAD_KEXEC is not true", .way = NEXT_FIRMWARE, .reason = "LOAD_KEXEC" },
	{ "the same, and somebody has loaded one", SYSVINIT, .loader = "/etc/rc6.d/K01kexec-load",
		YES, .by = LOADER_KEXEC, .off_by = "LOAD_KEXEC is not true", .way = NEXT_JUMP },
	{ "openrc-init without our hook", .init = INIT_OPENRC_INIT, YES, .way = NEXT_FIRMWARE,
		.reason = "openrc-shutdown --kexec" },
	{ "no init, and a kernel that cannot", .init = INIT_UNKNOWN, .cannot = true,
		.way = NEXT_FIRMWARE, .reason = "neither kexec_load" },
	{ "a switch that an ordinary user cannot read", SYSTEMD, YES, .off = OFF_UNKNOWN,
		.is_user = true, .way = NEXT_UNKNOWN, .reason = "a switch" },
	{ "openrc-init, asked to jump", .init = INIT_OPENRC_INIT, YES, .waits = true,
		.way = NEXT_JUMP },
	{ "another init", .init = INIT_UNKNOWN, YES, .way = NEXT_UNKNOWN, .reason = "process 1" },
	{ "an init that cannot be told", .init = INIT_UNKNOWN,
		.unread = "/run/systemd/system cannot be read", YES, .way = NEXT_UNKNOWN,
		.reason = "/run/systemd/system" },
	{ "hooks that cannot be read", SYSVINIT, .unread = "/etc/rc6.d cannot be read", NO,
		.way = NEXT_UNKNOWN, .reason = "/etc/rc6.d" },
	{ "unloaded by hand, and the service would load", STARTED, NO, .off = OFF_UNLOADED,
		.way = NEXT_FIRMWARE, .reason = "a switch" },
	{ "a person's kernel whose file is gone", STARTED, YES, .by = LOADER_SAUT, .is_gone = true,
		.way = NEXT_LOAD },
	{ "the same where nothing loads at shutdown", SYSTEMD, YES, .by = LOADER_SAUT,
		.is_gone = true, .way = NEXT_JUMP },
	{ "a switch wins over all", STARTED, YES, .off = OFF_ONCE, .way = NEXT_FIRMWARE,
		.reason = "a switch" },
	{ "a switch that cannot be read is off", SYSTEMD, YES, .off = OFF_UNKNOWN,
		.way = NEXT_FIRMWARE, .reason = "a switch" },
};

static void each_case_is_decided(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct system s = system_of(&rows[i]);
		struct next_reboot next = next_find(&s);

		if (next.way != rows[i].way)
			fail_msg("%s: %d, not %d (%s)", rows[i].what, next.way, rows[i].way,
				next.reason ? next.reason : "");
		assert_int_equal(
			next.reason != NULL, next.way == NEXT_FIRMWARE || next.way == NEXT_UNKNOWN);
		if (rows[i].reason && !strstr(next.reason, rows[i].reason))
			fail_msg("%s: \"%s\"", rows[i].what, next.reason);
		arena_free(&s.arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(each_case_is_decided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
