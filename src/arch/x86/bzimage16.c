/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* boot.rst, from "Loading The Rest of The Kernel" to "Running the Kernel". */
#include "arch/x86/bzimage16.h"

#include "arch/x86/bios.h"
#include "arch/x86/bzimage64.h"
#include "arch/x86/layout.h"
#include "arch/x86/x86-stub.h"
#include "base/arith.h"
#include "base/fields.h"
#include "plan/place.h"
#include "plan/parameters.h"

/* Fields of the setup header, which lies in the setup code itself. */
enum {
	VID_MODE = 0x1fa,
	TYPE_OF_LOADER = 0x210,
	LOADFLAGS = 0x211,
	CODE32_START = 0x214,
	RAMDISK_IMAGE = 0x218,
	RAMDISK_SIZE = 0x21c,
	HEAP_END = 0x224,
	CMD_LINE = 0x228,

	LOADER_KEXEC = 0xd0,
	CAN_USE_HEAP = 1 << 7,
};

/* The setup code's segment: the code, its heap, its stack; behind them the command line. */
enum {
	STACK_TOP = 0xe000,
	STACK_SIZE = 0x200,
	CODE_AT = 0x200, /* from which the first instruction is: behind the boot sector */
};

bool bzimage16_is_wanted(const struct request *request)
{
	return request->image->format == IMAGE_BZIMAGE &&
		(request->entry_point == ENTRY_POINT_REAL_MODE ||
			!request->image->bzimage.has_protected_entry);
}

bool bzimage16_check(const struct planner *planner, struct error *err)
{
	const char *who = planner->request->entry_point == ENTRY_POINT_REAL_MODE
		? FIELD_REAL_MODE " asks for the kernel's 16-bit entry"
		: "it has a 16-bit entry only (its code32_start is 0)";

	if (planner->machine->arch == ARCH_I386)
		return fail(err, FAULT_IMAGE_NO_ENTRY,
			"%s, and the running kernel is for i386: that is done from x86-64 only",
			who);
	if (!bios_is_there(planner->machine))
		return fail(err, FAULT_IMAGE_NO_ENTRY,
			"%s, which calls the BIOS, and this machine was started by EFI", who);
	return true;
}

/* The video mode of the word vga=; what is none of the names is a number. */
static uint16_t video_mode(const char *line)
{
	static const struct {
		const char *name;
		uint16_t mode;
	} modes[] = {
		{ "vga=normal", 0xffff },
		{ "vga=ext", 0xfffe },
		{ "vga=ask", 0xfffd },
	};
	const char *value;
	uint16_t number;

	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
		if (parameters_have(line, modes[i].name))
			return modes[i].mode;
	return parameters_next(&line, "vga=", &value) && parameters_number(value, &number) ? number
											   : 0xffff;
}

/*
 * Linux asks the BIOS to read from each disk (EDD). For that the BIOS drives controllers that Linux
 * has set up anew in the meantime, so that it waits for a long time, or for ever.
 */
static const char *final_command_line(const struct planner *planner)
{
	const char *line = planner->request->command_line, *rest = line, *value;
	const struct image *image = planner->request->image;
	bool is_linux = image->bzimage.has_protected_entry && image->version[0];

	if (!is_linux || parameters_next(&rest, "edd=", &value))
		return line;
	notes_add(&planner->plan->notes,
		"edd=off is added to the command line: the BIOS cannot read disks any more that Linux "
		"has driven");
	return arena_printf(planner->arena, "%s%sedd=off", line, line[0] ? " " : "");
}

/* What is the same wherever the kernel lies. */
struct setup {
	struct view line;
	struct range memory, kernel, initrd;
};

static struct block fill_in(const struct planner *planner, const struct setup *setup)
{
	const struct bzimage *kernel = &planner->request->image->bzimage;
	size_t size = STACK_TOP + setup->line.n;
	struct block block = { arena_alloc(planner->arena, size), size, false };
	struct reader flags = reader_at(kernel->setup, LOADFLAGS);

	if (!block.p)
		return block;
	block_put_bytes(&block, 0, kernel->setup);
	block_put_bytes(&block, STACK_TOP, setup->line);
	block_put_le16(&block, VID_MODE, video_mode(planner->request->command_line));
	block_put_u8(&block, TYPE_OF_LOADER, LOADER_KEXEC);
	block_put_u8(&block, LOADFLAGS, reader_u8(&flags) | CAN_USE_HEAP);
	/* Without a protected-mode entry the field is none of ours. */
	if (kernel->has_protected_entry)
		block_put_le32(&block, CODE32_START, (uint32_t)setup->kernel.start);
	block_put_le32(&block, RAMDISK_IMAGE, (uint32_t)setup->initrd.start);
	block_put_le32(&block, RAMDISK_SIZE, (uint32_t)setup->initrd.size);
	block_put_le16(&block, HEAP_END, STACK_TOP - STACK_SIZE - CODE_AT);
	block_put_le32(&block, CMD_LINE, (uint32_t)setup->memory.start + STACK_TOP);
	return block;
}

static bool place_setup(struct planner *planner, struct setup *setup, struct error *err)
{
	const struct bzimage *kernel = &planner->request->image->bzimage;
	const char *line = final_command_line(planner);
	struct block block;

	if (!line)
		return fail_no_memory(err);
	if (kernel->setup.n > STACK_TOP - STACK_SIZE)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its real-mode code of %zu bytes leaves no room for a stack in its segment",
			kernel->setup.n);
	setup->line = view_of_string(line);
	setup->line.n++;
	if (!place(planner,
		    &(struct placement){ .name = "the real-mode code",
			    .size = STACK_TOP + setup->line.n,
			    .is_low = true },
		    &setup->memory, err))
		return false;
	block = fill_in(planner, setup);
	if (!block.p)
		return fail_no_memory(err);
	if (block.overrun)
		return fail(err, FAULT_INTERNAL, "the real-mode code does not fit its segment");
	return place_segment(planner,
		(struct segment){ "real-mode code", { block.p, block.n }, setup->memory,
			"below 640 KiB, with its stack and the command line" },
		err);
}

bool bzimage16_lay_out(struct planner *planner, struct error *err)
{
	struct x86_layout layout = { .mode = STUB_MODE_REAL, .initrd_why = "behind the kernel" };
	struct initrds_request initrds;
	struct setup setup = { 0 };

	if (!bzimage_place(planner, STUB_MODE_REAL, &setup.kernel, err))
		return false;
	layout.initrd_floor = range_end(setup.kernel);
	initrds = x86_initrds(planner, &layout);
	if (!initrds_add(planner, &initrds, &setup.initrd, err) ||
		!place_setup(planner, &setup, err))
		return false;
	notes_add(&planner->plan->notes,
		"it is entered in real mode and calls the BIOS: the screen, the keyboard and the clock "
		"are as the BIOS left them, the disks and the network are not");
	return x86_stub_add(planner,
		&(struct x86_stub){
			.entry = setup.memory.start + CODE_AT,
			.mode = STUB_MODE_REAL,
			.registers = { setup.memory.start >> 4, STACK_TOP },
			.reserved = setup.kernel,
		},
		err);
}
