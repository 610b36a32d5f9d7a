/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "service/init-command.h"

static bool has_word(const char *const *words, const char *word)
{
	for (; *words; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

static void each_init_is_asked_in_its_way(void **state)
{
	static const struct {
		enum init init;
		const char *program, *kexec, *firmware;
	} rows[] = {
		{ INIT_SYSTEMD, "systemctl", "kexec.target", "reboot.target" },
		{ INIT_OPENRC, "shutdown", "-r", "-r" },
		{ INIT_OPENRC_INIT, "openrc-shutdown", "--kexec", "--reboot" },
		{ INIT_SYSVINIT, "shutdown", "-r", "-r" },
		{ INIT_RUNIT, "runit-init", "6", "6" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct init_command *h = init_command_for(rows[i].init);

		assert_non_null(h);
		assert_string_equal(h->by_kexec[0], rows[i].program);
		assert_string_equal(h->by_firmware[0], rows[i].program);
		assert_true(has_word(h->by_kexec, rows[i].kexec));
		assert_true(has_word(h->by_firmware, rows[i].firmware));
	}
	assert_null(init_command_for(INIT_UNKNOWN));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(each_init_is_asked_in_its_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
