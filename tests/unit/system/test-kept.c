/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A jump that would lose what processes keep for the next kernel is refused, or told where nothing else is left. */
#include "test.h"

#include "../machine/table-source.h"
#include "system/kept.h"

#define BOOT_ID { "proc/sys/kernel/random/boot_id", "this-boot\n" }
#define DEVICE  { "sys/class/misc/liveupdate/dev", "10:258\n" }
#define SESSIONS                                           \
	{ "proc/1/fd/3", "anon_inode:[luo_session] one" }, \
		{ "proc/7/fd/9", "anon_inode:[luo_session] two" }
#define NOBODYS  { "proc/1/fd/3", "/dev/null" }
#define HIDDEN   { "proc/1/fd", .is_unreadable = true }
#define BY(call) { "run/saut/loaded", "BOOT_ID=this-boot\nKERNEL=/boot/vmlinuz\n" call }
#define BY_LOAD  BY("CALL=kexec_load\n")
#define BY_FILE  BY("CALL=kexec_file_load\n")

static const struct row {
	const char *what;
	struct table_source files;
	enum answer is;
	const char *refused, *told; /* what the error and the note have; NULL: there is none */
} rows[] = {
	{ "no session is open", TABLE_SOURCE(BOOT_ID, DEVICE, BY_LOAD, NOBODYS), ANSWER_YES, NULL,
		NULL },
	{ "the kernel cannot keep anything", TABLE_SOURCE(BOOT_ID, BY_LOAD, SESSIONS), ANSWER_YES,
		NULL, NULL },
	{ "nothing is loaded", TABLE_SOURCE(BOOT_ID, DEVICE, BY_LOAD, SESSIONS), ANSWER_NO, NULL,
		NULL },
	{ "it goes along", TABLE_SOURCE(BOOT_ID, DEVICE, BY_FILE, SESSIONS), ANSWER_YES, NULL,
		NULL },
	{ "loaded before a session was opened", TABLE_SOURCE(BOOT_ID, DEVICE, BY_LOAD, SESSIONS),
		ANSWER_YES,
		"process 1 has a live-update session open, and the kernel was loaded by kexec_load",
		"process 1 has a live-update session open; the jump loses what that keeps, since" },
	{ "the kernel does not tell whether it has one",
		TABLE_SOURCE(BOOT_ID, DEVICE, BY_LOAD, SESSIONS), ANSWER_UNKNOWN,
		"loaded by kexec_load", "since the kernel was loaded by kexec_load" },
	{ "loaded by others", TABLE_SOURCE(BOOT_ID, DEVICE, SESSIONS), ANSWER_YES,
		"by which system call the kernel was loaded is not known",
		"unless the kernel was loaded by kexec_file_load" },
	{ "by an earlier version, which left no word of it",
		TABLE_SOURCE(BOOT_ID, DEVICE, BY(""), SESSIONS), ANSWER_YES, "is not known",
		"unless" },
	{ "in an earlier boot",
		TABLE_SOURCE(
			{ "proc/sys/kernel/random/boot_id", "other\n" }, DEVICE, BY_FILE, SESSIONS),
		ANSWER_YES, "is not known", "unless" },
	{ "nobody can say", TABLE_SOURCE(BOOT_ID, DEVICE, BY_LOAD, HIDDEN), ANSWER_YES, NULL,
		"could not be seen" },
	{ "nor has to", TABLE_SOURCE(BOOT_ID, DEVICE, BY_FILE, HIDDEN), ANSWER_YES, NULL, NULL },
};

static void ask(const struct row *row, bool may_be_lost)
{
	struct arena arena = { 0 };
	struct notes notes = { .arena = &arena };
	struct table_source files = row->files;
	struct error err = { 0 };
	struct loaded loaded;
	bool may;

	files.source.link = table_link;
	loaded = loaded_find(&files.source, row->is, &arena);
	may = kept_permits(&files.source, &loaded, may_be_lost, &notes, &err);
	if (may != (may_be_lost || !row->refused) || notes.count != (may && row->told ? 1U : 0U))
		fail_msg("%s: %d, %zu notes", row->what, may, notes.count);
	if (notes.count)
		assert_non_null(strstr(notes.items[0], row->told));
	if (!may) {
		assert_int_equal(err.fault, FAULT_KEPT_LOADED);
		assert_reason(err, row->refused);
	}
	arena_free(&arena);
}

static void each_is_refused_or_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ask(&rows[i], false);
		ask(&rows[i], true);
	}
}

static void the_hint_names_both_ways(void **state)
{
	struct error err = { .fault = FAULT_KEPT_LOADED };
	char hint[ERROR_HINT_MAX];

	(void)state;
	error_hint(&err, hint);
	assert_non_null(strstr(hint, "load the kernel again with "));
	assert_non_null(strstr(hint, "and lose what it keeps"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(each_is_refused_or_told),
		CASE(the_hint_names_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
