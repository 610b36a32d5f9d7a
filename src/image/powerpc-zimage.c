/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the kernel by the name of its section, and by its first bytes how that is packed. */
#include "image/powerpc-zimage.h"

#include "image/elf-section.h"

/* What is in there for the kernel besides, and how the program hands it over is not known here. */
static const struct {
	const char *section, *what;
} others[] = {
	{ ".kernel:initrd", "an initrd" },
	{ ".kernel:dtb", "a device tree" },
	{ ".kernel:esm_blob", "what an ultravisor wants" },
	{ "__builtin_cmdline", "a command line" },
};

bool powerpc_zimage_probe(struct view bytes)
{
	struct error ignored = { 0 };
	struct view kernel;

	return elf_probe(bytes, (struct elf_kind){ 64, false, ELF_PPC64LE }) &&
		elf_section_find(bytes, POWERPC_ZIMAGE_KERNEL, &kernel, &ignored) && kernel.p;
}

/* The command line is there in any case, and of zeros where there is none. */
static bool is_blank(struct view bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		if (bytes.p[i])
			return false;
	return true;
}

static bool refuse_others(struct view bytes, struct error *err)
{
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct view found;

		if (!elf_section_find(bytes, others[i].section, &found, err))
			return false;
		if (!is_blank(found))
			return fail(err, FAULT_IMAGE_UNKNOWN,
				"in it is %s as well (%s), which is not taken out here",
				others[i].what, others[i].section);
	}
	return true;
}

bool powerpc_zimage_parse(struct view bytes, struct powerpc_zimage *ret, struct error *err)
{
	struct powerpc_zimage zimage = { 0 };
	const struct codec *codec;

	if (!elf_section_find(bytes, POWERPC_ZIMAGE_KERNEL, &zimage.payload.bytes, err) ||
		!refuse_others(bytes, err))
		return false;
	codec = codec_find(zimage.payload.bytes);
	if (codec && !payload_set(&zimage.payload, codec->name, codec->name, err))
		return false;
	if (!codec && !view_has_at(zimage.payload.bytes, 0, "\177ELF"))
		return fail(err, FAULT_IMAGE_UNKNOWN,
			"its kernel (%zu bytes) is packed in a way that is not known here",
			zimage.payload.bytes.n);
	*ret = zimage;
	return true;
}
