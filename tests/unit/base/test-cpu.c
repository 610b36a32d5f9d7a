/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "base/cpu.h"

/* Numbers and names as others have published them, beside those that our rows have. */
static const struct {
	enum cpu_arch arch;
	const char *name, *uname, *efi;
	uint16_t pe, elf;
} known[] = {
	{ ARCH_X86_64, "x86-64", "x86_64", "X64", 0x8664, 62 },
	{ ARCH_I386, "i386", "i686", "IA32", 0x14c, 3 },
	{ ARCH_ARM64, "arm64", "aarch64", "AA64", 0xaa64, 183 },
	{ ARCH_RISCV64, "riscv64", "riscv64", "RISCV64", 0x5064, 243 },
	{ ARCH_LOONGARCH64, "loong64", "loongarch64", "LOONGARCH64", 0x6264, 258 },
	{ ARCH_ARM, "armhf", "armv7l", "ARM", 0x1c2, 40 },
	{ ARCH_PPC64LE, "ppc64el", "ppc64le", NULL, 0, 21 },
	{ ARCH_PPC64, "ppc64", "ppc64", NULL, 0, 21 },
	{ ARCH_S390X, "s390x", "s390x", NULL, 0, 22 },
};

static void each_is_found_by_all_its_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		enum cpu_arch arch = known[i].arch;

		assert_string_equal(cpu_arch_name(arch), known[i].name);
		assert_int_equal(cpu_of(arch)->elf, known[i].elf);
		assert_int_equal(cpu_arch_by_uname(known[i].uname), arch);
		assert_int_equal(cpu_arch_is_x86(arch), i < 2);
		if (known[i].efi)
			assert_int_equal(cpu_arch_by_efi(known[i].efi), arch);
		if (known[i].pe)
			assert_int_equal(cpu_arch_by_pe(known[i].pe), arch);
	}
}

static void nobody_else_is_taken_for_one(void **state)
{
	(void)state;
	assert_string_equal(cpu_arch_name(ARCH_UNKNOWN), "an unknown CPU");
	assert_string_equal(cpu_of((enum cpu_arch)1000)->name, "an unknown CPU");
	assert_null(cpu_of(ARCH_UNKNOWN)->grub);
	assert_int_equal(cpu_arch_by_uname("sparc64"), ARCH_UNKNOWN);
	assert_int_equal(cpu_arch_by_uname(""), ARCH_UNKNOWN);
	assert_int_equal(cpu_arch_by_efi("x6"), ARCH_UNKNOWN);
	assert_int_equal(cpu_arch_by_efi(""), ARCH_UNKNOWN);
	assert_int_equal(cpu_arch_by_pe(0), ARCH_UNKNOWN);
	assert_int_equal(cpu_arch_by_pe(0x200), ARCH_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_is_found_by_all_its_names),
		CASE(nobody_else_is_taken_for_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
