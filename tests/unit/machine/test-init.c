/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "machine/init.h"
#include "table-source.h"

/* As sysvinit's packages install it; Gentoo's has the line l6r. */
#define DEBIAN_INITTAB                             \
	"# /etc/inittab: init(8) configuration.\n" \
	"id:2:initdefault:\n"                      \
	"l6:6:wait:/etc/init.d/rc 6\n"
#define GENTOO_INITTAB                    \
	"l6:6:wait:/sbin/openrc reboot\n" \
	"l6r:6:wait:/sbin/reboot -dkn\n"

#define UP "run/systemd/units/invocation:kexec-shutdown.service"

static const struct {
	const char *what;
	struct table_file files[7];
	enum init init;
	const char *jumper;
	const char *loader;
	bool is_foreign;
} rows[] = {
	{ "systemd", { { "proc/1/comm", "systemd\n" }, { "run/systemd/system/x", "" } },
		INIT_SYSTEMD, NULL },
	{ "systemd with our drop-in",
		{ { "proc/1/comm", "systemd\n" }, { "run/systemd/system/x", "" },
			{ "usr/lib/systemd/system/systemd-reboot.service.d/reboot-by-kexec.conf",
				"[Service]\n" } },
		INIT_SYSTEMD,
		"/usr/lib/systemd/system/systemd-reboot.service.d/reboot-by-kexec.conf" },
	{ "systemd with our unit that loads at shutdown",
		{ { "proc/1/comm", "systemd\n" }, { "run/systemd/system/x", "" }, { UP, "" } },
		INIT_SYSTEMD, NULL, "kexec-shutdown.service" },
	{ "the same with settings of its own",
		{ { "proc/1/comm", "systemd\n" }, { "run/systemd/system/x", "" }, { UP, "" },
			{ "etc/systemd/system/kexec-shutdown.service", "[Unit]\n" } },
		INIT_SYSTEMD, NULL, "kexec-shutdown.service" },
	{ "the same, masked since",
		{ { "proc/1/comm", "systemd\n" }, { "run/systemd/system/x", "" }, { UP, "" },
			{ "etc/systemd/system/kexec-shutdown.service", "" } },
		INIT_SYSTEMD, NULL, NULL },
	{ "others' units are up",
		{ { "proc/1/comm", "systemd\n" }, { "run/systemd/system/x", "" },
			{ "run/systemd/units/invocation:kexec-load.service", "" } },
		INIT_SYSTEMD, NULL, NULL },
	{ "systemd as an ordinary user", { { "run/systemd/system/x", "" } }, INIT_SYSTEMD, NULL },
	{ "Gentoo",
		{ { "proc/1/comm", "init\n" }, { "saut/init", "/sbin/init" },
			{ "run/openrc/softlevel", "default" }, { "etc/inittab", GENTOO_INITTAB } },
		INIT_OPENRC, "/etc/inittab, line 2" },
	{ "OpenRC without that line",
		{ { "proc/1/comm", "init\n" }, { "saut/init", "/sbin/init" },
			{ "run/openrc/softlevel", "default" },
			{ "etc/inittab",
				"l6r:6:wait:/sbin/reboot -dn\n#l6r:6:wait:/sbin/reboot -dkn\n" } },
		INIT_OPENRC, NULL },
	{ "OpenRC with our service",
		{ { "proc/1/comm", "init\n" }, { "saut/init", "/sbin/init" },
			{ "run/openrc/softlevel", "default" }, { "etc/inittab", DEBIAN_INITTAB },
			{ "etc/runlevels/shutdown/kexec-jump", "" } },
		INIT_OPENRC, "/etc/runlevels/shutdown/kexec-jump" },
	{ "OpenRC with our service started",
		{ { "proc/1/comm", "init\n" }, { "run/openrc/softlevel", "default" },
			{ "run/openrc/started/kexec", "" }, { "run/openrc/started/not-kexec", "" },
			{ "etc/init.d/kexec", "saut service \"$@\"\n" },
			{ "etc/inittab", GENTOO_INITTAB } },
		INIT_OPENRC, "/etc/inittab, line 2", "/etc/init.d/kexec" },
	{ "OpenRC with another package's",
		{ { "proc/1/comm", "init\n" }, { "run/openrc/softlevel", "default" },
			{ "run/openrc/started/kexec", "" }, { "etc/init.d/kexec", "kexec -l\n" },
			{ "etc/inittab", GENTOO_INITTAB } },
		INIT_OPENRC, "/etc/inittab, line 2", "/etc/init.d/kexec", true },
	{ "openrc-init with our hook",
		{ { "proc/1/comm", "openrc-init\n" }, { "etc/runlevels/shutdown/kexec-jump", "" } },
		INIT_OPENRC_INIT, "/etc/runlevels/shutdown/kexec-jump" },
	{ "openrc-init by a link",
		{ { "proc/1/comm", "init\n" }, { "saut/init", "/usr/sbin/openrc-init" },
			{ "run/openrc/init.ctl", "" } },
		INIT_OPENRC_INIT, NULL },
	{ "openrc-init", { { "proc/1/comm", "openrc-init\n" } }, INIT_OPENRC_INIT, NULL },
	{ "Debian's sysvinit",
		{ { "proc/1/comm", "init\n" }, { "saut/init", "/usr/sbin/init" },
			{ "etc/inittab", DEBIAN_INITTAB }, { "etc/rc6.d/K01kexec-load", "" },
			{ "etc/rc6.d/K09kexec", "" },
			{ "etc/init.d/kexec-load", "/usr/sbin/saut service\n" } },
		INIT_SYSVINIT, "/etc/rc6.d/K09kexec", "/etc/rc6.d/K01kexec-load" },
	{ "sysvinit without kexec",
		{ { "proc/1/comm", "init\n" }, { "saut/init", "/sbin/init" },
			{ "etc/inittab", DEBIAN_INITTAB }, { "etc/rc6.d/K01kexec-load", "" } },
		INIT_SYSVINIT, NULL, "/etc/rc6.d/K01kexec-load", true },
	{ "Void", { { "proc/1/comm", "runit\n" }, { "etc/runit/shutdown.d/80-kexec.sh", "" } },
		INIT_RUNIT, "/etc/runit/shutdown.d/80-kexec.sh" },
	{ "runit", { { "proc/1/comm", "runit\n" }, { "etc/runit/3", "sv stop all\n" } }, INIT_RUNIT,
		NULL },
	{ "runit's own stage 3", { { "proc/1/comm", "runit\n" }, { "etc/runit/3", "kexec -e\n" } },
		INIT_RUNIT, "/etc/runit/3" },
	{ "busybox's init, which has an inittab too",
		{ { "proc/1/comm", "init\n" }, { "saut/init", "/bin/busybox" },
			{ "etc/inittab", "::sysinit:/etc/rc\n" } },
		INIT_UNKNOWN, NULL },
	{ "a shell", { { "proc/1/comm", "sh\n" }, { "saut/init", "/bin/busybox" } }, INIT_UNKNOWN,
		NULL },
	{ "runsv below another init",
		{ { "proc/1/comm", "init\n" }, { "saut/init", "/sbin/init" }, { "run/runit/x", "" },
			{ "etc/inittab", DEBIAN_INITTAB } },
		INIT_SYSVINIT, NULL },
	{ "nothing", { { "x", "" } }, INIT_UNKNOWN, NULL },
};

