/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether the running kernel will take the image's signature: who signed it, and whether one of the keyrings
 * that kexec_file_load asks has the key or that of an issuer. Linux looks at the first signature alone
 * (crypto/asymmetric_keys/verify_pefile.c). Whether the signature is sound is for the kernel to say.
 */
#include "check/rows.h"

#include "image/pe-signature.h"
#include "image/pe.h"
#include "machine/keyrings.h"
#include "machine/text.h"

#define EFI_MOK_LIST "sys/firmware/efi/efivars/MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23"

/* Whether a load is refused where the signature is not one to trust. */
static enum answer is_asked_for(const struct kexec_ability *ability)
{
	if (kexec_is_locked_down(ability) || ability->signature_forced == ANSWER_YES)
		return ANSWER_YES;
	if (ability->lockdown == LOCKDOWN_NONE && ability->signature_forced == ANSWER_NO &&
		ability->secure_boot != ANSWER_YES)
		return ANSWER_NO;
	return ANSWER_UNKNOWN;
}

/* An IMA policy that appraises kernels stands in for a signature of the image. */
static bool ima_may_verify(const struct check_subject *subject)
{
	struct view policy, line;

	if (!source_read(
		    subject->source, "sys/kernel/security/ima/policy", subject->arena, &policy))
		return false;
	while (text_line(&policy, &line))
		if (text_has_word(line, "appraise") &&
			text_has_word(line, "func=KEXEC_KERNEL_CHECK"))
			return true;
	return false;
}

/* What to do about a signature that is not trusted; never -c where that is forbidden. */
static const char *advice(const struct check_subject *subject)
{
	const struct kexec_ability *ability = subject->ability;
	struct view ignored;
	const char *enroll = source_read(subject->source, EFI_MOK_LIST, subject->arena, &ignored)
		? "or enroll the certificate (mokutil --import FILE, then a reboot through the "
		  "firmware)"
		: "or sign it by a key whose certificate the firmware's db has (sbattach --remove "
		  "takes other signatures off, sbsign signs)";
	bool may_load = !kexec_is_locked_down(ability) && ability->load != ANSWER_NO;

	return arena_printf(subject->arena,
		"choose a kernel of the distribution that is running, %s%s", enroll,
		may_load ? ", or load by kexec -c" : "");
}

static struct check_finding untrusted(
	const struct check_subject *subject, enum answer asked, const char *reason)
{
	struct check_finding finding;

	if (asked == ANSWER_NO)
		return check_finds(subject, CHECK_PASS,
			"%s, and the running kernel does not ask for a signature", reason);
	if (asked == ANSWER_YES && !ima_may_verify(subject))
		finding = check_finds(subject, CHECK_FAIL,
			"%s, and the running kernel wants a signature that it trusts", reason);
	else
		finding = check_finds(subject, CHECK_WARN,
			"%s, and the running kernel may want a signature that it trusts", reason);
	finding.advice = advice(subject);
	return finding;
}

/* The identifier by which a keyring would have it; its number stands in where it tells none. */
static struct view id_of(const struct pe_certificate *c)
{
	return c->key_id.n ? c->key_id : c->serial;
}

struct found {
	const char *ring, *name; /* whose certificate is in it; NULL: nobody's */
	bool is_certain;         /* all of whom the kernel would look for are known */
};

static struct found find_key(const struct check_subject *subject, const struct keyrings *keyrings,
	const struct pe_signature *signature)
{
	const struct pe_certificate *last = &signature->chain[signature->chain_count - 1];
	struct found found = { .is_certain = last->issuer_key_id.n > 0 };

	for (size_t i = 0; i < signature->chain_count; i++) {
		found.name = signature->chain[i].name;
		found.ring = keyrings_find(keyrings, id_of(&signature->chain[i]), subject->arena);
		if (found.ring)
			return found;
	}
	found.name = last->issuer;
	found.ring = keyrings_find(keyrings, last->issuer_key_id, subject->arena);
	return found;
}

static struct check_finding judge(const struct check_subject *subject, enum answer asked,
	const struct pe_signature *signature)
{
	const struct pe_certificate *signer = &signature->chain[0];
	const char *first = signature->count > 1 ? " by the first of its signatures" : "";
	struct keyrings keyrings;
	struct found found;
	const char *by = arena_printf(subject->arena, "it is signed%s by \"%s\", issued by \"%s\"",
		first, signer->name, signer->issuer);

	if (!keyrings_read(subject->source, subject->arena, &keyrings))
		return check_finds(subject, asked == ANSWER_NO ? CHECK_PASS : CHECK_UNKNOWN,
			"%s; the keyrings of the running kernel cannot be read", by);
	found = find_key(subject, &keyrings, signature);
	if (found.ring)
		return check_finds(subject, CHECK_PASS,
			"%s; the keyring %s has the certificate of \"%s\"", by, found.ring,
			found.name);
	if (!found.is_certain && asked != ANSWER_NO)
		return check_finds(subject, CHECK_UNKNOWN,
			"%s; none of the kernel's keyrings has that certificate, and that of the "
			"issuer is not known by its key",
			by);
	return untrusted(subject, asked,
		arena_printf(subject->arena,
			"%s, and none of the kernel's keyrings has either certificate", by));
}

static struct check_finding look_at_signature(
	const struct check_subject *subject, enum answer asked)
{
	struct pe_signature signature;
	struct error err = { 0 };
	struct pe pe;

	if (!pe_parse(subject->image->bytes, &pe, &err))
		return untrusted(subject, asked, "it is no PE file, which could carry a signature");
	if (pe.certificates.n == 0)
		return untrusted(subject, asked, "it is not signed");
	if (!pe_signature_read(pe.certificates, subject->arena, &signature, &err))
		return untrusted(
			subject, asked, arena_string(subject->arena, view_of_string(err.reason)));
	return judge(subject, asked, &signature);
}

struct check_finding check_secure_boot(const struct check_subject *subject)
{
	enum answer asked = is_asked_for(subject->ability);

	if (subject->plan && subject->plan->call == CALL_LOAD)
		return check_finds(subject, CHECK_PASS,
			"it is loaded by kexec_load, which asks for no signature");
	if (!subject->image)
		return check_finds(subject, asked == ANSWER_NO ? CHECK_PASS : CHECK_UNKNOWN,
			"the kernel that would be loaded is not known");
	return look_at_signature(subject, asked);
}
