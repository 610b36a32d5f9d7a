/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

#define TPM(...)                                                                                 \
	TABLE_SOURCE(CHECKED_UNAME, { "sys/class/tpm/tpm0/tpm_version_major", "2\n", 0, false }, \
		__VA_ARGS__)

static const struct table_source plain = TPM({ "etc/crypttab",
	"# x - - tpm2-device=auto\nswap /dev/sda2 /dev/urandom swap\n", 0, false });
static const struct table_source sealed = TPM({ "etc/crypttab",
	"home UUID=1 none luks\nroot UUID=2 none luks,tpm2-device=auto\n"
	"data UUID=3 - tpm2-device=/dev/tpmrm0\n",
	0, false });
static const struct table_source locked = TPM({ "var/lib/systemd/pcrlock.json", "{}\n", 0, false });

static void passes_without_a_tpm(void **state)
{
	(void)state;
	assert_captured(check_tpm, "q35-1g", CHECK_PASS, "no TPM");
}

static void notes_one_to_which_nothing_is_sealed(void **state)
{
	(void)state;
	assert_made(check_tpm, &plain, CHECK_NOTE, "tpm0 measures no jump");
}

static void warns_of_what_may_not_open(void **state)
{
	struct checked c;

	(void)state;
	checked_made(&c, &sealed);
	assert_finding(check_tpm(&c.subject), CHECK_WARN, "the TPM opens root, data: ");
	assert_finding(check_tpm(&c.subject), CHECK_WARN, "PCRs 4, 8, 9, 11, 12 and 13");
	checked_free(&c);
	assert_made(check_tpm, &locked, CHECK_WARN, "systemd-pcrlock's policy");
	checked_made(&c, &plain);
	c.subject.command_line = "rd.luks.options=discard,tpm2-device=auto quiet";
	assert_finding(check_tpm(&c.subject), CHECK_WARN, "rd.luks.options=");
	c.subject.command_line = "rd.luks.options=discard x=tpm2-device=auto";
	assert_finding(check_tpm(&c.subject), CHECK_NOTE, "measures no jump");
	checked_free(&c);
}

static void does_not_know_what_is_unreadable(void **state)
{
	const struct table_source secret = TPM({ "etc/crypttab", .is_unreadable = true });
	const struct table_source broken =
		TABLE_SOURCE(CHECKED_UNAME, { "sys/class/tpm", .is_unreadable = true });

	(void)state;
	assert_made(check_tpm, &secret, CHECK_UNKNOWN, "crypttab cannot be read");
	assert_made(check_tpm, &broken, CHECK_UNKNOWN, "tpm cannot be read");
}

static void does_not_take_hidden_for_absent(void **state)
{
	const struct table_source masked = TABLE_SOURCE(CHECKED_UNAME);

	(void)state;
	assert_made(check_tpm, &masked, CHECK_UNKNOWN, "is not there to be looked at");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(passes_without_a_tpm),
		CASE(notes_one_to_which_nothing_is_sealed),
		CASE(warns_of_what_may_not_open),
		CASE(does_not_know_what_is_unreadable),
		CASE(does_not_take_hidden_for_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
