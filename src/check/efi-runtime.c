/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An x86 kernel that is entered by kexec calls EFI's runtime services only at the addresses that the
 * first one gave them, which /sys/firmware/efi/runtime-map tells (Documentation/ABI/testing/
 * sysfs-firmware-efi-runtime-map): the firmware takes new addresses once. Without it the next kernel
 * has no EFI variables.
 */
#include "check/rows.h"
#include "check/unknown.h"
#include "plan/parameters.h"

static const char source[] = "https://docs.kernel.org/admin-guide/abi-testing-files.html "
			     "(sysfs-firmware-efi-runtime-map)";

/* Whoever asked for none now does not miss them then. */
static bool has_none_by_choice(const struct machine *machine)
{
	return parameters_have(machine->command_line, "noefi") ||
		parameters_have(machine->command_line, "efi=noruntime");
}

struct check_finding check_efi_runtime(const struct check_subject *subject)
{
	const struct machine *machine = subject->machine;

	if (!machine)
		return check_without_machine(subject);
	if (machine->efi.present && !cpu_arch_is_x86(machine->arch))
		return check_finds(subject, CHECK_PASS,
			"on this CPU the next kernel finds the services by itself");
	if (machine_firmware_unknown(machine) || machine->efi.hidden)
		return check_finds(subject, CHECK_UNKNOWN, "/sys/firmware/efi is %s",
			machine->efi.hidden ? "hidden, and this machine was booted by EFI"
					    : "not there, nor is boot_params to tell whether "
					      "this machine was booted by EFI");
	if (!machine->efi.present)
		return check_finds(subject, CHECK_PASS, "this machine was not booted by EFI");
	if (machine->efi.region_count)
		return check_finds(subject, CHECK_PASS,
			"the next kernel is told of %zu regions of EFI's runtime services",
			machine->efi.region_count);
	if (has_none_by_choice(machine))
		return check_finds(subject, CHECK_PASS,
			"the running kernel does without EFI's runtime services as well");
	return check_advise(
		check_finds(subject, CHECK_WARN,
			"/sys/firmware/efi/runtime-map is missing or cannot be read: the next "
			"kernel has no EFI variables, so efibootmgr, one-shot entries and "
			"firmware updates fail until the next reboot through the firmware"),
		"boot a kernel with CONFIG_EFI_RUNTIME_MAP=y, or reboot through the firmware",
		source);
}
