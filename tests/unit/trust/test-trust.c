/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whom keyrings and lists have: the signer, whoever issued its certificate, the image by its hash. */
#include "test.h"

#include "trust/signed-file.h"
#include "trust/trust.h"

struct asked {
	struct arena arena;
	struct view file;
	struct trust trust;
};

static void begin(struct asked *t, bool is_signed)
{
	*t = (struct asked){ 0 };
	t->file = signed_file(&t->arena, is_signed);
}

static void ask(struct asked *t, const struct table_source *files)
{
	struct error err = { 0 };

	assert_true(trust_find(t->file, &files->source, &t->arena, &t->trust, &err));
}

/* One variable with one entry: who is found by it. */
static void ask_variable(struct asked *t, const char *path, const char *guid, struct view entry)
{
	struct view bytes = signed_variable(&t->arena, guid, entry);
	const struct table_source files =
		TABLE_SOURCE({ path, (const char *)bytes.p, bytes.n, false });

	ask(t, &files);
}

static void assert_found(const struct trust_found *found, const char *in, const char *of)
{
	assert_non_null(found->in);
	assert_string_equal(found->in, in);
	assert_string_equal(found->of, of);
}

#define SIGNER "the certificate of \"Saut Test Signer\""
#define CA     "the certificate of \"Saut Test CA\""
#define IMAGE  "the image's SHA-256"

static void lists_name_the_signer_and_its_issuer(void **state)
{
	struct asked t;

	(void)state;
	begin(&t, true);
	ask_variable(&t, SIGNED_DB, SLF_X509, signed_certificate(&t.arena, t.file).bytes);
	assert_found(&t.trust.list, "db", SIGNER);
	assert_null(t.trust.revoked.in);
	assert_false(t.trust.keyrings_are_known);
	ask_variable(&t, SIGNED_MOK, SLF_X509, signed_issuer(&t.arena));
	assert_found(&t.trust.list, "MokListRT", CA);
	ask_variable(&t, SIGNED_DB, SLF_X509, view_of_string("no certificate"));
	assert_null(t.trust.list.in);
	/* Linux takes no image by its hash. */
	ask_variable(&t, SIGNED_DB, SLF_SHA256, signed_hash(&t.arena, t.file));
	assert_null(t.trust.list.in);
	arena_free(&t.arena);
}

static void lists_revoke_by_certificate_and_hash(void **state)
{
	struct asked t;

	(void)state;
	begin(&t, true);
	ask_variable(&t, SIGNED_DBX, SLF_X509, signed_certificate(&t.arena, t.file).bytes);
	assert_found(&t.trust.revoked, "dbx", SIGNER);
	assert_null(t.trust.list.in);
	ask_variable(&t, SIGNED_DBX, SLF_X509, signed_issuer(&t.arena));
	assert_found(&t.trust.revoked, "dbx", CA);
	ask_variable(&t, SIGNED_MOKX, SLF_X509_SHA256, signed_certificate_hash(&t.arena, t.file));
	assert_found(&t.trust.revoked, "MokListXRT", SIGNER);
	ask_variable(&t, SIGNED_DBX, SLF_SHA256, signed_hash(&t.arena, t.file));
	assert_found(&t.trust.revoked, "dbx", IMAGE);
	ask_variable(
		&t, SIGNED_DBX, SLF_SHA256, view_of_string("another image's, 32 bytes of it."));
	assert_null(t.trust.revoked.in);
	arena_free(&t.arena);
	begin(&t, false);
	ask_variable(&t, SIGNED_DBX, SLF_SHA256, signed_hash(&t.arena, t.file));
	assert_found(&t.trust.revoked, "dbx", IMAGE);
	assert_false(t.trust.is_signed);
	arena_free(&t.arena);
}