static void each_init_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct table_source source = { .source = { table_read, source_look_by_read,
						       table_list },
			.files = rows[i].files };
		struct arena arena = { 0 };
		struct init_facts facts;

		while (source.count < 7 && rows[i].files[source.count].path)
			source.count++;
		facts = init_capture(&source.source, &arena);
		print_message("%s\n", rows[i].what);
		assert_int_equal(facts.init, rows[i].init);
		assert_non_null(facts.name);
		assert_int_equal(facts.jumper != NULL, rows[i].jumper != NULL);
		if (facts.jumper)
			assert_string_equal(facts.jumper, rows[i].jumper);
		assert_int_equal(facts.loader != NULL, rows[i].loader != NULL);
		if (facts.loader)
			assert_string_equal(facts.loader, rows[i].loader);
		assert_int_equal(facts.loader_is_foreign, rows[i].is_foreign);
		assert_null(facts.unread);
		arena_free(&arena);
	}
}

/* /run/openrc that cannot be read is not sysvinit, nor /run/systemd/system another init. */
static void an_init_that_cannot_be_told_is_unknown(void **state)
{
	static const char *const folders[] = { "run/systemd/system", "etc/inittab", "run/openrc" };

	(void)state;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		struct table_source source = TABLE_SOURCE({ folders[i], .is_unreadable = true },
			{ "proc/1/comm", "init\n" }, { "saut/init", "/sbin/init" },
			{ "etc/inittab", DEBIAN_INITTAB }, { "etc/rc6.d/K09kexec", "" });
		struct arena arena = { 0 };
		struct init_facts facts = init_capture(&source.source, &arena);

		assert_int_equal(facts.init, INIT_UNKNOWN);
		assert_null(facts.jumper);
		arena_free(&arena);
	}
}

/* A folder of hooks that cannot be read may have one. */
static void hooks_that_cannot_be_read_may_be_there(void **state)
{
	struct table_source source = TABLE_SOURCE({ "proc/1/comm", "init\n" },
		{ "etc/inittab", DEBIAN_INITTAB }, { "etc/rc6.d", .is_unreadable = true });
	struct arena arena = { 0 };
	struct init_facts facts = init_capture(&source.source, &arena);

	(void)state;
	assert_int_equal(facts.init, INIT_SYSVINIT);
	assert_null(facts.loader);
	assert_non_null(strstr(facts.unread, "/etc/rc6.d cannot be read"));
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(each_init_is_known),
		CASE(an_init_that_cannot_be_told_is_unknown),
		CASE(hooks_that_cannot_be_read_may_be_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
