/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of x86-64 and i386, and what no kernel can start without on such a machine. */
#include "arch/registry.h"

#include "arch/x86/bios.h"
#include "arch/x86/bzimage16.h"
#include "arch/x86/bzimage32.h"
#include "arch/x86/bzimage64.h"
#include "arch/x86/crash.h"
#include "arch/x86/direct64.h"
#include "arch/x86/elf.h"
#include "arch/x86/multiboot.h"
#include "base/arith.h"
#include "base/fields.h"
#include "boot/kernel-checks.h"
#include "plan/parameters.h"

/* <linux/kexec.h>: the ELF machine numbers */
/* The first megabyte is left to firmware data and to the next kernel's real-mode trampolines. */
#define LOWEST MiB(1)

static bool is_supported(enum image_format format)
{
	return format == IMAGE_BZIMAGE || format == IMAGE_ELF || format == IMAGE_MULTIBOOT;
}

/* Each of the two CPUs runs the kernels of both, but for those that are entered in 64-bit mode. */
static bool check_cpu(const struct planner *planner, struct error *err)
{
	const struct image *image = planner->request->image;
	enum cpu_arch arch = planner->machine->arch;

	if (image->format == IMAGE_ELF && image->elf.headers.is_64_bit && arch == ARCH_I386)
		return fail(err, FAULT_IMAGE_OTHER_ARCH,
			"this is a %s, which is entered in 64-bit mode; the running kernel is "
			"for i386",
			image->name);
	if (image->arch == ARCH_X86_64 && arch == ARCH_I386 &&
		planner->machine->cpu.long_mode == ANSWER_NO)
		return fail(err, FAULT_IMAGE_OTHER_ARCH,
			"this is a kernel for x86_64 (%s), and this CPU has no 64-bit mode (lm is not "
			"among the flags of /proc/cpuinfo)",
			image->name);
	if (image->arch == ARCH_X86_64 || image->arch == ARCH_I386)
		return true;
	return kernel_check_cpu(planner, err);
}

static bool check_format(const struct planner *planner, struct error *err)
{
	const struct image *image = planner->request->image;

	if (!check_cpu(planner, err))
		return false;
	if (!is_supported(image->format))
		return fail(err, FAULT_IMAGE_UNKNOWN, "no kernel is taken out of this (%s)",
			image->name);
	return true;
}

static bool check_command_line(const struct planner *planner, struct error *err)
{
	const struct image *image = planner->request->image;
	bool has_limit = image->format == IMAGE_BZIMAGE ||
		(image->format == IMAGE_ELF && elf_is_told_as_linux(planner->request));

	return !has_limit ||
		kernel_check_command_line(planner, image->bzimage.command_line_max, err);
}

static bool check_serial(const struct request *request, struct error *err)
{
	const struct console_wanted *console = &request->quirks.console;

	if (!console->device || console->port)
		return true;
	return fail(err, FAULT_USAGE, "the port of " FIELD_SERIAL ", %s, is none of ttyS0 to ttyS3",
		console->device);
}

static void note_options_without_effect(const struct planner *planner)
{
	const struct request *request = planner->request;
	struct notes *notes = &planner->plan->notes;
	enum image_format format = request->image->format;

	if (request->module_count && format != IMAGE_MULTIBOOT)
		notes_add(notes, FIELD_MODULE " has no effect: this is no Multiboot kernel");
	if (request->arguments != ARGUMENTS_AUTO && format != IMAGE_ELF)
		notes_add(notes,
			FIELD_ARGS_LINUX ", " FIELD_ARGS_ELF " and " FIELD_ARGS_NONE
					 " have no effect: this is a %s",
			request->image->name);
	if (request->entry_point != ENTRY_POINT_AUTO && format != IMAGE_BZIMAGE)
		notes_add(notes, "%s has no effect: this is a %s",
			request->entry_point == ENTRY_POINT_32 ? FIELD_ENTRY_32BIT
							       : FIELD_REAL_MODE,
			request->image->name);
	if (request->quirks.reset_screen && !bios_is_there(planner->machine))
		notes_add(notes,
			FIELD_RESET_VGA
			" has no effect: the firmware is EFI, which has neither a text mode "
			"nor letters for it");
}

static bool check_image(const struct planner *planner, struct error *err)
{
	const struct request *request = planner->request;
	const struct image *image = request->image;

	if (!check_format(planner, err) || !check_command_line(planner, err) ||
		!check_serial(request, err))
		return false;
	if (bzimage16_is_wanted(request) && !bzimage16_check(planner, err))
		return false;
	if (!x86_crash_check(planner, err))
		return false;
	note_options_without_effect(planner);
	if (planner->plan->call == CALL_FILE_LOAD && !planner->plan->file_load_obstacle &&
		planner->machine->cpu.la57 && !(image->bzimage.xloadflags & XLF_5LEVEL))
		return fail(err, FAULT_FIT_PAGING,
			"the running kernel uses 5-level paging, which this kernel cannot be "
			"entered with");
	return true;
}

