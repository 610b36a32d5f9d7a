/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How each kind of ELF kernel is told what it needs; where it lies is in elf-place.c. */
#include "arch/x86/elf.h"

#include "boot/elf-place.h"
#include "arch/x86/layout.h"
#include "arch/x86/x86-stub.h"
#include "base/arith.h"
#include "base/fields.h"
#include "boot/elf-notes.h"
#include "plan/place.h"

bool elf_is_told_as_linux(const struct request *request)
{
	if (request->arguments == ARGUMENTS_AUTO)
		return request->image->version[0] != '\0';
	return request->arguments == ARGUMENTS_LINUX;
}

static enum stub_mode mode_of(const struct elf *elf)
{
	return elf->headers.is_64_bit ? STUB_MODE_64 : STUB_MODE_32;
}

/* Bytes that it finds by its registers; address 0 where there are none. */
static bool add_notes(struct planner *planner, struct range *ret, struct error *err)
{
	struct view notes;

	*ret = (struct range){ 0 };
	if (planner->request->arguments == ARGUMENTS_NONE)
		return true;
	return elf_notes_make(planner->request->command_line, planner->arena, &notes, err) &&
		place(planner,
			&(struct placement){
				.name = "the ELF notes", .size = notes.n, .last = GiB(4) - 1 },
			ret, err) &&
		place_segment(planner,
			(struct segment){
				"ELF notes", notes, *ret, "low; they hold the command line" },
			err);
}

static bool lay_out_plain(
	struct planner *planner, struct range kernel, phys_t entry, struct error *err)
{
	const struct request *request = planner->request;
	enum stub_mode mode = mode_of(&request->image->elf);
	struct x86_stub stub = { .entry = entry, .mode = mode, .reserved = kernel };
	struct range notes;

	if (request->initrd_count)
		return fail(err, FAULT_USAGE,
			"only Linux takes an initrd, and this ELF is told nothing of one "
			"(" FIELD_ARGS_LINUX ")");
	if (request->arguments == ARGUMENTS_NONE && request->command_line[0])
		notes_add(&planner->plan->notes,
			FIELD_ARGS_NONE ": the kernel does not see its command line");
	if (!add_notes(planner, &notes, err))
		return false;
	if (mode == STUB_MODE_64) {
		stub.registers[1] = notes.start;
	} else if (notes.size) {
		stub.registers[0] = ELF_NOTES_MAGIC;
		stub.registers[1] = notes.start;
	}
	return x86_stub_add(planner, &stub, err);
}

/*
 * A vmlinux for x86-64 finds out at its entry where it lies, in whole pages of 2 MiB (startup_64 of
 * arch/x86/kernel/head_64.S), and a crash kernel cannot lie where it was linked: the dead one's memory is there.
 */
static struct elf_placement placement(const struct planner *planner)
{
	const struct request *request = planner->request;
	const struct elf *elf = &request->image->elf;

	return (struct elf_placement){
		.elf = elf,
		.relocatable = request->crash && elf->headers.is_64_bit &&
			elf_is_told_as_linux(request) && elf->memory.start % MiB(2) == 0,
		.align = MiB(2),
		.last = TiB(64) - 1, /* what a kernel without 5-level paging maps */
	};
}

bool elf_lay_out(struct planner *planner, struct error *err)
{
	const struct elf *elf = &planner->request->image->elf;
	struct elf_placement place = placement(planner);
	struct range kernel;
	phys_t entry;

	if (!elf_place(planner, &place, &kernel, err))
		return false;
	entry = elf->entry - elf->memory.start + kernel.start;
	if (!elf_is_told_as_linux(planner->request))
		return lay_out_plain(planner, kernel, entry, err);
	return x86_lay_out_rest(planner,
		&(struct x86_layout){
			.kernel = kernel,
			.entry = entry,
			.mode = mode_of(elf),
			.initrd_floor = range_end(kernel),
			.initrd_why = "behind the kernel",
		},
		err);
}
