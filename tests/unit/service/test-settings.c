/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and environment → settings: which one wins, what stands in, what switches the service off. */
#include "test.h"

#include "../machine/table-source.h"
#include "service/settings.h"

struct fixture {
	struct table_source source;
	struct arena arena;
	struct notes notes;
	struct service_settings settings;
	struct error err;
};

static bool read_as(struct fixture *x, enum service_style style, const char *const *environment,
	struct table_source source)
{
	struct service_request request = { .style = style, .environment = environment };

	*x = (struct fixture){ .source = source };
	x->notes.arena = &x->arena;
	return service_settings_read(
		       &x->source.source, &request, &x->notes, &x->arena, &x->settings, &x->err) &&
		service_settings_check(&x->settings, &x->err);
}

/* Refused where somebody else decides; told where a mount's options have given the rights. */
static void settings_are_roots_alone(void **state)
{
	static const struct {
		const char *rights, *reason, *note;
	} row[] = {
		{ "0 0 100644 kept\n", NULL, NULL },
		{ "0 0 100622 kept\n",
			"the settings of /etc/kexec.conf are not root's alone: /etc/kexec.conf can be "
			"written by everybody (mode 0622)",
			NULL },
		{ "1000 0 100644 kept\n",
			"the settings of /etc/kexec.conf are not root's alone: /etc/kexec.conf belongs "
			"to user 1000, who can change it",
			NULL },
		{ "0 0 100777 mount\n", NULL,
			"/etc/kexec.conf can be written by everybody (mode 0777), and /etc/kexec.conf "
			"is read all the same" },
		{ "0 0\n", "the rights of /etc/kexec.conf cannot be read: \"0 0\n\"", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct fixture x;
		bool good = read_as(&x, SERVICE_SYSTEMD, NULL,
			TABLE_SOURCE({ "etc/kexec.conf", "KNAME=k\n" },
				{ "saut/rights/", "0 0 40755 kept\n" },
				{ "saut/rights/etc", "0 0 40755 kept\n" },
				{ "saut/rights/etc/kexec.conf", row[i].rights }));

		assert_int_equal(good, row[i].reason == NULL);
		if (row[i].reason)
			assert_string_equal(x.err.reason, row[i].reason);
		assert_int_equal(x.notes.count, row[i].note ? 1 : 0);
		if (row[i].note)
			assert_string_equal(x.notes.items[0], row[i].note);
		/* What switches the service off holds all the same. */
		assert_string_equal(x.settings.image, "k");
		arena_free(&x.arena);
	}
}

static void nothing_needs_to_be_set(void **state)
{
	const struct service_settings *s;
	struct fixture x;

	(void)state;
	assert_true(read_as(&x, SERVICE_OPENRC, NULL, TABLE_SOURCE({ "etc/x", "" })));
	s = &x.settings;
	assert_string_equal(s->boot, "/boot");
	assert_string_equal(s->image, "");
	assert_string_equal(s->initrd, "");
	assert_false(s->has_no_initrd);
	assert_true(s->may_mount);
	assert_false(s->by_boot_loader);
	assert_null(s->off_by);
	assert_true(service_loads_at_shutdown(s));
	arena_free(&x.arena);
}

static void all_of_gentoos(void **state)
{
	const struct service_settings *s;
	struct fixture x;

	(void)state;
	assert_true(read_as(&x, SERVICE_OPENRC, NULL,
		TABLE_SOURCE({ "etc/conf.d/kexec",
			"LOAD_DURING_SHUTDOWN=\"no\"\nKEXEC_OPT_ARGS=\"--reuse-cmdline -s\"\n"
			"BOOTPART=\"/mnt\"\nROOTPART=/dev/sda2\nKNAME=\"bzImage.old\"\n"
			"INITRD='initrd.old'\nKPARAM=\"quiet ro\"\nDONT_MOUNT_BOOT=\"yes\"\n" })));
	s = &x.settings;
	assert_false(service_loads_at_shutdown(s));
	assert_string_equal(s->options, "--reuse-cmdline -s");
	assert_string_equal(s->boot, "/mnt");
	assert_string_equal(s->root, "/dev/sda2");
	assert_string_equal(s->image, "bzImage.old");
	assert_string_equal(s->image_by, "KNAME");
	assert_string_equal(s->initrd, "initrd.old");
	assert_string_equal(s->parameters, "quiet ro");
	assert_false(s->may_mount);
	arena_free(&x.arena);
}

/* Only a clear no switches what protects a machine off. */
static void checks_are_on(void **state)
{
	static const struct {
		const char *text;
		bool no_checks;
	} rows[] = {
		{ "", false },
		{ "CHECKS=yes\n", false },
		{ "CHECKS=no\n", true },
		{ "CHECKS=0\n", true },
		{ "CHECKS=never\n", false },
		{ "CHECKS=\n", false },
	};
	struct fixture x;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(read_as(&x, SERVICE_SYSTEMD, NULL,
			TABLE_SOURCE({ "etc/kexec.conf", rows[i].text })));
		assert_int_equal(x.settings.no_checks, rows[i].no_checks);
		arena_free(&x.arena);
	}
}

