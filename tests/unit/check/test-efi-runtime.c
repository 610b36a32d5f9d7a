/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

static void passes_where_the_map_is_there_or_not_needed(void **state)
{
	(void)state;
	assert_captured(check_efi_runtime, "q35-uefi-5g", CHECK_PASS, "regions of EFI's");
	assert_captured(check_efi_runtime, "q35-1g", CHECK_PASS, "not booted by EFI");
	assert_captured(check_efi_runtime, "arm64-uefi", CHECK_PASS, "by itself");
	assert_captured(check_efi_runtime, "s390x", CHECK_PASS, "not booted by EFI");
}

static void warns_without_the_map(void **state)
{
	struct checked c;

	(void)state;
	checked_captured(&c, "q35-uefi-5g");
	c.machine.efi.region_count = 0;
	assert_finding(check_efi_runtime(&c.subject), CHECK_WARN, "no EFI variables");
	assert_non_null(check_efi_runtime(&c.subject).source);
	c.machine.command_line = "quiet efi=noruntime";
	assert_finding(check_efi_runtime(&c.subject), CHECK_PASS, "does without");
	checked_free(&c);
}

static void does_not_know_what_is_hidden(void **state)
{
	struct checked c;

	(void)state;
	checked_captured(&c, "q35-uefi-masked");
	assert_finding(check_efi_runtime(&c.subject), CHECK_UNKNOWN, "hidden");
	c.machine.efi.hidden = false;
	c.machine.boot_params = (struct view){ 0 };
	assert_finding(check_efi_runtime(&c.subject), CHECK_UNKNOWN, "not there");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(passes_where_the_map_is_there_or_not_needed),
		CASE(warns_without_the_map),
		CASE(does_not_know_what_is_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
