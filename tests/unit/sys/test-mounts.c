/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* In a mount namespace of a child's own, whose mounts are shared as systemd makes them. */
#include "test.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/mounts.h"

enum { CANNOT = 77 };

/* In there: a mount of ours is seen by us, and by nobody after we have gone back. */
static int mount_apart(void)
{
	struct mounts mounts;
	struct error err;

	if (!mounts_live.part(&mounts, &err)) {
		print_error("%s\n", err.reason);
		return 1;
	}
	if (mount("tmpfs", "/boot", "tmpfs", 0, NULL) != 0)
		return 2;
	if (mkdir("/boot/inside", 0755) != 0)
		return 3;
	mounts_live.rejoin(&mounts);
	if (access("/boot", F_OK) != 0 || access("/boot/inside", F_OK) == 0)
		return 4;
	return 0;
}

/* A folder that is no mount point as root, with a /proc. */
static int in_a_chroot(const char *folder)
{
	char path[128];

	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_SHARED, NULL) != 0)
		return CANNOT;
	snprintf(path, sizeof path, "%s/proc", folder);
	if (mkdir(path, 0755) != 0 || mount("/proc", path, NULL, MS_BIND | MS_REC, NULL) != 0)
		return CANNOT;
	snprintf(path, sizeof path, "%s/boot", folder);
	if (mkdir(path, 0755) != 0 || chroot(folder) != 0 || chdir("/boot") != 0)
		return CANNOT;
	if (mount_apart() != 0)
		return 1;
	/* Still in it, and where we were. */
	if (access("/etc/passwd", F_OK) == 0 || access("../proc", F_OK) != 0)
		return 5;
	return 0;
}

static int in_the_root(const char *folder)
{
	(void)folder;
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_SHARED, NULL) != 0 ||
		access("/boot", F_OK) != 0)
		return CANNOT;
	return mount_apart();
}

static void run(int (*body)(const char *folder))
{
	static const char *const names[] = { "/proc", "/boot", "" };
	char folder[] = "/tmp/saut-mounts-XXXXXX", path[64];
	pid_t child;
	int status;

	assert_non_null(mkdtemp(folder));
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(body(folder));
	assert_int_equal(waitpid(child, &status, 0), child);
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s%s", folder, names[i]);
		(void)rmdir(path);
	}
	assert_int_equal(access(folder, F_OK), -1);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == CANNOT)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void a_mount_is_for_us_alone(void **state)
{
	(void)state;
	run(in_the_root);
}

static void a_mount_in_a_chroot_is_for_us_alone(void **state)
{
	(void)state;
	run(in_a_chroot);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(a_mount_is_for_us_alone),
		CASE(a_mount_in_a_chroot_is_for_us_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
