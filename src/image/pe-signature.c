/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* No length in it can be trusted: der.h cuts each part off what lies around it. */
#include "image/pe-signature.h"

#include "base/arith.h"
#include "image/der.h"

/* WIN_CERTIFICATE. */
enum {
	WRAPPER_SIZE = 8,
	WRAPPER_ALIGN = 8,
	REVISION_2 = 0x200,
	TYPE_PKCS7 = 2,
};

enum { CERTIFICATES_MAX = 32 };

/* Object identifiers, as DER has them. */
static const uint8_t oid_signed_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02 };

#define IS_OID(der, oid) view_equal((der).content, (struct view){ oid, sizeof oid })

struct certificates {
	struct x509 items[CERTIFICATES_MAX];
	size_t count;
};

static bool fail_damaged(struct error *err, const char *what)
{
	return fail(err, FAULT_IMAGE_CORRUPT, "its signature is damaged: %s", what);
}

static bool read_certificates(struct view bytes, struct certificates *ret, struct error *err)
{
	struct der one;

	while (der_take(&bytes, DER_SEQUENCE, &one)) {
		if (ret->count == CERTIFICATES_MAX)
			return fail(err, FAULT_IMAGE_CORRUPT,
				"its signature has more than %d certificates", CERTIFICATES_MAX);
		if (!x509_read(one.whole, &ret->items[ret->count++]))
			return fail_damaged(err, "what should be a certificate is none");
	}
	return bytes.n == 0 || fail_damaged(err, "its certificates have no end");
}

static const struct x509 *find_signer(const struct certificates *all, const struct x509 *signer)
{
	for (size_t i = 0; i < all->count; i++)
		if (view_equal(all->items[i].serial, signer->serial) &&
			view_equal(all->items[i].issuer, signer->issuer))
			return &all->items[i];
	return NULL;
}

/* By the key's identifier, which is how it tells who issued it; NULL: it is not in there, or its own. */
static const struct x509 *find_issuer(const struct certificates *all, const struct x509 *of)
{
	struct view id = of->issuer_key_id;

	for (size_t i = 0; id.n && i < all->count; i++)
		if (&all->items[i] != of && view_equal(all->items[i].key_id, id))
			return &all->items[i];
	return NULL;
}

static bool add_to_chain(const struct x509 *c, struct arena *arena, struct pe_signature *signature,
	struct error *err)
{
	struct pe_certificate *to = &signature->chain[signature->chain_count++];

	*to = (struct pe_certificate){ .x509 = *c };
	to->name = x509_name_text(c->subject, arena);
	to->issuer = x509_name_text(c->issuer, arena);
	return (to->name && to->issuer) || fail_no_memory(err);
}

static bool follow(const struct certificates *all, const struct x509 *signer, struct arena *arena,
	struct pe_signature *ret, struct error *err)
{
	const struct x509 *c = find_signer(all, signer);

	for (c = c ? c : signer; c && ret->chain_count < PE_SIGNERS_MAX; c = find_issuer(all, c))
		if (!add_to_chain(c, arena, ret, err))
			return false;
	return true;
}

/* RFC 2315, 9.2: the first of the signers, whom an issuer's name and a number stand for. */
static bool read_signer(struct view signers, struct x509 *ret)
{
	struct der signer, version, who, issuer, serial;

	if (!der_take(&signers, DER_SEQUENCE, &signer) ||
		!der_take(&signer.content, DER_INTEGER, &version) ||
		!der_take(&signer.content, DER_SEQUENCE, &who) ||
		!der_take(&who.content, DER_SEQUENCE, &issuer) ||
		!der_take(&who.content, DER_INTEGER, &serial))
		return false;
	*ret = (struct x509){ .issuer = issuer.content, .serial = serial.content };
	return true;
}

/* RFC 2315, 9.1. */
static bool read_signed_data(
	struct view data, struct arena *arena, struct pe_signature *ret, struct error *err)
{
	struct certificates all = { .count = 0 };
	struct der version, digests, content, certificates = { 0 }, signers;
	struct x509 signer;

	if (!der_take(&data, DER_INTEGER, &version) || !der_take(&data, DER_SET, &digests) ||
		!der_take(&data, DER_SEQUENCE, &content))
		return fail_damaged(err, "it has no content");
	if (der_take(&data, DER_CONTEXT_CONSTRUCTED, &certificates) &&
		!read_certificates(certificates.content, &all, err))
		return false;
	der_skip(&data, DER_CONTEXT_CONSTRUCTED | 1);
	if (!der_take(&data, DER_SET, &signers) || !read_signer(signers.content, &signer))
		return fail_damaged(err, "it names no signer");
	return follow(&all, &signer, arena, ret, err);
}

static bool read_pkcs7(
	struct view bytes, struct arena *arena, struct pe_signature *ret, struct error *err)
{
	struct der whole, kind, wrapper, data;

	if (!der_take(&bytes, DER_SEQUENCE, &whole) || !der_take(&whole.content, DER_OID, &kind) ||
		!IS_OID(kind, oid_signed_data) ||
		!der_take(&whole.content, DER_CONTEXT_CONSTRUCTED, &wrapper) ||
		!der_take(&wrapper.content, DER_SEQUENCE, &data))
		return fail_damaged(err, "it is no PKCS#7");
	return read_signed_data(data.content, arena, ret, err);
}

/* The first entry of the table; what lies behind it in *table. */
static bool take_entry(struct view *table, struct view *ret, struct error *err)
{
	struct reader r = reader_at(*table, 0);
	uint32_t length = reader_le32(&r);
	uint16_t revision = reader_le16(&r), type = reader_le16(&r);
	uint64_t step;

	if (r.overrun || length < WRAPPER_SIZE || length > table->n ||
		!ck_align_up(length, WRAPPER_ALIGN, &step))
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its signature is damaged: an entry of %u bytes in a table of %zu", length,
			table->n);
	if (revision != REVISION_2 || type != TYPE_PKCS7)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its signature is of the kind %u, revision %#x, which Linux does not read",
			type, revision);
	*ret = view_from(view_first(*table, length), WRAPPER_SIZE);
	*table = view_from(*table, step);
	return true;
}

bool pe_signature_read(
	struct view certificates, struct arena *arena, struct pe_signature *ret, struct error *err)
{
	struct pe_signature signature = { .count = 1 };
	struct view rest = certificates, first, other;
	struct error ignored;

	if (!take_entry(&rest, &first, err) || !read_pkcs7(first, arena, &signature, err))
		return false;
	while (rest.n && take_entry(&rest, &other, &ignored))
		signature.count++;
	*ret = signature;
	return true;
}
