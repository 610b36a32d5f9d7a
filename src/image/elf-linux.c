/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Field offsets and values: boot.rst, "The Real-Mode Kernel Header". */
#include "image/elf-linux.h"

#include "base/arith.h"
#include "image/banner.h"

enum {
	BOOT_FLAG = 0x1fe,
	MAGIC = 0x202,
	PROTOCOL = 0x206,
	LOADFLAGS = 0x211,
	INITRD_ADDR_MAX = 0x22c,
	KERNEL_ALIGNMENT = 0x230,
	XLOADFLAGS = 0x236,
	CMDLINE_SIZE = 0x238,
	PREF_ADDRESS = 0x258,
	INIT_SIZE = 0x260,
	HEADER_END = 0x268,

	PROTOCOL_2_15 = 0x020f,
	LOADED_HIGH = 1,
	PAGE = 4096,
	COMMAND_LINE_MAX = 2047, /* COMMAND_LINE_SIZE of x86 since 2.6.30, with its zero */
};

#define INITRD_MAX_32 0x37ffffff /* boot.rst: of kernels that do not say */
#define INITRD_MAX_64 0x7fffffff /* every 64-bit kernel says so */

bool elf_linux_version(
	const struct elf *elf, struct arena *arena, const char **ret, struct error *err)
{
	*ret = "";
	for (size_t i = 0; i < elf->load_count && !**ret; i++)
		if (!banner_find(elf->loads[i].bytes, arena, ret, err))
			return false;
	return true;
}

/*
 * The newest protocol, so that everything in the zero page is looked at. What an ELF does not tell
 * is assumed to be as in every 64-bit kernel since 4.14; what a wrong guess would break is left
 * out: nothing lies above 4 GiB.
 */
bool elf_linux_header(
	const struct elf *elf, struct arena *arena, struct bzimage *ret, struct error *err)
{
	bool is_64_bit = elf->headers.is_64_bit;
	struct block header = { arena_alloc(arena, HEADER_END), HEADER_END, false };
	struct bzimage image = {
		.protocol = PROTOCOL_2_15,
		.xloadflags = is_64_bit ? XLF_KERNEL_64 | XLF_EFI_KEXEC | XLF_5LEVEL : 0,
		.has_protected_entry = !is_64_bit,
		.alignment = PAGE,
		.min_alignment = PAGE,
		.preferred_address = elf->memory.start,
		.init_size = elf->memory.size,
		.initrd_max = is_64_bit ? INITRD_MAX_64 : INITRD_MAX_32,
		.command_line_max = COMMAND_LINE_MAX,
		.version = "",
	};

	if (!header.p)
		return fail_no_memory(err);
	block_put_le16(&header, BOOT_FLAG, 0xaa55);
	block_put_bytes(&header, MAGIC, view_of_string("HdrS"));
	block_put_le16(&header, PROTOCOL, image.protocol);
	block_put_u8(&header, LOADFLAGS, LOADED_HIGH);
	block_put_le32(&header, INITRD_ADDR_MAX, (uint32_t)image.initrd_max);
	block_put_le32(&header, KERNEL_ALIGNMENT, PAGE);
	block_put_le16(&header, XLOADFLAGS, image.xloadflags);
	block_put_le32(&header, CMDLINE_SIZE, COMMAND_LINE_MAX);
	block_put_le64(&header, PREF_ADDRESS, image.preferred_address);
	block_put_le32(&header, INIT_SIZE, (uint32_t)min_u64(image.init_size, UINT32_MAX));
	image.setup_header = view_from((struct view){ header.p, header.n }, SETUP_HEADER_OFFSET);
	*ret = image;
	return true;
}
