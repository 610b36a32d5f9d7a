/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A PE file that "Saut Test Signer" has signed, and lists that name it or who issued its certificate. */
#pragma once

#include "image/pe-file.h"
#include "image/pe-hash.h"
#include "image/pe-signature.h"
#include "image/signature-file.h"
#include "machine/signature-list-file.h"
#include "machine/table-source.h"

#define SIGNED_EFIVARS "sys/firmware/efi/efivars/"
#define SIGNED_DB      SIGNED_EFIVARS "db-d719b2cb-3d3a-4596-a3bc-dad00e67656f"
#define SIGNED_DBX     SIGNED_EFIVARS "dbx-d719b2cb-3d3a-4596-a3bc-dad00e67656f"
#define SIGNED_MOK     SIGNED_EFIVARS "MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23"
#define SIGNED_MOKX    SIGNED_EFIVARS "MokListXRT-605dab50-e046-4300-abb6-3dd810dd8b23"

/* The bytes of a bzImage do not matter here: it is a PE file. */
static inline struct view signed_file(struct arena *a, bool is_signed)
{
	static const struct pef_section text = { .name = ".text", .text = "kernel" };
	size_t size = (8 + sizeof signature_pkcs7 + 7) / 8 * 8;
	struct block table = { arena_alloc(a, size), is_signed ? size : 0, false };

	if (is_signed) {
		block_put_le32(&table, 0, 8 + sizeof signature_pkcs7);
		block_put_le16(&table, 4, 0x200);
		block_put_le16(&table, 6, 2);
		block_put_bytes(
			&table, 8, (struct view){ signature_pkcs7, sizeof signature_pkcs7 });
	}
	return pef_view(
		pef_make_signed(a, PEF_X86_64, &text, 1, (struct view){ table.p, table.n }));
}

static inline struct x509 signed_certificate(struct arena *a, struct view file)
{
	struct pe_signature signature;
	struct error err = { 0 };
	struct pe pe;

	assert_true(pe_parse(file, &pe, &err));
	assert_true(pe_signature_read(pe.certificates, a, &signature, &err));
	return signature.chain[0].x509;
}

/* A variable with one entry in it. */
static inline struct view signed_variable(struct arena *a, const char *guid, struct view entry)
{
	return slf_join(a, 4, slf_list(a, guid, entry.n, entry), (struct view){ 0 });
}

/* The file's own hash, and that of its signer's certificate. */
static inline struct view signed_hash(struct arena *a, struct view file)
{
	uint8_t *hash = arena_alloc(a, DIGEST_SIZE);
	struct error err = { 0 };
	struct pe pe;

	assert_true(pe_parse(file, &pe, &err) && pe_hash(&pe, a, hash, &err));
	return (struct view){ hash, DIGEST_SIZE };
}

static inline struct view signed_certificate_hash(struct arena *a, struct view file)
{
	enum { TIME_SIZE = 16 };
	uint8_t *hash = arena_alloc(a, DIGEST_SIZE + TIME_SIZE);
	struct digest digest;

	digest_begin(&digest, DIGEST_SHA256);
	digest_add(&digest, signed_certificate(a, file).signed_part);
	digest_end(&digest, hash);
	return (struct view){ hash, DIGEST_SIZE + TIME_SIZE };
}

/* "bin:HEX" and the like, as a keyring describes it. */
static inline const char *signed_hex(struct arena *a, struct view v)
{
	const char *text = "";

	for (size_t i = 0; i < v.n; i++)
		text = arena_printf(a, "%s%02x", text, v.p[i]);
	return text;
}

/* A certificate that has nothing but this key. */
static inline struct view signed_issuer(struct arena *a)
{
	static const uint8_t begin[] = { 0x30, 0x32, 0x30, 0x30, 0x02, 0x01, 0x01, 0x30, 0, 0x30, 0,
		0x30, 0, 0x30, 0, 0x30, 0, 0xa3, 0x21, 0x30, 0x1f, 0x30, 0x1d, 0x06, 0x03, 0x55,
		0x1d, 0x0e, 0x04, 0x16, 0x04, 0x14 };
	static const char hex[] = CA_KEY_ID;
	struct block b = { arena_alloc(a, sizeof begin + 20), sizeof begin + 20, false };

	block_put_bytes(&b, 0, (struct view){ begin, sizeof begin });
	for (size_t i = 0; i < 20; i++) {
		const char digits[] = { hex[2 * i], hex[2 * i + 1], '\0' };

		block_put_u8(&b, sizeof begin + i, (uint8_t)strtoul(digits, NULL, 16));
	}
	return (struct view){ b.p, b.n };
}
