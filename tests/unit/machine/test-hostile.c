/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A captured machine may come from anybody. Every file of a real one is cut at every byte and has its bytes
 * replaced; whatever comes out, what a plan leans on must hold. Files are handed out without a byte
 * to spare behind them, so that the sanitizers see a reader that walks past the end.
 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "machine/archive.h"
#include "machine/machine-folders.h"
#include "machine/machine.h"
#include "table-source.h"

enum { FILES_MAX = 256, BLOCKS_MAX = 4096 };

/* Files and the copies that were handed out of them. */
struct tight_source {
	struct table_source table;
	void *blocks[BLOCKS_MAX];
	size_t count;
};

static enum presence tight_read(const struct source *source, const char *path, struct arena *arena,
	struct view *ret, struct error *err)
{
	struct tight_source *t = (struct tight_source *)(uintptr_t)source;
	struct view v;
	uint8_t *exact;

	if (table_read(source, path, arena, &v, err) != IS_THERE)
		return IS_ABSENT;
	assert_true(t->count < BLOCKS_MAX);
	exact = malloc(v.n);
	memcpy(exact, v.p, v.n);
	t->blocks[t->count++] = exact;
	*ret = (struct view){ exact, v.n };
	return IS_THERE;
}

static void assert_normalised(const struct ranges *set)
{
	for (size_t i = 0; i < set->count; i++) {
		assert_int_not_equal(set->items[i].size, 0);
		assert_true(range_end(set->items[i]) > set->items[i].start);
		assert_true(i == 0 || set->items[i].start > range_end(set->items[i - 1]));
	}
}

/* What machine.h says of every Machine; an error that says why if there is none. */
static bool capture(const struct source *source)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct machine m;
	bool ok = machine_capture(source, &a, &m, &err);

	if (ok) {
		assert_int_not_equal(m.ram.count, 0);
		assert_normalised(&m.ram);
		assert_normalised(&m.reserved);
		for (size_t i = 0; i < m.reserved.count; i++)
			assert_true(ranges_contain(&m.ram, m.reserved.items[i]));
		assert_true(m.boot_params.n == 0 || m.boot_params.n == 4096);
		assert_true(m.page_size >= 4096 && (m.page_size & (m.page_size - 1)) == 0);
	} else {
		assert_int_equal(err.fault, FAULT_MACHINE_UNREADABLE);
		assert_int_not_equal(err.reason[0], 0);
	}
	arena_free(&a);
	return ok;
}

static bool capture_files(const struct table_file *files, size_t count)
{
	struct tight_source t = { .table = { { tight_read, source_look_by_read, table_list }, files,
					  count } };
	bool ok = capture(&t.table.source);

	for (size_t i = 0; i < t.count; i++)
		free(t.blocks[i]);
	return ok;
}

static size_t load_machine(struct arena *a, const char *name, struct table_file *ret)
{
	enum { SIZE_MAX_OF_ARCHIVE = 1 << 20 };
	FILE *file = fopen(arena_printf(a, "%s/%s.machine", MACHINE_FOLDERS, name), "r");
	uint8_t *text = arena_alloc(a, SIZE_MAX_OF_ARCHIVE);
	struct error err = { 0 };
	struct archive archive;
	size_t size;

	assert_non_null(file);
	size = fread(text, 1, SIZE_MAX_OF_ARCHIVE, file);
	assert_int_equal(fclose(file), 0);
	assert_true(archive_parse((struct view){ text, size }, a, &archive, &err));
	assert_true(archive.count <= FILES_MAX);
	for (size_t i = 0; i < archive.count; i++) {
		struct view bytes = archive.files[i].bytes;

		ret[i] = (struct table_file){ archive.files[i].path, arena_string(a, bytes),
			bytes.n };
	}
	return archive.count;
}

/* Of the same files for every entry of the map, the first entry's speak for all. */
static bool is_repetition(const char *path)
{
	static const char *const numbered[] = { "sys/firmware/memmap/",
		"sys/firmware/efi/runtime-map/" };

	for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++) {
		size_t n = strlen(numbered[i]);

		if (strncmp(path, numbered[i], n) == 0)
			return strncmp(path + n, "0/", 2) != 0;
	}
	return false;
}

static bool is_needed(const char *path)
{
	return strcmp(path, "proc/iomem") == 0 ||
		strncmp(path, "sys/firmware/memmap/", strlen("sys/firmware/memmap/")) == 0;
}

/* What no plan can do without may be missed; everything else may be cut without losing the rest. */
/* How much of /proc/iomem tells of any RAM, where it is all that does. */
static size_t iomem_with_ram(const struct table_file *files, size_t count)
{
	size_t behind = 0;

	for (size_t i = 0; i < count; i++) {
		static const char line_end[] = "System RAM\n";

		if (strncmp(files[i].path, "sys/firmware/memmap/", 20) == 0)
			return 0;
		if (strcmp(files[i].path, "proc/iomem") == 0)
			behind = (size_t)(strstr(files[i].text, line_end) - files[i].text) +
				strlen(line_end);
	}
	return behind;
}

static void cut_every_file_of(const char *name, size_t files_at_least)
{
	struct arena a = { 0 };
	struct table_file files[FILES_MAX];
	size_t count = load_machine(&a, name, files), cut = 0;
	size_t needed = iomem_with_ram(files, count);

	assert_true(count > files_at_least);
	assert_true(capture_files(files, count));
	for (size_t i = 0; i < count; i++) {
		const struct table_file whole = files[i];

		for (size_t n = 0; n < whole.size && !is_repetition(whole.path); n++, cut++) {
			bool ok;

			files[i] = n ? (struct table_file){ whole.path, whole.text, n }
				     : (struct table_file){ whole.path, "", 0 };
			ok = capture_files(files, count);
			if (strcmp(whole.path, "proc/iomem") == 0)
				assert_int_equal(ok, n && n >= needed && whole.text[n - 1] == '\n');
			else if (!is_needed(whole.path))
				assert_true(ok);
		}
		files[i] = whole;
	}
	assert_true(cut > 4096);
	arena_free(&a);
}

