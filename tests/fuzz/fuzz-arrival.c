/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How this boot came about, by what the last kernel has left in setup_data: the input is an archive of the machine
 * (machine/archive.h). A record of ours that is found is one that stands there, byte for byte.
 */
#include "fuzz.h"

#include <string.h>

#include "machine/archive.h"
#include "service/arrival.h"

#define SETUP_DATA "sys/kernel/boot_params/setup_data/"

enum { FLAGS_SIZE = 4 /* at the end, not looked at */ };

static bool stands_in(const struct archive_file *file, struct view record)
{
	return strncmp(file->path, SETUP_DATA, strlen(SETUP_DATA)) == 0 &&
		view_starts_with(file->bytes, record);
}

static void expect_told(const struct archive *archive, const struct stub_record *record)
{
	uint8_t bytes[sizeof *record];
	struct block b = { bytes, sizeof bytes, false };
	bool is_there = false;

	block_put_le32(&b, 0, record->magic);
	block_put_le32(&b, 4, record->version);
	block_put_le64(&b, 8, record->loaded);
	block_put_le64(&b, 16, record->entered);
	block_put_le64(&b, 24, record->verified);
	block_put_le64(&b, 32, record->left);
	block_put_le64(&b, 40, record->bytes);
	block_put_le32(&b, 48, record->check);
	expect(!b.overrun);
	for (size_t i = 0; i < archive->count; i++)
		is_there |= stands_in(
			&archive->files[i], (struct view){ bytes, sizeof bytes - FLAGS_SIZE });
	expect(is_there);
	expect(record->magic == STUB_MAGIC && record->version && record->version <= STUB_VERSION);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct archive archive;

	if (archive_parse((struct view){ data, size }, &arena, &archive, &err)) {
		struct arrival arrival = arrival_find(&archive.source, &arena);

		expect(!arrival.by_saut || arrival.by_kexec == ANSWER_YES);
		if (arrival.by_saut)
			expect_told(&archive, &arrival.record);
	}
	arena_free(&arena);
	return 0;
}
