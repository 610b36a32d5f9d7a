/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rights as the live source tells them → who else than root can change what is read. */
#include "test.h"

#include "machine/writers.h"
#include "table-source.h"

#define FOLDER(path)     { "saut/rights" path, "0 0 40755 kept\n" }
#define FILE_OF_ROOT     { "saut/rights/etc/k", "0 0 100644 kept\n" }
#define RIGHTS(path, as) { "saut/rights" path, as "\n" }

/* The target of the one link that there is: /etc/link. */
static const char *link_target;

static enum presence the_one_link(const struct source *source, const char *path,
	struct arena *arena, const char **ret, struct error *err)
{
	(void)source;
	(void)arena;
	(void)err;
	assert_string_equal(path, "etc/link");
	*ret = link_target;
	return IS_THERE;
}

enum { FILES_MAX = 8 };

static const struct row {
	const char *path;
	const char *target; /* of /etc/link */
	const char *what;   /* NULL: root alone */
	struct table_file files[FILES_MAX];
	enum presence presence;
	bool by_mount;
} rows[] = {
	{ "/etc/k", NULL, NULL, { FOLDER("/"), FOLDER("/etc"), FILE_OF_ROOT }, IS_ABSENT, false },
	/* Another machine's, of which nothing is told. */
	{ "/etc/k", NULL, NULL, { { "etc/k", "" } }, IS_ABSENT, false },
	/* Nothing to be read. */
	{ "/etc/k", NULL, NULL, { FOLDER("/"), FOLDER("/etc") }, IS_ABSENT, false },
	{ "/etc/k", NULL, "/etc/k can be written by everybody (mode 0666)",
		{ FOLDER("/"), FOLDER("/etc"), RIGHTS("/etc/k", "0 0 100666 kept") }, IS_THERE,
		false },
	{ "/etc/k", NULL, "/etc/k can be written by group 100 (mode 0664)",
		{ FOLDER("/"), FOLDER("/etc"), RIGHTS("/etc/k", "0 100 100664 kept") }, IS_THERE,
		false },
	/* Group root is root's. */
	{ "/etc/k", NULL, NULL,
		{ FOLDER("/"), FOLDER("/etc"), RIGHTS("/etc/k", "0 0 100664 kept") }, IS_ABSENT,
		false },
	{ "/etc/k", NULL, "/etc/k belongs to user 1000, who can change it",
		{ FOLDER("/"), FOLDER("/etc"), RIGHTS("/etc/k", "1000 0 100444 kept") }, IS_THERE,
		false },
	{ "/etc/k", NULL, "/etc can be written by everybody (mode 0777)",
		{ FOLDER("/"), RIGHTS("/etc", "0 0 40777 kept"), FILE_OF_ROOT }, IS_THERE, false },
	{ "/etc/k", NULL, "/ belongs to user 7, who can change it",
		{ RIGHTS("/", "7 0 40755 kept"), FOLDER("/etc"), FILE_OF_ROOT }, IS_THERE, false },
	/* As in /tmp, where nobody moves the files of others. */
	{ "/etc/k", NULL, NULL, { FOLDER("/"), RIGHTS("/etc", "0 0 41777 kept"), FILE_OF_ROOT },
		IS_ABSENT, false },
	{ "/etc/k", NULL, "/etc belongs to user 5, who can change it",
		{ FOLDER("/"), RIGHTS("/etc", "5 0 41777 kept"), FILE_OF_ROOT }, IS_THERE, false },
	{ "/etc/k", NULL, "/etc can be written by everybody (mode 0777)",
		{ FOLDER("/"), RIGHTS("/etc", "0 0 40777 mount"), FILE_OF_ROOT }, IS_THERE, true },
	/* A link's own rights mean nothing, but those of where it leads do. */
	{ "/etc/link", "/srv/k", "/srv belongs to user 1000, who can change it",
		{ FOLDER("/"), FOLDER("/etc"), RIGHTS("/etc/link", "0 0 120777 kept"),
			RIGHTS("/srv", "1000 1000 40755 kept"),
			RIGHTS("/srv/k", "0 0 100644 kept") },
		IS_THERE, false },
	{ "/etc/link", "../etc/./k", NULL,
		{ FOLDER("/"), FOLDER("/etc"), RIGHTS("/etc/link", "0 0 120777 kept"),
			FILE_OF_ROOT },
		IS_ABSENT, false },
	{ "/etc/link/k", "folder", "/etc/folder/k belongs to user 3, who can change it",
		{ FOLDER("/"), FOLDER("/etc"), RIGHTS("/etc/link", "0 0 120777 kept"),
			FOLDER("/etc/folder"), RIGHTS("/etc/folder/k", "3 3 100600 kept") },
		IS_THERE, false },
	{ "/etc/link", "link", "/etc/link: there are too many links",
		{ FOLDER("/"), FOLDER("/etc"), RIGHTS("/etc/link", "0 0 120777 kept") },
		IS_UNREADABLE, false },
	{ "/etc/k", NULL, "/saut/rights/etc cannot be read: Input/output error",
		{ FOLDER("/"), { "saut/rights/etc", .is_unreadable = true }, FILE_OF_ROOT },
		IS_UNREADABLE, false },
	{ "/etc/k", NULL, "the rights of /etc/k cannot be read: \"0 0 9 kept\n\"",
		{ FOLDER("/"), FOLDER("/etc"), RIGHTS("/etc/k", "0 0 9 kept") }, IS_UNREADABLE,
		false },
	{ "/etc/k", NULL, "the rights of /etc/k cannot be read: \"0 0 100644\n\"",
		{ FOLDER("/"), FOLDER("/etc"), RIGHTS("/etc/k", "0 0 100644") }, IS_UNREADABLE,
		false },
};

static void others_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct table_source t = { .source = { table_read, source_look_by_read, table_list,
						  the_one_link },
			.files = row->files };
		struct arena arena = { 0 };
		struct writers found = { 0 };
		struct error err = { 0 };

		while (t.count < FILES_MAX && row->files[t.count].path)
			t.count++;
		link_target = row->target;
		assert_int_equal(
			writers_find(&t.source, row->path, &arena, &found, &err), row->presence);
		if (row->presence == IS_UNREADABLE)
			assert_string_equal(err.reason, row->what);
		else if (row->what)
			assert_string_equal(found.what, row->what);
		if (row->presence == IS_THERE)
			assert_int_equal(found.by_mount, row->by_mount);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(others_are_found) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
