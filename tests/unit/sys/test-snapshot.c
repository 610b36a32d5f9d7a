/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "machine/machine.h"
#include "machine/text.h"
#include "sys/snapshot.h"

struct fixture {
	char root[64];
	struct snapshot snapshot;
	struct arena arena;
};

static char *path_in(struct fixture *f, const char *path)
{
	return arena_printf(&f->arena, "%s/%s", f->root, path);
}

static void put(struct fixture *f, const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path_in(f, path), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct error err;

	strcpy(f->root, "/tmp/saut-snapshot-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	assert_int_equal(mkdir(path_in(f, "proc"), 0700), 0);
	assert_int_equal(mkdir(path_in(f, "map"), 0700), 0);
	put(f, "proc/cmdline", "quiet\n", 6);
	put(f, "proc/empty", "", 0);
	assert_true(snapshot_open(f->root, &f->snapshot, &err));
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char *command = arena_printf(&f->arena, "rm -rf %s", f->root);

	snapshot_close(&f->snapshot);
	assert_int_equal(system(command), 0);
	arena_free(&f->arena);
	free(f);
	return 0;
}

static bool get(struct fixture *f, const char *path, struct view *ret)
{
	return source_read(&f->snapshot.source, path, &f->arena, ret);
}

static void files_of_a_folder_are_read(void **state)
{
	struct view v;

	assert_true(get(*state, "proc/cmdline", &v));
	assert_true(text_is(v, "quiet\n"));
	assert_int_equal(v.p[v.n], 0);
	assert_true(get(*state, "proc/empty", &v));
	assert_int_equal(v.n, 0);
	assert_false(get(*state, "proc/missing", &v));
	assert_false(get(*state, "proc", &v));
	assert_false(get(*state, "saut/uname", &v));
}

/* Around the size of the first read and of what it grows to. */
static void files_of_any_size_are_read_whole(void **state)
{
	static const size_t sizes[] = { 1, 4095, 4096, 4097, 8192, 100000 };
	static char bytes[100000];
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * 7);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct view v;

		put(f, "file", bytes, sizes[i]);
		assert_true(get(f, "file", &v));
		assert_int_equal(v.n, sizes[i]);
		assert_memory_equal(v.p, bytes, v.n);
	}
}

static void a_file_past_the_limit_is_refused(void **state)
{
	enum { LIMIT = 16 << 20 };
	struct fixture *f = *state;
	struct error err = { 0 };
	struct view v;

	put(f, "file", "", 0);
	assert_int_equal(truncate(path_in(f, "file"), LIMIT - 1), 0);
	assert_true(get(f, "file", &v));
	assert_int_equal(v.n, LIMIT - 1);
	assert_int_equal(truncate(path_in(f, "file"), LIMIT), 0);
	assert_false(get(f, "file", &v));
	assert_int_equal(truncate(path_in(f, "file"), (off_t)1 << 40), 0);
	assert_int_equal(f->snapshot.source.read(&f->snapshot.source, "file", &f->arena, &v, &err),
		IS_UNREADABLE);
	assert_reason(err, "it has 1048576 MiB, and what is read has fewer than 16");
}

/* Which read would refuse for its size. */
static void the_first_bytes_of_a_large_file_are_seen(void **state)
{
	enum { SIZE = 40 << 20, LIMIT = 20 << 20 };
	struct fixture *f = *state;
	const struct source *source = &f->snapshot.source;
	struct error err = { 0 };
	struct view v;

	put(f, "file", "begin", 5);
	assert_int_equal(truncate(path_in(f, "file"), SIZE), 0);
	assert_int_equal(source->look(source, "file", LIMIT, &f->arena, &v, &err), IS_THERE);
	assert_int_equal(v.n, LIMIT);
	assert_memory_equal(v.p, "begin", 6);
	assert_int_equal(v.p[v.n], 0);
	assert_int_equal(source->look(source, "file", SIZE_MAX, &f->arena, &v, &err), IS_THERE);
	assert_int_equal(v.n, SIZE);
	assert_int_equal(
		source->look(source, "proc/cmdline", LIMIT, &f->arena, &v, &err), IS_THERE);
	assert_true(text_is(v, "quiet\n"));
	assert_int_equal(v.p[v.n], 0);
	assert_int_equal(source->look(source, "missing", LIMIT, &f->arena, &v, &err), IS_ABSENT);
	assert_int_equal(source->look(source, "proc", LIMIT, &f->arena, &v, &err), IS_UNREADABLE);
	assert_non_null(strstr(err.reason, "/proc is no regular file"));
}

static void only_regular_files_are_read(void **state)
{
	struct fixture *f = *state;
	struct view v;

	assert_int_equal(mkfifo(path_in(f, "pipe"), 0600), 0);
	assert_false(get(f, "pipe", &v));
}

