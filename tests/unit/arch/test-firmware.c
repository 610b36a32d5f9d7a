/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a kernel must be told of the firmware and is not known here, since a container hides it: the
 * running kernel is asked to tell it, or the load is refused.
 */
#include "arch/planned.h"

#include "base/fields.h"
#include "image/raw-file.h"

static void a_container_does_not_hide_that_the_firmware_is_efi(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-uefi-masked");
	assert_false(p.machine.efi.present);
	assert_true(p.machine.efi.hidden);
	assert_int_equal(p.machine.rsdp, 0);
	assert_true(p.machine.memory.from_iomem);
	arena_free(&p.arena);

	planned_begin(&p, "q35-uefi-5g");
	assert_true(p.machine.efi.present && !p.machine.efi.hidden);
	arena_free(&p.arena);
	planned_begin(&p, "q35-1g");
	assert_false(p.machine.efi.present || p.machine.efi.hidden);
	assert_false(machine_firmware_unknown(&p.machine));
	arena_free(&p.arena);
}

static void hidden_firmware_is_left_to_the_running_kernel(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-uefi-masked");
	p.request.call = CALL_AUTO;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_FILE_LOAD);
	assert_non_null(strstr(p.plan.call_reason, "/sys/firmware/efi is not there"));
	arena_free(&p.arena);
}

static void a_kernel_that_would_find_no_acpi_is_refused(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-uefi-masked");
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIRMWARE_HIDDEN);
	assert_reason(p.error, "/sys/firmware/efi is not there to tell where ACPI's tables lie");

	p.request.call = CALL_AUTO;
	p.machine.kexec.file_load = ANSWER_NO;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_FIRMWARE_HIDDEN);
	arena_free(&p.arena);
}

static void a_kernel_that_finds_acpi_is_loaded_with_a_note(void **state)
{
	static const struct {
		const char *line;
		phys_t rsdp;
	} cases[] = {
		{ "quiet acpi_rsdp=0x7fb7e014", 0 },
		{ "quiet acpi=off", 0 },
		{ "quiet", 0x7fb7e014 },
	};
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-uefi-masked");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		p.request.command_line = cases[i].line;
		p.machine.rsdp = cases[i].rsdp;
		assert_true(planned_make(&p));
		assert_int_equal(p.plan.notes.count, 1);
		assert_non_null(strstr(p.plan.notes.items[0], "without EFI runtime services"));
	}
	arena_free(&p.arena);
}

static void nothing_of_a_bios_is_thought_to_be_there(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-uefi-masked");
	p.request.command_line = "acpi=off";
	p.request.quirks.reset_screen = true;
	assert_true(planned_make(&p));
	assert_non_null(strstr(p.plan.notes.items[0], FIELD_RESET_VGA " has no effect"));

	p.request.quirks.reset_screen = false;
	p.request.entry_point = ENTRY_POINT_REAL_MODE;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_IMAGE_NO_ENTRY);
	arena_free(&p.arena);
}

static void without_sys_the_running_kernel_is_asked_or_it_is_noted(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.machine.boot_params = (struct view){ 0 };
	assert_true(machine_firmware_unknown(&p.machine));
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.notes.count, 1);
	assert_non_null(strstr(p.plan.notes.items[0], "/sys/kernel/boot_params is not there"));

	p.request.call = CALL_AUTO;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_FILE_LOAD);
	assert_non_null(strstr(p.plan.call_reason, "/sys/kernel/boot_params is not there"));
	arena_free(&p.arena);
}

/* Others are told by a device tree, which the running kernel has kept. */
static void a_hidden_device_tree_is_left_to_the_running_kernel(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "arm64-uefi");
	p.kernel = rf_make(&p.arena, &rf_kernels[RF_ARM64], false);
	p.machine.device_tree = (struct view){ 0 };
	p.machine.kexec.file_load = ANSWER_YES;
	p.request.call = CALL_AUTO;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_FILE_LOAD);
	assert_non_null(strstr(p.plan.call_reason, "/sys/firmware/fdt is not there"));

	p.machine.kexec.file_load = ANSWER_NO;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_NO_DEVICE_TREE);
	arena_free(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_container_does_not_hide_that_the_firmware_is_efi),
		CASE(hidden_firmware_is_left_to_the_running_kernel),
		CASE(a_kernel_that_would_find_no_acpi_is_refused),
		CASE(a_kernel_that_finds_acpi_is_loaded_with_a_note),
		CASE(nothing_of_a_bios_is_thought_to_be_there),
		CASE(without_sys_the_running_kernel_is_asked_or_it_is_noted),
		CASE(a_hidden_device_tree_is_left_to_the_running_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
