/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arch/x86/multiboot.h"

#include "boot/elf-place.h"
#include "arch/x86/x86-stub.h"
#include "base/arith.h"
#include "boot/multiboot-info.h"
#include "plan/place.h"

#define LAST_BELOW_4G (GiB(4) - 1)

static bool place_kernel(struct planner *planner, struct range *ret, struct error *err)
{
	const struct multiboot *kernel = &planner->request->image->multiboot;

	return elf_place(planner,
		&(struct elf_placement){
			.elf = &kernel->program,
			.relocatable = kernel->relocatable,
			.first = kernel->first,
			.last = kernel->last,
			.align = kernel->align,
		},
		ret, err);
}

/* Each begins on a page, whether or not the kernel asks for that. */
static bool place_modules(
	struct planner *planner, phys_t floor, struct multiboot_module **ret, struct error *err)
{
	const struct request *request = planner->request;
	struct multiboot_module *modules =
		arena_alloc_array(planner->arena, request->module_count + 1, sizeof *modules);
	struct range room;

	if (!modules)
		return fail_no_memory(err);
	for (size_t i = 0; i < request->module_count; i++) {
		struct view bytes = request->modules[i].file.bytes;

		if (!place(planner,
			    &(struct placement){ .name = "a module",
				    .size = bytes.n,
				    .floor = floor,
				    .last = LAST_BELOW_4G },
			    &room, err) ||
			!place_segment(planner,
				(struct segment){ "module", bytes, room, "behind the kernel" },
				err))
			return error_prefix(err, "%s: ", request->modules[i].file.name);
		modules[i] = (struct multiboot_module){ { room.start, bytes.n },
			request->modules[i].words };
	}
	*ret = modules;
	return true;
}

/* Made twice: the first time for its size only. */
static bool place_info(struct planner *planner, const struct multiboot_info_request *want,
	struct range *ret, struct error *err)
{
	struct view info;

	if (!multiboot_info_make(want, 0, planner->arena, &info, err) ||
		!place(planner,
			&(struct placement){ .name = "the boot information",
				.size = info.n,
				.last = LAST_BELOW_4G },
			ret, err) ||
		!multiboot_info_make(want, ret->start, planner->arena, &info, err))
		return false;
	return place_segment(planner,
		(struct segment){ "boot data", info, *ret,
			"Multiboot's information: memory map, modules, command line; low" },
		err);
}

/* A Multiboot command line begins with the kernel's name. */
static const char *whole_command_line(const struct planner *planner)
{
	const struct request *request = planner->request;

	return arena_printf(planner->arena, "%s%s%s", request->kernel.name,
		request->command_line[0] ? " " : "", request->command_line);
}

static bool check_request(struct planner *planner, struct error *err)
{
	if (planner->request->initrd_count)
		return fail(err, FAULT_USAGE,
			"a Multiboot kernel knows no initrd; give it what it wants by --module");
	if (planner->machine->efi.present)
		notes_add(&planner->plan->notes,
			"the firmware is EFI: a Multiboot kernel is told nothing of that, and may not "
			"find ACPI");
	if (planner->request->image->multiboot.wants_graphics)
		notes_add(&planner->plan->notes,
			"the kernel asks for a video mode; it gets the screen as it is");
	return true;
}

bool multiboot_lay_out(struct planner *planner, struct error *err)
{
	const struct multiboot *kernel = &planner->request->image->multiboot;
	struct multiboot_info_request want = {
		.version = kernel->version,
		.machine = planner->machine,
		.command_line = whole_command_line(planner),
		.module_count = planner->request->module_count,
		.moved = kernel->relocatable,
	};
	struct multiboot_module *modules = NULL;
	struct range memory, info;

	if (!want.command_line)
		return fail_no_memory(err);
	if (!check_request(planner, err) || !place_kernel(planner, &memory, err) ||
		!place_modules(planner, range_end(memory), &modules, err))
		return false;
	want.modules = modules;
	want.load_base = memory.start;
	if (!place_info(planner, &want, &info, err))
		return false;
	return x86_stub_add(planner,
		&(struct x86_stub){
			.entry =
				kernel->program.entry - kernel->program.memory.start + memory.start,
			.mode = STUB_MODE_32,
			.registers = { kernel->version == 1 ? MULTIBOOT_MAGIC_1 : MULTIBOOT_MAGIC_2,
				info.start },
			.reserved = memory,
		},
		err);
}