static void every_file_of_a_machine_may_end_anywhere(void **state)
{
	(void)state;
	cut_every_file_of("q35-uefi-5g", 90);
}

static void every_file_of_a_machine_with_a_device_tree_may_end_anywhere(void **state)
{
	(void)state;
	cut_every_file_of("arm64-gicv3", 20);
}

static void any_byte_of_a_machine_may_be_another(void **state)
{
	static const uint8_t others[] = { 0, '\n', ' ', 'f', 0xff };
	struct arena a = { 0 };
	struct table_file files[FILES_MAX];
	size_t count = load_machine(&a, "q35-uefi-5g", files);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		char *bytes = (char *)(uintptr_t)files[i].text;

		if (is_repetition(files[i].path) || files[i].size >= 4096)
			continue;
		for (size_t at = 0; at < files[i].size; at++) {
			char before = bytes[at];

			for (size_t k = 0; k < sizeof others; k++) {
				bytes[at] = (char)others[k];
				if (!capture_files(files, count))
					assert_true(is_needed(files[i].path));
			}
			bytes[at] = before;
		}
	}
	arena_free(&a);
}

static const struct {
	const char *iomem;
	bool ok;
} absurd[] = {
	{ "0-ffffffffffffffff : System RAM\n", true },
	{ "0-ffffffffffffffff : System RAM\n  0-ffffffffffffffff : Reserved\n", true },
	{ "0-ffffffffffffffff : System RAM\n0-ffffffffffffffff : Reserved\n", false },
	{ "fffffffffffffffe-ffffffffffffffff : System RAM\n", true },
	{ "ffffffffffffffff-ffffffffffffffff : System RAM\n", false },
	{ "ffffffffffffffff-0 : System RAM\n", false },
	{ "1-0 : System RAM\n", false },
	{ "0-0 : System RAM\n1-1 : System RAM\n", true },
	{ "0-fff : System RAM\n0-fff : System RAM\n800-17ff : System RAM\n", true },
	{ "1000-1fff : System RAM\n0-fff : System RAM\n", true },
	{ "1000-1fff : System RAM\n                                0-fff : Crash kernel\n", true },
	{ "0-10000000000000000 : System RAM\n", false },
	{ "0-00000000000000000000000000000000000000ffff : System RAM\n", true },
};

static void absurd_ranges_make_no_absurd_machine(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof absurd / sizeof *absurd; i++)
		assert_int_equal(
			capture_files(&(struct table_file){ "proc/iomem", absurd[i].iomem, 0 }, 1),
			absurd[i].ok);
}

/* A folder of as many entries as wanted, each of which is the whole address space. */
struct endless_source {
	struct source source;
	const char *folder;
	unsigned entries;
};

static enum presence endless_read(const struct source *source, const char *path,
	struct arena *arena, struct view *ret, struct error *err)
{
	const struct endless_source *e = (const struct endless_source *)(const void *)source;
	const char *name = strrchr(path, '/') + 1, *text = "0x0\n";

	if (strcmp(path, "proc/iomem") == 0)
		text = "0-ffffffffffffffff : System RAM\n";
	else if (strcmp(name, "fw_platform_size") == 0)
		text = "64\n";
	else if (strncmp(path, e->folder, strlen(e->folder)) != 0)
		return IS_ABSENT;
	else if (strcmp(name, "type") == 0)
		text = strstr(path, "memmap") ? "System RAM\n" : "0x5\n";
	else if (strcmp(name, "end") == 0 || strcmp(name, "num_pages") == 0)
		text = "0xffffffffffffffff\n";
	(void)arena;
	(void)err;
	*ret = view_of_string(text);
	return IS_THERE;
}

static enum presence endless_list(const struct source *source, const char *path,
	struct arena *arena, const char *const **ret, struct error *err)
{
	const struct endless_source *e = (const struct endless_source *)(const void *)source;
	const char **names;

	(void)err;
	if (strcmp(path, e->folder) != 0)
		return IS_ABSENT;
	names = arena_alloc_array(arena, e->entries + 1, sizeof *names);
	for (unsigned i = 0; i < e->entries; i++)
		names[i] = arena_printf(arena, "%u", i);
	*ret = names;
	return IS_THERE;
}

static void as_many_entries_as_the_limits_and_no_more(void **state)
{
	enum { MAP_MAX = 12800, REGIONS_MAX = 4096 };
	struct endless_source map = { { endless_read, source_look_by_read, endless_list },
		"sys/firmware/memmap", MAP_MAX };
	struct endless_source efi = { { endless_read, source_look_by_read, endless_list },
		"sys/firmware/efi/runtime-map", REGIONS_MAX };
	struct arena a = { 0 };
	struct error err = { 0 };
	struct machine m;

	(void)state;
	assert_true(capture(&map.source));
	map.entries++;
	assert_false(capture(&map.source));
	assert_true(machine_capture(&efi.source, &a, &m, &err));
	assert_int_equal(m.efi.region_count, REGIONS_MAX);
	efi.entries++;
	assert_true(machine_capture(&efi.source, &a, &m, &err));
	assert_int_equal(m.efi.region_count, 0);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(every_file_of_a_machine_may_end_anywhere),
		CASE(every_file_of_a_machine_with_a_device_tree_may_end_anywhere),
		CASE(any_byte_of_a_machine_may_be_another),
		CASE(absurd_ranges_make_no_absurd_machine),
		CASE(as_many_entries_as_the_limits_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
