/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a kernel's header says, under one set of names whatever its CPU. */
#include "inspect/inspect.h"

#include "image/relocations.h"

static void add_flag(struct inspect_boot *boot, bool is_set, const char *name)
{
	size_t n = 0;

	while (boot->flags[n])
		n++;
	if (is_set && n < INSPECT_FLAGS_MAX)
		boot->flags[n] = name;
}

static void add_x86(const struct bzimage *header, struct inspect_boot *boot)
{
	static const struct {
		enum bzimage_xloadflag flag;
		const char *name;
	} flags[] = {
		{ XLF_KERNEL_64, "64-bit-entry" },
		{ XLF_ABOVE_4G, "above-4g" },
		{ XLF_EFI_HANDOVER_32, "efi-handover-32" },
		{ XLF_EFI_HANDOVER_64, "efi-handover-64" },
		{ XLF_EFI_KEXEC, "efi-kexec" },
		{ XLF_5LEVEL, "5-level-paging" },
		{ XLF_5LEVEL_ENABLED, "5-level-paging-on" },
	};

	boot->protocol = header->protocol;
	add_flag(boot, header->has_protected_entry, "32-bit-entry");
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		add_flag(boot, header->xloadflags & flags[i].flag, flags[i].name);
	add_flag(boot, header->relocatable, "relocatable");
	boot->command_line_max = header->command_line_max;
	boot->initrd_max = header->initrd_max;
	boot->memory = header->init_size;
	boot->alignment = header->alignment;
	boot->compression = header->payload_codec ? header->payload_codec->name : NULL;
}

static void add_raw(const struct image *kernel, struct inspect_boot *boot)
{
	const struct raw_image *header = &kernel->raw;

	add_flag(boot, header->anywhere, "anywhere");
	add_flag(boot, header->big_endian, "big-endian");
	add_flag(boot, raw_image_moves(header, kernel->bytes, kernel->arch), "relocatable");
	boot->memory = header->memory_size;
	boot->alignment = header->alignment;
	boot->page_size = header->page_size;
}

struct inspect_boot inspect_boot_of(const struct image *kernel)
{
	struct inspect_boot boot = { 0 };

	switch (kernel->format) {
	case IMAGE_BZIMAGE:
		add_x86(&kernel->bzimage, &boot);
		break;
	case IMAGE_RAW:
		add_raw(kernel, &boot);
		break;
	case IMAGE_ZIMAGE:
		boot.memory = kernel->zimage.memory_size;
		break;
	case IMAGE_S390X:
		boot.command_line_max = kernel->s390x.command_line_size - 1;
		break;
	case IMAGE_ELF:
		if (kernel->bzimage.command_line_max)
			add_x86(&kernel->bzimage, &boot);
		else if (kernel->raw.memory_size)
			add_raw(kernel, &boot);
		break;
	case IMAGE_UIMAGE:
	case IMAGE_UKI:
	case IMAGE_ZBOOT:
	case IMAGE_POWERPC_ZIMAGE:
	case IMAGE_MULTIBOOT:
	case IMAGE_FOREIGN:
		break;
	}
	return boot;
}

/* CONFIG_RANDOMIZE_BASE is what has kbuild put the table behind a 64-bit kernel (X86_NEED_RELOCS). */
enum answer inspect_kaslr(struct view vmlinux)
{
	struct vmlinux kernel;
	struct relocations relocations;
	struct error ignored = { 0 };

	if (!vmlinux_parse(vmlinux, &kernel, &ignored) ||
		!relocations_parse(&kernel, &relocations, &ignored))
		return ANSWER_UNKNOWN;
	return relocations.present ? ANSWER_YES : ANSWER_NO;
}