static void all_of_debians(void **state)
{
	const struct service_settings *s;
	struct fixture x;

	(void)state;
	assert_true(read_as(&x, SERVICE_DEBIAN, NULL,
		TABLE_SOURCE(
			{ "etc/default/kexec",
				"LOAD_KEXEC=true\nKERNEL_IMAGE=\"/vmlinuz\"\n"
				"INITRD=\"/initrd.img\"\nAPPEND=\"\"\nUSE_GRUB_CONFIG=false\n" },
			{ "etc/default/kexec.d/10-append", "APPEND='root=/dev/sda1 ro'\n" },
			{ "etc/default/kexec.d/20.dpkg-old", "APPEND=wrong\n" })));
	s = &x.settings;
	assert_null(s->off_by);
	assert_string_equal(s->image, "/vmlinuz");
	assert_string_equal(s->image_by, "KERNEL_IMAGE");
	assert_string_equal(s->initrd, "/initrd.img");
	assert_string_equal(s->command_line, "root=/dev/sda1 ro");
	assert_false(s->by_boot_loader);
	arena_free(&x.arena);
}

static void an_empty_initrd_means_none_where_debian_says_it(void **state)
{
	struct fixture x;

	(void)state;
	assert_true(read_as(&x, SERVICE_DEBIAN, NULL,
		TABLE_SOURCE({ "etc/default/kexec", "KERNEL_IMAGE=/vmlinuz\nINITRD=\n" })));
	assert_true(x.settings.has_no_initrd);
	arena_free(&x.arena);
	assert_true(read_as(&x, SERVICE_OPENRC, NULL,
		TABLE_SOURCE({ "etc/conf.d/kexec", "KNAME=bzImage\nINITRD=\"\"\n" })));
	assert_false(x.settings.has_no_initrd);
	arena_free(&x.arena);
	assert_true(read_as(&x, SERVICE_OPENRC, NULL,
		TABLE_SOURCE({ "etc/conf.d/kexec", "KNAME=bzImage\nINITRD=\"-\"\n" })));
	assert_true(x.settings.has_no_initrd);
	arena_free(&x.arena);
}

static const struct {
	enum service_style style;
	const char *file, *text, *off_by;
} switches[] = {
	{ SERVICE_OPENRC, "etc/conf.d/kexec", "KNAME=\"-\"", "KNAME=-" },
	{ SERVICE_OPENRC, "etc/kexec.conf", "KNAME=\"-\"", "KNAME=-" },
	{ SERVICE_OPENRC, "etc/conf.d/kexec", "LOAD_KEXEC=false", NULL },
	{ SERVICE_SYSTEMD, "etc/kexec.conf", "KNAME=-", "KNAME=-" },
	{ SERVICE_SYSTEMD, "etc/default/kexec", "LOAD_KEXEC=false", NULL },
	{ SERVICE_DEBIAN, "etc/default/kexec", "LOAD_KEXEC=false", "LOAD_KEXEC is not true" },
	{ SERVICE_DEBIAN, "etc/default/kexec", "LOAD_KEXEC=", "LOAD_KEXEC is not true" },
	{ SERVICE_DEBIAN, "etc/default/kexec", "LOAD_KEXEC=TRUE", NULL },
	{ SERVICE_DEBIAN, "etc/default/kexec", "", NULL },
	{ SERVICE_RUNIT, "etc/kexec.conf", "", "LOAD_KEXEC is not true" },
	{ SERVICE_RUNIT, "etc/kexec.conf", "LOAD_KEXEC=yes", NULL },
};

