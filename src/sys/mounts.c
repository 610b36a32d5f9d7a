/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "sys/process.h"

/* -n: there is no table of mounts to write this one into. */
#define MOUNT "mount", "-n", "-o"

/* Nobody has vouched for what lies on a device that fstab does not have. */
#define WARY "ro,nosuid,nodev,noexec"

static void close_all(struct mounts *m)
{
	close(m->outside);
	close(m->root);
	close(m->folder);
	m->is_apart = false;
}

bool mounts_part(struct mounts *ret, struct error *err)
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
		if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
			return true;
		fail_errno(err, FAULT_NOT_MOUNTED, errno, "mount of / as private");
		mounts_rejoin(ret);
		return false;
	}
	close_all(&m);
	return false;
}

bool mounts_add(const char *point, struct error *err)
{
	const char *const words[] = { MOUNT, "ro", point, NULL };

	return process_run(words, err);
}

bool mounts_add_device(const char *device, const char *point, struct error *err)
{
	const char *const words[] = { MOUNT, WARY, device, point, NULL };

	return process_run(words, err);
}

/* The other namespace's root and current folder are its own, which ours need not have been. */
void mounts_rejoin(struct mounts *mounts)
{
	if (!mounts->is_apart)
		return;
	if (setns(mounts->outside, CLONE_NEWNS) == 0 && fchdir(mounts->root) == 0 &&
		chroot(".") == 0)
		(void)!fchdir(mounts->folder);
	close_all(mounts);
}

const struct mount_calls mounts_live = {
	mounts_part, mounts_add, mounts_add_device, mounts_rejoin
};