/*
 * A direct entry takes more segments, and needs one more place: where there is none, the kernel is
 * loaded as ever.
 */
static bool lay_out_bzimage(struct planner *planner, struct error *err)
{
	struct notes *notes = &planner->plan->notes;
	struct planner fresh = *planner;
	size_t noted = notes->count;
	struct error refused = { 0 };

	if (bzimage16_is_wanted(planner->request))
		return bzimage16_lay_out(planner, err);
	if (bzimage32_is_wanted(planner->machine, planner->request))
		return bzimage32_lay_out(planner, err);
	if (!planner->request->direct)
		return bzimage64_lay_out(planner, err);
	if (direct64_lay_out(planner, &refused))
		return true;
	*planner = fresh;
	planner->plan->segment_count = 0;
	notes->count = noted;
	notes_add(notes, "the kernel unpacks itself on the way, which takes longer: %s",
		refused.reason);
	return bzimage64_lay_out(planner, err);
}

/* A kernel that was told of EFI finds ACPI by it alone: none is left where a BIOS has it. */
static bool finds_acpi(const struct planner *planner)
{
	const char *line = planner->request->command_line, *address;

	return planner->machine->rsdp != 0 || parameters_next(&line, "acpi_rsdp=", &address) ||
		parameters_have(planner->request->command_line, "acpi=off");
}

/* The running kernel would know, but kexec_load tells the next one what is known here. */
static bool check_firmware(const struct planner *planner, struct error *err)
{
	struct notes *notes = &planner->plan->notes;

	if (machine_firmware_unknown(planner->machine))
		notes_add(notes,
			"what the firmware told the running kernel is not known, since "
			"/sys/kernel/boot_params is not there: if the firmware is EFI, the next kernel "
			"finds no ACPI tables and may hang");
	if (!planner->machine->efi.hidden)
		return true;
	if (!finds_acpi(planner))
		return fail(err, FAULT_FIRMWARE_HIDDEN,
			"the firmware is EFI, but /sys/firmware/efi is not there to tell where "
			"ACPI's tables lie, and the next kernel would not find them");
	notes_add(notes,
		"the firmware is EFI, but /sys/firmware/efi is not there: the next kernel starts "
		"without EFI runtime services");
	return true;
}

static bool lay_out(struct planner *planner, struct error *err)
{
	if (!check_firmware(planner, err))
		return false;
	if (planner->request->quirks.reset_screen && bios_is_there(planner->machine) &&
		!bios_text_screen(planner->machine, planner->arena, &planner->machine, err))
		return false;
	switch (planner->request->image->format) {
	case IMAGE_ELF:
		return elf_lay_out(planner, err);
	case IMAGE_MULTIBOOT:
		return multiboot_lay_out(planner, err);
	case IMAGE_BZIMAGE:
	case IMAGE_UIMAGE: /* these have been refused */
	case IMAGE_UKI:
	case IMAGE_ZBOOT:
	case IMAGE_POWERPC_ZIMAGE:
	case IMAGE_RAW:
	case IMAGE_ZIMAGE:
	case IMAGE_S390X:
	case IMAGE_FOREIGN:
		break;
	}
	return lay_out_bzimage(planner, err);
}

/* What arch/x86/kernel/kexec-bzimage64.c of Linux asks for. */
static const char *file_load_obstacle(const struct request *request)
{
	const struct image *image = request->image;
	const uint16_t flags = XLF_KERNEL_64 | XLF_ABOVE_4G;

	if (image->format != IMAGE_BZIMAGE)
		return "it reads no other format than bzImage";
	if (request->entry_point == ENTRY_POINT_32)
		return "it knows no 32-bit entry";
	if (bzimage16_is_wanted(request))
		return "it knows no 16-bit entry";
	if ((image->bzimage.xloadflags & flags) != flags)
		return "it takes only kernels with a 64-bit entry that may lie above 4 GiB";
	return NULL;
}

const struct arch_ops arch_x86_64 = {
	.arch = ARCH_X86_64,
	.lowest = LOWEST,
	.check_image = check_image,
	.lay_out = lay_out,
	.file_load_obstacle = file_load_obstacle,
	.direct_obstacle = direct64_obstacle,
	.direct_choose = direct64_choose,
};

/* Without kexec_file_load, and without a direct entry: its decompressor is entered in 32-bit mode. */
const struct arch_ops arch_i386 = {
	.arch = ARCH_I386,
	.lowest = LOWEST,
	.check_image = check_image,
	.lay_out = lay_out,
	.file_load_obstacle = file_load_obstacle,
};