static void switches_of_one_service(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
		struct fixture x;

		assert_true(read_as(&x, switches[i].style, NULL,
			TABLE_SOURCE({ switches[i].file, switches[i].text })));
		if (!switches[i].off_by)
			assert_null(x.settings.off_by);
		else
			assert_string_equal(x.settings.off_by, switches[i].off_by);
		arena_free(&x.arena);
	}
}

static void the_nearer_file_wins(void **state)
{
	struct fixture x;

	(void)state;
	assert_true(read_as(&x, SERVICE_OPENRC, NULL,
		TABLE_SOURCE({ "etc/conf.d/kexec", "KNAME=a\n" },
			{ "etc/kexec.conf", "KNAME=b\nINITRD=c\n" })));
	assert_string_equal(x.settings.image, "a");
	assert_string_equal(x.settings.initrd, "c");
	arena_free(&x.arena);
}

static void the_environment_wins(void **state)
{
	const char *const environment[] = { "KNAME=b", "KNAMES=c", "PATH=/bin",
		"INITRD=", "UNBIND=nvidia amdgpu", "CHECKS=no", "COME_BACK=yes",
		"COME_BACK_WITHIN=60", NULL };
	struct table_source source = TABLE_SOURCE({ "etc/conf.d/kexec",
		"KNAME=$(uname)\nINITRD=x\nUNBIND=$(y)\nCHECKS=yes\nCOME_BACK=no\nif y; then\n" });
	struct fixture x;

	(void)state;
	assert_true(read_as(&x, SERVICE_OPENRC, environment, source));
	assert_string_equal(x.settings.image, "b");
	assert_string_equal(x.settings.initrd, "");
	assert_string_equal(x.settings.unbind, "nvidia amdgpu");
	assert_true(x.settings.no_checks && x.settings.come_back.is_on);
	assert_int_equal(x.settings.come_back.within, 60);
	assert_int_equal(x.notes.count, 1);
	assert_non_null(strstr(x.notes.items[0], "/etc/conf.d/kexec, line 6"));
	arena_free(&x.arena);
	/* Without it, what only a shell understands is refused. */
	assert_false(read_as(&x, SERVICE_OPENRC, NULL, source));
	assert_int_equal(x.err.fault, FAULT_SETTINGS);
	assert_reason(x.err, "/etc/conf.d/kexec, line 6");
	arena_free(&x.arena);
}

static void what_nobody_asks_for_may_be_anything(void **state)
{
	struct fixture x;

	(void)state;
	assert_true(read_as(&x, SERVICE_OPENRC, NULL,
		TABLE_SOURCE({ "etc/conf.d/kexec", "rc_need=\"$(x)\"\nKNAME=b\n" })));
	assert_string_equal(x.settings.image, "b");
	arena_free(&x.arena);
	assert_false(read_as(
		&x, SERVICE_OPENRC, NULL, TABLE_SOURCE({ "etc/conf.d/kexec", "\nKNAME=`b`\n" })));
	assert_reason(x.err, "/etc/conf.d/kexec, line 2");
	arena_free(&x.arena);
}

static void one_file_may_be_named(void **state)
{
	struct table_source source =
		TABLE_SOURCE({ "etc/conf.d/kexec", "KNAME=a\n" }, { "tmp/x", "KNAME=b\n" });
	struct service_request request = { SERVICE_OPENRC, "/tmp/x", NULL };
	struct service_settings settings;
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct notes notes = { .arena = &arena };

	(void)state;
	assert_true(
		service_settings_read(&source.source, &request, &notes, &arena, &settings, &err));
	assert_string_equal(settings.image, "b");
	request.file = "/tmp/y";
	assert_true(
		service_settings_read(&source.source, &request, &notes, &arena, &settings, &err));
	assert_false(service_settings_check(&settings, &err));
	assert_int_equal(err.fault, FAULT_FILE_MISSING);
	arena_free(&arena);
}

