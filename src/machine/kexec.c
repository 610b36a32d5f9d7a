/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What kexec can do here and who forbids it: system calls, capability, sysctls (Documentation/
 * admin-guide/sysctl/kernel.rst), lockdown, Secure Boot. Only asks; the kernel has the last word.
 */
#include <string.h>

#include "machine/config.h"
#include "machine/facts.h"

enum { CAP_SYS_BOOT_BIT = 22 }; /* include/uapi/linux/capability.h */

#define SECURE_BOOT "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

const char *release_capture(const struct source *source, struct arena *arena)
{
	struct view text = fact_text(source, arena, "saut/uname"), word;
	const char *release = text_word(&text, &word) ? arena_string(arena, word) : NULL;

	return release ? release : "";
}

/* The same fact under the name that it has since Linux 7.0, and under its old one. */
static enum answer either_answer(
	const struct source *source, struct arena *arena, const char *newer, const char *older)
{
	enum answer answer = fact_answer(source, arena, newer);

	return answer != ANSWER_UNKNOWN ? answer : fact_answer(source, arena, older);
}

/* A line "NAME yes" or "NAME no". */
static enum answer syscall_answer(struct view syscalls, const char *name)
{
	struct view value;

	if (!text_value(syscalls, name, ' ', &value))
		return ANSWER_UNKNOWN;
	if (text_is(value, "yes"))
		return ANSWER_YES;
	return text_is(value, "no") ? ANSWER_NO : ANSWER_UNKNOWN;
}

static enum answer may_boot(const struct source *source, struct arena *arena)
{
	struct view status = fact_text(source, arena, "proc/self/status"), value;
	uint64_t capabilities;

	if (!text_value(status, "CapEff", ':', &value) || !text_hex(value, &capabilities))
		return ANSWER_UNKNOWN;
	return capabilities >> CAP_SYS_BOOT_BIT & 1 ? ANSWER_YES : ANSWER_NO;
}

/* The word in brackets of "none [integrity] confidentiality". */
static enum lockdown lockdown_capture(const struct source *source, struct arena *arena)
{
	struct view text = fact_text(source, arena, "sys/kernel/security/lockdown");

	if (text_has_word(text, "[none]"))
		return LOCKDOWN_NONE;
	if (text_has_word(text, "[integrity]"))
		return LOCKDOWN_INTEGRITY;
	return text_has_word(text, "[confidentiality]") ? LOCKDOWN_CONFIDENTIALITY
							: LOCKDOWN_UNKNOWN;
}

/* efivarfs puts 4 bytes of attributes before a variable's data; SecureBoot is one byte. */
static enum answer secure_boot(const struct source *source, struct arena *arena)
{
	enum { ATTRIBUTES = 4, SIZE = 5 };
	const char *const *names;
	struct error ignored;
	struct view variable;

	if (source_read(source, SECURE_BOOT, arena, &variable) && variable.n == SIZE)
		return variable.p[ATTRIBUTES] == 1 ? ANSWER_YES : ANSWER_NO;
	/* Only EFI firmware can have Secure Boot on. */
	if (source_list(source, "sys/firmware", arena, &names) &&
		source->list(source, "sys/firmware/efi", arena, &names, &ignored) == IS_ABSENT)
		return ANSWER_NO;
	return ANSWER_UNKNOWN;
}

/* Not the configuration: a kernel that was built with it may have it switched off, or have failed to set it up. */
static enum answer live_update(const struct source *source, struct arena *arena)
{
	const char *const *names;

	if (!source_list(source, "sys/class/misc", arena, &names))
		return ANSWER_UNKNOWN;
	return source_names_have(names, "liveupdate") ? ANSWER_YES : ANSWER_NO;
}

/* -1: none, or a kernel before 6.3, which has no such limits. */
static int64_t load_limit(const struct source *source, struct arena *arena, const char *path)
{
	uint64_t limit;

	if (!fact_decimal(source, arena, path, &limit) || limit > INT64_MAX)
		return -1;
	return (int64_t)limit;
}

enum answer machine_kexec_loaded(const struct source *source, struct arena *arena)
{
	return either_answer(source, arena, "sys/kernel/kexec/loaded", "sys/kernel/kexec_loaded");
}

struct kexec_ability machine_kexec_ability(const struct source *source, struct arena *arena)
{
	struct view syscalls = fact_text(source, arena, "saut/syscalls");
	struct kexec_ability ability = {
		.load = syscall_answer(syscalls, "kexec_load"),
		.file_load = syscall_answer(syscalls, "kexec_file_load"),
		.may_boot = may_boot(source, arena),
		.disabled = fact_answer(source, arena, "proc/sys/kernel/kexec_load_disabled"),
		.loaded = machine_kexec_loaded(source, arena),
		.crash_loaded = either_answer(source, arena, "sys/kernel/kexec/crash_loaded",
			"sys/kernel/kexec_crash_loaded"),
		.signature_forced =
			kernel_config_read(source, arena).answers[OPTION_KEXEC_SIG_FORCE],
		.lockdown = lockdown_capture(source, arena),
		.secure_boot = secure_boot(source, arena),
		.live_update = live_update(source, arena),
		.load_limit_reboot =
			load_limit(source, arena, "proc/sys/kernel/kexec_load_limit_reboot"),
		.load_limit_panic =
			load_limit(source, arena, "proc/sys/kernel/kexec_load_limit_panic"),
		.xen = xen_pv_capture(source, arena),
	};

	/* The running kernel has nothing loaded, whatever Xen has. */
	if (ability.xen.kind == XEN_PV_DOM0) {
		ability.loaded = ability.xen.loaded;
		ability.crash_loaded = ability.xen.crash_loaded;
	}
	return ability;
}

bool kexec_is_locked_down(const struct kexec_ability *ability)
{
	return ability->lockdown == LOCKDOWN_INTEGRITY ||
		ability->lockdown == LOCKDOWN_CONFIDENTIALITY;
}
