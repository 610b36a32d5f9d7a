/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether the CPU executes this kernel: its architecture, what it was compiled for, 5-level paging
 * (XLF_5LEVEL in Documentation/arch/x86/boot.rst), the size of pages on arm64 (image header's flags in
 * Documentation/arch/arm64/booting.rst). A kernel is compiled without vector registers, so that of the
 * levels of x86-64 (x86-64 psABI, section 3.1.1) only the other instructions count.
 */
#include "check/rows.h"

#include <string.h>

#include "base/fields.h"
#include "check/unknown.h"
#include "machine/config.h"
#include "machine/text.h"

static const char boot_protocol[] = "https://docs.kernel.org/arch/x86/boot.html";
static const char psabi[] = "https://gitlab.com/x86-psABIs/x86-64-ABI";
static const char other_kernel[] = "choose a kernel that was built for this CPU";

/* What tells in a kernel's name or configuration that it was compiled for a level. */
struct level {
	const char *in_release;
	const char *version; /* of CONFIG_X86_64_VERSION, as some distributions have it */
	const char *option;  /* of older ones */
	const char *flags;   /* of /proc/cpuinfo, that the compiler then takes for granted */
};

static const struct level levels[] = {
	{ "x64v2", "2", "CONFIG_GENERIC_CPU2", "cx16 lahf_lm popcnt" },
	{ "x64v3", "3", "CONFIG_GENERIC_CPU3", "cx16 lahf_lm popcnt abm bmi1 bmi2 movbe" },
	{ "x64v4", "4", "CONFIG_GENERIC_CPU4", "cx16 lahf_lm popcnt abm bmi1 bmi2 movbe" },
};

static bool runs_on(enum cpu_arch kernel, enum cpu_arch machine)
{
	/* Whether a CPU that runs an i386 kernel can do more is told by its flag lm. */
	return kernel == machine || (cpu_arch_is_x86(kernel) && cpu_arch_is_x86(machine));
}

/* The configuration that its package has left; empty where there is none. */
static struct view config_of(const struct check_subject *subject)
{
	static const char *const paths[] = { "boot/config-%s", "usr/lib/modules/%s/config",
		"lib/modules/%s/config" };
	struct view text;

	if (!*subject->release || strchr(subject->release, '/'))
		return (struct view){ 0 };
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		const char *before = paths[i], *mark = strstr(before, "%s");
		const char *path = arena_printf(subject->arena, "%.*s%s%s", (int)(mark - before),
			before, subject->release, mark + 2);

		if (path && source_read(subject->source, path, subject->arena, &text))
			return text;
	}
	return (struct view){ 0 };
}

static const struct level *level_of(const struct check_subject *subject)
{
	struct view config = config_of(subject), version;

	for (size_t i = sizeof levels / sizeof *levels; i-- > 0;)
		if (strstr(subject->release, levels[i].in_release) ||
			(text_value(config, "CONFIG_X86_64_VERSION", '=', &version) &&
				text_is(version, levels[i].version)) ||
			kernel_config_answer(config, levels[i].option) == ANSWER_YES)
			return &levels[i];
	return NULL;
}

/* The first of these words that the CPU does not have; empty: it has them all. */
static const char *first_missing(struct arena *arena, struct view flags, const char *wanted)
{
	struct view words = view_of_string(wanted), word;

	while (text_word(&words, &word)) {
		const char *flag = arena_string(arena, word);

		if (flag && !text_has_word(flags, flag))
			return flag;
	}
	return "";
}

/* False where nothing is to be said; the finding otherwise. */
static bool check_level(const struct check_subject *subject, struct check_finding *ret)
{
	const struct level *level = level_of(subject);
	const char *missing;
	struct view text, flags;

	if (!level)
		return false;
	if (!source_read(subject->source, "proc/cpuinfo", subject->arena, &text) ||
		!text_value(text, "flags", ':', &flags)) {
		*ret = check_finds(subject, CHECK_UNKNOWN,
			"this kernel was compiled for x86-64-v%s, and what this CPU has could not "
			"be read from /proc/cpuinfo",
			level->version);
		return true;
	}
	missing = first_missing(subject->arena, flags, level->flags);
	if (!*missing)
		return false;
	*ret = check_advise(check_finds(subject, CHECK_FAIL,
				    "this kernel was compiled for x86-64-v%s, and this CPU has no "
				    "%s: it crashes at the first such instruction",
				    level->version, missing),
		other_kernel, psabi);
	return true;
}

/* kexec_load enters it in 32-bit mode instead, with paging off. */
static bool check_paging(const struct check_subject *subject, struct check_finding *ret)
{
	const struct image *image = subject->image;
	const struct plan *plan = subject->plan;

	if (!subject->machine->cpu.la57 || image->format != IMAGE_BZIMAGE ||
		image->arch != ARCH_X86_64 || (image->bzimage.xloadflags & XLF_5LEVEL))
		return false;
	if (plan && plan->call == CALL_FILE_LOAD)
		*ret = check_advise(
			check_finds(subject, CHECK_FAIL,
				"this machine runs with 5-level paging, and this kernel does not "
				"know of it: kexec_file_load refuses it"),
			"load it with " FIELD_KEXEC_SYSCALL
			", or boot the running kernel with no5lvl",
			boot_protocol);
	else
		*ret = check_finds(subject, CHECK_NOTE,
			"this machine runs with 5-level paging, which this kernel does not know "
			"of: it is entered with paging off");
	return true;
}

static bool check_pages(const struct check_subject *subject, struct check_finding *ret)
{
	const struct image *image = subject->image;
	const uint64_t now = subject->machine->page_size;

	if (image->arch != ARCH_ARM64 || image->format != IMAGE_RAW || !image->raw.page_size ||
		image->raw.page_size == now)
		return false;
	*ret = check_advise(
		check_finds(subject, CHECK_UNKNOWN,
			"this kernel has pages of %u KiB, the running one of %llu KiB: whether the "
			"CPU has the others is in ID_AA64MMFR0_EL1, which nothing here tells",
			image->raw.page_size >> 10, (unsigned long long)now >> 10),
		"choose a kernel with pages of the running one's size unless this one was booted "
		"here before",
		"https://docs.kernel.org/arch/arm64/booting.html");
	return true;
}

struct check_finding check_cpu(const struct check_subject *subject)
{
	const struct image *image = subject->image;
	const struct machine *machine = subject->machine;
	struct check_finding finding;

	if (!machine || machine->arch == ARCH_UNKNOWN)
		return check_without_machine(subject);
	if (!image || image->arch == ARCH_UNKNOWN)
		return check_finds(subject, CHECK_UNKNOWN,
			"the CPU that the kernel was built for is not known");
	if (!runs_on(image->arch, machine->arch))
		return check_advise(
			check_finds(subject, CHECK_FAIL,
				"this is a kernel for %s, and this machine is %s",
				cpu_arch_name(image->arch), cpu_arch_name(machine->arch)),
			other_kernel, NULL);
	if (check_paging(subject, &finding) || check_level(subject, &finding) ||
		check_pages(subject, &finding))
		return finding;
	return check_finds(subject, CHECK_PASS, "a kernel for %s on %s%s",
		cpu_arch_name(image->arch), cpu_arch_name(machine->arch),
		machine->cpu.la57 ? ", with 5-level paging" : "");
}
