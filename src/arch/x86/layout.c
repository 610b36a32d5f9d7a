/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arch/x86/layout.h"

#include <string.h>

#include "arch/x86/crash.h"
#include "arch/x86/x86-stub.h"
#include "base/arith.h"
#include "boot/stub-segment.h"
#include "boot/x86-boot-data.h"
#include "plan/place.h"

enum {
	RNG_SEED_SIZE = 32,
};

/*
 * Only memory that is somebody's is left out; what the other CPUs wait in is not: after an INIT, or in HLT, they read
 * none until they are woken, and where their page tables and stacks lie is told to nobody (ARCHITECTURE.md, "Where
 * the other CPUs wait").
 */
#define LAST_BELOW_4G (GiB(4) - 1)
#define LAST_4_LEVEL  (TiB(64) - 1) /* what a kernel without 5-level paging maps */

phys_t x86_last_reachable(const struct bzimage *kernel, enum stub_mode mode)
{
	if (mode != STUB_MODE_64 || !(kernel->xloadflags & XLF_ABOVE_4G))
		return LAST_BELOW_4G;
	return kernel->xloadflags & XLF_5LEVEL_ENABLED ? PHYS_MAX : LAST_4_LEVEL;
}

struct initrds_request x86_initrds(const struct planner *planner, const struct x86_layout *layout)
{
	const struct bzimage *kernel = &planner->request->image->bzimage;
	bool anywhere = kernel->xloadflags & XLF_ABOVE_4G && layout->mode == STUB_MODE_64;

	return (struct initrds_request){
		.floor = layout->initrd_floor,
		.last = anywhere ? x86_last_reachable(kernel, layout->mode) : kernel->initrd_max,
		.why = layout->initrd_why,
	};
}

/*
 * Kernels before boot protocol 2.14 do not look at boot_params for ACPI's root pointer, and cannot
 * find it where the firmware is EFI.
 */
static const char *with_acpi(const struct planner *planner, const char *line)
{
	const struct bzimage *kernel = &planner->request->image->bzimage;

	if (kernel->protocol >= 0x020e || planner->machine->rsdp < MiB(1))
		return line;
	notes_add(&planner->plan->notes,
		"acpi_rsdp=%#llx is added to the command line: this kernel would not find ACPI",
		(unsigned long long)planner->machine->rsdp);
	return arena_printf(planner->arena, "%s%sacpi_rsdp=%#llx", line, line[0] ? " " : "",
		(unsigned long long)planner->machine->rsdp);
}

/* What is added for a crash kernel may be long, and nobody has counted it yet. */
static bool final_command_line(
	const struct planner *planner, const char *added, const char **ret, struct error *err)
{
	const char *line = planner->request->command_line;
	uint64_t max = planner->request->image->bzimage.command_line_max;

	if (added[0])
		line = arena_printf(planner->arena, "%s%s%s", line, line[0] ? " " : "", added);
	line = line ? with_acpi(planner, line) : NULL;
	if (!line)
		return fail_no_memory(err);
	if (added[0] && strlen(line) > max)
		return fail(err, FAULT_FIT_COMMAND_LINE,
			"the command line has %zu characters with what a crash kernel is told there, this "
			"kernel takes %llu",
			strlen(line), (unsigned long long)max);
	*ret = planner->plan->command_line = line;
	return true;
}

/* Made twice: the first time for its size only, whose notes are dropped. */
static bool place_boot_data(struct planner *planner, const struct x86_boot_request *boot,
	enum stub_mode mode, struct x86_boot_data *data, struct range *ret, struct error *err)
{
	struct notes dropped = { .arena = planner->arena };

	if (!x86_boot_data_make(boot, 0, planner->arena, &dropped, data, err) ||
		!place(planner,
			&(struct placement){ .name = "the boot data",
				.size = data->size,
				.last = x86_last_reachable(boot->kernel, mode) },
			ret, err) ||
		!x86_boot_data_make(
			boot, ret->start, planner->arena, &planner->plan->notes, data, err))
		return false;
	return place_segment(planner,
		(struct segment){ "boot data", { data->bytes, data->size }, *ret,
			"zero page, setup_data and command line in one piece, low" },
		err);
}

static struct x86_stub stub_of(const struct x86_layout *layout, const struct x86_crash *crash)
{
	struct x86_stub stub = { .entry = layout->entry,
		.mode = layout->mode,
		.reserved = layout->kernel,
		.copy_count = crash->copy_count };

	memcpy(stub.copies, crash->copies, sizeof stub.copies);
	return stub;
}

bool x86_lay_out_rest(struct planner *planner, const struct x86_layout *layout, struct error *err)
{
	const struct request *request = planner->request;
	struct x86_crash crash = { .machine = *planner->machine, .line = "" };
	/* The place of it: what it says is filled in with the stub. */
	const struct stub_record record = { 0 };
	struct initrds_request initrds = x86_initrds(planner, layout);
	struct x86_boot_request boot = {
		.kernel = &request->image->bzimage,
		.machine = &crash.machine,
		.randomised = layout->randomised,
		.no_efi = request->quirks.no_efi,
		.keep_screen_info = request->quirks.keep_screen_info,
		.rng_seed = { request->entropy, RNG_SEED_SIZE },
		.record = { (const uint8_t *)&record, sizeof record },
	};
	struct x86_boot_data data;
	struct range boot_range;
	struct x86_stub stub;

	if (request->crash &&
		!x86_crash_add(planner, x86_last_reachable(&request->image->bzimage, layout->mode),
			&crash, err))
		return false;
	if (!final_command_line(planner, crash.line, &boot.command_line, err) ||
		!initrds_add(planner, &initrds, &boot.initrd, err) ||
		!place_boot_data(planner, &boot, layout->mode, &data, &boot_range, err))
		return false;
	stub = stub_of(layout, &crash);
	stub.registers[layout->mode == STUB_MODE_64 ? 0 : 2] = boot_range.start;
	stub.record = (struct range){ boot_range.start + data.record, sizeof record };
	stub.record_bytes = data.bytes + data.record;
	return x86_stub_add(planner, &stub, err);
}
