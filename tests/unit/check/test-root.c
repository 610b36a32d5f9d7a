/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

static void finding_on(const struct table_source *files, const char *line, enum check_result result,
	const char *text)
{
	struct arena arena = { 0 };
	const struct check_subject subject = {
		.source = &files->source,
		.arena = &arena,
		.command_line = line,
	};

	assert_finding(check_root(&subject), result, text);
	arena_free(&arena);
}

static void each_form_is_looked_up(void **state)
{
	static const struct {
		const char *line;
		enum check_result result;
		const char *text;
	} rows[] = {
		{ "root=UUID=01ab-CD quiet", CHECK_PASS, "root=UUID=01ab-CD is here" },
		{ "root=UUID=01AB-cd", CHECK_PASS, "is here" },
		{ "root=\"UUID=01ab-cd\"", CHECK_PASS, "root=UUID=01ab-cd is here" },
		{ "root=UUID=01ab", CHECK_WARN, "/dev/disk/by-uuid has no such name" },
		{ "root=LABEL=a\\b", CHECK_PASS, "is here" },
		{ "root=LABEL=A\\b", CHECK_WARN, "by-label" },
		{ "root=PARTUUID=0123-02", CHECK_PASS, "is here" },
		{ "root=PARTUUID=0123-02/PARTNROFF=1", CHECK_UNKNOWN, "cannot be told" },
		{ "root=PARTLABEL=x", CHECK_UNKNOWN, "there is no /dev/disk/by-partlabel" },
		{ "root=/dev/disk/by-uuid/01ab-cd", CHECK_PASS, "is here" },
		{ "root=/dev/sda1 root=/dev/sda2", CHECK_PASS, "root=/dev/sda2 is here" },
		{ "root=/dev/sda1", CHECK_WARN, "/sys/class/block has no such name" },
		{ "root=/dev/mapper/vg-root", CHECK_PASS, "is here" },
		{ "root=/dev/vg/root", CHECK_UNKNOWN, "cannot be told" },
		{ "root=/dev/nfs nfsroot=1.2.3.4:/a", CHECK_UNKNOWN, "names no device" },
		{ "root=/dev/ram0", CHECK_UNKNOWN, "names no device" },
		{ "root=ZFS=tank/root", CHECK_UNKNOWN, "only the initrd" },
		{ "root=live:CDLABEL=x", CHECK_UNKNOWN, "only the initrd" },
		{ "quiet", CHECK_NOTE, "no root= is given" },
		{ "xroot=/dev/sda1", CHECK_NOTE, "no root= is given" },
		{ NULL, CHECK_UNKNOWN, "is not known" },
	};
	struct table_source files = TABLE_SOURCE({ "dev/disk/by-uuid/01ab-cd", "" },
		{ "dev/disk/by-label/a\\x5cb", "" }, { "dev/disk/by-partuuid/0123-02", "" },
		{ "dev/mapper/control", "" }, { "dev/mapper/vg-root", "" },
		{ "sys/class/block/sda", "" }, { "sys/class/block/sda2", "" });

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		finding_on(&files, rows[i].line, rows[i].result, rows[i].text);
}

static void what_cannot_be_read_is_unknown(void **state)
{
	struct table_source files = TABLE_SOURCE({ "dev/disk/by-uuid", NULL, 0, true });
	struct checked c;

	(void)state;
	finding_on(&files, "root=UUID=1", CHECK_UNKNOWN, "/dev/disk/by-uuid cannot be read");
	/* A captured machine has no /dev. */
	checked_captured(&c, "q35-1g");
	c.subject.command_line = "root=UUID=1";
	assert_finding(check_root(&c.subject), CHECK_UNKNOWN, "there is no /dev/disk/by-uuid");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_form_is_looked_up),
		CASE(what_cannot_be_read_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
