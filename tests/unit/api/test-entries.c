/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Boot entries and the status of a system in a folder, as a stranger asks for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <saut.h>

static char folder[] = "/tmp/saut-test-api-XXXXXX";

static void run(const char *command)
{
	char text[1024];

	snprintf(text, sizeof text, "cd %s && %s", folder, command);
	assert_int_equal(system(text), 0);
}

static int begin(void **state)
{
	if (!mkdtemp(folder))
		return -1;
	run("mkdir -p boot/extlinux saut etc && echo 6.1.0 x86_64 >saut/uname && "
	    "echo x >boot/k && echo x >boot/i && echo x >boot/old && "
	    "printf 'kexec_load yes\\nkexec_file_load no\\n' >saut/syscalls");
	run("printf 'DEFAULT b\\nLABEL a\\nLINUX /boot/old\\nAPPEND root=/dev/sda1\\n"
	    "LABEL b\\nMENU LABEL The second\\nLINUX /boot/k\\nINITRD /boot/i\\nAPPEND quiet\\n"
	    "LABEL c\\nLINUX /boot/gone\\n' >boot/extlinux/extlinux.conf");
	*state = saut_new();
	return saut_set_root(*state, folder);
}

static int end(void **state)
{
	saut_free(*state);
	run("rm -r boot saut etc");
	run("cd .. && rmdir \"$OLDPWD\"");
	strcpy(folder + sizeof folder - 7, "XXXXXX");
	return 0;
}

static void the_default_is_chosen_and_used(void **state)
{
	const struct saut_entry *entry;

	assert_int_equal(saut_choose_entry(*state, SAUT_ENTRY_DEFAULT, NULL, &entry), SAUT_DONE);
	assert_string_equal(entry->title, "The second");
	assert_string_equal(entry->kernel, "/boot/k");
	assert_string_equal(entry->initrds[0], "/boot/i");
	assert_null(entry->initrds[1]);
	assert_string_equal(entry->command_line, "quiet");
	assert_true(entry->is_default);
	assert_ptr_equal(entry, saut_entry(*state, 1));
	assert_int_equal(saut_use_entry(*state, entry), SAUT_DONE);
}

static void entries_end_with_null(void **state)
{
	unsigned count = 0;

	assert_null(saut_entry(*state, 0));
	assert_int_equal(saut_find_entries(*state), SAUT_DONE);
	while (saut_entry(*state, count))
		count++;
	assert_true(count >= 3);
	assert_null(saut_entry(*state, count + 1));
}

static void what_has_an_obstacle_is_not_used(void **state)
{
	const struct saut_entry *entry = NULL;

	assert_int_equal(saut_choose_entry(*state, SAUT_ENTRY_NAMED, "c", &entry), SAUT_REFUSED);
	assert_non_null(strstr(saut_reason(*state), "/boot/gone"));
	assert_null(entry);
	assert_non_null(saut_entry(*state, 2)->obstacle);
	assert_int_equal(saut_use_entry(*state, saut_entry(*state, 2)), SAUT_REFUSED);
	assert_int_equal(saut_choose_entry(*state, SAUT_ENTRY_NAMED, "?", &entry), SAUT_REFUSED);
	assert_int_equal(saut_choose_entry(*state, SAUT_ENTRY_NAMED, NULL, &entry), SAUT_USAGE);
	assert_int_equal(saut_choose_entry(*state, SAUT_ENTRY_DEFAULT, "b", &entry), SAUT_USAGE);
	assert_int_equal(saut_use_entry(*state, NULL), SAUT_USAGE);
}

static void nothing_there_is_said(void **state)
{
	run("rm -r boot");
	assert_int_equal(saut_find_entries(*state), SAUT_REFUSED);
	assert_string_equal(saut_attempt(*state), "list boot entries");
	assert_null(saut_entry(*state, 0));
	run("mkdir boot");
}

static void the_status_says_what_is_known(void **state)
{
	const struct saut_status *status;

	run("mkdir -p sys/kernel && echo 1 >sys/kernel/kexec_loaded && "
	    "echo REBOOT_BY_KEXEC=no >etc/kexec.conf");
	assert_int_equal(saut_look(*state, &status), SAUT_DONE);
	assert_int_equal(status->can_kexec, SAUT_YES);
	assert_int_equal(status->loaded, SAUT_YES);
	assert_int_equal(status->crash_loaded, SAUT_UNKNOWN);
	assert_int_equal(status->has_kexec_load, SAUT_YES);
	assert_int_equal(status->has_kexec_file_load, SAUT_NO);
	assert_non_null(strstr(status->switched_off, "/etc/kexec.conf"));
	assert_non_null(status->switch_on);
	run("rm -r sys saut/syscalls");
	assert_int_equal(saut_look(*state, &status), SAUT_DONE);
	assert_int_equal(status->can_kexec, SAUT_UNKNOWN);
	assert_int_equal(status->loaded, SAUT_UNKNOWN);
}

static void another_system_is_not_rebooted(void **state)
{
	assert_int_equal(saut_reboot(*state, 1), SAUT_USAGE);
	assert_string_equal(saut_attempt(*state), "reboot the machine");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		CASE(the_default_is_chosen_and_used),
		CASE(entries_end_with_null),
		CASE(what_has_an_obstacle_is_not_used),
		CASE(nothing_there_is_said),
		CASE(the_status_says_what_is_known),
		CASE(another_system_is_not_rebooted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
