/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The integrity measurement architecture may want kernels appraised (Documentation/ABI/testing/
 * ima_policy: func=KEXEC_KERNEL_CHECK): kexec_load, which has no file to show, is then refused, and
 * kexec_file_load wants a signature in the file's attributes or behind its bytes.
 */
#include "check/rows.h"
#include "base/fields.h"
#include "check/unknown.h"
#include "machine/text.h"
#include "plan/parameters.h"

static const char policy[] = "sys/kernel/security/ima/policy";
static const char source[] = "https://github.com/nix-community/nixos-anywhere/issues/189";

static bool appraises_kernels(struct view rules)
{
	struct view line, rest, word;

	while (text_line(&rules, &line)) {
		rest = line;
		if (text_word(&rest, &word) && text_is(word, "appraise") &&
			text_has_word(line, "func=KEXEC_KERNEL_CHECK"))
			return true;
	}
	return false;
}

/* A policy that is built in and asked for on the running kernel's command line. */
static bool asked_for(const char *line)
{
	const char *value;

	while (parameters_next(&line, "ima_policy=", &value)) {
		struct view words = view_first(view_of_string(value), (uint64_t)(line - value));
		struct view word = { 0 };

		/* Several are separated by | (Documentation/admin-guide/kernel-parameters.txt). */
		while (text_cut(&words, '|', &word))
			if (text_is(text_trim(word), "secure_boot"))
				return true;
		if (text_is(text_trim(words), "secure_boot"))
			return true;
	}
	return false;
}

/* It is written down that this is off, or only told. */
static bool is_lenient(const char *line)
{
	return parameters_have(line, "ima_appraise=off") ||
		parameters_have(line, "ima_appraise=log") ||
		parameters_have(line, "ima_appraise=fix");
}

static struct check_finding when_appraised(const struct check_subject *subject)
{
	const struct plan *plan = subject->plan;

	if (is_lenient(subject->machine->command_line))
		return check_finds(subject, CHECK_NOTE,
			"IMA's policy appraises kernels, and ima_appraise= on the running kernel's "
			"command line lets them pass");
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
	struct view rules;

	if (!subject->machine)
		return check_without_machine(subject);
	if (asked_for(subject->machine->command_line))
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
	if (!source_take(subject->source, policy, subject->arena, &rules, &unreadable))
		return check_unreadable(subject, &unreadable);
	if (appraises_kernels(rules))
		return when_appraised(subject);
	return check_finds(
		subject, CHECK_PASS, "no rule of IMA's is about kernels that are loaded");
}
