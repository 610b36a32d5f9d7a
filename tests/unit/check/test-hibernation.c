/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

#define UDEV(...)                                                                              \
	TABLE_SOURCE(CHECKED_UNAME, { "run/udev/data/b8:1", "E:ID_FS_TYPE=ext4\n", 0, false }, \
		{ "run/udev/data/c1:3", "E:ID_FS_TYPE=swsuspend\n", 0, false }, __VA_ARGS__)

static const struct table_source swap =
	UDEV({ "run/udev/data/b8:2", "E:ID_FS_TYPE=swap\nE:ID_FS_UUID=a-b\n", 0, false });
static const struct table_source hibernated =
	UDEV({ "run/udev/data/b8:2", "E:ID_FS_TYPE=swsuspend\nE:ID_FS_UUID=a-b\n", 0, false });
static const struct table_source without_uuid =
	UDEV({ "run/udev/data/b8:2", "E:ID_FS_TYPE=swsuspend\n", 0, false });
static const struct table_source by_variable =
	UDEV({ "sys/firmware/efi/efivars/HibernateLocation-8cf2644b-4b0b-428f-9387-6d876050dc67",
		"\a\0\0\0{", 5, false });

static struct check_finding find(
	struct checked *c, const struct table_source *files, const char *line)
{
	checked_made(c, files);
	c->subject.command_line = line;
	return check_hibernation(&c->subject);
}

static void passes_without_an_image(void **state)
{
	struct checked c;

	(void)state;
	assert_finding(find(&c, &swap, "resume=UUID=a-b"), CHECK_PASS, "no swap partition");
	checked_free(&c);
	assert_finding(
		find(&c, &hibernated, "resume=UUID=a-b noresume"), CHECK_PASS, "not to resume");
	checked_free(&c);
}

static void fails_where_it_would_be_resumed(void **state)
{
	struct checked c;

	(void)state;
	assert_finding(find(&c, &hibernated, "quiet resume=UUID=a-b ro"), CHECK_FAIL,
		"the swap with the UUID a-b, and the next kernel (resume=UUID=a-b) would");
	checked_free(&c);
}

static void warns_where_an_initrd_may_find_it(void **state)
{
	struct checked c;

	(void)state;
	assert_finding(find(&c, &hibernated, "quiet"), CHECK_WARN, "UUID a-b");
	checked_free(&c);
	assert_finding(find(&c, &without_uuid, "quiet"), CHECK_WARN, "the block device 8:2");
	checked_free(&c);
	assert_finding(find(&c, &by_variable, "quiet"), CHECK_WARN, "HibernateLocation");
	checked_free(&c);
}

static void does_not_know_without_udev_or_line(void **state)
{
	const struct table_source unreadable =
		UDEV({ "run/udev/data/b8:2", .is_unreadable = true });
	struct checked c;

	(void)state;
	assert_finding(find(&c, &unreadable, "quiet"), CHECK_UNKNOWN, "b8:2 cannot be read");
	checked_free(&c);
	checked_captured(&c, "q35-1g");
	assert_finding(check_hibernation(&c.subject), CHECK_UNKNOWN, "command line");
	c.subject.command_line = "quiet";
	assert_finding(check_hibernation(&c.subject), CHECK_UNKNOWN, "/run/udev/data");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(passes_without_an_image),
		CASE(fails_where_it_would_be_resumed),
		CASE(warns_where_an_initrd_may_find_it),
		CASE(does_not_know_without_udev_or_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
