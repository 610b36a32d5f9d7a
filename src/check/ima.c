/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The integrity measurement architecture may want kernels appraised (Documentation/ABI/testing/
 * ima_policy: func=KEXEC_KERNEL_CHECK): kexec_load, which has no file to show, is then refused, and
 * kexec_file_load wants a signature in the file's attributes or behind its bytes.
 */
#include "check/rows.h"
#include "base/fields.h"
#include "check/unknown.h"

static const char source[] = "https://github.com/nix-community/nixos-anywhere/issues/189";

static struct check_finding when_appraised(const struct check_subject *subject)
{
	const struct plan *plan = subject->plan;
	const struct error *refused = subject->refused;

	if (subject->machine->ima.is_lenient)
		return check_finds(subject, CHECK_NOTE,
			"IMA's policy appraises kernels, and ima_appraise= on the running kernel's "
			"command line lets them pass");
	if (refused && refused->fault == FAULT_APPRAISED)
		return check_advise(check_finds(subject, CHECK_FAIL, "%s", refused->reason),
			check_hint(subject, refused), source);
	if (plan && plan->call == CALL_LOAD)
		return check_advise(
			check_finds(subject, CHECK_FAIL,
				"IMA's policy appraises kernels (func=KEXEC_KERNEL_CHECK), and refuses "
				"kexec_load, which shows it no file"),
			"load a kernel that is signed for IMA with " FIELD_KEXEC_FILE_SYSCALL
			" (kexec_file_load)",
			source);
	return check_advise(
		check_finds(subject, CHECK_WARN,
			"IMA's policy appraises kernels (func=KEXEC_KERNEL_CHECK): this one must be "
			"signed in security.ima or behind its bytes"),
		"getfattr -m security.ima -d KERNEL tells whether it is; evmctl ima_sign signs",
		source);
}

struct check_finding check_ima(const struct check_subject *subject)
{
	const char *const *names;
	struct check_finding hidden;
	struct error unreadable;
	struct view ignored;

	if (!subject->machine)
		return check_without_machine(subject);
	if (subject->machine->ima.appraises_kernels == ANSWER_YES)
		return when_appraised(subject);
	if (!source_take_names(
		    subject->source, "sys/kernel/security", subject->arena, &names, &unreadable))
		return check_unreadable(subject, &unreadable);
	if (!names && check_is_hidden(subject, "sys/kernel", &hidden))
		return hidden;
	if (names && !names[0])
		return check_advise(check_finds(subject, CHECK_UNKNOWN,
					    "/sys/kernel/security is not mounted, where IMA's "
					    "policy would be"),
			"mount -t securityfs securityfs /sys/kernel/security", NULL);
	if (!source_take(subject->source, IMA_POLICY, subject->arena, &ignored, &unreadable))
		return check_unreadable(subject, &unreadable);
	return check_finds(
		subject, CHECK_PASS, "no rule of IMA's is about kernels that are loaded");
}
