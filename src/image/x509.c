/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* No length in it can be trusted: der.h cuts each part off what lies around it. */
#include "image/x509.h"

#include "image/der.h"

/* Object identifiers, as DER has them. */
static const uint8_t oid_common_name[] = { 0x55, 0x04, 0x03 };
static const uint8_t oid_organisation[] = { 0x55, 0x04, 0x0a };
static const uint8_t oid_key_id[] = { 0x55, 0x1d, 0x0e };
static const uint8_t oid_issuer_key_id[] = { 0x55, 0x1d, 0x23 };

#define IS_OID(der, oid) view_equal((der).content, (struct view){ oid, sizeof oid })

/* A name is a sequence of sets of pairs (RFC 5280, 4.1.2.4); the last one of a kind is the nearest. */
static struct view find_in_name(struct view name, struct view oid)
{
	struct view found = { 0 };
	struct der set, pair, kind, value;

	while (der_take(&name, DER_SET, &set))
		while (der_take(&set.content, DER_SEQUENCE, &pair))
			if (der_take(&pair.content, DER_OID, &kind) &&
				view_equal(kind.content, oid) && der_next(&pair.content, &value))
				found = value.content;
	return found;
}

const char *x509_name_text(struct view name, struct arena *arena)
{
	struct view text =
		find_in_name(name, (struct view){ oid_common_name, sizeof oid_common_name });

	if (text.n == 0)
		text = find_in_name(
			name, (struct view){ oid_organisation, sizeof oid_organisation });
	return arena_string(arena, text);
}

/* RFC 5280, 4.2.1.1 and 4.2.1.2. */
static void read_extension(struct view extension, struct x509 *ret)
{
	enum { DER_BOOLEAN = 0x01 };
	struct der kind, value, inner;

	if (!der_take(&extension, DER_OID, &kind))
		return;
	der_skip(&extension, DER_BOOLEAN);
	if (!der_take(&extension, DER_OCTETS, &value))
		return;
	if (IS_OID(kind, oid_key_id) && der_take(&value.content, DER_OCTETS, &inner))
		ret->key_id = inner.content;
	if (IS_OID(kind, oid_issuer_key_id) && der_take(&value.content, DER_SEQUENCE, &inner) &&
		der_take(&inner.content, DER_CONTEXT, &value))
		ret->issuer_key_id = value.content;
}

static void read_extensions(struct view rest, struct x509 *ret)
{
	struct der wrapper, list, extension;

	der_skip(&rest, DER_CONTEXT | 1);
	der_skip(&rest, DER_CONTEXT | 2);
	if (!der_take(&rest, DER_CONTEXT_CONSTRUCTED | 3, &wrapper) ||
		!der_take(&wrapper.content, DER_SEQUENCE, &list))
		return;
	while (der_take(&list.content, DER_SEQUENCE, &extension))
		read_extension(extension.content, ret);
}

/* RFC 5280, 4.1. */
bool x509_read(struct view bytes, struct x509 *ret)
{
	struct der whole, body, serial, algorithm, issuer, validity, subject, key;
	struct x509 c;
	struct view v;

	if (!der_take(&bytes, DER_SEQUENCE, &whole) ||
		!der_take(&whole.content, DER_SEQUENCE, &body))
		return false;
	v = body.content;
	der_skip(&v, DER_CONTEXT_CONSTRUCTED);
	if (!der_take(&v, DER_INTEGER, &serial) || !der_take(&v, DER_SEQUENCE, &algorithm) ||
		!der_take(&v, DER_SEQUENCE, &issuer) || !der_take(&v, DER_SEQUENCE, &validity) ||
		!der_take(&v, DER_SEQUENCE, &subject) || !der_take(&v, DER_SEQUENCE, &key))
		return false;
	c = (struct x509){ .bytes = whole.whole,
		.signed_part = body.whole,
		.subject = subject.content,
		.issuer = issuer.content,
		.serial = serial.content };
	read_extensions(v, &c);
	*ret = c;
	return true;
}
