/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Linux takes a certificate of the signature, or the issuer of the last one in it, which is known by its key
 * alone. What revokes any of them counts before what trusts it.
 */
#include "trust/trust.h"

#include "image/pe-hash.h"
#include "machine/keyrings.h"
#include "machine/signature-lists.h"

static const char image_hash[] = "the image's SHA-256";

struct seeker {
	struct trust *trust;
	struct arena *arena;
	struct keyrings keyrings;
};

static const char *certificate_of(const struct seeker *s, const char *name)
{
	const char *text = arena_printf(s->arena, "the certificate of \"%s\"", name);

	return text ? text : "a certificate";
}

/* The identifier by which a keyring would have it; its number stands in where it tells none. */
static struct view id_of(const struct x509 *c)
{
	return c->key_id.n ? c->key_id : c->serial;
}

static const struct pe_certificate *last_of(const struct pe_signature *signature)
{
	return &signature->chain[signature->chain_count - 1];
}

static void digest_of(struct view bytes, uint8_t ret[static DIGEST_SIZE])
{
	struct digest digest;

	digest_begin(&digest, DIGEST_SHA256);
	digest_add(&digest, bytes);
	digest_end(&digest, ret);
}

static void note_first(struct trust_found *found, const char *in, const char *of)
{
	if (!found->in)
		*found = (struct trust_found){ in, of };
}

/* One of the chain, or whoever issued the last of them. */
static void ask_keyrings_for(struct seeker *s, struct view id, const char *name)
{
	const char *ring = keyrings_find(&s->keyrings, id, s->arena);

	if (ring)
		note_first(&s->trust->ring, ring, certificate_of(s, name));
	if (keyrings_revoke_key(&s->keyrings, id, s->arena))
		note_first(&s->trust->revoked, ".blacklist", certificate_of(s, name));
}

static void ask_keyrings(struct seeker *s)
{
	const struct pe_signature *signature = &s->trust->signature;
	const struct view hash = { s->trust->hash, sizeof s->trust->hash };

	for (size_t i = 0; i < signature->chain_count; i++) {
		const struct pe_certificate *c = &signature->chain[i];
		uint8_t signed_hash[DIGEST_SIZE];

		ask_keyrings_for(s, id_of(&c->x509), c->name);
		if (!c->x509.signed_part.n)
			continue;
		digest_of(c->x509.signed_part, signed_hash);
		if (keyrings_revoke_hash(&s->keyrings, "tbs",
			    (struct view){ signed_hash, sizeof signed_hash }, s->arena))
			note_first(&s->trust->revoked, ".blacklist", certificate_of(s, c->name));
	}
	if (signature->chain_count)
		ask_keyrings_for(
			s, last_of(signature)->x509.issuer_key_id, last_of(signature)->issuer);
	if (s->trust->has_hash && keyrings_revoke_hash(&s->keyrings, "bin", hash, s->arena))
		note_first(&s->trust->revoked, ".blacklist", image_hash);
}

/* Whose certificate this is, of those that count; NULL: of somebody else. */
static const char *whose(const struct seeker *s, struct view bytes)
{
	const struct pe_signature *signature = &s->trust->signature;
	struct view issuer;
	struct x509 c;

	if (!signature->chain_count || !x509_read(bytes, &c))
		return NULL;
	for (size_t i = 0; i < signature->chain_count; i++)
		if (view_equal(signature->chain[i].x509.issuer, c.issuer) &&
			view_equal(signature->chain[i].x509.serial, c.serial))
			return certificate_of(s, signature->chain[i].name);
	issuer = last_of(signature)->x509.issuer_key_id;
	return issuer.n && view_equal(c.key_id, issuer)
		? certificate_of(s, last_of(signature)->issuer)
		: NULL;
}

static const char *whose_hash(const struct seeker *s, struct view hash)
{
	const struct pe_signature *signature = &s->trust->signature;

	for (size_t i = 0; i < signature->chain_count; i++) {
		uint8_t own[DIGEST_SIZE];

		digest_of(signature->chain[i].x509.signed_part, own);
		if (signature->chain[i].x509.signed_part.n &&
			view_equal(hash, (struct view){ own, sizeof own }))
			return certificate_of(s, signature->chain[i].name);
	}
	return NULL;
}

