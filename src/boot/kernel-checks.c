/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/kernel-checks.h"

#include "base/fields.h"

#include <string.h>

/* The running kernel puts elfcorehdr=ADDRESS before a crash kernel's, and counts so much. */
enum { CRASH_WORDS = 30 };

bool kernel_check_cpu(const struct planner *planner, struct error *err)
{
	const struct image *image = planner->request->image;
	enum cpu_arch arch = planner->machine->arch;

	if (image->arch == arch || image->arch == ARCH_UNKNOWN)
		return true;
	return fail(err, FAULT_IMAGE_OTHER_ARCH, "this is a kernel for %s (%s), the machine is %s",
		cpu_arch_name(image->arch), image->name, cpu_arch_name(arch));
}

bool kernel_check_command_line(const struct planner *planner, uint64_t max, struct error *err)
{
	const struct request *request = planner->request;
	uint64_t own = request->crash ? CRASH_WORDS : 0;
	uint64_t length = strlen(request->command_line) + own;

	if (length <= max)
		return true;
	return fail(err, FAULT_FIT_COMMAND_LINE,
		"the command line has %llu characters%s, this kernel takes %llu",
		(unsigned long long)length, own ? " with elfcorehdr=" : "",
		(unsigned long long)max);
}

static void note_x86_options(const struct planner *planner)
{
	const struct request *request = planner->request;
	const struct quirks *quirks = &request->quirks;
	const struct {
		bool given;
		const char *field;
	} options[] = {
		{ request->module_count > 0, FIELD_MODULE },
		{ request->entry_point == ENTRY_POINT_32, FIELD_ENTRY_32BIT },
		{ request->entry_point == ENTRY_POINT_REAL_MODE, FIELD_REAL_MODE },
		{ request->arguments == ARGUMENTS_ELF, FIELD_ARGS_ELF },
		{ request->arguments == ARGUMENTS_NONE, FIELD_ARGS_NONE },
		{ quirks->no_efi, FIELD_NOEFI },
		{ request->crash && quirks->memory_on_line, FIELD_PASS_MEMMAP },
		{ quirks->keep_screen_info, FIELD_REUSE_VIDEO_TYPE },
		{ quirks->console.screen, FIELD_CONSOLE_VGA },
	};

	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (options[i].given)
			notes_add(&planner->plan->notes, "%s has no effect: the machine is %s",
				options[i].field, cpu_arch_name(planner->machine->arch));
}

bool kernel_check_other(const struct planner *planner, enum image_format format,
	uint64_t command_line_max, struct error *err)
{
	const struct image *image = planner->request->image;

	if (!kernel_check_cpu(planner, err) ||
		!kernel_check_command_line(planner, command_line_max, err))
		return false;
	if (image->format != format)
		return fail(err, FAULT_IMAGE_UNKNOWN, "no kernel is taken out of this (%s)",
			image->name);
	note_x86_options(planner);
	return true;
}

bool kernel_check_raw(const struct planner *planner, uint64_t command_line_max, struct error *err)
{
	return kernel_check_other(planner, IMAGE_RAW, command_line_max, err);
}
