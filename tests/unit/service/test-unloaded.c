/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An unload by hand: one reboot through the firmware, until somebody loads. */
#include "test.h"

#include "../machine/table-source.h"
#include "service/off-switch.h"
#include "service/unloaded.h"

#define BOOT_ID       { "proc/sys/kernel/random/boot_id", "this-boot\n" }
#define FILE_OF(text) { "run/saut/unloaded", text }

static struct unloaded found(const struct table_file *file, enum answer is, struct arena *arena)
{
	struct table_source source = TABLE_SOURCE(BOOT_ID, *file);
	const struct loaded loaded = { .is = is };

	return unloaded_find(&source.source, &loaded, arena);
}

static void what_is_written_is_read(void **state)
{
	static const struct {
		bool was_loaded;
		const char *boot_id, *at, *what;
	} rows[] = {
		{ true, "this-boot", "2026-11-27 07:40:12",
			"the loaded kernel was unloaded by hand at 2026-11-27 07:40:12" },
		{ false, "this-boot", "2026-11-27 07:40:12",
			"an unload was asked for by hand at 2026-11-27 07:40:12" },
		{ true, "this-boot", "", "the loaded kernel was unloaded by hand" },
		{ true, "", "x'y", "the loaded kernel was unloaded by hand at x'y" },
		/* Where /run outlives a boot. */
		{ true, "other-boot", "x", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = { 0 };
		const struct table_file file = FILE_OF(
			unloaded_text(rows[i].boot_id, rows[i].at, rows[i].was_loaded, &arena));
		struct unloaded u = found(&file, ANSWER_NO, &arena);

		assert_null(u.unknown);
		assert_int_equal(u.what != NULL, rows[i].what != NULL);
		if (u.what)
			assert_string_equal(u.what, rows[i].what);
		/* What was loaded since takes it back, whoever loaded it. */
		assert_null(found(&file, ANSWER_YES, &arena).what);
		assert_int_equal(
			found(&file, ANSWER_UNKNOWN, &arena).what != NULL, rows[i].what != NULL);
		arena_free(&arena);
	}
}

/* A file that is cut or damaged was left by somebody all the same. */
static void damage_is_a_wish(void **state)
{
	struct arena arena = { 0 };
	const char *text = unloaded_text("this-boot", "2026-11-27 07:40:12", true, &arena);

	(void)state;
	for (size_t n = 1; n <= strlen(text); n++) {
		const struct table_file file = { "run/saut/unloaded", text, n, false };

		assert_non_null(found(&file, ANSWER_NO, &arena).what);
	}
	assert_non_null(found(&(struct table_file)FILE_OF("\1$(\n"), ANSWER_NO, &arena).what);
	assert_non_null(found(&(struct table_file)FILE_OF(""), ANSWER_NO, &arena).what);
	arena_free(&arena);
}

static void what_cannot_be_read_is_unknown(void **state)
{
	struct table_source source =
		TABLE_SOURCE({ .path = "run/saut/unloaded", .is_unreadable = true });
	const struct kexec_ability ability = { .load_limit_reboot = -1, .loaded = ANSWER_NO };
	const struct loaded loaded = { .is = ANSWER_NO };
	struct arena arena = { 0 };
	struct unloaded u = unloaded_find(&source.source, &loaded, &arena);

	(void)state;
	assert_null(u.what);
	assert_non_null(strstr(u.unknown, "run/saut/unloaded"));
	assert_int_equal(off_switch_find(&source.source, &arena, &ability).kind, OFF_UNKNOWN);
	arena_free(&arena);
}

/* kexec-tools leaves no file; what was recorded as loaded is no more. */
static void another_program_is_noticed(void **state)
{
	struct loaded loaded = { .is = ANSWER_NO, .is_stale = true, .of = { .kernel = "/boot/k" } };
	struct table_source source = TABLE_SOURCE(BOOT_ID);
	struct arena arena = { 0 };
	struct unloaded u = unloaded_find(&source.source, &loaded, &arena);

	(void)state;
	assert_non_null(strstr(u.what, "/boot/k"));
	loaded.is_stale = false;
	assert_null(unloaded_find(&source.source, &loaded, &arena).what);
	arena_free(&arena);
}

/* It is the last of the switches: what an entry that is asked for takes back is no other one. */
static void other_switches_come_first(void **state)
{
	static const struct {
		struct table_file other;
		enum off_switch_kind kind;
	} rows[] = {
		{ { "etc/other", "" }, OFF_UNLOADED },
		{ { "etc/kexec.conf", "REBOOT_BY_KEXEC=no\n" }, OFF_ALWAYS },
		{ { "run/nokexec", "" }, OFF_ONCE },
		{ { "boot/grub/grubenv", "next_entry=x\n" }, OFF_TOLD },
		{ { .path = "boot/grub/grubenv", .is_unreadable = true }, OFF_UNKNOWN },
	};
	struct kexec_ability ability = { .load_limit_reboot = -1, .loaded = ANSWER_NO };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct table_source source = TABLE_SOURCE(BOOT_ID, rows[i].other,
			FILE_OF("BOOT_ID=this-boot\nAT=now\nWAS_LOADED=yes\n"));
		struct arena arena = { 0 };
		struct off_switch off = off_switch_find(&source.source, &arena, &ability);

		assert_int_equal(off.kind, rows[i].kind);
		assert_non_null(off.what);
		assert_non_null(off.undo);
		arena_free(&arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_is_written_is_read),
		CASE(damage_is_a_wish),
		CASE(what_cannot_be_read_is_unknown),
		CASE(another_program_is_noticed),
		CASE(other_switches_come_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
