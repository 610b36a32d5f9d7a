/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory that is written to where it lies, as far as it goes. */
#include "test.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arith.h"
#include "sys/space.h"

static const uint8_t bytes[MiB(1)] = { 1, 2, 3 };

static const struct view piece = { bytes, sizeof bytes };

static void both_ways_lead_to_the_same_bytes(void **state)
{
	struct error err = { 0 };
	struct space space;
	struct room room;
	struct file file;

	(void)state;
	assert_true(space_begin((struct space_wanted){ MiB(3), MiB(8) }, &space, &err));
	assert_true(sink_put(&space.sink, piece, &err));
	room = sink_room(&space.sink);
	assert_int_equal(room.n, MiB(2));
	memcpy(room.p, "straight", 8);
	sink_filled(&space.sink, 8);
	assert_int_equal(sink_room(&space.sink).n, MiB(2) - 8);
	assert_true(space_finish(&space, "name", &file, &err));
	assert_int_equal(file.bytes.n, MiB(1) + 8);
	assert_memory_equal(file.bytes.p, bytes, sizeof bytes);
	assert_memory_equal(file.bytes.p + sizeof bytes, "straight", 8);
	assert_int_equal(file.fd, -1);
	assert_string_equal(file.path, "name");
	file_close(&file);
	space_drop(&space);
}

/* How many of the pages of memory are there. */
static size_t pages_there(const struct space *space)
{
	static unsigned char there[MiB(4) / 4096];
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t count = 0;

	assert_int_equal(mincore(space->p, space->size, there), 0);
	for (size_t i = 0; i < space->size / page; i++)
		count += there[i] & 1;
	return count;
}

static void what_is_expected_is_got_ready(void **state)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct error err = { 0 };
	struct space space;

	(void)state;
	assert_true(space_begin((struct space_wanted){ MiB(4), MiB(4) }, &space, &err));
	assert_int_equal(pages_there(&space), 0);
	sink_filled(&space.sink, 100);
	sink_expect(&space.sink, MiB(1) - 100);
	if (pages_there(&space) == 0)
		skip(); /* Linux before 5.14 */
	assert_int_equal(pages_there(&space), MiB(1) / page);
	sink_expect(&space.sink, UINT64_MAX);
	assert_int_equal(pages_there(&space), MiB(4) / page);
	space_drop(&space);
}

/* Whether the kernel was asked for large pages where p lies; false without a word on it, too. */
static bool is_advised(const void *p)
{
	FILE *maps = fopen("/proc/self/smaps", "r");
	bool inside = false, advised = false;
	char line[512];

	assert_non_null(maps);
	while (fgets(line, sizeof line, maps)) {
		unsigned long long from, to;

		if (sscanf(line, "%llx-%llx ", &from, &to) == 2)
			inside = (uintptr_t)p >= from && (uintptr_t)p < to;
		else if (inside && strncmp(line, "VmFlags:", 8) == 0)
			advised = strstr(line, " hg") != NULL;
	}
	fclose(maps);
	return advised;
}

static void large_pages_are_asked_for_where_they_are_wanted(void **state)
{
	struct error err = { 0 };
	struct space small, large;

	(void)state;
	if (access("/sys/kernel/mm/transparent_hugepage", F_OK) < 0)
		skip();
	assert_true(space_begin((struct space_wanted){ MiB(8), MiB(8) }, &small, &err));
	assert_true(
		space_begin((struct space_wanted){ MiB(8), MiB(8), .large = true }, &large, &err));
	assert_false(is_advised(small.p));
	assert_true(is_advised(large.p));
	space_drop(&small);
	space_drop(&large);
}

static void the_limit_and_the_memory_are_told_apart(void **state)
{
	struct error err = { 0 };
	struct space space;

	(void)state;
	assert_true(space_begin((struct space_wanted){ MiB(1), UINT64_MAX }, &space, &err));
	assert_true(sink_put(&space.sink, piece, &err));
	assert_int_equal(sink_room(&space.sink).n, 0);
	assert_false(sink_put(&space.sink, piece, &err));
	assert_int_equal(err.fault, FAULT_COMPRESSION_BOMB);
	space_drop(&space);

	assert_true(space_begin((struct space_wanted){ UINT64_MAX, MiB(2) }, &space, &err));
	assert_true(sink_put(&space.sink, piece, &err));
	assert_true(sink_put(&space.sink, piece, &err));
	assert_false(sink_put(&space.sink, piece, &err));
	assert_int_equal(err.fault, FAULT_NO_MEMORY);
	assert_reason(err, "in memory it becomes more than the 2 MiB that are available");
	space_drop(&space);
}

static void nothing_is_no_file(void **state)
{
	struct error err = { 0 };
	struct space space;
	struct file file;

	(void)state;
	assert_true(space_begin((struct space_wanted){ MiB(1), MiB(1) }, &space, &err));
	assert_false(space_finish(&space, "name", &file, &err));
	assert_int_equal(err.fault, FAULT_FILE_EMPTY);
	assert_null(space.p);
}

/* Whatever is asked for: what there is of the address space is taken, or it is said that there is none. */
static void a_limit_of_addresses_is_kept(void **state)
{
	struct rlimit before, none;
	struct error err = { 0 };
	struct space space;

	(void)state;
	assert_true(space_begin((struct space_wanted){ UINT64_MAX, UINT64_MAX }, &space, &err));
	assert_true(sink_put(&space.sink, piece, &err));
	space_drop(&space);

	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	none = (struct rlimit){ 1, before.rlim_max };
	if (setrlimit(RLIMIT_AS, &none) < 0)
		skip();
	assert_false(space_begin((struct space_wanted){ MiB(1), MiB(1) }, &space, &err));
	assert_int_equal(err.fault, FAULT_NO_MEMORY);
	space = space_scratch(MiB(1));
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
	assert_null(space.p);
	assert_true(sink_put(&space.sink, piece, &err));
}

static void a_scratch_keeps_nothing(void **state)
{
	struct space space = space_scratch(MiB(1));
	struct error err = { 0 };
	const uint8_t *first = sink_room(&space.sink).p;

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		assert_ptr_equal(sink_room(&space.sink).p, first);
		assert_int_equal(sink_room(&space.sink).n, MiB(1));
		sink_filled(&space.sink, MiB(1));
		assert_true(sink_put(&space.sink, piece, &err));
	}
	assert_int_equal(space.sink.taken, MiB(10));
	space_drop(&space);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(both_ways_lead_to_the_same_bytes),
		CASE(what_is_expected_is_got_ready),
		CASE(large_pages_are_asked_for_where_they_are_wanted),
		CASE(the_limit_and_the_memory_are_told_apart),
		CASE(nothing_is_no_file),
		CASE(a_limit_of_addresses_is_kept),
		CASE(a_scratch_keeps_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