static const struct {
	enum service_style style;
	struct table_file files[2];
	const char *off_by, *wrong;
} broken[] = {
	{ SERVICE_OPENRC, { { "etc/kexec.conf", "KNAME=-\nif x; then\n" } }, "KNAME=-", "line 2" },
	{ SERVICE_DEBIAN, { { "etc/default/kexec", "KNAME=`x`\nLOAD_KEXEC=no\n" } },
		"LOAD_KEXEC is not true", "line 1" },
	{ SERVICE_DEBIAN, { { "etc/default/kexec", "LOAD_KEXEC=`x`\n" } }, "LOAD_KEXEC is not true",
		"line 1" },
	{ SERVICE_RUNIT, { { "etc/kexec.conf", .is_unreadable = true } }, "LOAD_KEXEC is not true",
		"/etc/kexec.conf cannot be read" },
	{ SERVICE_SYSTEMD, { { "etc/default/kexec.d", .is_unreadable = true } }, NULL,
		"/etc/default/kexec.d cannot be read" },
	{ SERVICE_SYSTEMD,
		{ { "etc/default/kexec", .is_unreadable = true },
			{ "etc/kexec.conf", "KNAME=-\n" } },
		"KNAME=-", "/etc/default/kexec cannot be read" },
};

/* Whatever else is wrong with the settings. */
static void a_switch_holds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		struct table_source source = { { table_read, source_look_by_read, table_list },
			broken[i].files, broken[i].files[1].path ? 2 : 1 };
		struct fixture x;

		assert_false(read_as(&x, broken[i].style, NULL, source));
		assert_reason(x.err, broken[i].wrong);
		if (broken[i].off_by)
			assert_string_equal(x.settings.off_by, broken[i].off_by);
		else
			assert_null(x.settings.off_by);
		arena_free(&x.arena);
	}
}

static void what_no_setting_is_called_is_told(void **state)
{
	struct fixture x;

	(void)state;
	assert_true(read_as(&x, SERVICE_DEBIAN, NULL,
		TABLE_SOURCE({ "etc/default/kexec",
			"LOAD_EXEC=false\nDIR=/boot\nKERNEL_IMAGE=${DIR:-/x}/vmlinuz\n"
			"REBOOT_BY_KEXEC=yes\nrc_need=net\nexport APPEND\nAPPEND+=quiet\n" })));
	assert_int_equal(x.notes.count, 1);
	assert_string_equal(
		x.notes.items[0], "/etc/default/kexec, line 1: no setting is called LOAD_EXEC");
	assert_string_equal(x.settings.image, "/boot/vmlinuz");
	assert_string_equal(x.settings.command_line, "quiet");
	arena_free(&x.arena);
}

