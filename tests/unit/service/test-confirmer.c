/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../machine/table-source.h"
#include "service/confirmer.h"

static const char *asked(const struct table_source *source, enum init init)
{
	static struct arena arena;
	const char *why = confirmer_obstacle(&source->source, init, &arena);
	static char copy[200];

	strcpy(copy, why ? why : "");
	arena_free(&arena);
	return copy;
}

#define UNIT "saut-confirm.service"

static void by_its_init(void **state)
{
	const struct table_source systemd =
		TABLE_SOURCE({ "usr/lib/systemd/system/multi-user.target.wants/" UNIT, "[Unit]" },
			{ "usr/lib/systemd/system/" UNIT, "[Unit]" });
	const struct table_source openrc =
		TABLE_SOURCE({ "etc/runlevels/default/saut-confirm", "#!/sbin/openrc-run" });
	const struct table_source sysvinit = TABLE_SOURCE(
		{ "etc/rc2.d/S01cron", "" }, { "etc/rc2.d/S05saut-confirm", "#!/bin/sh" });
	const struct table_source runit =
		TABLE_SOURCE({ "var/service/saut-confirm/run", "#!/bin/sh" });
	const struct table_source none = TABLE_SOURCE({ "etc/fstab", "" });

	(void)state;
	assert_string_equal(asked(&systemd, INIT_SYSTEMD), "");
	assert_string_equal(asked(&openrc, INIT_OPENRC), "");
	assert_string_equal(asked(&openrc, INIT_OPENRC_INIT), "");
	assert_string_equal(asked(&sysvinit, INIT_SYSVINIT), "");
	assert_non_null(strstr(asked(&none, INIT_SYSTEMD), "not enabled"));
	assert_non_null(strstr(asked(&none, INIT_OPENRC), "rc-update"));
	assert_non_null(strstr(asked(&none, INIT_SYSVINIT), "update-rc.d"));
	assert_string_equal(asked(&runit, INIT_RUNIT), "");
	assert_non_null(strstr(asked(&none, INIT_RUNIT), "/var/service"));
	assert_non_null(strstr(asked(&systemd, INIT_UNKNOWN), "no service"));
}

/* A system that lives in memory forgets the trial, and nobody would stop its watchdog. */
static void what_is_written_down_is_kept(void **state)
{
#define MOUNT(point, type) "22 1 8:1 / " point " rw - " type " what rw\n"
	static const struct {
		const char *mounts, *why;
	} cases[] = {
		{ MOUNT("/", "ext4"), "" },
		{ MOUNT("/", "overlay"), "type overlay" },
		{ MOUNT("/", "ext4") MOUNT("/var", "tmpfs"), "type tmpfs" },
		{ MOUNT("/", "tmpfs") MOUNT("/var/lib/saut", "xfs"), "" },
		{ MOUNT("/", "rootfs"), "type rootfs" },
		{ MOUNT("/", "btrfs") MOUNT("/run", "tmpfs"), "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct table_source source =
			TABLE_SOURCE({ "proc/self/mountinfo", cases[i].mounts },
				{ "etc/runlevels/default/saut-confirm", "#!/sbin/openrc-run" });
		const char *why = asked(&source, INIT_OPENRC);

		if (cases[i].why[0])
			assert_non_null(strstr(why, cases[i].why));
		else
			assert_string_equal(why, "");
	}
}

/* A link to /dev/null, which is read as no regular file, or an empty file. */
static void a_masked_one_is_none(void **state)
{
	const struct table_source link =
		TABLE_SOURCE({ .path = "etc/systemd/system/" UNIT, .is_unreadable = true },
			{ "usr/lib/systemd/system/multi-user.target.wants/" UNIT, "[Unit]" },
			{ "usr/lib/systemd/system/" UNIT, "[Unit]" });
	const struct table_source empty = TABLE_SOURCE({ "etc/systemd/system/" UNIT, "" },
		{ "usr/lib/systemd/system/multi-user.target.wants/" UNIT, "[Unit]" });
	const struct table_source until_reboot =
		TABLE_SOURCE({ .path = "run/systemd/system/" UNIT, .is_unreadable = true },
			{ "usr/lib/systemd/system/multi-user.target.wants/" UNIT, "[Unit]" },
			{ "usr/lib/systemd/system/" UNIT, "[Unit]" });
	/* The administrator's file comes before what masks it. */
	const struct table_source own = TABLE_SOURCE({ "etc/systemd/system/" UNIT, "[Unit]" },
		{ "run/systemd/system/" UNIT, "" },
		{ "etc/systemd/system/multi-user.target.wants/" UNIT, "[Unit]" });

	(void)state;
	assert_non_null(strstr(asked(&link, INIT_SYSTEMD), "masked"));
	assert_non_null(strstr(asked(&empty, INIT_SYSTEMD), "masked"));
	assert_non_null(strstr(asked(&until_reboot, INIT_SYSTEMD), "masked"));
	assert_string_equal(asked(&own, INIT_SYSTEMD), "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = { CASE(by_its_init), CASE(a_masked_one_is_none),
		CASE(what_is_written_down_is_kept) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