/*
 * What of the image a list has with this entry; NULL: nothing. To be trusted by its hash is between an image
 * and the firmware: Linux does not ask for that.
 */
static const char *matches(const struct seeker *s, const struct listed *entry, bool revokes)
{
	const struct trust *trust = s->trust;

	switch (entry->kind) {
	case LISTED_CERTIFICATE:
		return whose(s, entry->data);
	case LISTED_IMAGE_HASH:
		return revokes && trust->has_hash &&
				view_equal(entry->data,
					(struct view){ trust->hash, sizeof trust->hash })
			? image_hash
			: NULL;
	case LISTED_CERTIFICATE_HASH:
		return whose_hash(s, entry->data);
	case LISTED_OTHER:
		break;
	}
	return NULL;
}

static void ask_list(struct seeker *s, const struct source *source, enum signature_variable which)
{
	struct trust *trust = s->trust;
	bool revokes = signature_variable_revokes(which);
	struct trust_found *found = revokes ? &trust->revoked : &trust->list;
	const char *name = signature_variable_name(which);
	struct signature_lists lists;
	struct listed entry;
	struct error err = { 0 };

	if (!signature_variable_read(source, which, s->arena, &lists, &err)) {
		trust->unknown = arena_string(s->arena, view_of_string(err.reason));
		return;
	}
	while (signature_lists_next(&lists, &entry)) {
		const char *of = matches(s, &entry, revokes);

		if (of)
			note_first(found, name, of);
	}
	if (lists.is_damaged)
		trust->unknown =
			arena_printf(s->arena, "the firmware's variable %s is damaged", name);
}

/* Whose variables are there to be read where they are mounted alone: that is not the same as none. */
static void note_unmounted(struct trust *trust, const struct source *source, struct arena *arena)
{
	const char *const *names;

	if (!trust->unknown && source_list(source, "sys/firmware/efi", arena, &names) &&
		(!source_list(source, "sys/firmware/efi/efivars", arena, &names) || !names[0]))
		trust->unknown =
			"/sys/firmware/efi/efivars, where the firmware's lists are, is not "
			"mounted";
}

static bool note_damage(struct seeker *s, const struct error *why, struct error *err)
{
	s->trust->damaged = arena_string(s->arena, view_of_string(why->reason));
	return s->trust->damaged ? true : fail_no_memory(err);
}

/* False when memory is out. */
static bool read_image(struct seeker *s, struct view bytes, struct error *err)
{
	struct trust *trust = s->trust;
	struct error why = { 0 };
	struct pe pe;

	trust->is_pe = pe_parse(bytes, &pe, &why) || why.fault != FAULT_IMAGE_UNKNOWN;
	if (!trust->is_pe)
		return true;
	/* One that is cut within its signature says that it has one, or cannot say it any more. */
	if (why.fault) {
		trust->is_signed = true;
		return note_damage(s, &why, err);
	}
	trust->has_hash = pe_hash(&pe, s->arena, trust->hash, &why);
	if (why.fault == FAULT_NO_MEMORY) {
		*err = why;
		return false;
	}
	trust->is_signed = pe.certificates.n > 0;
	if (!trust->is_signed ||
		pe_signature_read(pe.certificates, s->arena, &trust->signature, &why))
		return true;
	trust->signature = (struct pe_signature){ 0 };
	return note_damage(s, &why, err);
}

bool trust_find(struct view bytes, const struct source *source, struct arena *arena,
	struct trust *ret, struct error *err)
{
	struct seeker s = { .trust = ret, .arena = arena };

	*ret = (struct trust){ 0 };
	if (!read_image(&s, bytes, err))
		return false;
	if (ret->signature.chain_count)
		ret->is_certain = last_of(&ret->signature)->x509.issuer_key_id.n > 0;
	ret->keyrings_are_known = keyrings_read(source, arena, &s.keyrings);
	if (ret->keyrings_are_known)
		ask_keyrings(&s);
	for (unsigned i = 0; ret->is_pe && i < SIGNATURE_VARIABLES; i++)
		ask_list(&s, source, (enum signature_variable)i);
	if (ret->is_pe)
		note_unmounted(ret, source, arena);
	return true;
}
