/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A look at a system: what is not mounted is, before anything is decided by what is there. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/process.h"
#include "sys/store.h"
#include "system/come-back.h"
#include "system/reboot.h"
#include "system/system.h"

/* Made by main. */
static char root[] = "/tmp/saut-system-XXXXXX";

static void put(const char *path, const char *text)
{
	char absolute[256];
	struct error err;

	snprintf(absolute, sizeof absolute, "%s/%s", root, path);
	assert_true(store_file(absolute, text, &err));
}

static void clear(void)
{
	char command[64];

	snprintf(command, sizeof command, "rm -rf %s/*", root);
	assert_int_equal(system(command), 0);
}

/* A root file system alone, of which fstab says that /boot is another one. */
static void set_up(const char *config)
{
	clear();
	put("saut/uname", "6.1.0 x86_64\n");
	put("saut/init", "/usr/lib/systemd/systemd");
	put("proc/1/comm", "systemd\n");
	put("proc/self/mountinfo", "1 0 8:2 / / rw - ext4 /dev/sda2 rw\n");
	put("proc/sys/kernel/random/boot_id", "this-boot\n");
	put("run/systemd/system/x", "");
	put("etc/fstab", "/dev/sda2 / ext4 rw 0 1\n/dev/sda1 /boot ext4 noauto 0 2\n");
	put("etc/kexec.conf", config);
}

static bool part(struct mounts *ret, struct error *err)
{
	(void)err;
	ret->is_apart = true;
	return true;
}

static bool add(const char *what, const char *point, struct error *err)
{
	(void)what, (void)err;
	assert_string_equal(point, "/boot");
	put("boot/grub/grubenv", "# GRUB Environment Block\nnext_entry=b\n");
	put("proc/self/mountinfo",
		"1 0 8:2 / / rw - ext4 /dev/sda2 rw\n2 1 8:1 / /boot ro - ext4 /dev/sda1 ro\n");
	return true;
}

static bool add_nothing(const char *what, const char *point, struct error *err)
{
	return fail(err, FAULT_PROGRAM_FAILED, "mount failed: %s, %s", what, point);
}

static bool add_device(const char *device, const char *point, struct error *err)
{
	return fail(err, FAULT_NOT_MOUNTED, "%s at %s", device, point);
}

static void rejoin(struct mounts *mounts)
{
	mounts->is_apart = false;
}

static const struct mount_calls mounting = { part, add, add_device, rejoin };
static const struct mount_calls failing = { part, add_nothing, add_device, rejoin };

static void a_one_shot_is_seen_on_a_boot_partition_that_is_not_mounted(void **state)
{
	struct system_options options = { .root = root, .calls = &mounting };
	struct system s;
	struct error err;

	(void)state;
	set_up("");
	assert_true(system_look(&options, &s, &err));
	assert_int_equal(s.off.kind, OFF_TOLD);
	assert_non_null(strstr(s.off.what, "next_entry in /boot/grub/grubenv"));
	assert_true(s.mounts.is_apart);
	assert_int_equal(s.notes.count, 1);
	assert_non_null(strstr(s.notes.items[0], "/boot is not mounted: it is looked into"));
	system_free(&s);
	assert_false(s.mounts.is_apart);
	clear();
}

/* What is mounted when somebody looks into it is; where it is not even then, it is mounted for the look. */
static void an_automount_that_does_not_come_is_mounted(void **state)
{
	struct system_options options = { .root = root, .calls = &mounting };
	struct system s;
	struct error err;

	(void)state;
	set_up("");
	put("proc/self/mountinfo",
		"1 0 8:2 / / rw - ext4 /dev/sda2 rw\n2 1 0:30 / /boot rw - autofs systemd-1 rw,direct\n");
	put("boot/seen-before", "");
	assert_true(system_look(&options, &s, &err));
	assert_int_equal(s.off.kind, OFF_TOLD);
	assert_non_null(strstr(s.notes.items[0], "/boot is not mounted: it is looked into"));
	system_free(&s);
	/* Nobody mounts over what is mounted. */
	put("proc/self/mountinfo",
		"1 0 8:2 / / rw - ext4 /dev/sda2 rw\n2 1 0:30 / /boot rw - autofs systemd-1 rw,direct\n"
		"3 2 8:1 / /boot rw - ext4 /dev/sda1 rw\n");
	options.calls = &failing;
	assert_true(system_look(&options, &s, &err));
	assert_int_equal(s.notes.count, 0);
	system_free(&s);
	clear();
}