/* Links that would leave the folder end inside it, or nowhere. */
static void links_do_not_lead_out(void **state)
{
	static const char *const targets[] = { "/etc/passwd", "../../../../../../etc/passwd",
		"/proc/self/environ" };
	struct fixture *f = *state;
	struct view v;

	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
		assert_int_equal(symlink(targets[i], path_in(f, "link")), 0);
		assert_false(get(f, "link", &v));
		assert_int_equal(unlink(path_in(f, "link")), 0);
	}
	assert_int_equal(symlink("/etc", path_in(f, "etc")), 0);
	assert_false(get(f, "etc/passwd", &v));
	assert_false(get(f, "../../../../../../etc/passwd", &v));
}

static void names_are_sorted_as_people_count(void **state)
{
	static const char *const made[] = { "10", "9", "b", "0", "100", "a1", "02", "a" };
	static const char *const want[] = { "0", "02", "9", "10", "100", "a", "a1", "b" };
	struct fixture *f = *state;
	const struct source *source = &f->snapshot.source;
	const char *const *names;

	assert_true(source_list(source, "map", &f->arena, &names));
	assert_null(names[0]);
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		put(f, arena_printf(&f->arena, "map/%s", made[i]), "", 0);
	assert_true(source_list(source, "map", &f->arena, &names));
	for (size_t i = 0; i < sizeof want / sizeof *want; i++)
		assert_string_equal(names[i], want[i]);
	assert_null(names[8]);
	assert_false(source_list(source, "missing", &f->arena, &names));
	assert_false(source_list(source, "proc/cmdline", &f->arena, &names));
}

static void a_missing_root_is_an_error(void **state)
{
	struct error err = { 0 };
	struct snapshot s;

	(void)state;
	assert_false(snapshot_open("/nowhere/at/all", &s, &err));
	assert_int_equal(err.fault, FAULT_MACHINE_UNREADABLE);
	assert_non_null(strstr(err.reason, "folder /nowhere/at/all: No such file"));
}

static void an_archive_is_a_root_as_well(void **state)
{
	static const char text[] = "saut-machine 1\n=== proc/cmdline\nro quiet\n";
	struct fixture *f = *state;
	const char *path = path_in(f, "archive");
	struct error err = { 0 };
	struct snapshot s;
	struct view v;
	const char *const *names;

	put(f, "archive", text, sizeof text - 1);
	assert_true(snapshot_open(path, &s, &err));
	assert_true(source_read(&s.source, "proc/cmdline", &f->arena, &v));
	assert_true(text_is(v, "ro quiet\n"));
	assert_true(source_list(&s.source, "proc", &f->arena, &names));
	assert_string_equal(names[0], "cmdline");
	assert_false(source_read(&s.source, "saut/uname", &f->arena, &v));
	assert_false(source_read(&s.source, "etc/passwd", &f->arena, &v));
	snapshot_close(&s);
	put(f, "archive", text, 5);
	assert_false(snapshot_open(path, &s, &err));
	assert_int_equal(err.fault, FAULT_MACHINE_UNREADABLE);
	assert_non_null(strstr(err.reason, "archive: does not begin with"));
}

/* The capability mask and what is loaded, before and after probing for the system calls. */
static void the_live_system_makes_its_own_files(void **state)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct snapshot live;
	struct view v, before, after;
	struct utsname u;

	(void)state;
	assert_int_equal(uname(&u), 0);
	assert_true(snapshot_open(NULL, &live, &err));
	assert_true(source_read(&live.source, "saut/uname", &a, &v));
	assert_string_equal((const char *)v.p, arena_printf(&a, "%s %s\n", u.release, u.machine));
	assert_true(source_read(&live.source, "saut/page-size", &a, &v));
	assert_string_equal((const char *)v.p, arena_printf(&a, "%ld\n", sysconf(_SC_PAGESIZE)));
	assert_true(source_read(&live.source, "proc/self/status", &a, &before));
	assert_true(source_read(&live.source, "saut/syscalls", &a, &v));
	assert_true(source_read(&live.source, "proc/self/status", &a, &after));
	assert_true(text_value(before, "CapEff", ':', &before));
	assert_true(text_value(after, "CapEff", ':', &after));
	assert_true(view_equal(before, after));
	assert_int_not_equal(machine_kexec_ability(&live.source, &a).load, ANSWER_UNKNOWN);
	assert_int_not_equal(machine_kexec_ability(&live.source, &a).file_load, ANSWER_UNKNOWN);
	snapshot_close(&live);
	arena_free(&a);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(files_of_a_folder_are_read),
		IN_FOLDER(files_of_any_size_are_read_whole),
		IN_FOLDER(a_file_past_the_limit_is_refused),
		IN_FOLDER(the_first_bytes_of_a_large_file_are_seen),
		IN_FOLDER(only_regular_files_are_read),
		IN_FOLDER(links_do_not_lead_out),
		IN_FOLDER(names_are_sorted_as_people_count),
		IN_FOLDER(an_archive_is_a_root_as_well),
		CASE(a_missing_root_is_an_error),
		CASE(the_live_system_makes_its_own_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
