/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The input is a file that one boot leaves for another: the record of a reboot, a trial, a wish, or what a kernel said
 * last. What is understood of a record and written again is understood as the same.
 */
#include "every-file.h"
#include "fuzz.h"

#include <string.h>

#include "service/panic-message.h"
#include "service/record.h"
#include "service/trial.h"
#include "service/unloaded.h"

static enum presence list_one(const struct source *source, const char *path, struct arena *arena,
	const char *const **ret, struct error *err)
{
	static const char *const names[] = { "dmesg-erst-1", NULL };

	(void)source;
	(void)path;
	(void)arena;
	(void)err;
	*ret = names;
	return IS_THERE;
}

static struct every_file file_of(const char *text)
{
	return (struct every_file){ { read_input, source_look_by_read, list_one },
		view_of_string(text) };
}

static void expect_same(const char *a, const char *b)
{
	expect(a && b && strcmp(a, b) == 0);
}

static void record(const struct every_file *file, struct arena *arena)
{
	struct reboot_record first, second;
	struct every_file written;
	const char *text;

	if (!reboot_record_read(&file->source, REBOOT_RECORD_FILE, arena, &first))
		return;
	text = reboot_record_text(&first, arena);
	expect(text != NULL);
	written = file_of(text);
	expect(reboot_record_read(&written.source, REBOOT_RECORD_FILE, arena, &second));
	expect(first.when == second.when && first.way == second.way);
	expect_same(first.boot_id, second.boot_id);
	expect_same(first.reason, second.reason);
}

static void trial(const struct every_file *file, struct arena *arena)
{
	struct trial first, second;
	struct error err = { 0 };
	struct every_file written;
	enum presence is = trial_take(&file->source, TRIAL_FILE, arena, &first, &err);
	const char *text;

	expect(is != IS_UNREADABLE || err.reason[0] != '\0');
	if (is != IS_THERE)
		return;
	text = trial_text(&first, arena);
	expect(text != NULL);
	written = file_of(text);
	expect(trial_take(&written.source, TRIAL_FILE, arena, &second, &err) == IS_THERE);
	expect(first.state == second.state && first.confirm == second.confirm);
	expect(first.when == second.when && first.within == second.within);
	expect_same(first.id, second.id);
	expect_same(first.kernel, second.kernel);
	expect_same(first.reason, second.reason);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct loaded loaded = { 0 };
	struct every_file file = { { read_input, source_look_by_read, list_one }, { data, size } };
	struct arena arena = { 0 };

	record(&file, &arena);
	trial(&file, &arena);
	(void)unloaded_find(&file.source, &loaded, &arena);
	(void)panic_message_find(&file.source, 0, &arena);
	arena_free(&arena);
	return 0;
}