#define TRIAL                                                                                    \
	"STATE=refused\nCONFIRM=auto\nID=1\nBOOT_ID=other-boot\nRELEASE=6.1.0\nKERNEL=/boot/k\n" \
	"NEXT_RELEASE=6.12.0\nREASON=why\nWHEN=1\nWITHIN=1\nAFTER=1\n"

/* The kernel whose last jump failed is left alone; all are where that cannot be read. */
static void a_kernel_that_failed_is_not_permitted(void **state)
{
	struct system_options options = { .root = root, .leave_unmounted = true };
	struct system s;
	struct error err;

	(void)state;
	set_up("");
	put("var/lib/saut/trial", TRIAL);
	assert_true(system_look(&options, &s, &err));
	assert_true(come_back_permits(&s, "/boot/other", "6.12.0", &err));
	assert_false(come_back_permits(&s, "/boot/k", "6.12.0", &err));
	assert_int_equal(err.fault, FAULT_FAILED_BEFORE);
	assert_non_null(strstr(err.reason, "why"));
	system_free(&s);

	put("var/lib/saut/trial", "STATE=refu");
	assert_true(system_look(&options, &s, &err));
	assert_false(s.has_trial);
	assert_false(come_back_permits(&s, "/boot/other", "6.12.0", &err));
	assert_int_equal(err.fault, FAULT_FAILED_BEFORE);
	assert_non_null(strstr(err.reason, "/var/lib/saut/trial is not understood"));
	system_free(&s);
	clear();
}

/* Of a trial that nobody has asked for in words, a watchdog is started where no slow boot can be taken for a hang. */
static void a_watchdog_waits_for_a_slow_boot(void **state)
{
	static const struct {
		const char *config, *boot_time, *crypttab;
		unsigned within, seconds, least;
		const char *obstacle; /* NULL: nothing is in the way */
	} cases[] = {
		{ "", "20 a", "", 300, 600, 180, NULL },
		{ "", "200 a", "", 460, 600, 460, NULL },
		{ "", "400 a", "", 860, 890, 860, NULL },
		{ "", "", "", 300, 600, 180, "how long this system takes" },
		{ "", "20 a", "root UUID=1 none luks", 300, 600, 180, "a passphrase" },
		{ "COME_BACK=yes\n", "", "root UUID=1 none luks", 300, 330, 180, NULL },
		{ "COME_BACK=yes\nCOME_BACK_WITHIN=60\n", "200 a", "", 60, 90, 90, NULL },
	};
	struct system_options options = { .root = root, .leave_unmounted = true };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct job_request job = { .kernel = "/boot/k", .reuse_command_line = true };
		struct come_back_wanted wanted = { .release = "6.12.0", .dry_run = true };
		struct come_back made;
		struct system s;
		struct error err;

		set_up(cases[i].config);
		put("proc/cmdline", "root=/dev/sda2 quiet\n");
		put("usr/lib/systemd/system/saut-confirm.service", "[Unit]\n");
		put("usr/lib/systemd/system/multi-user.target.wants/saut-confirm.service",
			"[Unit]\n");
		put("var/lib/saut/boot-time", cases[i].boot_time);
		put("etc/crypttab", cases[i].crypttab);
		assert_true(system_look(&options, &s, &err));
		wanted.settings = come_back_settings(&s);
		assert_true(wanted.settings.is_on);
		assert_true(come_back_begin(&s, &wanted, &job, &made, &err));
		assert_true(made.is_on && !made.nobody);
		assert_int_equal(made.trial.within, cases[i].within);
		assert_int_equal(job.watchdog.seconds, cases[i].seconds);
		assert_int_equal(job.come_back.open_timeout, cases[i].seconds - COME_BACK_MARGIN_S);
		assert_int_equal(job.watchdog.least, cases[i].least);
		assert_int_equal(job.watchdog.obstacle != NULL, cases[i].obstacle != NULL);
		if (cases[i].obstacle)
			assert_non_null(strstr(job.watchdog.obstacle, cases[i].obstacle));
		system_free(&s);
	}
	clear();
}

