/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A root that lies on the network. Interfaces go down before a jump, also for what still reads its
 * program from there; and the next kernel or its initrd must be told to bring them up
 * (Documentation/admin-guide/nfs/nfsroot.rst, dracut.cmdline(7)).
 */
#include "check/rows.h"

#include <string.h>

#include "check/unknown.h"
#include "machine/text.h"
#include "plan/parameters.h"

static const char source[] = "https://docs.kernel.org/admin-guide/nfs/nfsroot.html";

static const char *const network_types[] = { "nfs", "nfs4", "cifs", "smb3", "ceph",
	"fuse.glusterfs", "afs" };

/* What a root= that is on the network begins with. */
static const char *const next_words[] = { "root=/dev/nfs", "root=nfs", "root=nbd", "root=iscsi",
	"root=live:http", "root=live:nfs", "root=cifs", "root=/dev/cifs", "root=/dev/nbd",
	"netroot=", "nfsroot=" };

/*
 * What of the network's / lies on, NULL: nothing. The last one that was mounted there is the one that is
 * seen. False: it is not told.
 */
static bool read_mount(const struct check_subject *subject, const char **ret, struct error *err)
{
	struct view text, line, device, folder, type;

	if (!source_take(subject->source, "proc/mounts", subject->arena, &text, err))
		return false;
	if (!text.p)
		return fail(err, FAULT_NO_PROC, "/proc/mounts is not there");
	while (text_line(&text, &line)) {
		if (!text_word(&line, &device) || !text_word(&line, &folder) ||
			!text_word(&line, &type) || !text_is(folder, "/"))
			continue;
		*ret = view_has_at(device, 0, "/dev/nbd") ? "nbd" : NULL;
		for (size_t i = 0; i < sizeof network_types / sizeof *network_types; i++)
			if (text_is(type, network_types[i]))
				*ret = network_types[i];
	}
	return true;
}

static bool has_iscsi(const struct check_subject *subject)
{
	const char *const *names;

	return source_list(subject->source, "sys/class/iscsi_session", subject->arena, &names) &&
		names[0];
}

/* NULL: the next root is on no network. */
static const char *next_root(const char *line)
{
	const char *rest;

	for (size_t i = 0; i < sizeof next_words / sizeof *next_words; i++) {
		const char *from = line;

		if (parameters_next(&from, next_words[i], &rest))
			return next_words[i];
	}
	return NULL;
}

static bool has_address(const char *line)
{
	const char *rest, *from = line;

	return parameters_next(&line, "ip=", &rest) ||
		parameters_next(&from, "rd.neednet=1", &rest);
}

struct check_finding check_network_root(const struct check_subject *subject)
{
	const char *root = NULL;
	struct error unreadable;
	const char *next;

	if (!subject->command_line)
		return check_without_line(subject);
	next = next_root(subject->command_line);
	if (next && !has_address(subject->command_line))
		return check_advise(
			check_finds(subject, CHECK_WARN,
				"the next root is on the network (%s…), and the command line has no ip=: "
				"unless the initrd knows better, no interface comes up",
				next),
			"add ip=dhcp, or the address that it has now", source);
	if (!read_mount(subject, &root, &unreadable))
		return check_unreadable(subject, &unreadable);
	if (root)
		return check_advise(
			check_finds(subject, CHECK_WARN,
				"/ is on the network (%s), and kexec -e takes the interfaces down "
				"while it still runs from there",
				root),
			"jump with kexec -e -x, which leaves them up, or reboot through the init",
			source);
	if (has_iscsi(subject))
		return check_advise(
			check_finds(subject, CHECK_NOTE,
				"disks are attached by iSCSI: where / is on one, kexec -e takes the "
				"interfaces down while it still runs from there"),
			"jump with kexec -e -x then, or reboot through the init", source);
	if (next)
		return check_finds(subject, CHECK_PASS,
			"the next root is on the network, and the command line brings an interface "
			"up");
	return check_finds(subject, CHECK_PASS, "no root is on the network, now or next");
}
