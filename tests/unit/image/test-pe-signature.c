/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who signed a PE file: the first signature's certificates, whatever is wrong with them. */
#include "test.h"

#include <stdio.h>

#include "image/der.h"
#include "image/pe-signature.h"
#include "image/signature-file.h"

enum { ENTRY_MAX = 4096 };

/* An entry of the table with these bytes, filled up to a multiple of 8. */
static struct view entry(struct arena *a, struct view content, uint16_t type)
{
	size_t size = (8 + content.n + 7) / 8 * 8;
	struct block b = { arena_alloc(a, size), size, false };

	block_put_le32(&b, 0, (uint32_t)(8 + content.n));
	block_put_le16(&b, 4, 0x200);
	block_put_le16(&b, 6, type);
	block_put_bytes(&b, 8, content);
	assert_false(b.overrun);
	return (struct view){ b.p, b.n };
}

static struct view signature_bytes(void)
{
	return (struct view){ signature_pkcs7, sizeof signature_pkcs7 };
}

static void assert_hex(struct view v, const char *hex)
{
	char text[2 * 64 + 1] = "";

	assert_true(v.n <= 64);
	for (size_t i = 0; i < v.n; i++)
		snprintf(text + 2 * i, 3, "%02x", v.p[i]);
	assert_string_equal(text, hex);
}

static void the_signer_and_its_issuer_are_named(void **state)
{
	struct pe_signature s;
	struct error err = { 0 };
	struct arena a = { 0 };

	(void)state;
	assert_true(pe_signature_read(entry(&a, signature_bytes(), 2), &a, &s, &err));
	assert_int_equal(s.count, 1);
	assert_int_equal(s.chain_count, 1);
	assert_string_equal(s.chain[0].name, "Saut Test Signer");
	assert_string_equal(s.chain[0].issuer, "Saut Test CA");
	assert_hex(s.chain[0].x509.serial, SIGNER_SERIAL);
	assert_hex(s.chain[0].x509.key_id, SIGNER_KEY_ID);
	assert_hex(s.chain[0].x509.issuer_key_id, CA_KEY_ID);
	arena_free(&a);
}

/* As the kernel: what lies behind the first one is only counted. */
static void the_first_signature_counts(void **state)
{
	struct arena a = { 0 };
	struct view one = entry(&a, signature_bytes(), 2);
	struct view junk = entry(&a, view_of_string("not a signature"), 2);
	struct block two = { arena_alloc(&a, ENTRY_MAX), one.n + junk.n, false };
	struct pe_signature s;
	struct error err = { 0 };

	(void)state;
	block_put_bytes(&two, 0, one);
	block_put_bytes(&two, one.n, junk);
	assert_true(pe_signature_read((struct view){ two.p, two.n }, &a, &s, &err));
	assert_int_equal(s.count, 2);
	assert_string_equal(s.chain[0].name, "Saut Test Signer");

	block_put_bytes(&two, 0, junk);
	block_put_bytes(&two, junk.n, one);
	assert_false(pe_signature_read((struct view){ two.p, two.n }, &a, &s, &err));
	assert_int_equal(err.fault, FAULT_IMAGE_CORRUPT);
	assert_reason(err, "it is no PKCS#7");
	arena_free(&a);
}

static void what_linux_does_not_read_is_refused(void **state)
{
	struct arena a = { 0 };
	struct view other = entry(&a, signature_bytes(), 1);
	struct pe_signature s;
	struct error err = { 0 };

	(void)state;
	assert_false(pe_signature_read(other, &a, &s, &err));
	assert_reason(err, "of the kind 1");
	arena_free(&a);
}

/* The table's end, and the end of the signature in it. */
static void cut_at_every_byte_it_is_damaged(void **state)
{
	struct arena a = { 0 };
	struct view whole = entry(&a, signature_bytes(), 2);

	(void)state;
	for (size_t n = 0; n < 8 + sizeof signature_pkcs7; n++) {
		struct pe_signature s;
		struct error err = { 0 };

		assert_false(pe_signature_read(view_first(whole, n), &a, &s, &err));
		assert_int_equal(err.fault, FAULT_IMAGE_CORRUPT);
	}
	for (size_t n = 0; n < sizeof signature_pkcs7; n++) {
		struct pe_signature s;
		struct error err = { 0 };

		assert_false(pe_signature_read(
			entry(&a, view_first(signature_bytes(), n), 2), &a, &s, &err));
		assert_int_equal(err.fault, FAULT_IMAGE_CORRUPT);
	}
	arena_free(&a);
}

/* Each byte of what is read, in two ways: it is refused, or what is told of it lies inside. */
static void a_wrong_byte_leads_nowhere_else(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof signature_pkcs7; i++)
		for (int flip = 0; flip < 2; flip++) {
			uint8_t bytes[sizeof signature_pkcs7];
			struct pe_signature s;
			struct error err = { 0 };
			struct arena b = { 0 };

			memcpy(bytes, signature_pkcs7, sizeof bytes);
			bytes[i] ^= flip ? 0xff : 0x01;
			if (pe_signature_read(entry(&b, (struct view){ bytes, sizeof bytes }, 2),
				    &b, &s, &err))
				assert_in_range(s.chain_count, 1, PE_SIGNERS_MAX);
			else
				assert_int_equal(err.fault, FAULT_IMAGE_CORRUPT);
			arena_free(&b);
		}
	arena_free(&a);
}

static void lengths_are_not_believed(void **state)
{
	static const struct {
		uint8_t bytes[8];
		size_t n;
		bool taken;
	} cases[] = {
		{ { 0x30, 0x00 }, 2, true },
		{ { 0x30, 0x02, 1, 2 }, 4, true },
		{ { 0x30, 0x81, 0x02, 1, 2 }, 5, true },
		{ { 0x30, 0x02, 1 }, 3, false },
		{ { 0x30, 0x80, 0, 0 }, 4, false },             /* indefinite */
		{ { 0x30, 0x85, 0, 0, 0, 0, 1, 0 }, 8, false }, /* too long a length */
		{ { 0x30, 0x84, 0xff, 0xff, 0xff, 0xff }, 6, false },
		{ { 0x1f, 0x01, 0 }, 3, false }, /* a long tag */
		{ { 0x30, 0x82, 0 }, 3, false },
		{ { 0x30 }, 1, false },
		{ { 0 }, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct view v = { cases[i].bytes, cases[i].n };
		struct der der;

		assert_int_equal(der_next(&v, &der), cases[i].taken);
		assert_int_equal(v.n, cases[i].taken ? 0 : cases[i].n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_signer_and_its_issuer_are_named),
		CASE(the_first_signature_counts),
		CASE(what_linux_does_not_read_is_refused),
		CASE(cut_at_every_byte_it_is_damaged),
		CASE(a_wrong_byte_leads_nowhere_else),
		CASE(lengths_are_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