/* Nobody confirms such a boot, and who wants it is there: no parameter is added, and nothing is started. */
static void a_boot_into_a_shell_is_not_on_trial(void **state)
{
	struct job_request job = { .kernel = "/boot/k", .command_line = "root=/dev/sda2 single" };
	struct come_back_wanted wanted = {
		.settings = { .is_on = true, .within = 300 }, .release = "6.12.0", .dry_run = true
	};
	struct system_options options = { .root = root, .leave_unmounted = true };
	struct come_back made;
	struct system s;
	struct error err;

	(void)state;
	set_up("");
	put("proc/cmdline", "root=/dev/sda2 quiet\n");
	assert_true(system_look(&options, &s, &err));
	assert_true(come_back_begin(&s, &wanted, &job, &made, &err));
	assert_false(made.is_on);
	assert_null(job.come_back.id);
	assert_int_equal(job.watchdog.seconds, 0);
	assert_non_null(strstr(s.notes.items[s.notes.count - 1], "is told single"));
	system_free(&s);
	clear();
}

/*
 * A record of the boot that reads it: an earlier version wrote it at each load, so that nothing is under way;
 * this one writes it when the machine goes down.
 */
static void a_load_is_no_reboot_under_way(void **state)
{
	static const struct {
		const char *record;
		bool is_there, is_ahead;
	} rows[] = {
		{ "WHEN=1\nBOOT_ID=this-boot\nWAY=kexec\nKERNEL=/boot/k\n", false, false },
		{ "WHEN=1\nBOOT_ID=last-boot\nWAY=kexec\nKERNEL=/boot/k\n", true, false },
		{ "FORM=2\nWHEN=1\nBOOT_ID=this-boot\nWAY=kexec\nKERNEL=/boot/k\n", true, true },
		{ "FORM=2\nWHEN=1\nBOOT_ID=last-boot\nWAY=kexec\nKERNEL=/boot/k\n", true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct system_options options = { .root = root, .leave_unmounted = true };
		struct system s;
		struct error err;

		set_up("");
		put("var/lib/saut/last-reboot", rows[i].record);
		assert_true(system_look(&options, &s, &err));
		assert_int_equal(s.has_record, rows[i].is_there);
		assert_int_equal(s.is_ahead, rows[i].is_ahead);
		system_free(&s);
	}
	clear();
}

static void what_is_to_be_left_alone_is(void **state)
{
	struct system_options options = {
		.root = root, .leave_unmounted = true, .calls = &mounting
	};
	struct system s;
	struct error err;

	(void)state;
	set_up("");
	assert_true(system_look(&options, &s, &err));
	assert_int_equal(s.off.kind, OFF_NONE);
	assert_false(s.mounts.is_apart);
	system_free(&s);
	clear();
}

static void a_mount_that_fails_is_told(void **state)
{
	struct system_options options = { .root = root, .calls = &failing };
	struct system s;
	struct error err;

	(void)state;
	set_up("");
	assert_true(system_look(&options, &s, &err));
	assert_int_equal(s.notes.count, 1);
	assert_non_null(
		strstr(s.notes.items[0], "/boot could not be mounted for a look: mount failed"));
	/* GRUB may have been told something there. */
	assert_int_equal(s.off.kind, OFF_UNKNOWN);
	assert_non_null(strstr(s.off.what, "/boot could not be mounted for a look"));
	system_free(&s);
	clear();
}

/* A folder in the place of a file: there, and nobody can read it. */
static void what_is_not_mounted_may_be_unknown(void **state)
{
	struct system_options options = { .root = root, .calls = &mounting };
	char command[96];
	struct system s;
	struct error err;

	(void)state;
	set_up("");
	snprintf(command, sizeof command, "rm %s/etc/fstab && mkdir %s/etc/fstab", root, root);
	assert_int_equal(system(command), 0);
	assert_true(system_look(&options, &s, &err));
	assert_non_null(strstr(s.notes.items[0], "/etc/fstab"));
	assert_non_null(strstr(s.notes.items[0], "what is not mounted is not known"));
	assert_int_equal(s.off.kind, OFF_UNKNOWN);
	assert_non_null(strstr(s.off.what, "/etc/fstab"));
	system_free(&s);
	clear();
}

static void the_settings_of_a_service_count(void **state)
{
	const struct service_request request = { .style = SERVICE_SYSTEMD };
	struct system_options options = { .root = root, .calls = &mounting, .service = &request };
	struct system s;
	struct error err;

	(void)state;
	set_up("DONT_MOUNT_BOOT=yes\n");
	assert_true(system_look(&options, &s, &err));
	assert_int_equal(s.off.kind, OFF_NONE);
	system_free(&s);
	/* A line that cannot be used hides neither a switch nor what is to be mounted. */
	set_up("REBOOT_BY_KEXEC=no\nif x; then\n");
	assert_true(system_look(&options, &s, &err));
	assert_true(s.mounts.is_apart);
	assert_int_equal(s.off.kind, OFF_ALWAYS);
	assert_false(service_settings_check(&s.settings, &err));
	assert_reason(err, "/etc/kexec.conf, line 2");
	system_free(&s);
	clear();
}

/* What loads through Xen must not end in a call to the running kernel, which has nothing loaded. */
static void under_xen_reboot_2_jumps_nowhere(void **state)
{
	struct system_options options = { .root = root, .leave_unmounted = true };
	struct reboot_decision decision;
	struct system s;
	struct error err;

	(void)state;
	if (!process_exists("shutdown"))
		skip();
	set_up("");
	assert_true(system_look(&options, &s, &err));
	s.ability.may_boot = ANSWER_YES;
	s.init.init = INIT_OPENRC_INIT;
	s.ability.xen.kind = XEN_PV_DOM0;
	assert_false(reboot_decide(&s, (struct reboot_wish){ 0 }, &decision, &err));
	s.init.init = INIT_SYSVINIT;
	s.init.jumper = "/etc/inittab, line 31";
	assert_false(reboot_decide(&s, (struct reboot_wish){ 0 }, &decision, &err));
	assert_int_equal(err.fault, FAULT_NO_HOOK);
	assert_reason(err, "/etc/inittab, line 31 jumps by reboot(2)");
	s.init.jumper = "/etc/rc6.d/K09kexec";
	assert_true(reboot_decide(&s, (struct reboot_wish){ 0 }, &decision, &err));
	s.ability.xen.kind = XEN_PV_NONE;
	s.init.jumper = "/etc/inittab, line 31";
	assert_true(reboot_decide(&s, (struct reboot_wish){ 0 }, &decision, &err));
	system_free(&s);
	clear();
}

/* saut reboot honours an unload by hand, and an entry that is asked for afterwards takes it back. */
static void an_unload_by_hand_holds_until_an_entry_is_asked_for(void **state)
{
	struct system_options options = { .root = root, .leave_unmounted = true };
	struct reboot_decision decision;
	struct system s;
	struct error err;

	(void)state;
	if (!process_exists("systemctl"))
		skip();
	set_up("");
	put("sys/kernel/kexec_loaded", "0\n");
	put("run/saut/unloaded", "BOOT_ID=this-boot\nAT=now\nWAS_LOADED=yes\n");
	assert_true(system_look(&options, &s, &err));
	assert_int_equal(s.off.kind, OFF_UNLOADED);
	s.ability.may_boot = ANSWER_YES;
	assert_true(reboot_decide(&s, (struct reboot_wish){ 0 }, &decision, &err));
	assert_int_equal(decision.way, REBOOT_BY_FIRMWARE);
	assert_non_null(strstr(decision.reason, "unloaded by hand at now"));
	assert_true(
		reboot_decide(&s, (struct reboot_wish){ .is_entry_given = true }, &decision, &err));
	assert_int_equal(decision.way, REBOOT_BY_KEXEC);
	assert_false(decision.keeps_loaded);
	s.off.kind = OFF_ONCE;
	assert_false(
		reboot_decide(&s, (struct reboot_wish){ .is_entry_given = true }, &decision, &err));
	assert_int_equal(err.fault, FAULT_SWITCHED_OFF);
	system_free(&s);
	clear();
}

static void nobody_reboots_an_unknown_init(void **state)
{
	struct system_options options = { .root = root, .leave_unmounted = true };
	struct reboot_decision decision;
	struct system s;
	struct error err;

	(void)state;
	set_up("");
	put("proc/1/comm", "sh\n");
	assert_true(system_look(&options, &s, &err));
	s.init.init = INIT_UNKNOWN;
	assert_false(reboot_decide(&s, (struct reboot_wish){ 0 }, &decision, &err));
	assert_int_equal(err.fault, FAULT_UNKNOWN_INIT);
	s.ability.may_boot = ANSWER_NO;
	assert_false(reboot_decide(&s, (struct reboot_wish){ 0 }, &decision, &err));
	assert_int_equal(err.fault, FAULT_NO_CAPABILITY);
	system_free(&s);
	clear();
}

/* What was seen is so until the end: nobody else loads or unloads meanwhile. */
static void who_looks_to_change_has_a_turn(void **state)
{
	struct system_options options = { .root = root, .leave_unmounted = true };
	struct system system;
	struct turn turn;
	struct error err;

	(void)state;
	set_up("");
	assert_true(system_look(&options, &system, &err));
	assert_true(turn_take(&turn, 5000, &err));
	turn_end(&turn);
	system_free(&system);

	options.to_change = true;
	assert_true(system_look(&options, &system, &err));
	assert_false(turn_take(&turn, 40, &err));
	assert_int_equal(err.fault, FAULT_KERNEL_BUSY);
	system_free(&system);
	assert_true(turn_take(&turn, 5000, &err));
	turn_end(&turn);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(a_one_shot_is_seen_on_a_boot_partition_that_is_not_mounted),
		CASE(an_automount_that_does_not_come_is_mounted),
		CASE(a_kernel_that_failed_is_not_permitted),
		CASE(a_watchdog_waits_for_a_slow_boot),
		CASE(a_boot_into_a_shell_is_not_on_trial),
		CASE(a_load_is_no_reboot_under_way),
		CASE(what_is_to_be_left_alone_is),
		CASE(a_mount_that_fails_is_told),
		CASE(what_is_not_mounted_may_be_unknown),
		CASE(the_settings_of_a_service_count),
		CASE(under_xen_reboot_2_jumps_nowhere),
		CASE(nobody_reboots_an_unknown_init),
		CASE(an_unload_by_hand_holds_until_an_entry_is_asked_for),
		CASE(who_looks_to_change_has_a_turn),
	};

	int failures;

	if (!mkdtemp(root))
		return 1;
	failures = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(root);
	return failures;
}
