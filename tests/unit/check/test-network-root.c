/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

#define MOUNTS(text) TABLE_SOURCE(CHECKED_UNAME, { "proc/mounts", text, 0, false })

static const struct table_source disk =
	MOUNTS("rootfs / rootfs rw 0 0\n/dev/sda1 / ext4 rw 0 0\nhost:/ /home nfs4 rw 0 0\n");
static const struct table_source nfs =
	MOUNTS("host:/root / nfs4 rw,vers=4.2 0 0\nproc /proc proc\n");
static const struct table_source nbd = MOUNTS("/dev/nbd0p1 / ext4 rw 0 0\n");
static const struct table_source iscsi =
	TABLE_SOURCE(CHECKED_UNAME, { "proc/mounts", "/dev/sda1 / ext4 rw 0 0\n", 0, false },
		{ "sys/class/iscsi_session/session1/targetname", "iqn\n", 0, false });

static struct check_finding find(
	struct checked *c, const struct table_source *files, const char *line)
{
	checked_made(c, files);
	c->subject.command_line = line;
	return check_network_root(&c->subject);
}

static void passes_where_no_root_is_on_the_network(void **state)
{
	struct checked c;

	(void)state;
	assert_finding(find(&c, &disk, "root=/dev/sda1"), CHECK_PASS, "no root is on the network");
	checked_free(&c);
	assert_finding(find(&c, &disk, "root=/dev/nfs nfsroot=h:/r ip=dhcp"), CHECK_PASS,
		"brings an interface up");
	checked_free(&c);
}

static void warns_of_the_root_of_now(void **state)
{
	struct checked c;

	(void)state;
	assert_finding(
		find(&c, &nfs, "root=/dev/nfs ip=dhcp"), CHECK_WARN, "on the network (nfs4)");
	assert_non_null(strstr(check_network_root(&c.subject).advice, "-x"));
	checked_free(&c);
	assert_finding(find(&c, &nbd, "root=/dev/sda1"), CHECK_WARN, "on the network (nbd)");
	checked_free(&c);
	assert_finding(find(&c, &iscsi, "root=/dev/sda1"), CHECK_NOTE, "by iSCSI");
	checked_free(&c);
}

static void warns_of_a_next_root_without_an_address(void **state)
{
	static const char *const lines[] = { "root=/dev/nfs nfsroot=h:/r", "root=nfs4:h:/r quiet",
		"netroot=iscsi:h::::iqn", "root=nbd:h:x" };
	struct checked c;

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		assert_finding(find(&c, &disk, lines[i]), CHECK_WARN, "no ip=");
		checked_free(&c);
	}
}

static void does_not_know_without_mounts_or_line(void **state)
{
	struct checked c;

	(void)state;
	checked_captured(&c, "q35-1g");
	assert_finding(check_network_root(&c.subject), CHECK_UNKNOWN, "command line");
	c.subject.command_line = "quiet";
	assert_finding(check_network_root(&c.subject), CHECK_UNKNOWN, "/proc/mounts");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(passes_where_no_root_is_on_the_network),
		CASE(warns_of_the_root_of_now),
		CASE(warns_of_a_next_root_without_an_address),
		CASE(does_not_know_without_mounts_or_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
