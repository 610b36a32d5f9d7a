/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../machine/table-source.h"
#include "report/firmware.h"

#define FPDT "sys/firmware/acpi/fpdt/boot/"
#define EFI  "sys/firmware/efi/efivars/"
#define INIT EFI "LoaderTimeInitUSec-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define EXEC EFI "LoaderTimeExecUSec-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

/* Attributes (boot service and runtime access), then "1234567" and a zero, of two bytes each. */
static const char value[] = "\6\0\0\0"
			    "1\0"
			    "2\0"
			    "3\0"
			    "4\0"
			    "5\0"
			    "6\0"
			    "7\0"
			    "\0"; /* and the terminating zero */

static struct firmware_times read(const struct table_source *source)
{
	struct arena arena = { 0 };
	struct firmware_times t = firmware_times_read(&source->source, &arena);

	arena_free(&arena);
	return t;
}

static void the_table_of_the_firmware(void **state)
{
	struct table_source source = TABLE_SOURCE({ FPDT "bootloader_launch_ns", "12345678901\n" },
		{ FPDT "exitbootservice_end_ns", "14345678901\n" });
	struct firmware_times t = read(&source);

	(void)state;
	assert_true(t.firmware.is_known && t.loader.is_known);
	assert_int_equal(t.firmware.us, 12345678);
	assert_int_equal(t.loader.us, 2000000);
	assert_string_equal(t.by, "FPDT");
}

/* What a firmware leaves out is 0, and what lies before what it follows tells nothing. */
static void what_it_does_not_tell_is_not_known(void **state)
{
	struct table_source none = TABLE_SOURCE({ FPDT "bootloader_launch_ns", "0\n" });
	struct table_source half = TABLE_SOURCE({ FPDT "bootloader_launch_ns", "5000000000\n" },
		{ FPDT "exitbootservice_end_ns", "4000000000\n" });
	struct table_source wrong = TABLE_SOURCE({ FPDT "bootloader_launch_ns", "0x10\n" });
	struct firmware_times t = read(&half);

	(void)state;
	assert_null(read(&none).by);
	assert_null(read(&wrong).by);
	assert_true(t.firmware.is_known);
	assert_false(t.loader.is_known);
}

static void the_boot_loaders_variables(void **state)
{
	static const char later[] = "\6\0\0\0"
				    "2\0"
				    "0\0"
				    "0\0"
				    "0\0"
				    "0\0"
				    "0\0"
				    "0\0"; /* no zero behind */
	struct table_source source =
		TABLE_SOURCE({ INIT, value, sizeof value }, { EXEC, later, sizeof later - 1 });
	struct firmware_times t = read(&source);

	(void)state;
	assert_string_equal(t.by, "EFI variables");
	assert_int_equal(t.firmware.us, 1234567);
	assert_int_equal(t.loader.us, 2000000 - 1234567);
}

static void every_byte_counts(void **state)
{
	char bytes[sizeof value];

	(void)state;
	for (size_t n = 1; n < sizeof value; n++) {
		struct table_source source = TABLE_SOURCE({ INIT, value, n });
		struct firmware_times t = read(&source);

		assert_int_equal(t.by != NULL, n > 4 && n % 2 == 0);
	}
	for (size_t i = 4; i < sizeof value - 2; i++) {
		struct table_source source = TABLE_SOURCE({ INIT, bytes, sizeof bytes });

		memcpy(bytes, value, sizeof value);
		bytes[i] = 0x7f;
		assert_null(read(&source).by);
	}
}

static void too_many_digits_are_no_number(void **state)
{
	char bytes[4 + 2 * 21] = { 6 };
	struct table_source source = TABLE_SOURCE({ INIT, bytes, sizeof bytes });

	(void)state;
	for (size_t i = 4; i < sizeof bytes; i += 2)
		bytes[i] = '9';
	assert_null(read(&source).by);
}

static void our_own_measure(void **state)
{
	static const char *const wrong[] = { "", "1", "2 5 asked 1 2\n", "1 x asked 1 2\n",
		"1 5 kernel-clock 1 2\n", "1 5 asked x 2\n", "1 5 asked 1\n" };
	const struct cold_boot cold = { 5, MOMENT_STOPPED, { true, 41750000 }, { false, 0 } };
	struct arena arena = { 0 };
	const char *text = cold_boot_text(&cold, &arena);
	struct table_source source = TABLE_SOURCE({ &COLD_BOOT_FILE[1], text });
	struct cold_boot found;

	(void)state;
	assert_string_equal(text, "1 5 services-stopped 41750000 -\n");
	assert_true(cold_boot_read(&source.source, &arena, &found));
	assert_int_equal(found.when, 5);
	assert_int_equal(found.from, MOMENT_STOPPED);
	assert_true(found.away.is_known);
	assert_int_equal(found.away.us, 41750000);
	assert_false(found.reset.is_known);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct table_source bad = TABLE_SOURCE({ &COLD_BOOT_FILE[1], wrong[i] });

		assert_false(cold_boot_read(&bad.source, &arena, &found));
	}
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(the_table_of_the_firmware),
		CASE(what_it_does_not_tell_is_not_known),
		CASE(the_boot_loaders_variables),
		CASE(every_byte_counts),
		CASE(too_many_digits_are_no_number),
		CASE(our_own_measure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