static void keyrings_revoke(void **state)
{
	static const char *const kinds[] = { "bin", "tbs" };
	struct asked t;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct view hash;
		const char *keys;

		begin(&t, true);
		hash = i == 0 ? signed_hash(&t.arena, t.file)
			      : view_first(signed_certificate_hash(&t.arena, t.file), DIGEST_SIZE);
		keys = arena_printf(&t.arena,
			"0badcafe I------     1 perm 0b0b0000     0     0 blacklist %s:%s\n",
			kinds[i], signed_hex(&t.arena, hash));
		{
			const struct table_source files = TABLE_SOURCE({ "proc/keys", keys },
				{ "saut/keyrings", ".blacklist 0badcafe\n.platform\n" });
			const struct table_source other = TABLE_SOURCE({ "proc/keys", keys },
				{ "saut/keyrings", ".blacklist 00000001\n.ima 0badcafe\n" });

			ask(&t, &files);
			assert_found(&t.trust.revoked, ".blacklist", i == 0 ? IMAGE : SIGNER);
			ask(&t, &other);
			assert_null(t.trust.revoked.in);
		}
		arena_free(&t.arena);
	}
}

static void a_key_may_be_trusted_and_revoked(void **state)
{
	static const char keys[] =
		"1a2b3c4d I------     1 perm 1f030000     0     0 asymmetri X: " SIGNER_KEY_ID
		": X509.rsa 2d917d3d []\n";
	const struct table_source files = TABLE_SOURCE({ "proc/keys", keys },
		{ "saut/keyrings", ".platform 1a2b3c4d\n.blacklist 1a2b3c4d\n" });
	struct asked t;

	(void)state;
	begin(&t, true);
	ask(&t, &files);
	assert_found(&t.trust.ring, ".platform", SIGNER);
	assert_found(&t.trust.revoked, ".blacklist", SIGNER);
	assert_true(t.trust.is_certain);
	arena_free(&t.arena);
}

/* Damaged, or closed to this process: not the same as empty. */
static void what_cannot_be_read_is_told(void **state)
{
	const struct table_source cut = TABLE_SOURCE({ SIGNED_DB, "\0\0\0\0cut", 7, false });
	const struct table_source secret = TABLE_SOURCE({ SIGNED_DBX, .is_unreadable = true });
	const struct table_source unmounted =
		TABLE_SOURCE({ "sys/firmware/efi/fw_platform_size", "64\n" });
	const struct table_source bios = TABLE_SOURCE({ "sys/firmware/memmap/0/type", "x\n" });
	struct asked t;

	(void)state;
	begin(&t, true);
	ask(&t, &unmounted);
	assert_non_null(strstr(t.trust.unknown, "is not mounted"));
	ask(&t, &bios);
	assert_null(t.trust.unknown);
	ask(&t, &cut);
	assert_non_null(strstr(t.trust.unknown, "db is damaged"));
	ask(&t, &secret);
	assert_non_null(strstr(t.trust.unknown, "cannot be read"));
	arena_free(&t.arena);
}

/* It is not taken for a file that is not signed, nor for one that cannot be. */
static void a_signature_that_is_cut_is_told(void **state)
{
	const struct table_source bios = TABLE_SOURCE({ "sys/firmware/memmap/0/type", "x\n" });
	struct error err = { 0 };
	struct asked t;
	struct pe pe;

	(void)state;
	begin(&t, true);
	assert_true(pe_parse(t.file, &pe, &err));
	for (size_t left = pe.certificates.n; left-- > 0;) {
		t.file.n--;
		ask(&t, &bios);
		assert_true(t.trust.is_pe && t.trust.is_signed);
		assert_non_null(strstr(t.trust.damaged, "its signature"));
	}
	arena_free(&t.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(lists_name_the_signer_and_its_issuer),
		CASE(lists_revoke_by_certificate_and_hash),
		CASE(keyrings_revoke),
		CASE(a_key_may_be_trusted_and_revoked),
		CASE(what_cannot_be_read_is_told),
		CASE(a_signature_that_is_cut_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
