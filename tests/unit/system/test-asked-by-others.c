/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a trial of ours has told a boot loader is not what it boots by default. */
#include "test.h"

#include "../machine/table-source.h"
#include "system/asked-by-others.h"

#define VENDOR   "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define VARIABLE "sys/firmware/efi/efivars/LoaderEntryOneShot" VENDOR
#define GRUBENV  "boot/grub/grubenv"

#define TRIAL(state, one_shot)                                                                  \
	{ "var/lib/saut/trial",                                                                 \
		"STATE=" state "\nCONFIRM=auto\nID=1\nBOOT_ID=2\nKERNEL=/k\nWHEN=1\nWITHIN=1\n" \
		"AFTER=0\nONE_SHOT='" one_shot "'\n" }

/* An environment block: 1024 bytes. */
static struct table_file block_of(const char *path, const char *variables)
{
	static char block[1025];

	memset(block, '#', 1024);
	memcpy(block, "# GRUB Environment Block\n", 25);
	memcpy(block + 25, variables, strlen(variables));
	return (struct table_file){ path, block };
}

/* What is read there, beside that trial. */
static enum presence read_from(struct table_file trial, struct table_file file, struct view *ret)
{
	static struct arena arena;
	struct table_source source = TABLE_SOURCE(trial, file);
	const struct asked_by_others o = asked_by_others(&source.source, &arena);
	struct view looked;
	struct error err;
	enum presence presence = o.source.read(&o.source, file.path, &arena, ret, &err);

	assert_int_equal(
		o.source.look(&o.source, file.path, 4096, &arena, &looked, &err), presence);
	if (presence == IS_THERE)
		assert_true(view_equal(*ret, looked));
	return presence;
}

static void next_entry_of_ours_is_not_there(void **state)
{
	static const struct {
		struct table_file trial;
		const char *path, *before, *after;
	} rows[] = {
		{ TRIAL("left", "/boot/grub/grubenv a>b c"), GRUBENV,
			"saved_entry=x\nnext_entry=a>b c\n", "saved_entry=x\n###" },
		{ TRIAL("up", "/boot/grub/grubenv a>b c"), GRUBENV, "next_entry=a>b c\nx=1\n",
			"x=1\n###" },
		/* A folder by another name is the same one. */
		{ TRIAL("left", "/boot/grub/grubenv a"), "boot/grub2/grubenv", "next_entry=a\n",
			"###" },
		/* Of others, or of a trial that is over. */
		{ TRIAL("left", "/boot/grub/grubenv a"), GRUBENV, "next_entry=b\n",
			"next_entry=b\n###" },
		{ TRIAL("confirmed", "/boot/grub/grubenv a"), GRUBENV, "next_entry=a\n",
			"next_entry=a\n###" },
		{ TRIAL("left", ""), GRUBENV, "next_entry=a\n", "next_entry=a\n###" },
		{ TRIAL("left", "/" VARIABLE " a"), GRUBENV, "next_entry=a\n",
			"next_entry=a\n###" },
		{ TRIAL("left", "/boot/grub/grubenv a"), "boot/grub/grub.cfg", "next_entry=a\n",
			"next_entry=a\n###" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const size_t n = strlen(rows[i].after);
		struct view text;

		assert_int_equal(
			read_from(rows[i].trial, block_of(rows[i].path, rows[i].before), &text),
			IS_THERE);
		assert_int_equal(text.n, 1024);
		if (memcmp(text.p + 25, rows[i].after, n) != 0)
			fail_msg("row %zu: %.80s", i, (const char *)text.p + 25);
	}
}

static void a_variable_of_ours_is_not_there(void **state)
{
	static const struct {
		struct table_file trial;
		enum presence presence;
	} rows[] = {
		{ TRIAL("left", "/" VARIABLE " a.conf"), IS_ABSENT },
		{ TRIAL("up", "/" VARIABLE " a.conf"), IS_ABSENT },
		{ TRIAL("left", "/" VARIABLE " b.conf"), IS_THERE },
		{ TRIAL("refused", "/" VARIABLE " a.conf"), IS_THERE },
		{ TRIAL("left", "/boot/grub/grubenv a.conf"), IS_THERE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct view bytes;

		assert_int_equal(
			read_from(rows[i].trial,
				(struct table_file){ VARIABLE, "\7\0\0\0a\0.\0c\0o\0n\0f\0\0", 18 },
				&bytes),
			rows[i].presence);
	}
}

/* The rest is what it is, be it unreadable. */
static void the_rest_is_passed_on(void **state)
{
	struct table_source source = TABLE_SOURCE(TRIAL("left", "/boot/grub/grubenv a"),
		{ .path = GRUBENV, .is_unreadable = true }, { "etc/x", "y" });
	struct arena arena = { 0 };
	const struct asked_by_others o = asked_by_others(&source.source, &arena);
	const char *const *names;
	struct view text;
	struct error err;

	(void)state;
	assert_false(source_take(&o.source, GRUBENV, &arena, &text, &err));
	assert_non_null(strstr(err.reason, GRUBENV));
	assert_true(source_take(&o.source, "etc/x", &arena, &text, &err));
	assert_true(view_equal(text, view_of_string("y")));
	assert_true(source_take(&o.source, "boot/none", &arena, &text, &err) && !text.p);
	assert_true(source_list(&o.source, "etc", &arena, &names));
	assert_string_equal(names[0], "x");
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(next_entry_of_ours_is_not_there),
		CASE(a_variable_of_ours_is_not_there),
		CASE(the_rest_is_passed_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
