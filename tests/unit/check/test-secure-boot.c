/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

#include "image/pe-file.h"
#include "image/signature-file.h"

#define SIGNER_KEY                                                                                          \
	"1a2b3c4d I------     1 perm 1f030000     0     0 asymmetri Saut: Saut Test Signer: " SIGNER_KEY_ID \
	": X509.rsa 2d917d3d []\n"
#define CA_KEY                                                                                \
	"0badcafe I------     1 perm 1f030000     0     0 asymmetri Saut Test CA: " CA_KEY_ID \
	": X509.rsa 0a6691dc []\n"
#define RING "2a000001 I------     2 perm 1f0f0000     0     0 keyring   .platform: 1\n"

#define LOCKED   "none [integrity] confidentiality\n"
#define UNLOCKED "[none] integrity confidentiality\n"

#define CONFIG   "boot/config-6.12.0"
#define MOK_LIST "sys/firmware/efi/efivars/MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23"

struct given {
	const char *keys, *rings, *lockdown, *config, *ima, *mok;
	bool is_signed;
	enum kexec_call call; /* of the plan; CALL_AUTO: there is none */
	enum check_result result;
	const char *says, *advises, *never;
};

/* The bytes of a bzImage do not matter here: it is a PE file. */
static void sign(struct checked *c, bool is_signed)
{
	static const struct pef_section text = { .name = ".text", .text = "kernel" };
	size_t size = (8 + sizeof signature_pkcs7 + 7) / 8 * 8;
	struct block table = { arena_alloc(&c->arena, size), is_signed ? size : 0, false };

	if (is_signed) {
		block_put_le32(&table, 0, 8 + sizeof signature_pkcs7);
		block_put_le16(&table, 4, 0x200);
		block_put_le16(&table, 6, 2);
		block_put_bytes(
			&table, 8, (struct view){ signature_pkcs7, sizeof signature_pkcs7 });
	}
	c->image.bytes = pef_view(pef_make_signed(
		&c->arena, PEF_X86_64, &text, 1, (struct view){ table.p, table.n }));
	c->subject.image = &c->image;
}

static void ask(const struct given *g, size_t number)
{
	const struct table_source files = TABLE_SOURCE({ "saut/uname", "6.12.0 x86_64\n" },
		{ "saut/syscalls", "kexec_load yes\nkexec_file_load yes\n" },
		{ "proc/iomem", "00000000-3fffffff : System RAM\n" }, { "proc/keys", g->keys },
		{ "saut/keyrings", g->rings }, { "sys/kernel/security/lockdown", g->lockdown },
		{ CONFIG, g->config }, { "sys/kernel/security/ima/policy", g->ima },
		{ MOK_LIST, g->mok });
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
			.says = "it is not signed", .advises = "kexec -c" },
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
		CASE(a_captured_machine_without_secure_boot_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
