/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

#include "trust/signed-file.h"

#define SIGNER_KEY                                                                                          \
	"1a2b3c4d I------     1 perm 1f030000     0     0 asymmetri Saut: Saut Test Signer: " SIGNER_KEY_ID \
	": X509.rsa 2d917d3d []\n"
#define CA_KEY                                                                                \
	"0badcafe I------     1 perm 1f030000     0     0 asymmetri Saut Test CA: " CA_KEY_ID \
	": X509.rsa 0a6691dc []\n"
#define RING "2a000001 I------     2 perm 1f0f0000     0     0 keyring   .platform: 1\n"

#define LOCKED   "none [integrity] confidentiality\n"
#define UNLOCKED "[none] integrity confidentiality\n"

#define CONFIG "boot/config-6.12.0"

struct given {
	const char *keys, *rings, *lockdown, *config, *ima, *mok;
	bool is_signed;
	enum kexec_call call; /* of the plan; CALL_AUTO: there is none */
	enum check_result result;
	const char *says, *advises, *never;
};

static void sign(struct checked *c, bool is_signed)
{
	c->image.bytes = signed_file(&c->arena, is_signed);
	c->subject.image = &c->image;
}

static void ask(const struct given *g, size_t number)
{
	const struct table_source files = TABLE_SOURCE({ "saut/uname", "6.12.0 x86_64\n" },
		{ "saut/syscalls", "kexec_load yes\nkexec_file_load yes\n" },
		{ "proc/iomem", "00000000-3fffffff : System RAM\n" }, { "proc/keys", g->keys },
		{ "saut/keyrings", g->rings }, { "sys/kernel/security/lockdown", g->lockdown },
		{ CONFIG, g->config }, { "sys/kernel/security/ima/policy", g->ima },
		{ SIGNED_MOK, g->mok });
	struct check_finding finding;
	struct checked c;

	checked_made(&c, &files);
	sign(&c, g->is_signed);
	c.plan.call = g->call;
	c.subject.plan = g->call == CALL_AUTO ? NULL : &c.plan;
	finding = check_secure_boot(&c.subject);
	print_message("case %zu: %s\n", number, finding.reason);
	assert_finding(finding, g->result, g->says);
	if (g->advises)
		assert_non_null(strstr(finding.advice, g->advises));
	if (g->never)
		assert_null(strstr(finding.advice, g->never));
	checked_free(&c);
}

static void the_signer_is_named_and_looked_for(void **state)
{
	static const struct given cases[] = {
		{ SIGNER_KEY RING, ".platform 1a2b3c4d\n", LOCKED, .is_signed = true,
			.result = CHECK_PASS,
			.says = ".platform has the certificate of \"Saut Test Signer\"" },
		/* by whom it was issued */
		{ RING CA_KEY, ".builtin_trusted_keys 00000001 0badcafe\n.machine\n", LOCKED,
			.is_signed = true, .result = CHECK_PASS,
			.says = ".builtin_trusted_keys has the certificate of \"Saut Test CA\"" },
		/* a key that is in no keyring which counts */
		{ SIGNER_KEY RING, ".platform 00000007\n.ima 1a2b3c4d\n", LOCKED, .is_signed = true,
			.result = CHECK_FAIL,
			.says = "by \"Saut Test Signer\", issued by \"Saut Test CA\"",
			.advises = "db", .never = "-c" },
		{ SIGNER_KEY RING, ".platform\n", LOCKED, .mok = "x", .is_signed = true,
			.result = CHECK_FAIL, .says = "none of the kernel's keyrings",
			.advises = "mokutil", .never = "-c" },
		{ RING, ".platform\n", LOCKED, .result = CHECK_FAIL, .says = "it is not signed",
			.never = "-c" },
		/* forced, but not locked down */
		{ RING, ".platform\n", UNLOCKED, "CONFIG_KEXEC_SIG_FORCE=y\n", .result = CHECK_FAIL,
			.says = "it is not signed", .advises = "load with" },
		/* what is not known is not known */
		{ NULL, NULL, LOCKED, .is_signed = true, .result = CHECK_UNKNOWN,
			.says = "cannot be read" },
		{ RING, NULL, LOCKED, .is_signed = true, .result = CHECK_UNKNOWN,
			.says = "cannot be read" },
		{ RING, ".platform\n", NULL, .result = CHECK_WARN, .says = "may want" },
		/* IMA may verify it otherwise */
		{ RING, ".platform\n", LOCKED,
			.ima = "measure func=KEXEC_KERNEL_CHECK\nappraise "
			       "func=KEXEC_KERNEL_CHECK appraise_type=imasig\n",
			.result = CHECK_WARN, .says = "it is not signed" },
		/* nobody asks */
		{ RING, ".platform\n", UNLOCKED, "# CONFIG_KEXEC_SIG_FORCE is not set\n",
			.result = CHECK_PASS, .says = "does not ask" },
		{ RING, ".platform\n", UNLOCKED, .call = CALL_LOAD, .result = CHECK_PASS,
			.says = "by kexec_load" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ask(&cases[i], i);
}

/* A machine whose firmware has one entry in one list, and whose kernel shows no keyring. */
static void ask_listed(
	const char *path, const char *lockdown, enum check_result result, const char *says)
{
	struct arena a = { 0 };
	struct view signer = signed_certificate(&a, signed_file(&a, true)).bytes;
	struct view bytes = signed_variable(&a, SLF_X509, signer);
	const struct table_source files = TABLE_SOURCE({ "saut/uname", "6.12.0 x86_64\n" },
		{ "saut/syscalls", "kexec_load yes\nkexec_file_load yes\n" },
		{ "proc/iomem", "00000000-3fffffff : System RAM\n" },
		{ CONFIG, "# CONFIG_KEXEC_SIG_FORCE is not set\n" },
		{ "sys/kernel/security/lockdown", lockdown },
		{ path, (const char *)bytes.p, bytes.n, false });
	struct check_finding finding;
	struct checked c;

	checked_made(&c, &files);
	sign(&c, true);
	finding = check_secure_boot(&c.subject);
	assert_finding(finding, result, says);
	assert_true((result == CHECK_FAIL) == (finding.advice != NULL));
	checked_free(&c);
	arena_free(&a);
}

static void what_the_firmware_lists_is_told(void **state)
{
	(void)state;
	ask_listed(SIGNED_DB, LOCKED, CHECK_UNKNOWN,
		"cannot be read; the firmware's db has the certificate of \"Saut Test Signer\"");
	ask_listed(SIGNED_DBX, LOCKED, CHECK_FAIL,
		"dbx has the certificate of \"Saut Test Signer\" among what is revoked");
	ask_listed(SIGNED_MOKX, LOCKED, CHECK_FAIL, "MokListXRT has");
	ask_listed(SIGNED_DBX, UNLOCKED, CHECK_NOTE, "does not ask for a signature");
}

static void a_captured_machine_without_secure_boot_passes(void **state)
{
	struct checked c;

	(void)state;
	checked_captured(&c, "q35-uefi-5g");
	sign(&c, false);
	assert_finding(check_secure_boot(&c.subject), CHECK_PASS, "it is not signed");
	c.ability.lockdown = LOCKDOWN_INTEGRITY;
	assert_finding(check_secure_boot(&c.subject), CHECK_FAIL, "it is not signed");
	c.subject.image = NULL;
	assert_finding(check_secure_boot(&c.subject), CHECK_UNKNOWN, "not known");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_signer_is_named_and_looked_for),
		CASE(what_the_firmware_lists_is_told),
		CASE(a_captured_machine_without_secure_boot_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
