/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the running kernel can and permits, as it tells by many small files. */
#include "test.h"

#include "machine/facts.h"
#include "table-source.h"

#define EFI          "sys/firmware/efi/"
#define SECURE_BOOT  EFI "efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define ABILITY(...) ability(&TABLE_SOURCE(__VA_ARGS__))

/* Its release strings stay unread, so the arena need not outlive it. */
static struct kexec_ability ability(const struct table_source *t)
{
	struct arena a = { 0 };
	struct kexec_ability k = machine_kexec_ability(&t->source, &a);

	arena_free(&a);
	return k;
}

static void nothing_known_stays_unknown(void **state)
{
	struct kexec_ability k = ABILITY({ "proc/cmdline", "" });

	(void)state;
	assert_int_equal(k.load, ANSWER_UNKNOWN);
	assert_int_equal(k.file_load, ANSWER_UNKNOWN);
	assert_int_equal(k.may_boot, ANSWER_UNKNOWN);
	assert_int_equal(k.disabled, ANSWER_UNKNOWN);
	assert_int_equal(k.loaded, ANSWER_UNKNOWN);
	assert_int_equal(k.crash_loaded, ANSWER_UNKNOWN);
	assert_int_equal(k.signature_forced, ANSWER_UNKNOWN);
	assert_int_equal(k.secure_boot, ANSWER_UNKNOWN);
	assert_int_equal(k.live_update, ANSWER_UNKNOWN);
	assert_int_equal(k.lockdown, LOCKDOWN_UNKNOWN);
	assert_int_equal(k.load_limit_reboot, -1);
	assert_int_equal(k.load_limit_panic, -1);
}

static void abilities_are_read(void **state)
{
	struct kexec_ability k = ABILITY(
		{ "saut/syscalls", "kexec_load no\nkexec_file_load yes\n" },
		{ "proc/sys/kernel/kexec_load_disabled", "1\n" },
		{ "proc/sys/kernel/kexec_load_limit_reboot", "3\n" },
		{ "proc/sys/kernel/kexec_load_limit_panic", "-1\n" },
		{ "sys/kernel/kexec_loaded", "1\n" }, { "sys/kernel/kexec_crash_loaded", "0\n" });

	(void)state;
	assert_int_equal(k.load, ANSWER_NO);
	assert_int_equal(k.file_load, ANSWER_YES);
	assert_int_equal(k.disabled, ANSWER_YES);
	assert_int_equal(k.load_limit_reboot, 3);
	assert_int_equal(k.load_limit_panic, -1);
	assert_int_equal(k.loaded, ANSWER_YES);
	assert_int_equal(k.crash_loaded, ANSWER_NO);
}

static void new_names_go_before_old_ones(void **state)
{
	struct kexec_ability k = ABILITY({ "sys/kernel/kexec/loaded", "1\n" },
		{ "sys/kernel/kexec_loaded", "0\n" }, { "sys/kernel/kexec/crash_loaded", "junk\n" },
		{ "sys/kernel/kexec_crash_loaded", "1\n" });

	(void)state;
	assert_int_equal(k.loaded, ANSWER_YES);
	assert_int_equal(k.crash_loaded, ANSWER_YES);
}

static void hostile_answers_are_no_answers(void **state)
{
	struct kexec_ability k = ABILITY(
		{ "saut/syscalls", "kexec_load maybe\nkexec_file_loadyes\n" },
		{ "proc/sys/kernel/kexec_load_disabled", "10\n" },
		{ "proc/sys/kernel/kexec_load_limit_reboot", "9223372036854775808\n" },
		{ "proc/sys/kernel/kexec_load_limit_panic", "99999999999999999999999\n" },
		{ "sys/kernel/kexec_loaded", "11" }, { "proc/self/status", "CapEff:\tzz\n" },
		{ "sys/kernel/security/lockdown", "none integrity confidentiality\n" },
		{ SECURE_BOOT, "\x06\0\0", 3 });

	(void)state;
	assert_int_equal(k.load, ANSWER_UNKNOWN);
	assert_int_equal(k.file_load, ANSWER_UNKNOWN);
	assert_int_equal(k.disabled, ANSWER_UNKNOWN);
	assert_int_equal(k.load_limit_reboot, -1);
	assert_int_equal(k.load_limit_panic, -1);
	assert_int_equal(k.loaded, ANSWER_UNKNOWN);
	assert_int_equal(k.may_boot, ANSWER_UNKNOWN);
	assert_int_equal(k.lockdown, LOCKDOWN_UNKNOWN);
	assert_int_equal(k.secure_boot, ANSWER_UNKNOWN);
}