/* What is not understood was meant to change something: all stays as without it. */
static void what_is_to_happen_to_a_bad_boot(void **state)
{
	static const struct {
		const char *text;
		struct come_back_settings made;
		size_t notes;
	} cases[] = {
		{ "COME_BACK=yes\n", { .is_on = true, .is_asked = true, .within = 300 }, 0 },
		{ "", { .is_on = true, .within = 300 }, 0 },
		{ "COME_BACK_WITHIN=60\n", { .is_on = true, .within = 60 }, 0 },
		{ "COME_BACK=no\n", { .is_asked = true, .within = 300 }, 0 },
		{ "COME_BACK=perhaps\n", { .is_asked = true, .within = 300 }, 1 },
		{ "COME_BACK=yes\nCOME_BACK_WITHIN=30\nCOME_BACK_CONFIRM=manual\n",
			{ .is_asked = true, .is_on = true, .is_manual = true, .within = 30 }, 0 },
		{ "COME_BACK=yes\nCOME_BACK_WITHIN=29\n", { .is_asked = true, .within = 29 }, 1 },
		{ "COME_BACK=yes\nCOME_BACK_CONFIRM=x\n", { .is_asked = true, .within = 300 }, 1 },
		{ "COME_BACK=yes\nCOME_BACK_LOCKUPS=yes\n",
			{ .is_asked = true, .is_on = true, .on_lockups = true, .within = 300 }, 0 },
		{ "COME_BACK=yes\nCOME_BACK_STRICT=yes\n",
			{ .is_asked = true, .is_on = true, .within = 300, .is_strict = true }, 0 },
		{ "COME_BACK=yes\nCOME_BACK_STRICT=x\n",
			{ .is_asked = true, .is_on = true, .within = 300 }, 1 },
		{ "COME_BACK=yes\nCOME_BACK_LOCKUPS=x\n",
			{ .is_asked = true, .is_on = true, .within = 300 }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct come_back_settings *c, *made = &cases[i].made;
		struct fixture x;

		assert_true(read_as(&x, SERVICE_SYSTEMD, NULL,
			TABLE_SOURCE({ "etc/kexec.conf", cases[i].text })));
		c = &x.settings.come_back;
		if (c->is_on != made->is_on || c->on_lockups != made->on_lockups ||
			c->is_manual != made->is_manual || c->is_strict != made->is_strict ||
			c->within != made->within || x.notes.count != cases[i].notes)
			fail_msg("case %zu", i);
		arena_free(&x.arena);
	}
}

static void what_may_be_held(void **state)
{
	static const struct {
		const char *text;
		bool has_hold;
		uint64_t hold;
		size_t notes;
	} cases[] = {
		{ "", false, 0, 0 },
		{ "HOLD=\n", false, 0, 0 },
		{ "HOLD=64M\n", true, 64 << 20, 0 },
		{ "HOLD=0\n", true, 0, 0 },
		{ "HOLD=much\n", false, 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fixture x;

		assert_true(read_as(&x, SERVICE_SYSTEMD, NULL,
			TABLE_SOURCE({ "etc/kexec.conf", cases[i].text })));
		assert_int_equal(x.settings.has_hold, cases[i].has_hold);
		assert_int_equal(x.settings.hold, cases[i].hold);
		assert_int_equal(x.notes.count, cases[i].notes);
		arena_free(&x.arena);
	}
}

static void what_may_be_kept_ready(void **state)
{
	static const struct {
		const char *text;
		struct ready_settings ready;
		size_t notes;
	} cases[] = {
		{ "", { 0 }, 0 },
		{ "READY=yes\n", { 0 }, 0 },
		{ "READY=no\n", { .is_off = true }, 0 },
		{ "READY=200M\n", { .has_most = true, .most = 200 << 20 }, 0 },
		{ "READY=much\n", { .is_off = true }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fixture x;

		assert_true(read_as(&x, SERVICE_SYSTEMD, NULL,
			TABLE_SOURCE({ "etc/kexec.conf", cases[i].text })));
		assert_int_equal(x.settings.ready.is_off, cases[i].ready.is_off);
		assert_int_equal(x.settings.ready.has_most, cases[i].ready.has_most);
		assert_int_equal(x.settings.ready.most, cases[i].ready.most);
		assert_int_equal(x.notes.count, cases[i].notes);
		arena_free(&x.arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(settings_are_roots_alone),
		CASE(nothing_needs_to_be_set),
		CASE(all_of_gentoos),
		CASE(checks_are_on),
		CASE(what_may_be_held),
		CASE(what_may_be_kept_ready),
		CASE(all_of_debians),
		CASE(an_empty_initrd_means_none_where_debian_says_it),
		CASE(switches_of_one_service),
		CASE(the_nearer_file_wins),
		CASE(the_environment_wins),
		CASE(what_nobody_asks_for_may_be_anything),
		CASE(one_file_may_be_named),
		CASE(a_switch_holds),
		CASE(what_no_setting_is_called_is_told),
		CASE(what_is_to_happen_to_a_bad_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
