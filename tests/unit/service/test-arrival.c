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

/* The record above as digits, which the stub writes in small letters. */
static const char *digits(struct arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < sizeof record; i++)
		text = arena_printf(arena, "%s%02x", text, (unsigned)(uint8_t)record[i]);
	return text;
}

static bool is_found(const char *line, struct arena *arena, struct stub_record *ret)
{
	struct table_source source = TABLE_SOURCE({ "proc/cmdline", line });

	return arrival_by_what_is_handed_on(&source.source, arena, ret);
}

static void a_command_line_tells_of_it_whole_or_not_at_all(void **state)
{
	struct arena arena = { 0 };
	const char *text = digits(&arena);
	struct stub_record found;

	(void)state;
	assert_true(is_found(
		arena_printf(&arena, "a saut.words=1 saut.record=%s b\n", text), &arena, &found));
	assert_int_equal(found.loaded, 1);
	assert_int_equal(found.left, 4);
	assert_int_equal(found.check, STUB_CHECK_SHA256);
	/* Of what another loader has handed on, and what was added behind it, the latter. */
	assert_true(is_found(
		arena_printf(&arena, "saut.record=0 saut.record=%s\n", text), &arena, &found));
	assert_false(is_found(
		arena_printf(&arena, "saut.record=%s saut.record=0\n", text), &arena, &found));
	assert_false(is_found(arena_printf(&arena, "xsaut.record=%s\n", text), &arena, &found));
	assert_false(is_found(arena_printf(&arena, "saut.record=%s0\n", text), &arena, &found));
	assert_false(is_found("a\n", &arena, &found));
	assert_false(is_found(NULL, &arena, &found));
	for (size_t n = 0; n < 2 * sizeof record; n++)
		assert_false(is_found(
			arena_printf(&arena, "saut.record=%.*s\n", (int)n, text), &arena, &found));
	for (size_t n = 0; n < 2 * sizeof record; n++)
		assert_false(is_found(
			arena_printf(&arena, "saut.record=%.*sg%s\n", (int)n, text, text + n + 1),
			&arena, &found));
	arena_free(&arena);
}

/* As Saut on s390x left it for the kernel after it: numbers begin with their highest byte. */
static void a_big_endian_record_is_one_as_well(void **state)
{
	struct arena arena = { 0 };
	struct stub_record found;

	(void)state;
	assert_true(is_found("quiet saut.words=1 saut.record=5455415300000004"
			     "e3a69a586548cfaee3a69a5ca65fbe39e3a69a5d474252c4e3a69a5d474bcb22"
			     "0000000001a3b9bc0000000200000000\n",
		&arena, &found));
	assert_int_equal(found.version, 4);
	assert_int_equal(found.loaded, 0xe3a69a586548cfae);
	assert_int_equal(found.entered, 0xe3a69a5ca65fbe39);
	assert_int_equal(found.left, 0xe3a69a5d474bcb22);
	assert_int_equal(found.bytes, 27507132);
	assert_int_equal(found.check, STUB_CHECK_CRC32C);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(it_is_known_by_what_the_kernel_was_told),
		CASE(a_command_line_tells_of_it_whole_or_not_at_all),
		CASE(a_big_endian_record_is_one_as_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