static const struct {
	const char *text;
	enum lockdown lockdown;
} lockdowns[] = {
	{ "[none] integrity confidentiality\n", LOCKDOWN_NONE },
	{ "none [integrity] confidentiality\n", LOCKDOWN_INTEGRITY },
	{ "none integrity [confidentiality]\n", LOCKDOWN_CONFIDENTIALITY },
	{ "[none", LOCKDOWN_UNKNOWN },
	{ "", LOCKDOWN_UNKNOWN },
};

static void lockdown_is_the_word_in_brackets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lockdowns / sizeof *lockdowns; i++)
		assert_int_equal(
			ABILITY({ "sys/kernel/security/lockdown", lockdowns[i].text }).lockdown,
			lockdowns[i].lockdown);
}

static void the_capability_is_bit_22(void **state)
{
	(void)state;
	assert_int_equal(ABILITY({ "proc/self/status",
					 "CapPrm:\t0000000000400000\nCapEff:\t0000000000400000\n" })
				 .may_boot,
		ANSWER_YES);
	assert_int_equal(ABILITY({ "proc/self/status",
					 "CapPrm:\t0000000000400000\nCapEff:\tffffffffffbfffff\n" })
				 .may_boot,
		ANSWER_NO);
}

static void secure_boot_is_one_byte_behind_four(void **state)
{
	(void)state;
	assert_int_equal(ABILITY({ SECURE_BOOT, "\x06\0\0\0\x01", 5 }).secure_boot, ANSWER_YES);
	assert_int_equal(ABILITY({ SECURE_BOOT, "\x06\0\0\0\0", 5 }).secure_boot, ANSWER_NO);
	assert_int_equal(ABILITY({ EFI "systab", "" }).secure_boot, ANSWER_UNKNOWN);
	/* Without EFI there is no Secure Boot. */
	assert_int_equal(ABILITY({ "sys/firmware/memmap/0/start", "0x0" }).secure_boot, ANSWER_NO);
}

static void files_are_kept_where_the_device_is(void **state)
{
	(void)state;
	assert_int_equal(
		ABILITY({ "sys/class/misc/liveupdate/dev", "10:258\n" }).live_update, ANSWER_YES);
	assert_int_equal(ABILITY({ "sys/class/misc/cpu_dma_latency/dev", "10:261\n" }).live_update,
		ANSWER_NO);
	assert_int_equal(ABILITY({ "sys/class/misc/cpu_dma_latency/dev", "10:261\n" },
				 { "proc/config.gz", "CONFIG_LIVEUPDATE=y\n" })
				 .live_update,
		ANSWER_NO);
}

static void the_configuration_tells_of_forced_signatures(void **state)
{
	(void)state;
	assert_int_equal(
		ABILITY({ "saut/uname", "6.1.0-x x86_64\n" },
			{ "boot/config-6.1.0-x", "CONFIG_KEXEC_SIG=y\nCONFIG_KEXEC_SIG_FORCE=y\n" })
			.signature_forced,
		ANSWER_YES);
	assert_int_equal(ABILITY({ "saut/uname", "6.1.0-x x86_64\n" },
				 { "usr/lib/modules/6.1.0-x/config",
					 "# CONFIG_KEXEC_SIG_FORCE is not set\n" })
				 .signature_forced,
		ANSWER_NO);
	assert_int_equal(ABILITY({ "saut/uname", "6.1.0-y x86_64\n" },
				 { "boot/config-6.1.0-x", "CONFIG_KEXEC_SIG_FORCE=y\n" })
				 .signature_forced,
		ANSWER_UNKNOWN);
	assert_int_equal(ABILITY({ "saut/uname", "../x x86_64\n" },
				 { "boot/config-../x", "CONFIG_KEXEC_SIG_FORCE=y\n" })
				 .signature_forced,
		ANSWER_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(nothing_known_stays_unknown),
		CASE(abilities_are_read),
		CASE(new_names_go_before_old_ones),
		CASE(hostile_answers_are_no_answers),
		CASE(lockdown_is_the_word_in_brackets),
		CASE(the_capability_is_bit_22),
		CASE(secure_boot_is_one_byte_behind_four),
		CASE(files_are_kept_where_the_device_is),
		CASE(the_configuration_tells_of_forced_signatures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
