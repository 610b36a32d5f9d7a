/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files that nobody wrote by accident. Whatever they say, the answer is a list whose strings can be
 * shown and whose entries lead nowhere else, in bounded time and memory, or an error with a reason.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>

enum { ENTRIES = IS_SANITIZED ? 10000 : 100000, LONG_LINE = IS_SANITIZED ? 1 << 16 : 1 << 20 };

static const char grub[] =
	"if [ -s $prefix/grubenv ]; then load_env; fi\nset default=\"${saved_entry}\"\n"
	"function f { set v=\"${1}\"; if [ x$v = xa ]; then set w='b c'; fi; }\n"
	"menuentry 'one' --class os $menuentry_id_option 'id1' {\n f a\n"
	" search --fs-uuid --set=root 1234-ABCD\n linux ($root)/k a=$w \"b\\\"c\" # x\n"
	" initrd /k /k\n}\nsubmenu two { menuentry three { linux /k; }; }\nblscfg\n";
static const char bls[] = "title One\nversion 6.1\nsort-key k\nmachine-id 1\nlinux /k\n"
			  "initrd /k\noptions a $b\narchitecture x64\ndevicetree /k\n";
static const char extlinux[] =
	"DEFAULT a\nMENU TITLE x\nLABEL a\nMENU LABEL ^one\nLINUX /k\n"
	"INITRD /k,/k\nFDT /k\nAPPEND initrd=/k x=y\nINCLUDE /boot/extlinux.conf\n";
static const char mountinfo[] = "25 1 8:3 / / rw - ext4 /dev/sda3 rw\n"
				"26 25 8:1 / /boot\\040x rw,y shared:1 - vfat /dev/sda1 rw\n";
static const char fstab[] = "UUID=1234-ABCD /boot vfat defaults 0 2\n";

/* What is used, not only shown: whoever prints sees to the rest. */
static void assert_usable(const char *s)
{
	for (; s && *s; s++)
		assert_true((unsigned char)*s >= ' ' && *s != 0x7f);
}

static void assert_sane(const struct entry *e)
{
	assert_true(e->id && e->id[0] && e->title && e->title[0]);
	assert_true(e->version && e->release && e->machine_id && e->sort_key && e->file);
	assert_true(e->kernel || e->obstacle);
	assert_usable(e->command_line);
	assert_true(!e->kernel || e->kernel[0] == '/');
	for (size_t i = 0; i < e->initrd_count; i++)
		assert_true(e->initrds[i][0] == '/');
}

static size_t find(const struct table_source *source)
{
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct entries entries = { 0 };
	size_t defaults = 0, count;

	if (entry_find(&source->source, &arena, &entries, &err))
		assert_true(entries.count > 0);
	else
		assert_true(err.reason[0] && fault_class(err.fault) == CLASS_REFUSED);
	for (size_t i = 0; i < entries.count; i++) {
		assert_sane(&entries.items[i]);
		defaults += entries.items[i].is_default;
	}
	assert_true(defaults <= 1);
	count = entries.count;
	arena_free(&arena);
	return count;
}

static const struct {
	const char *path, *text;
	size_t size;
} files[] = {
	{ "boot/grub/grub.cfg", grub, sizeof grub - 1 },
	{ "boot/loader/entries/a.conf", bls, sizeof bls - 1 },
	{ "boot/extlinux.conf", extlinux, sizeof extlinux - 1 },
	{ "proc/self/mountinfo", mountinfo, sizeof mountinfo - 1 },
	{ "etc/fstab", fstab, sizeof fstab - 1 },
	{ "boot/grub/grubenv", "# GRUB Environment Block\nsaved_entry=two>three\nb=\\\\c\n####",
		52 },
};

enum { FILES = sizeof files / sizeof *files };

/* All files, the text of one of them replaced. */
static size_t find_with(size_t which, const char *text, size_t size)
{
	struct table_file table[FILES + 2] = { { "boot/k", "x", 1 }, UNAME("6.1") };
	struct table_source source = { .source = { table_read, source_look_by_read, table_list },
		.files = table,
		.count = FILES + 2 };

	for (size_t i = 0; i < FILES; i++) {
		table[i + 2] = (struct table_file){ files[i].path, files[i].text, files[i].size };
		if (i != which)
			continue;
		table[i + 2].text = size ? text : "\n";
		table[i + 2].size = size ? size : 1;
	}
	return find(&source);
}

static void every_file_ends_at_every_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < FILES; i++)
		for (size_t size = 0; size <= files[i].size; size++)
			find_with(i, files[i].text, size);
}

