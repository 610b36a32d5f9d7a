/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

static const struct table_source amdgpu = TABLE_SOURCE(CHECKED_UNAME,
	{ "sys/class/graphics/fb0/name", "amdgpudrmfb\n", 0, false },
	{ "sys/class/drm/card0/device/uevent", "DRIVER=amdgpu\nPCI_CLASS=30000\n", 0, false },
	{ "sys/class/drm/card0-DP-1/status", "connected\n", 0, false },
	{ "lib/modules/6.12.1/modules.dep", "kernel/drivers/gpu/drm/amd/amdgpu/amdgpu.ko:\n", 0,
		false },
	{ "lib/modules/6.12.1/modules.builtin", "kernel/fs/ext4/ext4.ko\n", 0, false },
	{ "lib/modules/6.13.0/modules.dep", "kernel/drivers/net/dummy.ko:\n", 0, false },
	{ "lib/modules/6.13.0/modules.builtin", "kernel/fs/ext4/ext4.ko\n", 0, false });

static void passes_where_the_firmware_draws(void **state)
{
	struct checked c;

	(void)state;
	checked_captured(&c, "q35-uefi-5g");
	c.subject.command_line = "quiet";
	assert_finding(
		check_console(&c.subject), CHECK_PASS, "as the firmware set it up (EFI VGA)");
	checked_free(&c);
	checked_captured(&c, "q35-1g");
	c.subject.command_line = "quiet";
	assert_finding(check_console(&c.subject), CHECK_PASS, "no driver");
	checked_free(&c);
}

static void passes_with_another_console(void **state)
{
	struct checked c;

	(void)state;
	checked_made(&c, &amdgpu);
	c.subject.command_line = "console=tty0 console=ttyS0,115200 quiet";
	assert_finding(check_console(&c.subject), CHECK_PASS, "amdgpu draws");
	assert_finding(check_console(&c.subject), CHECK_PASS, "heard on ttyS0,115200 before");
	checked_free(&c);
}

static void notes_a_screen_that_is_black_for_a_while(void **state)
{
	struct checked c;

	(void)state;
	checked_made(&c, &amdgpu);
	c.subject.release = "6.12.1";
	c.subject.command_line = "console=tty0 console=tty console=null quiet";
	assert_finding(check_console(&c.subject), CHECK_NOTE, "amdgpu draws");
	checked_free(&c);
}

static void warns_of_a_screen_that_stays_black(void **state)
{
	struct checked c;

	(void)state;
	checked_made(&c, &amdgpu);
	c.subject.command_line = "quiet nomodeset";
	assert_finding(check_console(&c.subject), CHECK_WARN, "with nomodeset");
	c.subject.command_line = "quiet nomodeset console=ttyS1";
	assert_finding(check_console(&c.subject), CHECK_NOTE, "heard on ttyS1");
	c.subject.command_line = "quiet";
	c.subject.release = "6.13.0";
	assert_finding(check_console(&c.subject), CHECK_WARN, "the modules of 6.13.0");
	checked_free(&c);
}

static void does_not_know_without_machine_or_line(void **state)
{
	struct checked c;

	(void)state;
	checked_made(&c, &amdgpu);
	assert_finding(check_console(&c.subject), CHECK_UNKNOWN, "command line");
	c.subject.machine = NULL;
	assert_finding(check_console(&c.subject), CHECK_UNKNOWN, "could not be read");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(passes_where_the_firmware_draws),
		CASE(passes_with_another_console),
		CASE(notes_a_screen_that_is_black_for_a_while),
		CASE(warns_of_a_screen_that_stays_black),
		CASE(does_not_know_without_machine_or_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
