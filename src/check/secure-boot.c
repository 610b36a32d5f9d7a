/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether the running kernel will take the image's signature: who signed it, whether one of the keyrings
 * that kexec_file_load asks has the key or that of an issuer, and whether any of that is revoked. Linux looks
 * at the first signature alone (crypto/asymmetric_keys/verify_pefile.c). Whether the signature is sound is for
 * the kernel to say. That an image is revoked by its hash counts as it does to firmware and shim, whether the
 * running kernel looks or not.
 */
#include "check/rows.h"

#include "base/fields.h"
#include "trust/trust.h"

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
	return subject->machine && subject->machine->ima.appraises_kernels == ANSWER_YES;
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
		may_load ? ", or load with " FIELD_KEXEC_SYSCALL : "");
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

/* What is revoked was trusted once: that a keyring still has it is of no use. */
static struct check_finding revoked(
	const struct check_subject *subject, enum answer asked, const struct trust_found *by)
{
	struct check_finding finding;

	if (asked == ANSWER_NO)
		return check_finds(subject, CHECK_NOTE,
			"%s has %s among what is revoked, and the running kernel does not ask for "
			"a signature",
			by->in, by->of);
	finding = check_finds(subject, asked == ANSWER_YES ? CHECK_FAIL : CHECK_WARN,
		"%s has %s among what is revoked", by->in, by->of);
	finding.advice = "choose a newer kernel of the distribution: what is revoked has a hole";
	return finding;
}

/* ", and the firmware's db has ...": what else is known of whom it is by. */
static const char *listed(const struct check_subject *subject, const struct trust *trust)
{
	const char *text = "";

	if (trust->list.in)
		text = arena_printf(subject->arena, "; the firmware's %s has %s", trust->list.in,
			trust->list.of);
	if (text && trust->unknown)
		text = arena_printf(subject->arena, "%s; %s", text, trust->unknown);
	return text ? text : "";
}

static struct check_finding judge(
	const struct check_subject *subject, enum answer asked, const struct trust *trust)
{
	const struct pe_certificate *signer = &trust->signature.chain[0];
	const char *first = trust->signature.count > 1 ? " by the first of its signatures" : "";
	const char *more = listed(subject, trust);
	const char *by = arena_printf(subject->arena, "it is signed%s by \"%s\", issued by \"%s\"",
		first, signer->name, signer->issuer);

	if (!trust->keyrings_are_known)
		return check_finds(subject, asked == ANSWER_NO ? CHECK_PASS : CHECK_UNKNOWN,
			"%s; the keyrings of the running kernel cannot be read%s", by, more);
	if (trust->ring.in)
		return check_finds(subject, CHECK_PASS, "%s; the keyring %s has %s%s", by,
			trust->ring.in, trust->ring.of, more);
	if (!trust->is_certain && asked != ANSWER_NO)
		return check_finds(subject, CHECK_UNKNOWN,
			"%s; none of the kernel's keyrings has that certificate, and that of the "
			"issuer is not known by its key%s",
			by, more);
	return untrusted(subject, asked,
		arena_printf(subject->arena,
			"%s, and none of the kernel's keyrings has either certificate%s", by,
			more));
}

static struct check_finding look_at_signature(
	const struct check_subject *subject, enum answer asked)
{
	struct trust trust;
	struct error err = { 0 };

	if (!trust_find(subject->image->bytes, subject->source, subject->arena, &trust, &err))
		return check_finds(subject, CHECK_UNKNOWN, "%s", err.reason);
	if (trust.revoked.in)
		return revoked(subject, asked, &trust.revoked);
	if (!trust.is_pe)
		return untrusted(subject, asked, "it is no PE file, which could carry a signature");
	if (!trust.is_signed)
		return untrusted(subject, asked, "it is not signed");
	if (trust.damaged)
		return untrusted(subject, asked, trust.damaged);
	return judge(subject, asked, &trust);
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
