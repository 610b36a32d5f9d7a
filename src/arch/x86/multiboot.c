/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arch/x86/multiboot.h"

#include "boot/elf-place.h"
#include "arch/x86/bios.h"
#include "arch/x86/legacy-data.h"
#include "arch/x86/x86-stub.h"
#include "base/arith.h"
#include "base/fields.h"
#include "boot/multiboot-info.h"
#include "boot/x86-boot-data.h"
#include "plan/place.h"
#include "plan/parameters.h"

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
			request->modules[i].line };
	}
	*ret = modules;
	return true;
}

/* The stub reads it: the running kernel keeps the firmware's tables to itself. */
static void add_root_pointer(const struct planner *planner, struct x86_stub *stub, phys_t info,
	size_t offset, uint64_t size)
{
	if (offset)
		stub->copies[stub->copy_count++] =
			(struct stub_copy){ planner->machine->rsdp, info + offset, size };
}

/* Made twice: the first time for its size only. */
static bool place_info(struct planner *planner, const struct multiboot_info_request *want,
	struct x86_stub *stub, struct range *ret, struct error *err)
{
	struct multiboot_info info;

	if (!multiboot_info_make(want, 0, planner->arena, &info, err) ||
		!place(planner,
			&(struct placement){ .name = "the boot information",
				.size = info.bytes.n,
				.last = LAST_BELOW_4G },
			ret, err) ||
		!multiboot_info_make(want, ret->start, planner->arena, &info, err))
		return false;
	add_root_pointer(planner, stub, ret->start, info.rsdp_1, RSDP_SIZE_1);
	add_root_pointer(planner, stub, ret->start, info.rsdp_2, RSDP_SIZE_2);
	return place_segment(planner,
		(struct segment){ "boot data", info.bytes, *ret,
			"Multiboot's information: memory map, modules, command line; low" },
		err);
}

/* Version 1 has no word for it. */
static bool is_told_of_efi(const struct planner *planner)
{
	return planner->request->image->multiboot.version == 2 && planner->machine->efi.present &&
		!planner->request->quirks.no_efi && x86_efi_table(planner->machine) != 0;
}

/* A Multiboot command line begins with the kernel's name. */
static const char *whole_command_line(const struct planner *planner)
{
	const struct request *request = planner->request;

	return arena_printf(planner->arena, "%s%s%s", request->kernel.name,
		request->command_line[0] ? " " : "", request->command_line);
}

/* What a kernel that also runs without EFI must be told so; Xen is the one that is known. */
static void note_efi(const struct planner *planner)
{
	struct notes *notes = &planner->plan->notes;

	if (!parameters_have(planner->request->command_line, "no-real-mode"))
		notes_add(notes,
			"the firmware is EFI: a kernel that calls the BIOS fails (Xen does unless its "
			"command line has no-real-mode)");
	if (is_told_of_efi(planner))
		notes_add(notes,
			"it is told of EFI, whose boot services are gone: what wants them refuses to "
			"start (Xen does without " FIELD_NOEFI ")");
}

static bool check_request(struct planner *planner, struct error *err)
{
	if (planner->request->initrd_count)
		return fail(err, FAULT_USAGE,
			"a Multiboot kernel knows no initrd; give it what it wants by " FIELD_MODULE);
	if (!bios_is_there(planner->machine))
		note_efi(planner);
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
		.command_line = whole_command_line(planner),
		.module_count = planner->request->module_count,
		.moved = kernel->relocatable,
	};
	struct x86_stub stub = { .mode = STUB_MODE_32 };
	struct multiboot_module *modules = NULL;
	struct range memory, info;

	if (!want.command_line)
		return fail_no_memory(err);
	if (!check_request(planner, err) || !place_kernel(planner, &memory, err) ||
		!place_modules(planner, range_end(memory), &modules, err) ||
		!legacy_data_add(planner, &stub, err))
		return false;
	want.machine = planner->machine;
	want.modules = modules;
	want.load_base = memory.start;
	if (is_told_of_efi(planner))
		want.efi_table = x86_efi_table(planner->machine);
	if (!place_info(planner, &want, &stub, &info, err))
		return false;
	stub.entry = kernel->program.entry - kernel->program.memory.start + memory.start;
	stub.registers[0] = kernel->version == 1 ? MULTIBOOT_MAGIC_1 : MULTIBOOT_MAGIC_2;
	stub.registers[1] = info.start;
	stub.reserved = memory;
	return x86_stub_add(planner, &stub, err);
}
