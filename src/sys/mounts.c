/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "sys/journal.h"
#include "sys/process.h"

/* -n: there is no table of mounts to write this one into. */
#define MOUNT "mount", "-n", "-o"

/* For a device that fstab does not have: nobody has vouched for what lies on it. */
#define WARY "ro,nosuid,nodev,noexec"

/* A disk that spins up takes ten seconds; a server that is gone, or a helper of mount(8), any time. */
enum { MOUNT_SECONDS = 30 };

enum { OPTIONS_ROOM = 64 };

static void close_all(struct mounts *m)
{
	close(m->outside);
	close(m->root);
	close(m->folder);
	m->is_apart = false;
}

/* setns(2) sets root and current folder to those of the namespace; a caller in a chroot has its own. */
static void rejoin(struct mounts *mounts)
{
	if (!mounts->is_apart)
		return;
	if (setns(mounts->outside, CLONE_NEWNS) == 0 && fchdir(mounts->root) == 0 &&
		chroot(".") == 0)
		(void)!fchdir(mounts->folder);
	close_all(mounts);
}

/*
 * In the namespace that we are in now. In a chroot / need not be a mount point, and only a mount point
 * can be made private: that of the namespace is, to which setns(2) leads, also of one's own namespace.
 */
static bool make_private(void)
{
	int ours = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int folder = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool done = ours >= 0 && root >= 0 && setns(ours, CLONE_NEWNS) == 0;
	int failure;

	done = done && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
	failure = errno;
	/* Back in any case. */
	if (root >= 0 && (fchdir(root) < 0 || chroot(".") < 0) && done) {
		failure = errno;
		done = false;
	}
	if (folder >= 0)
		(void)!fchdir(folder);
	close(ours);
	close(root);
	close(folder);
	errno = failure;
	return done;
}

static bool part(struct mounts *ret, struct error *err)
{
	struct mounts m = {
		.outside = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC),
		.root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC),
		.folder = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC),
	};

	if (m.outside < 0) {
		fail_errno(err, FAULT_NOT_MOUNTED, errno, "/proc/self/ns/mnt");
	} else if (unshare(CLONE_NEWNS) < 0) {
		fail_errno(err, FAULT_NOT_MOUNTED, errno, "unshare");
	} else {
		m.is_apart = true;
		*ret = m;
		if (make_private())
			return true;
		fail_errno(err, FAULT_NOT_MOUNTED, errno, "mount of / as private");
		rejoin(ret);
		return false;
	}
	close_all(&m);
	return false;
}

static bool add_options(
	const char *what, const char *base, char ret[static OPTIONS_ROOM], struct error *err)
{
	const char *more;

	if (!journal_options_of(what, &more, err))
		return false;
	snprintf(ret, OPTIONS_ROOM, "%s%s", base, more);
	return true;
}

static bool add(const char *what, const char *point, struct error *err)
{
	char options[OPTIONS_ROOM];
	const char *const argv[] = { MOUNT, options, point, NULL };

	return add_options(what, "ro", options, err) &&
		process_run_within(argv, MOUNT_SECONDS, err);
}

static bool add_device(const char *device, const char *point, struct error *err)
{
	char options[OPTIONS_ROOM];
	const char *const argv[] = { MOUNT, options, device, point, NULL };

	return add_options(device, WARY, options, err) &&
		process_run_within(argv, MOUNT_SECONDS, err);
}

const struct mount_calls mounts_live = { part, add, add_device, rejoin };
