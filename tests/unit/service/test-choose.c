/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings → a kernel by its name, or an entry of the boot loader. */
#include "test.h"

#include "../machine/table-source.h"
#include "service/choose.h"

static const struct {
	enum service_style style;
	const char *settings;
	const char *kernel; /* NULL: an entry */
	enum entry_wanted_by by;
	const char *name, *why;
} rows[] = {
	{ SERVICE_OPENRC, "", "/boot/kernel-6.2", 0, NULL, "the newest version in a file's name" },
	{ SERVICE_OPENRC, "KNAME=kernel-6.1", "/boot/kernel-6.1", 0, NULL,
		"KNAME (/etc/kexec.conf, line 1)" },
	{ SERVICE_OPENRC, "BOOTPART=/mnt", "/mnt/bzImage", 0, NULL, "a usual name" },
	{ SERVICE_OPENRC, "BOOTPART=/empty", NULL, ENTRY_BY_DEFAULT, NULL,
		"the boot loader's default" },
	{ SERVICE_SYSTEMD, "", NULL, ENTRY_BY_DEFAULT, NULL, "the boot loader's default" },
	{ SERVICE_DEBIAN, "", NULL, ENTRY_BY_DEFAULT, NULL, "the boot loader's default" },
	{ SERVICE_SYSTEMD, "KNAME=kernel-6.1", "/boot/kernel-6.1", 0, NULL,
		"KNAME (/etc/kexec.conf, line 1)" },
	{ SERVICE_DEBIAN, "KERNEL_IMAGE=/boot/kernel-6.1", "/boot/kernel-6.1", 0, NULL,
		"KERNEL_IMAGE (/etc/kexec.conf, line 1)" },
	{ SERVICE_DEBIAN, "KERNEL_IMAGE=/boot/kernel-6.1\nUSE_GRUB_CONFIG=true", NULL,
		ENTRY_BY_DEFAULT, NULL, "USE_GRUB_CONFIG (/etc/kexec.conf, line 2)" },
	{ SERVICE_OPENRC, "KNAME=kernel-6.1\nENTRY=newest", NULL, ENTRY_BY_NEWEST, NULL,
		"ENTRY (/etc/kexec.conf, line 2)" },
	{ SERVICE_OPENRC, "ENTRY=default", NULL, ENTRY_BY_DEFAULT, NULL,
		"ENTRY (/etc/kexec.conf, line 1)" },
	{ SERVICE_OPENRC, "ENTRY=running", NULL, ENTRY_BY_RUNNING, NULL,
		"ENTRY (/etc/kexec.conf, line 1)" },
	{ SERVICE_OPENRC, "ENTRY='Debian 12'", NULL, ENTRY_BY_NAME, "Debian 12",
		"ENTRY (/etc/kexec.conf, line 1)" },
};

static void by_name_or_by_the_boot_loader(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct table_source source = TABLE_SOURCE({ "boot/kernel-6.1", "x" },
			{ "boot/kernel-6.2", "x" }, { "etc/kexec.conf", rows[i].settings },
			{ "mnt/bzImage", "x" }, { "saut/uname", "6.1 x86_64\n" });
		struct service_request request = { .style = rows[i].style };
		struct service_settings settings;
		struct arena arena = { 0 };
		struct error err = { 0 };
		struct notes notes = { .arena = &arena };
		struct service_choice choice;

		if (!service_settings_read(
			    &source.source, &request, &notes, &arena, &settings, &err) ||
			!service_choose(&source.source, &settings, &notes, &arena, &choice, &err))
			fail_msg("row %zu: %s", i, err.reason);
		assert_string_equal(choice.why, rows[i].why);
		if (rows[i].kernel) {
			assert_non_null(choice.named.kernel);
			assert_string_equal(choice.named.kernel, rows[i].kernel);
		} else {
			assert_null(choice.named.kernel);
			assert_int_equal(choice.wish.by, rows[i].by);
			if (rows[i].name)
				assert_string_equal(choice.wish.name, rows[i].name);
		}
		arena_free(&arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(by_name_or_by_the_boot_loader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
