/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "machine/modules.h"
#include "table-source.h"

static const char builtin[] = "kernel/fs/ext4/ext4.ko\nkernel/drivers/ata/libata.ko\n";
static const char depends[] =
	"kernel/drivers/watchdog/iTCO_wdt.ko.xz: kernel/drivers/watchdog/iTCO_vendor_support.ko.xz\n"
	"kernel/drivers/nvme/host/nvme.ko.zst: kernel/drivers/nvme/host/nvme-core.ko.zst\n"
	"kernel/drivers/nvme/host/nvme-core.ko.zst:\n"
	"kernel/drivers/md/dm-mod.ko.gz:\n"
	"extra/plain.ko:\n"
	"/lib/modules/6.1.0/updates/absolute.ko:\n";

#define V "lib/modules/6.1.0/"

static struct kernel_modules read_of(const struct table_source *source, struct arena *arena)
{
	struct kernel_modules m;
	struct error err = { 0 };

	assert_true(kernel_modules_read(&source->source, "6.1.0", arena, &m, &err));
	return m;
}

static void each_place_is_told(void **state)
{
	static const struct {
		const char *name;
		enum module_place place;
		const char *file, *needs;
	} cases[] = {
		{ "ext4", MODULE_BUILTIN, "", "" },
		{ "iTCO_wdt", MODULE_LOADABLE, "kernel/drivers/watchdog/iTCO_wdt.ko.xz",
			"kernel/drivers/watchdog/iTCO_vendor_support.ko.xz" },
		{ "iTCO-wdt", MODULE_LOADABLE, "kernel/drivers/watchdog/iTCO_wdt.ko.xz",
			"kernel/drivers/watchdog/iTCO_vendor_support.ko.xz" },
		{ "nvme_core", MODULE_LOADABLE, "kernel/drivers/nvme/host/nvme-core.ko.zst", "" },
		{ "dm_mod", MODULE_LOADABLE, "kernel/drivers/md/dm-mod.ko.gz", "" },
		{ "plain", MODULE_LOADABLE, "extra/plain.ko", "" },
		{ "absolute", MODULE_LOADABLE, "/lib/modules/6.1.0/updates/absolute.ko", "" },
		{ "nvm", MODULE_ABSENT, "", "" },
		{ "nvmee", MODULE_ABSENT, "", "" },
		{ "", MODULE_ABSENT, "", "" },
		{ "kernel/fs/ext4/ext4", MODULE_ABSENT, "", "" },
	};
	struct table_source source =
		TABLE_SOURCE({ V "modules.builtin", builtin }, { V "modules.dep", depends });
	struct arena arena = { 0 };
	struct kernel_modules m = read_of(&source, &arena);

	(void)state;
	assert_string_equal(m.folder, "lib/modules/6.1.0");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct module_answer answer = kernel_modules_find(&m, cases[i].name);

		assert_int_equal(answer.place, cases[i].place);
		assert_true(view_equal(answer.file, view_of_string(cases[i].file)));
		assert_true(view_equal(answer.needs, view_of_string(cases[i].needs)));
	}
	arena_free(&arena);
}

/* What they name is known all the same. */
static void a_list_that_is_not_whole_makes_nothing_absent(void **state)
{
	static const struct table_file files[][2] = {
		{ { V "modules.builtin", builtin }, { V "modules.order", "kernel/a.ko\n" } },
		{ { V "modules.builtin", "" }, { V "modules.dep", depends } },
		{ { V "modules.builtin", builtin }, { V "modules.dep", "" } },
		{ { V "modules.builtin", builtin }, { V "modules.dep", "kernel/a.ko:\nkernel/b" } },
		{ { V "modules.dep", depends }, { V "modules.order", "kernel/a.ko\n" } },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct table_source source = TABLE_SOURCE({ NULL, NULL });
		struct kernel_modules m;

		source.files = files[i];
		source.count = 2;
		m = read_of(&source, &arena);
		assert_non_null(m.folder);
		assert_int_equal(kernel_modules_find(&m, "xfs").place, MODULE_UNKNOWN);
		if (i != 1 && i != 4)
			assert_int_equal(kernel_modules_find(&m, "ext4").place, MODULE_BUILTIN);
		else
			assert_int_equal(kernel_modules_find(&m, "dm-mod").place, MODULE_LOADABLE);
	}
	arena_free(&arena);
}

static void other_roots_are_searched(void **state)
{
	static const char *const folders[] = { "usr/lib/modules/6.1.0",
		"run/booted-system/kernel-modules/lib/modules/6.1.0",
		"run/current-system/kernel-modules/lib/modules/6.1.0" };
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		struct table_source source = TABLE_SOURCE(
			{ arena_printf(&arena, "%s/modules.builtin", folders[i]), builtin });
		struct kernel_modules m = read_of(&source, &arena);

		assert_string_equal(m.folder, folders[i]);
		assert_int_equal(kernel_modules_find(&m, "ext4").place, MODULE_BUILTIN);
	}
	arena_free(&arena);
}

static void no_modules_are_no_failure(void **state)
{
	static const char *const versions[] = { "6.1.1", "", ".", "..", "../modules/6.1.0", "/" };
	struct table_source source =
		TABLE_SOURCE({ V "modules.builtin", builtin }, { V "modules.dep", depends });
	struct arena arena = { 0 };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		struct kernel_modules m;

		assert_true(kernel_modules_read(&source.source, versions[i], &arena, &m, &err));
		assert_null(m.folder);
		assert_int_equal(kernel_modules_find(&m, "ext4").place, MODULE_UNKNOWN);
	}
	arena_free(&arena);
}

static void what_cannot_be_read_is_not_absent(void **state)
{
	static const struct table_file files[][2] = {
		{ { "lib/modules/6.1.0", NULL, 0, true }, { V "modules.dep", depends } },
		{ { V "modules.builtin", builtin, 0, true }, { V "modules.dep", depends } },
		{ { V "modules.builtin", builtin }, { V "modules.dep", depends, 0, true } },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct table_source source = TABLE_SOURCE({ NULL, NULL });
		struct kernel_modules m;
		struct error err = { 0 };

		source.files = files[i];
		source.count = 2;
		assert_false(kernel_modules_read(&source.source, "6.1.0", &arena, &m, &err));
		assert_reason(err, "lib/modules/6.1.0");
	}
	arena_free(&arena);
}

/* Up to its last whole line a list still says what it says; nothing becomes absent by a cut. */
static void cut_at_every_byte(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof depends; n++) {
		struct kernel_modules m = { "lib/modules/6.1.0", view_of_string(builtin),
			{ (const uint8_t *)depends, n } };
		struct module_answer dm = kernel_modules_find(&m, "dm-mod");
		struct module_answer nvme = kernel_modules_find(&m, "nvme");
		bool whole = n && depends[n - 1] == '\n';

		assert_int_equal(kernel_modules_find(&m, "xfs").place,
			whole ? MODULE_ABSENT : MODULE_UNKNOWN);
		assert_true(dm.place == MODULE_LOADABLE ||
			dm.place == (whole ? MODULE_ABSENT : MODULE_UNKNOWN));
		if (nvme.place == MODULE_LOADABLE)
			assert_true(view_equal(nvme.needs,
				view_of_string("kernel/drivers/nvme/host/nvme-core.ko.zst")));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(each_place_is_told),
		CASE(a_list_that_is_not_whole_makes_nothing_absent),
		CASE(other_roots_are_searched),
		CASE(no_modules_are_no_failure),
		CASE(what_cannot_be_read_is_not_absent),
		CASE(cut_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