static void every_byte_is_changed(void **state)
{
	static const char bytes[] = "\0\n\"'{}$\\;/ \xff\033>=#";
	enum { BYTES = sizeof bytes - 1 };
	char text[1024];

	(void)state;
	/* By each of them; by another one at each place where a sanitizer watches. */
	for (size_t i = 0; i < FILES; i++) {
		assert_true(files[i].size < sizeof text);
		for (size_t at = 0; at < files[i].size; at++) {
			const size_t last = IS_SANITIZED ? at % BYTES : BYTES - 1;

			for (size_t k = IS_SANITIZED ? last : 0; k <= last; k++) {
				memcpy(text, files[i].text, files[i].size);
				text[at] = bytes[k];
				find_with(i, text, files[i].size);
			}
		}
	}
}

static void lines_are_long(void **state)
{
	static const char *const starts[] = { "", "menuentry a { linux /k ", "menuentry '",
		"title ", "options ", "initrd ", "linux /", "label ", "append ", "label a\nlinux ",
		"label a\nlinux /k\ninitrd /", "25 1 8:3 /", "UUID=", "saved_entry=", "set a=$",
		"if " };
	static const char fill[] = { 'x', ' ', ',', '$', '/', '.', '{', '"', '[', '\\' };
	char *text = malloc(LONG_LINE);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		for (size_t k = 0; k < sizeof fill; k++) {
			memset(text, fill[k], LONG_LINE);
			memcpy(text, starts[i], strlen(starts[i]));
			for (size_t which = 0; which < FILES; which++)
				find_with(which, text, LONG_LINE);
		}
	}
	free(text);
}

/* The same piece over and over. */
static size_t repeated(size_t which, const char *piece, size_t times)
{
	size_t n = strlen(piece), count;
	char *text = malloc(n * times);

	assert_non_null(text);
	for (size_t i = 0; i < times; i++)
		memcpy(text + n * i, piece, n);
	count = find_with(which, text, n * times);
	free(text);
	return count;
}

static void there_are_too_many(void **state)
{
	(void)state;
	assert_in_range(repeated(0, "menuentry a { linux /k b; }\n", ENTRIES), 4096, 4097);
	assert_in_range(repeated(2, "label a\nlinux /k\n", ENTRIES), 4096, 4096);
	repeated(0, "submenu a {\n", ENTRIES);
	repeated(0, "if true; then\n", ENTRIES);
	repeated(0, "if [ a = b ]; then\nelif true; then\n", ENTRIES);
	repeated(0, "function f { f; f; }\nf\n", ENTRIES / 10);
	repeated(0, "set a=x$a$a\n", ENTRIES);
	repeated(0, "set a$a=b\nset a=x$a\n", ENTRIES / 10);
	repeated(0, "source $prefix/grub.cfg\n", ENTRIES / 100);
	repeated(0, "menuentry a { set b=$b$b; linux /k $b$b; initrd $b\n}\nset b=xxxxxxxxxx$b\n",
		1000);
	repeated(0, "blscfg\n", ENTRIES / 10);
	repeated(1, "options a\n", ENTRIES);
	repeated(1, "initrd /k\n", ENTRIES);
	repeated(2, "include extlinux.conf\n", ENTRIES);
	repeated(3, "25 1 8:3 / / rw - ext4 /dev/sda3 rw\n", ENTRIES);
	repeated(3, "(", ENTRIES);
	repeated(4, "UUID=1 /boot ext4\n", ENTRIES);
	repeated(5, "saved_entry=>>>>\n", ENTRIES);
}

static const char *const paths[] = { "/../k", "/boot/../../k", "..", "../k", "/a/..",
	"/../../etc/shadow", "(hd0)/../k", "(saut)/../etc/shadow", "($prefix)/../../k" };

/* Up there is nothing of the file system that an entry speaks of. */
static void paths_lead_nowhere_else(void **state)
{
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct fixture x;
		struct table_file table[] = {
			{ "boot/extlinux.conf", "label e\nlinux /k\n", 0 },
			{ "boot/grub/grub.cfg", text, 0 },
			{ "boot/../k", "x", 0 },
			{ "etc/shadow", "x", 0 },
			{ "boot/k", "x", 0 },
			UNAME("6.1"),
		};

		snprintf(text, sizeof text, "menuentry a { linux %s; initrd %s; }\n", paths[i],
			paths[i]);
		fixture_find(&x,
			(struct table_source){
				.source = { table_read, source_look_by_read, table_list },
				.files = table,
				.count = sizeof table / sizeof *table });
		assert_non_null(fixture_entry(&x, "a")->obstacle);
		assert_null(fixture_entry(&x, "a")->kernel);
		assert_int_equal(fixture_entry(&x, "a")->initrd_count, 0);
		fixture_end(&x);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(every_file_ends_at_every_byte),
		CASE(every_byte_is_changed),
		CASE(lines_are_long),
		CASE(there_are_too_many),
		CASE(paths_lead_nowhere_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
