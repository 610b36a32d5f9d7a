/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../machine/table-source.h"
#include "service/arrival.h"

#define NODE "sys/kernel/boot_params/setup_data/1/"

/* struct stub_record, little-endian: 4096 bytes by SHA-256. */
static const char record[] = "SAUT\2\0\0\0"
			     "\1\0\0\0\0\0\0\0"
			     "\2\0\0\0\0\0\0\0"
			     "\3\0\0\0\0\0\0\0"
			     "\4\0\0\0\0\0\0\0"
			     "\0\20\0\0\0\0\0\0"
			     "\1\0\0\0\0\0\0"; /* and the terminating zero */

static const struct {
	const char *type; /* of the loader, as proc(5) has it */
	const char *node_type;
	size_t size; /* of the record; 0: no node */
	enum answer by_kexec;
	bool by_saut;
} rows[] = {
	{ NULL, NULL, 0, ANSWER_UNKNOWN, false },
	{ "176\n", NULL, 0, ANSWER_NO, false }, /* QEMU */
	{ "114\n", NULL, 0, ANSWER_NO, false }, /* GRUB */
	{ "208\n", NULL, 0, ANSWER_YES, false },
	{ "x\n", NULL, 0, ANSWER_UNKNOWN, false },
	{ "208\n", "0x54554153\n", sizeof record, ANSWER_YES, true },
	{ "208\n", "0x54554153\n", sizeof record - 1, ANSWER_YES, false },
	{ "208\n", "0x54554154\n", sizeof record, ANSWER_YES, false },
	{ NULL, "0x54554153\n", sizeof record, ANSWER_YES, true },
};

static void it_is_known_by_what_the_kernel_was_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct table_source source =
			TABLE_SOURCE({ "proc/sys/kernel/bootloader_type", rows[i].type },
				{ NODE "data", rows[i].size ? record : NULL, rows[i].size },
				{ NODE "type", rows[i].node_type });
		struct arena arena = { 0 };
		struct arrival a = arrival_find(&source.source, &arena);

		print_message("%zu\n", i);
		assert_int_equal(a.by_kexec, rows[i].by_kexec);
		assert_int_equal(a.by_saut, rows[i].by_saut);
		if (a.by_saut) {
			assert_int_equal(a.record.loaded, 1);
			assert_int_equal(a.record.left, 4);
			assert_int_equal(a.record.bytes, 4096);
			assert_int_equal(a.record.check, STUB_CHECK_SHA256);
		}
		arena_free(&arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(it_is_known_by_what_the_kernel_was_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
